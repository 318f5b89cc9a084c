import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Ask } from '../../preload/contract/connection.ts';
import type { ServerFacts } from '../../preload/contract/environments.ts';
import { sleep } from '../lib/sleep.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { type Address, type Diagnosis, diagnose, isOwnSession, type SessionWay } from '../servers/index.ts';
import { Loss } from './loss.ts';
import { watchName } from './name-watch.ts';
import { backoff, pace } from './pace.ts';
import { type Counters, type MetricValues, rates, readCounters, sessionCounts } from './rates.ts';
import { readSample } from './read-sample.ts';
import type { RawSample } from './rows.ts';
import { openSampleSession, type SampleSession } from './session.ts';

export type SampledState =
  | { state: 'connecting' }
  | { state: 'connected'; facts: ServerFacts; address: Address; way: SessionWay }
  /** The server is away; another attempt is due at `retryAt`. */
  | { state: 'lost'; problem: Explanation; ask: Ask | undefined; retryAt: number }
  /** Trying again would not help: somebody has to do something first. The sampler has ended. */
  | { state: 'refused'; problem: Explanation; ask: Ask | undefined };

export interface SamplerEvents {
  onState(state: SampledState): void;
  onSample(sample: ActivitySample, values: MetricValues): void;
  /** The server changed sides: a standby was promoted. */
  onRole(role: ServerFacts['role']): void;
}

export interface Sampler {
  /** Takes the next sample, or tries to connect, at once instead of when it is due. */
  hurry(): void;
  /** After this machine slept or its network changed: looks at once whether the connection still lives. */
  verify(): void;
  /** Interval between samples at present, and whether cost has slowed them. */
  pace(): { intervalMs: number; slowed: boolean };
  stop(): Promise<void>;
}

/** A sample that has not come back after this long counts as lost, ms. The server has ended it by then. */
const patienceMs = 8000;

/** The same when there is reason to doubt the connection, ms. */
const doubtfulPatienceMs = 3000;

/** Between samples further apart than this a sign of life is asked for, so that a loss is noticed within 15 s; ms. */
const signOfLifeMs = 5000;

/**
 * Starts sampling one environment on a session of its own: one sample at a time, each one round trip. When
 * the server goes away it is told once and tried again with backoff until it is back. `askedPaceMs` is asked
 * before each rest. `address` is asked before each attempt; what it throws ends the attempt like any failure.
 */
