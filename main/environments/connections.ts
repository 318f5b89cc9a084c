import type { ActivitySample } from '../../preload/contract/activity.ts';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Ask } from '../../preload/contract/connection.ts';
import type { EnvironmentStatus, Finding, ServerFacts } from '../../preload/contract/environments.ts';
import { Broadcast } from '../lib/broadcast.ts';
import { fail } from '../lib/fail.ts';
import { knownPassword } from '../lib/known-password.ts';
import { sleep } from '../lib/sleep.ts';
import type { MetricValues, SampledState, Sampler } from '../sampler/index.ts';
import { isClientSession, startSampler } from '../sampler/index.ts';
import { type Address, openPool, placeOf, type ServerPool, type SessionWay } from '../servers/index.ts';
import { CostMeter } from './cost-meter.ts';
import { connectionFindings, findingsOf } from './findings.ts';
import type { Way } from './way.ts';

/** What others are told about the environments' servers as it happens. */
export interface ConnectionListener {
  onSample(id: string, sample: ActivitySample, values: MetricValues): void;
  onEvent(id: string, kind: string, text: string): void;
  /** Connected to a server that has been up since then, ms since 1970. */
  onStarted(id: string, startedAt: number): void;
  /** Something in a status changed. */
  onChange(): void;
}

export interface Connections {
  /** Starts sampling; comes back when the first attempt has succeeded or failed. */
  connect(id: string): Promise<EnvironmentStatus>;
  disconnect(id: string): Promise<EnvironmentStatus>;
  status(id: string): EnvironmentStatus;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  poolIfAny(id: string): ServerPool | undefined;
  /** Where its sessions go, and as whom. @throws NOT_CONNECTED */
  reached(id: string): { address: Address; way: SessionWay };
  /** Every live sample of an environment, whenever it is connected; keeps the live pace while it is followed. */
  watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<ActivitySample, void, void>;
  /** A sample of now, at most a second old. @throws NOT_CONNECTED */
  current(id: string): Promise<ActivitySample>;
  /** Takes the next sample of a connected environment at once. */
  hurry(id: string): void;
  /** After this machine slept or its network changed: looks at every connection, and for lost ones, at once. */
  verify(): void;
  /** Forgets an environment that was removed. */
  drop(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Line {
  sampler: Sampler | undefined;
  way: Way;
  pool: ServerPool | undefined;
  reached: { address: Address; way: SessionWay } | undefined;
  state: EnvironmentStatus['state'];
  since: number;
  facts: ServerFacts | undefined;
  problem: Explanation | undefined;
  ask: Ask | undefined;
  retryAt: number | undefined;
  /** What the way itself gives reason to say, beside what samples show. */
  standing: Finding[];
  /** The server it is connected to, where there are several to choose from. */
  host: string | undefined;
  samples: Broadcast<ActivitySample>;
  values: MetricValues;
  cost: CostMeter;
  trend: { at: number; sessions: number }[];
  /** Being taken away: nothing begins on it any more. */
  dropped: boolean;
  /** The end of what ran before; nothing begins before that. */
  stopping: Promise<void> | undefined;
  /** Wakes those who wait for the first outcome of `connect`. */
  settled: (() => void)[];
}

/** Why a line is not connected, and what would help. */
interface Trouble {
  problem?: Explanation;
  ask?: Ask | undefined;
  retryAt?: number;
}

/** Pace while somebody looks at live rows, and while only the history needs samples, ms. */
const livePaceMs = 2000;
const quietPaceMs = 5000;

/** How long closing waits for a server that does not answer, ms. */
const closePatienceMs = 2000;

/** A sample this young, ms, is good enough for one who asks for the present state. */
const freshMs = 1000;

const trendMs = 30 * 60_000;
const trendPoints = 60;

/** Sessions of an environment as sampled earlier, oldest first. */
export type EarlierSessions = (id: string, from: number) => { at: number; sessions: number }[];

export function openConnections(
  wayOf: (id: string, onChange: () => void) => Way,
  earlier: EarlierSessions,
  listener: ConnectionListener,
): Connections {
  const lines = new Map<string, Line>();

  const line = (id: string): Line => {
    const known = lines.get(id);
    if (known) return known;
    const made: Line = {
      sampler: undefined,
      way: wayOf(id, () => listener.onChange()),
      pool: undefined,
      reached: undefined,
      state: 'disconnected',
      since: Date.now(),
      facts: undefined,
      problem: undefined,
      ask: undefined,
      retryAt: undefined,
      standing: [],
      host: undefined,
      samples: new Broadcast(),
      values: {},
      cost: new CostMeter(),
      trend: earlier(id, Date.now() - trendMs),
      dropped: false,
      stopping: undefined,
      settled: [],
    };
    lines.set(id, made);
    return made;
  };

  const enter = (one: Line, state: Line['state'], trouble: Trouble = {}): void => {
    if (one.state !== state) one.since = Date.now();
    one.state = state;
    one.problem = trouble.problem;
    one.ask = trouble.ask;
    one.retryAt = trouble.retryAt;
    if (state !== 'connected') one.standing = [];
    if (state !== 'connecting') for (const wake of one.settled.splice(0)) wake();
    listener.onChange();
  };

  const closePool = (one: Line): void => {
    const { pool } = one;
    one.pool = undefined;
    void pool?.close().catch(() => undefined);
  };
  /** Statements that are still on their way to a server that is gone end now, with a clear error. */
  const abandonPool = (one: Line): void => {
    one.pool?.abandon();
    one.pool = undefined;
  };

  const onState = (id: string, one: Line, sampled: SampledState): void => {
    const before = one.state;
    switch (sampled.state) {
      case 'connecting':
        enter(one, 'connecting');
        return;
      case 'connected': {
        const restarted = one.facts && one.facts.startedAt !== sampled.facts.startedAt;
        one.facts = sampled.facts;
        closePool(one);
        const { address, way } = sampled;
        one.pool = openPool(address, { way });
        one.reached = { address, way };
        one.host = address.connection.otherHosts?.length ? placeOf(way.target) : undefined;
        enter(one, 'connected');
        one.standing = connectionFindings(sampled.facts, address.connection, {
          passwordKnown: knownPassword(address.password, address.connection) !== undefined,
        });
        listener.onStarted(id, sampled.facts.startedAt);
        if (before === 'lost' && !restarted)
          listener.onEvent(id, 'connection-back', 'The connection is back.');
        return;
      }
      case 'lost':
        abandonPool(one);
        enter(one, 'lost', sampled);
        if (before === 'connected') listener.onEvent(id, 'connection-lost', sampled.problem.what);
        return;
      case 'refused':
        abandonPool(one);
        one.sampler = undefined;
        void one.way.close().catch(() => undefined);
        enter(one, 'disconnected', sampled);
    }
  };

  const onSample = (id: string, one: Line, sample: ActivitySample, values: MetricValues): void => {
    one.values = values;
    one.cost.add(sample.at, sample.serverMs, one.pool?.cost().spentMs ?? 0);
    one.trend.push({ at: sample.at, sessions: sample.backends.filter(isClientSession).length });
    const oldest = sample.at - trendMs;
    while (one.trend[0] && one.trend[0].at < oldest) one.trend.shift();
    one.samples.publish(sample);
    listener.onSample(id, sample, values);
    listener.onChange();
  };

  /** The sampler tells nothing more from here on; a server that does not answer is waited for only so long. */
  const stop = (one: Line): Promise<void> => {
    const { sampler } = one;
    one.sampler = undefined;
    closePool(one);
    const ended = (async () => {
      await Promise.race([sampler?.stop(), sleep(closePatienceMs)]);
      await Promise.race([one.way.close().catch(() => undefined), sleep(closePatienceMs)]);
    })();
    const stopping = Promise.all([one.stopping, ended]).then(() => {
      if (one.stopping === stopping) one.stopping = undefined;
    });
    one.stopping = stopping;
    return stopping;
  };

  const notConnected = (one: Line): Error =>
    fail(
      'NOT_CONNECTED',
      one.problem ?? {
        cause: 'disconnected',
        what: 'This environment is not connected.',
        why: 'It was disconnected, or has not been connected yet.',
        next: 'Connect it first.',
      },
    );

  const connections: Connections = {
    connect: async (id) => {
      const one = line(id);
      // Never two sessions at once because the last one takes its time to end.
      await one.stopping;
      if (one.dropped) throw notConnected(one);
      const settled = new Promise<void>((resolve) => one.settled.push(resolve));
      if (one.sampler && one.state === 'lost') one.sampler.hurry();
      else if (one.sampler && one.state === 'connected') return connections.status(id);
      else if (!one.sampler) {
        const askedPaceMs = (): number => (one.samples.followers > 0 ? livePaceMs : quietPaceMs);
        one.sampler = startSampler((signal) => one.way.open(signal), askedPaceMs, {
          onState: (state) => onState(id, one, state),
          onSample: (sample, values) => onSample(id, one, sample, values),
          onRole: (role) => {
            if (one.facts) one.facts = { ...one.facts, role };
            listener.onEvent(id, 'role-changed', `The server is a ${role} now.`);
          },
        });
      }
      await settled;
      return connections.status(id);
    },
    disconnect: async (id) => {
      const one = line(id);
      const stopped = stop(one);
      enter(one, 'disconnected');
      await stopped;
      return connections.status(id);
    },
    status: (id) => statusOf(id, line(id)),
    pool: (id) => {
      const one = line(id);
      if (!one.pool) throw notConnected(one);
      return one.pool;
    },
    reached: (id) => {
      const one = line(id);
      if (!one.pool || !one.reached) throw notConnected(one);
      return one.reached;
    },
    poolIfAny: (id) => lines.get(id)?.pool,
    watch: async function* (id, signal) {
      const one = line(id);
      if (one.samples.followers === 0) one.sampler?.hurry();
      yield* one.samples.follow(signal);
    },
    current: async (id) => {
      const one = line(id);
      if (one.state !== 'connected') throw notConnected(one);
      const { latest } = one.samples;
      if (latest && Date.now() - latest.at < freshMs) return latest;
      one.sampler?.hurry();
      const patience = AbortSignal.timeout(10_000);
      for await (const sample of one.samples.follow(patience, { fresh: true })) return sample;
      throw notConnected(one);
    },
    hurry: (id) => lines.get(id)?.sampler?.hurry(),
    verify: () => {
      for (const { sampler } of lines.values()) sampler?.verify();
    },
    drop: async (id) => {
      const one = lines.get(id);
      if (!one) return;
      one.dropped = true;
      const stopped = stop(one);
      enter(one, 'disconnected');
      await stopped;
      one.samples.close();
      if (lines.get(id) === one) lines.delete(id);
    },
    close: async () => {
      await Promise.all([...lines.keys()].map((id) => connections.drop(id)));
    },
  };
  return connections;
}

function statusOf(id: string, one: Line): EnvironmentStatus {
  const sample = one.samples.latest;
  const status: EnvironmentStatus = {
    environment: id,
    state: one.state,
    since: one.since,
    findings: one.state === 'connected' ? findingsOf(sample, one.standing) : [],
    trend: trendOf(one.trend),
  };
  if (one.facts) status.server = one.facts;
  // Of one that was disconnected on purpose nothing is known now; of a lost one, what was last seen.
  if (sample && one.state !== 'disconnected') status.glance = glanceOf(sample, one.values);
  if (one.sampler) {
    const { intervalMs, slowed } = one.sampler.pace();
    status.cost = {
      msPerSecond: one.cost.msPerSecond(),
      sessions: one.state === 'connected' ? 1 + (one.pool?.cost().sessions ?? 0) : 0,
      intervalMs,
      slowed,
    };
  }
  if (one.problem) status.problem = one.problem;
  if (one.ask) status.ask = one.ask;
  if (one.host && one.state === 'connected') status.host = one.host;
  const tunnel = one.way.tunnel();
  if (tunnel) status.tunnel = tunnel;
  const companion = one.way.companion();
  if (companion) status.companion = companion;
  if (one.retryAt !== undefined) status.retryAt = one.retryAt;
  return status;
}

function glanceOf(sample: ActivitySample, values: MetricValues): EnvironmentStatus['glance'] {
  const clients = sample.backends.filter(isClientSession);
  const count = (...states: string[]): number => clients.filter(({ state }) => states.includes(state)).length;
  const starts = clients.map(({ transactionAt }) => transactionAt).filter((at) => at !== null);
  const commits = values['server.commits'];
  return {
    at: sample.at,
    sessions: clients.length,
    active: count('active'),
    idleInTransaction: count('idle in transaction', 'aborted'),
    waitingOnLock: count('waiting'),
    hidden: sample.hidden,
    oldestTransactionMs: starts.length > 0 ? Math.max(0, sample.serverNow - Math.min(...starts)) : null,
    transactionsPerSecond: commits === undefined ? null : commits + (values['server.rollbacks'] ?? 0),
  };
}

/** The last half hour in at most 60 points; a step without a sample is a gap. */
function trendOf(trend: { at: number; sessions: number }[]): (number | null)[] {
  const from = Date.now() - trendMs;
  const points: (number | null)[] = Array.from({ length: trendPoints }, () => null);
  for (const { at, sessions } of trend) {
    const index = Math.floor(((at - from) / trendMs) * trendPoints);
    if (index >= 0 && index < trendPoints) points[index] = Math.max(points[index] ?? 0, sessions);
  }
  return points;
}
