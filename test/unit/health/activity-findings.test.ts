import { describe, expect, it } from 'vitest';
import {
  cacheAdvice,
  connectionAdvice,
  deadlockAdvice,
  type OpenTransaction,
  rollbackAdvice,
  transactionAdvice,
} from '../../../main/activity/findings.ts';
import { trafficOfCounters, trafficOfHistory } from '../../../main/activity/traffic.ts';
import type { ActivitySample, Backend } from '../../../preload/contract/activity.ts';
import { type MetricName, metricNames } from '../../../preload/contract/metrics.ts';

const minute = 60_000;

const point = (at: number, values: Partial<Record<MetricName, number>>) => ({
  at,
  extents: metricNames.map((name) => {
    const value = values[name] ?? Number.NaN;
    return { mean: value, low: value, high: value };
  }),
});

const session = (row: Partial<OpenTransaction>): OpenTransaction => ({
  pid: 7,
  user: 'ada',
  database: 'shop',
  application: 'shop-api',
  state: 'idle in transaction',
  transaction_ms: 10 * minute,
  idle_ms: 6 * minute,
  has_written: false,
  holds_snapshot: true,
  xid_age: 1200,
  ...row,
});

describe('transactions left open', () => {
  it.each([
    ['idle for 6 min with a snapshot', {}, 'idle-in-transaction', 'warning'],
    [
      'idle for 31 min after a write',
      { idle_ms: 31 * minute, has_written: true, holds_snapshot: false },
      'idle-in-transaction',
      'bad',
    ],
    [
      'open for 61 min and at work',
      { state: 'active', idle_ms: null, transaction_ms: 61 * minute },
      'long-transaction',
      'warning',
    ],
  ])('%s', (_name, row, kind, severity) => {
    expect(transactionAdvice([session(row)])).toMatchObject([{ kind, severity }]);
  });

  it.each([
    ['idle for 6 min, holding nothing', { holds_snapshot: false }],
    ['idle for 4 min', { idle_ms: 4 * minute }],
    ['at work for 59 min', { state: 'active', idle_ms: null, transaction_ms: 59 * minute }],
    ['hidden from this role', { state: null, idle_ms: null, transaction_ms: null, xid_age: 900_000 }],
  ])('are none of: %s', (_name, row) => {
    expect(transactionAdvice([session(row)])).toEqual([]);
  });
});

describe('connections', () => {
  const sample = (taken: number): ActivitySample => ({
    serverNow: 0,
    at: 0,
    backends: Array.from(
      { length: taken },
      (_, pid) =>
        ({
          pid,
          type: 'client backend',
          state: 'idle',
          application: pid % 4 ? 'shop-api' : '',
          user: 'a',
          database: 'b',
        }) as Backend,
    ),
    maxConnections: 103,
    reservedConnections: 3,
    hidden: 0,
    prepared: [],
    serverMs: 0,
    intervalMs: 0,
  });

  it('are near the limit from 80 % of what roles without reserved ones can take', () => {
    expect(connectionAdvice(sample(79))).toEqual([]);
    expect(connectionAdvice(sample(80))).toMatchObject([
      { severity: 'warning', title: '80 of 100 usable connections are taken' },
    ]);
    const [worst] = connectionAdvice(sample(95));
    expect(worst?.severity).toBe('bad');
    expect(worst?.evidence.join(' ')).toContain('shop-api (71), no application name (24)');
  });
});

describe('traffic', () => {
  const values = (hit: number, rows: number, more: Partial<Record<MetricName, number>> = {}) => ({
    'database.commits': 10,
    'database.rollbacks': 0.1,
    'database.deadlocks': 0,
    'database.hit': hit,
    'database.tuplesRead': rows,
    ...more,
  });
  const hour = (of: (index: number) => Partial<Record<MetricName, number>>) =>
    trafficOfHistory(
      Array.from({ length: 60 }, (_, index) => point(index * minute, of(index))),
      60 * minute,
      'in the last hour',
    );

  it('of an hour gives counts, and a hit ratio weighed by what was read', () => {
    // Ten minutes of heavy reading miss; fifty of nearly nothing hit.
    const traffic = hour((index) => (index < 10 ? values(0.5, 60_000) : values(1, 100)));
    expect(traffic?.commits).toBeCloseTo(36_000);
    expect(traffic?.hit).toBeCloseTo(0.504, 2);
    expect(cacheAdvice(traffic as never, 'shop')).toMatchObject([
      { severity: 'warning', kind: 'cache-hit-low' },
    ]);
  });

  it('tells nothing of the cache where next to nothing is read, nor of a database known for minutes', () => {
    const quiet = hour(() => values(0.2, 50));
    expect(quiet?.hit).toBeNull();
    expect(cacheAdvice(quiet as never, 'shop')).toEqual([]);
    expect(trafficOfHistory([point(0, values(0.5, 1e6))], 5 * minute, '')).toBeUndefined();
  });

  it('does not take a gap for time that is known', () => {
    const points = [...Array(6).keys()].map((index) => point(index * 10 * minute, values(1, 5000)));
    expect(trafficOfHistory(points, 60 * minute, '')?.commits).toBeCloseTo(10 * 120 * 6);
  });

  it('finds deadlocks and rollbacks where there are some, and none where there are few', () => {
    const some = hour((index) =>
      values(1, 5000, { 'database.deadlocks': index === 30 ? 1 / 60 : 0, 'database.rollbacks': 0.6 }),
    );
    expect(deadlockAdvice(some as never, 'shop')).toMatchObject([
      { severity: 'notice', title: '1 deadlock in the last hour' },
    ]);
    expect(rollbackAdvice(some as never, 'shop')).toMatchObject([{ kind: 'rollbacks', severity: 'notice' }]);
    const few = hour(() => values(1, 5000));
    expect([...deadlockAdvice(few as never, 'shop'), ...rollbackAdvice(few as never, 'shop')]).toEqual([]);
  });

  it('of counters alone tells no deadlocks of unknown age', () => {
    const row = { commits: 1e6, rollbacks: 10, hits: 1e7, reads: 1e7, deadlocks: 40 };
    expect(trafficOfCounters({ ...row, since_ms: null })).toMatchObject({ deadlocks: null, hit: 0.5 });
    expect(trafficOfCounters({ ...row, since_ms: 2 * 86_400_000 }).deadlocks).toBeNull();
    expect(trafficOfCounters({ ...row, since_ms: 3_600_000 }).deadlocks).toBe(40);
    expect(trafficOfCounters({ ...row, reads: 10, hits: 10, since_ms: null }).hit).toBeNull();
  });
});
