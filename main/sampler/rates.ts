import type { ActivitySample, SessionState } from '../../preload/contract/activity.ts';
import type { MetricName } from '../../preload/contract/metrics.ts';
import { isClientSession } from './read-sample.ts';
import type { CounterRow } from './rows.ts';

/** Values of one sample; a metric that is not known is left out. */
export type MetricValues = Partial<Record<MetricName, number>>;

/** Counters with the server's clock at their reading, ms. */
export interface Counters {
  at: number;
  startedAt: number;
  own: CounterRow | undefined;
  all: CounterRow | undefined;
}

const sessionMetric: Record<SessionState, MetricName> = {
  active: 'sessions.active',
  waiting: 'sessions.waiting',
  'idle in transaction': 'sessions.idleInTransaction',
  aborted: 'sessions.aborted',
  idle: 'sessions.idle',
  other: 'sessions.other',
  hidden: 'sessions.hidden',
};

/** How many client sessions are in each state. */
export function sessionCounts(sample: ActivitySample): MetricValues {
  const values: MetricValues = {};
  for (const name of Object.values(sessionMetric)) values[name] = 0;
  for (const backend of sample.backends) {
    if (!isClientSession(backend)) continue;
    const name = sessionMetric[backend.state];
    values[name] = (values[name] ?? 0) + 1;
  }
  return values;
}

/** Adds the rows of counters.sql: the environment's own database, and all together. */
export function readCounters(rows: CounterRow[], at: number, startedAt: number): Counters {
  const own = rows.find((row) => row.own);
  return { at, startedAt, own, all: rows.length > 0 ? rows.reduce(addRows) : undefined };
}

/**
 * Rates per second between two readings. A reset, a restart or a counter that went back gives nothing for
 * that step: a gap, not a negative rate.
 */
export function rates(before: Counters | undefined, now: Counters): MetricValues {
  if (!before || before.startedAt !== now.startedAt || now.at <= before.at) return {};
  const seconds = (now.at - before.at) / 1000;
  return {
    ...scopeRates('server', before.all, now.all, seconds),
    ...scopeRates('database', before.own, now.own, seconds),
  };
}

function scopeRates(
  scope: 'server' | 'database',
  before: CounterRow | undefined,
  now: CounterRow | undefined,
  seconds: number,
): MetricValues {
  if (!before || !now || before.reset_at !== now.reset_at) return {};
  const values: MetricValues = {};
  const step = (key: Exclude<keyof CounterRow, 'own' | 'reset_at'>): number | undefined => {
    const delta = now[key] - before[key];
    return delta >= 0 ? delta : undefined;
  };
  const put = (name: MetricName, value: number | undefined): void => {
    if (value !== undefined) values[name] = value / seconds;
  };
  put(`${scope}.commits`, step('commits'));
  put(`${scope}.rollbacks`, step('rollbacks'));
  put(`${scope}.tuplesRead`, step('tuples_read'));
  put(`${scope}.tuplesWritten`, step('tuples_written'));
  put(`${scope}.temp`, step('temp_bytes'));
  // Deadlocks are too rare for a rate: the count of the step itself is kept, spread over its seconds.
  put(`${scope}.deadlocks`, step('deadlocks'));
  const hit = step('blocks_hit');
  const read = step('blocks_read');
  if (hit !== undefined && read !== undefined && hit + read > 0) values[`${scope}.hit`] = hit / (hit + read);
  return values;
}

function addRows(a: CounterRow, b: CounterRow): CounterRow {
  return {
    own: false,
    commits: a.commits + b.commits,
    rollbacks: a.rollbacks + b.rollbacks,
    blocks_hit: a.blocks_hit + b.blocks_hit,
    blocks_read: a.blocks_read + b.blocks_read,
    tuples_read: a.tuples_read + b.tuples_read,
    tuples_written: a.tuples_written + b.tuples_written,
    temp_bytes: a.temp_bytes + b.temp_bytes,
    deadlocks: a.deadlocks + b.deadlocks,
    reset_at: Math.max(a.reset_at ?? 0, b.reset_at ?? 0) || null,
  };
}
