import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { ServerFacts } from '../../preload/contract/environments.ts';
import { sleep } from '../lib/sleep.ts';
import { type Address, explainFailure, isOwnSession, mayRetry, type Tls } from '../servers/index.ts';
import { backoff, pace } from './pace.ts';
import { type Counters, type MetricValues, rates, readCounters, sessionCounts } from './rates.ts';
import { readSample } from './read-sample.ts';
import type { RawSample } from './rows.ts';
import { openSampleSession, type SampleSession } from './session.ts';

export type SampledState =
  | { state: 'connecting' }
  | { state: 'connected'; facts: ServerFacts; address: Address; tls: Tls }
  /** The server is away; another attempt is due at `retryAt`. */
  | { state: 'lost'; problem: Explanation; retryAt: number }
  /** Trying again would not help: somebody has to do something first. The sampler has ended. */
  | { state: 'refused'; problem: Explanation };

export interface SamplerEvents {
  onState(state: SampledState): void;
  onSample(sample: ActivitySample, values: MetricValues): void;
  /** The server changed sides: a standby was promoted. */
  onRole(role: ServerFacts['role']): void;
}

export interface Sampler {
  /** Takes the next sample, or tries to connect, at once instead of when it is due. */
  hurry(): void;
  /** Interval between samples at present, and whether cost has slowed them. */
  pace(): { intervalMs: number; slowed: boolean };
  stop(): Promise<void>;
}

/** A sample that has not come back after this long counts as lost, ms. The server has ended it by then. */
const patienceMs = 8000;

/**
 * Starts sampling one environment on a session of its own: one sample at a time, each one round trip. When
 * the server goes away it is told once and tried again with backoff until it is back. `askedPaceMs` is asked
 * before each rest.
 */
export function startSampler(
  address: () => Promise<Address>,
  askedPaceMs: () => number,
  events: SamplerEvents,
): Sampler {
  const stopping = new AbortController();
  let nap = new AbortController();
  let recentServerMs = 0;
  let paceNow = pace(askedPaceMs(), 0);

  const rest = async (ms: number): Promise<void> => {
    nap = new AbortController();
    await sleep(ms, AbortSignal.any([nap.signal, stopping.signal]));
  };

  /** Samples until the session breaks (throws) or the sampler is stopped (returns). */
  const sampleOn = async (session: SampleSession, lost: Promise<never>): Promise<void> => {
    const { facts } = session;
    let before: Counters | undefined;
    let waitersSeen = false;
    let from = performance.now();
    while (!stopping.signal.aborted) {
      const raw = await Promise.race([takeInTime(session, waitersSeen), lost]);
      if (raw && !stopping.signal.aborted) {
        const { server_ms: serverMs } = raw.clock;
        // The first sample of a session pays for cold caches; smoothing keeps one outlier from slowing all.
        recentServerMs = recentServerMs === 0 ? Math.min(serverMs, 4) : recentServerMs * 0.8 + serverMs * 0.2;
        paceNow = pace(askedPaceMs(), recentServerMs);
        const sample = readSample(raw, {
          at: Date.now(),
          intervalMs: paceNow.intervalMs,
          reservedConnections: facts.reservedConnections,
          isOwn: isOwnSession,
        });
        const role = raw.clock.standby ? 'standby' : 'primary';
        if (role !== facts.role) {
          facts.role = role;
          events.onRole(role);
        }
        const counters = readCounters(raw.counters, raw.clock.now, facts.startedAt);
        waitersSeen = sample.backends.some((backend) => backend.state === 'waiting');
        events.onSample(sample, {
          ...sessionCounts(sample),
          ...rates(before, counters),
          'howdah.serverMs': serverMs,
        });
        before = counters;
      }
      await rest(Math.max(50, paceNow.intervalMs - (performance.now() - from)));
      from = performance.now();
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    events.onState({ state: 'connecting' });
    while (!stopping.signal.aborted) {
      let session: SampleSession | undefined;
      const target = await address();
      try {
        let lose: (error: Error) => void = () => undefined;
        const lost = new Promise<never>((_, reject) => {
          lose = reject;
        });
        lost.catch(() => undefined);
        session = await openSampleSession(target, (error) => lose(error));
        failures = 0;
        recentServerMs = 0;
        if (stopping.signal.aborted) return;
        events.onState({ state: 'connected', facts: session.facts, address: target, tls: session.tls });
        await sampleOn(session, lost);
      } catch (error) {
        if (stopping.signal.aborted) return;
        const problem = explainFailure(error, target.connection, target.password !== undefined);
        if (!mayRetry(error, target.connection)) {
          events.onState({ state: 'refused', problem });
          return;
        }
        failures += 1;
        const wait = backoff(failures, Math.random);
        events.onState({ state: 'lost', problem, retryAt: Date.now() + wait });
        session?.destroy();
        await rest(wait);
      } finally {
        await session?.close().catch(() => undefined);
      }
    }
  };
  const running = run();

  return {
    hurry: () => nap.abort(),
    pace: () => paceNow,
    stop: async () => {
      stopping.abort();
      await running.catch(() => undefined);
    },
  };
}

/**
 * One sample, or undefined when the server itself gave this one up (statement or lock timeout): the session
 * is good and the next beat tries again.
 *
 * @throws when the session is broken or has not answered in time.
 */
async function takeInTime(session: SampleSession, withWaits: boolean): Promise<RawSample | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      session.destroy();
      reject(Object.assign(new Error(`No answer for ${patienceMs / 1000} s.`), { code: 'ETIMEDOUT' }));
    }, patienceMs);
  });
  try {
    return await Promise.race([session.sample(withWaits), late]);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === '57014' || code === '55P03') return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
