import { describe, expect, it } from 'vitest';
import { impactOf, waitersOf } from '../../../main/activity/impact.ts';
import { findingsOf } from '../../../main/environments/findings.ts';
import { Broadcast } from '../../../main/lib/broadcast.ts';
import { backoff, pace } from '../../../main/sampler/pace.ts';
import { rates, readCounters } from '../../../main/sampler/rates.ts';
import { readSample } from '../../../main/sampler/read-sample.ts';
import type { BackendRow, CounterRow } from '../../../main/sampler/rows.ts';
import { fillTemplate } from '../../../main/servers/index.ts';

const now = 1_760_000_000_000;

const row = (pid: number, more: Partial<BackendRow> = {}): BackendRow => ({
  pid,
  backend_start: '2026-01-01 00:00:00+00',
  database: 'd',
  user: 'u',
  application: 'app',
  client: 'local',
  type: 'client backend',
  state: 'active',
  wait_type: null,
  wait: null,
  connected_at: now - 60_000,
  transaction_at: now - 1000,
  query_at: now - 1000,
  state_at: now - 1000,
  leader_pid: null,
  query_id: null,
  query: 'SELECT 1',
  query_cut: false,
  blocked_by: null,
  ...more,
});

const sampleOf = (backends: BackendRow[], maxConnections = 100) =>
  readSample(
    {
      backends,
      waits: [],
      clock: { now, server_ms: 1, standby: false, max_connections: maxConnections },
    },
    { at: now, intervalMs: 2000, reservedConnections: 3, isOwn: () => false },
  );

const counters = (more: Partial<CounterRow> = {}): CounterRow => ({
  own: true,
  commits: 100,
  rollbacks: 0,
  blocks_hit: 90,
  blocks_read: 10,
  tuples_read: 0,
  tuples_written: 0,
  temp_bytes: 0,
  deadlocks: 0,
  reset_at: 5,
  ...more,
});

describe('reading a sample', () => {
  it('takes rows of which this role sees nothing as hidden, not idle', () => {
    const hidden = row(9, { type: null, state: null, client: null, query: '<insufficient privilege>' });
    const sample = sampleOf([row(1), hidden]);
    expect(sample.backends[1]?.state).toBe('hidden');
    expect(sample.hidden).toBe(1);
    const background = row(10, { type: null, state: null, user: null, database: null });
    expect(sampleOf([row(1), hidden, background]).hidden).toBe(1);
  });

  it('takes blockers once each and never the waiter itself', () => {
    const sample = sampleOf([row(2, { wait_type: 'Lock', blocked_by: [7, 7, 2, 0] })]);
    expect(sample.backends[0]).toMatchObject({ state: 'waiting', blockedBy: [7, 0] });
  });

  it('frees everybody who waits behind a backend, through a cycle too', () => {
    const wait = (pid: number, ...blocked_by: number[]) => row(pid, { wait_type: 'Lock', blocked_by });
    const { backends } = sampleOf([row(1), wait(2, 1), wait(3, 2), wait(4, 3, 2), wait(5, 6), wait(6, 5)]);
    expect(waitersOf(backends, 1)).toEqual([2, 3, 4]);
    expect(waitersOf(backends, 5)).toEqual([6]);
  });

  it('says that a chosen backend is gone when its pid has another start', () => {
    const impact = impactOf(sampleOf([row(4)]), 'terminate', [{ pid: 4, backendStart: 'earlier' }]);
    expect(impact.backends[0]).toMatchObject({ found: false });
  });
});

