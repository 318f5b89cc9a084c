import { describe, expect, it } from 'vitest';
import { jamAdvice } from '../../../main/locks/advise.ts';
import { EpisodeWaits } from '../../../main/locks/episode-waits.ts';
import { EpisodeWatch } from '../../../main/locks/episodes.ts';
import { lockGraphOf } from '../../../main/locks/lock-graph.ts';
import { conflict } from '../../../main/sampler/lock-conflicts.ts';
import type { ActivitySample, Backend } from '../../../preload/contract/activity.ts';

const now = 1_760_000_000_000;

const backend = (pid: number, more: Partial<Backend> = {}): Backend => ({
  pid,
  backendStart: 'then',
  database: 'd',
  user: 'u',
  application: `app ${pid}`,
  client: 'local',
  type: 'client backend',
  state: 'active',
  waitType: null,
  wait: null,
  connectedAt: now,
  transactionAt: now - 600_000,
  queryAt: now,
  stateAt: now,
  waitingSince: null,
  waitsFor: null,
  leaderPid: null,
  queryId: null,
  query: 'SELECT 1',
  queryCut: false,
  blockedBy: [],
  own: false,
  ...more,
});

const waiting = (pid: number, blockedBy: number[], since: number): Backend =>
  backend(pid, {
    state: 'waiting',
    blockedBy,
    waitingSince: since,
    waitsFor: { mode: 'ShareLock', target: `transaction ${blockedBy[0]}` },
  });

const sample = (backends: Backend[], at = now, more: Partial<ActivitySample> = {}): ActivitySample => ({
  serverNow: at,
  at,
  backends,
  prepared: [],
  maxConnections: 100,
  reservedConnections: 3,
  hidden: 0,
  serverMs: 1,
  intervalMs: 5000,
  ...more,
});
const never = (): boolean => false;

it('knows which modes of locks exclude each other', () => {
  expect(conflict('AccessShareLock', 'ExclusiveLock')).toBe(false);
  expect(conflict('RowExclusiveLock', 'RowExclusiveLock')).toBe(false);
  expect(conflict('RowExclusiveLock', 'ShareLock')).toBe(true);
  expect(conflict('ShareLock', 'ShareLock')).toBe(false);
  expect(conflict('ShareUpdateExclusiveLock', 'ShareUpdateExclusiveLock')).toBe(true);
  expect(conflict('AccessExclusiveLock', 'AccessShareLock')).toBe(true);
  expect(conflict('a mode to come', 'AccessShareLock')).toBe(true);
});

describe('a blocking episode', () => {
  it('counts waits to the second, and those of who waited elsewhere before only from then on', () => {
    const watch = new EpisodeWatch();
    // 3 waits for 2, and 2 for 1, for a minute.
    watch.see(sample([backend(1), waiting(2, [1], now - 60_000), waiting(3, [2], now - 60_000)]), never);
    // 1 has ended; 2 got its lock, and 3 goes on to wait for 2.
    const later = sample([backend(2), waiting(3, [2], now - 60_000)], now + 5000);
    const { ended, going } = watch.see(later, never);
    expect(ended).toMatchObject([
      { end: 'session-ended', waitedMs: 120_000, longestWaitMs: 60_000, began: now - 60_000, mostWaiters: 2 },
    ]);
    expect(going).toMatchObject([{ root: { pid: 2 }, began: now, waitedMs: 5000, longestWaitMs: 5000 }]);
  });

  it('takes a start of waiting that is told better later for the same wait', () => {
    const waits = new EpisodeWaits();
    waits.see(1000, new Map([[1, 0]]));
    waits.see(2000, new Map([[1, 400]]));
    expect(waits.waitedMs).toBe(1600);
    // A wait that began after the last look is another one.
    waits.see(5000, new Map([[1, 3000]]));
    expect(waits.waitedMs).toBe(1600 + 2000);
    waits.see(6000, new Map());
    expect(waits.waitedMs).toBe(3600);
  });

  it('whose root could not be named at first stays one', () => {
    const watch = new EpisodeWatch();
    watch.see(sample([waiting(2, [0], now - 1000)]), never);
    const prepared = [{ pid: -77, gid: 'g', owner: 'o', database: 'd', preparedAt: now }];
    const named = watch.see(sample([waiting(2, [-77], now - 1000)], now + 5000, { prepared }), never);
    expect(named.ended).toEqual([]);
    expect(named.going).toMatchObject([{ samples: 2, root: { gid: 'g', kind: 'prepared' } }]);
  });

  it('in a ring has one root, and a blocker that is gone is none', () => {
    const ring = [waiting(1, [2], now - 3000), waiting(2, [1], now - 1000), waiting(3, [1], now - 500)];
    const { going } = new EpisodeWatch().see(sample(ring), never);
    expect(going).toMatchObject([{ root: { pid: 1 }, mostWaiters: 2 }]);
    expect(new EpisodeWatch().see(sample([waiting(2, [9], now)]), never).going).toEqual([]);
  });

  it('that a cancel of ours ended is told from one that the root ended itself', () => {
    const end = (signalled: boolean, root: Partial<Backend>) => {
      const watch = new EpisodeWatch();
      watch.see(sample([backend(1), waiting(2, [1], now)]), never);
      if (signalled) watch.noteSignal('cancel', [1]);
      return watch.see(sample([backend(1, root)], now + 5000), never).ended[0]?.end;
    };
    expect(end(true, { state: 'idle', transactionAt: null, queryAt: now })).toBe('cancelled-here');
    expect(end(false, { state: 'idle', transactionAt: null })).toBe('transaction-ended');
    expect(end(true, {})).toBe('waiters-left');
    expect(end(false, { transactionAt: now + 1000, queryAt: now + 1000 })).toBe('transaction-ended');
  });
});

it('a finding names who must act, and short waits are none', () => {
  const jam = (root: Partial<Backend>, since: number) =>
    jamAdvice(lockGraphOf(sample([backend(1, root), waiting(2, [1], since), waiting(3, [2], since)])));
  expect(jam({}, now - 29_000)).toEqual([]);
  expect(jam({ state: 'idle in transaction' }, now - 40_000)).toMatchObject([
    {
      kind: 'lock-jam-idle',
      severity: 'warning',
      title: '2 sessions wait for a lock behind app 1 (pid 1)',
      statement: 'SELECT pg_terminate_backend(1);',
    },
  ]);
  expect(jam({}, now - 400_000)).toMatchObject([
    { kind: 'lock-jam', severity: 'bad', statement: 'SELECT pg_cancel_backend(1);' },
  ]);
  const held = sample([waiting(2, [-5], now - 60_000)], now, {
    prepared: [{ pid: -5, gid: "it's", owner: 'o', database: 'd', preparedAt: now - 90_000 }],
  });
  expect(jamAdvice(lockGraphOf(held))).toMatchObject([
    { kind: 'lock-jam-prepared', statement: "ROLLBACK PREPARED 'it''s';" },
  ]);
});