export function startSampler(
  address: (signal: AbortSignal) => Promise<Address>,
  askedPaceMs: () => number,
  events: SamplerEvents,
): Sampler {
  const stopping = new AbortController();
  let nap = new AbortController();
  let recentServerMs = 0;
  let paceNow = pace(askedPaceMs(), 0);
  let doubtful = false;

  const rest = async (ms: number): Promise<void> => {
    nap = new AbortController();
    await sleep(ms, AbortSignal.any([nap.signal, stopping.signal]));
  };

  /** The rest between two samples, with signs of life in it when it is long. */
  const restOn = async (session: SampleSession, loss: Loss, ms: number): Promise<void> => {
    const until = performance.now() + ms;
    for (;;) {
      const left = until - performance.now();
      await loss.or(rest(Math.min(left, signOfLifeMs)));
      if (left <= signOfLifeMs || nap.signal.aborted || stopping.signal.aborted) return;
      await loss.or(inTime(session, patienceMs, session.ping()));
      // Somebody may have asked for a sample while the ping was under way.
      if (nap.signal.aborted) return;
    }
  };

  /** Samples until the session breaks (throws) or the sampler is stopped (returns). */
  const sampleOn = async (session: SampleSession, loss: Loss, wanted: string): Promise<void> => {
    const { facts } = session;
    let before: Counters | undefined;
    // What is hidden in pg_stat_activity may wait all the same: then pg_locks is asked each time.
    let askLocks = false;
    let from = performance.now();
    while (!stopping.signal.aborted) {
      const patience = doubtful ? doubtfulPatienceMs : patienceMs;
      doubtful = false;
      const raw = await loss.or(takeInTime(session, askLocks, patience));
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
          if (isUnwanted(role, wanted)) throw failedOver(role);
        }
        const counters = readCounters(raw.counters, raw.clock.now, facts.startedAt);
        askLocks = sample.hidden > 0 || sample.backends.some(({ state }) => state === 'waiting');
        events.onSample(sample, {
          ...sessionCounts(sample),
          ...rates(before, counters),
          'howdah.serverMs': serverMs,
        });
        before = counters;
      }
      await restOn(session, loss, Math.max(50, paceNow.intervalMs - (performance.now() - from)));
      from = performance.now();
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    events.onState({ state: 'connecting' });
    while (!stopping.signal.aborted) {
      let session: SampleSession | undefined;
      let target: Address | undefined;
      const attempt = new AbortController();
      try {
        const loss = new Loss();
        const signal = AbortSignal.any([attempt.signal, stopping.signal]);
        target = await address(signal);
        if (stopping.signal.aborted) return;
        session = await openSampleSession(target, (error) => loss.happen(error), signal);
        failures = 0;
        recentServerMs = 0;
        if (stopping.signal.aborted) return;
        const { facts, way, peer } = session;
        events.onState({ state: 'connected', facts, address: target, way });
        watchName({
          target: way.target,
          peer,
          resolve: target.resolve,
          signal: attempt.signal,
          onMoved: (problem) => loss.happen(problem),
        });
        await sampleOn(session, loss, target.connection.parameters.target_session_attrs ?? 'any');
      } catch (error) {
        if (stopping.signal.aborted) return;
        const { problem, ask, retry } = await explainTo(error, target);
        if (stopping.signal.aborted) return;
        if (!retry) {
          events.onState({ state: 'refused', problem, ask });
          return;
        }
        failures += 1;
        const wait = backoff(failures, Math.random);
        events.onState({ state: 'lost', problem, ask, retryAt: Date.now() + wait });
        session?.destroy();
        await rest(wait);
      } finally {
        attempt.abort();
        await session?.close();
      }
    }
  };
  const running = run();

  return {
    hurry: () => nap.abort(),
    verify: () => {
      doubtful = true;
      nap.abort();
    },
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
async function takeInTime(
  session: SampleSession,
  withWaits: boolean,
  patience: number,
): Promise<RawSample | undefined> {
  try {
    return await inTime(session, patience, session.sample(withWaits));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === '57014' || code === '55P03') return undefined;
    throw error;
  }
}

/** @throws when the answer has not come after `patience` ms; the session is dropped then. */
async function inTime<T>(session: SampleSession, patience: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(silence(patience));
      // After that was heard: that the session is closed then is the smaller part of the truth.
      setImmediate(() => session.destroy());
    }, patience);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function silence(patience: number): WayProblem {
  return new WayProblem(
    {
      cause: 'server-silent',
      what: `The server has not answered for ${patience / 1000} s.`,
      why: 'The network or the VPN is down, or the server’s machine is, or it hangs.',
      next: 'Howdah tries again by itself.',
    },
    { retry: true },
  );
}

/** A failure before there was an address (companion, tunnel, service file) or after it. */
async function explainTo(error: unknown, target: Address | undefined): Promise<Diagnosis> {
  if (target) return await diagnose(error, target);
  if (error instanceof WayProblem) {
    return { problem: error.explanation, ask: error.ask, retry: error.retry };
  }
  const why = error instanceof Error ? error.message : String(error);
  const problem: Explanation = {
    cause: 'other',
    what: 'The way to the server could not be prepared.',
    why,
    next: 'Howdah tries again by itself.',
  };
  return { problem, ask: undefined, retry: true };
}

/** Whether a server that has changed sides is no longer of the kind that was asked for. */
function isUnwanted(role: ServerFacts['role'], wanted: string): boolean {
  if (wanted === 'primary' || wanted === 'read-write') return role === 'standby';
  return (wanted === 'standby' || wanted === 'read-only') && role === 'primary';
}

function failedOver(role: ServerFacts['role']): WayProblem {
  return new WayProblem(
    {
      cause: 'wrong-role-of-server',
      what: `The server has become a ${role}.`,
      why: 'A failover or a switchover took place.',
      next: 'Howdah looks for the right one among the hosts by itself.',
    },
    { retry: true },
  );
}