describe('rates', () => {
  const at = (ms: number, more: Partial<CounterRow>, startedAt = 1) =>
    readCounters([counters(more)], ms, startedAt);

  it('are per second between two readings', () => {
    const values = rates(at(0, {}), at(2000, { commits: 110, blocks_hit: 98, blocks_read: 12 }));
    expect(values).toMatchObject({ 'database.commits': 5, 'server.commits': 5, 'database.hit': 0.8 });
  });

  it('leave a gap over a reset, a restart, and a counter that went back', () => {
    expect(rates(at(0, {}), at(2000, { reset_at: 6 }))).toEqual({});
    expect(rates(at(0, {}), at(2000, { commits: 110 }, 2))).toEqual({});
    expect(rates(at(0, {}), at(2000, { commits: 50 }))['database.commits']).toBeUndefined();
    expect(rates(undefined, at(2000, {}))).toEqual({});
  });

  it('know no hit ratio when nothing was read', () => {
    expect(rates(at(0, {}), at(2000, {}))['database.hit']).toBeUndefined();
  });
});

describe('pace', () => {
  it('keeps the asked pace while samples are cheap and slows down to stay within 2 ms a second', () => {
    expect(pace(2000, 1)).toEqual({ intervalMs: 2000, slowed: false });
    expect(pace(2000, 20)).toEqual({ intervalMs: 10_000, slowed: true });
    expect(pace(2000, 100_000).intervalMs).toBe(60_000);
  });

  it('comes back with growing, jittered pauses of at most 15 s', () => {
    expect(backoff(1, () => 0)).toBe(1000);
    expect(backoff(3, () => 0)).toBe(4000);
    expect(backoff(30, () => 0)).toBe(15_000);
    expect(backoff(30, () => 1)).toBe(10_000);
  });
});

describe('findings', () => {
  const ids = (rows: BackendRow[], max = 100): string[] =>
    findingsOf(sampleOf(rows, max), []).map(({ id, severity }) => `${id}:${severity}`);

  it('are silent while all is well', () => {
    expect(ids([row(1), row(2, { state: 'idle' })])).toEqual([]);
  });

  it('name connections near the limit, counting only usable ones', () => {
    const many = Array.from({ length: 14 }, (_, index) => row(index + 1));
    expect(ids(many, 20)).toEqual(['connections-near-limit:warning']);
    expect(
      ids(
        Array.from({ length: 17 }, (_, index) => row(index + 1)),
        20,
      ),
    ).toEqual(['connections-near-limit:bad']);
  });

  it('name long lock waits but not short ones', () => {
    const waiting = (ms: number) => row(2, { wait_type: 'Lock', state_at: now - ms, blocked_by: [1] });
    expect(ids([row(1), waiting(2000)])).toEqual([]);
    expect(ids([row(1), waiting(6000)])).toEqual(['lock-waits:notice']);
    expect(ids([row(1), waiting(90_000)])).toEqual(['lock-waits:bad']);
  });

  it('name sessions idle in a transaction for long, worst first', () => {
    const idle = row(3, { state: 'idle in transaction', state_at: now - 6 * 60_000 });
    expect(ids([idle, row(4, { type: null, state: null })])).toEqual([
      'idle-in-transaction:warning',
      'limited-visibility:notice',
    ]);
  });
});

describe('templates of statements', () => {
  it('take a column where the view has it and a typed null where not', () => {
    const known = new Map([['pg_locks', new Set(['waitstart'])]]);
    expect(
      fillTemplate('{{l.pg_locks.waitstart::timestamptz}}, {{a.pg_stat_activity.query_id::int8}}', known),
    ).toBe('l.waitstart, NULL::int8');
  });
});

describe('broadcast', () => {
  it('gives the latest at once, skips what a slow follower missed, and ends with the signal', async () => {
    const broadcast = new Broadcast<number>();
    broadcast.publish(1);
    const stop = new AbortController();
    const following = broadcast.follow(stop.signal);
    expect((await following.next()).value).toBe(1);
    for (const value of [2, 3, 4]) broadcast.publish(value);
    expect((await following.next()).value).toBe(4);
    const last = following.next();
    stop.abort();
    expect((await last).done).toBe(true);
    expect(broadcast.followers).toBe(0);
  });
});
