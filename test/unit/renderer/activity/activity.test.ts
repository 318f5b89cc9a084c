import { describe, expect, it } from 'vitest';
import { type Backend, sessionStates } from '../../../../preload/contract/activity.ts';
import { blockingTree } from '../../../../preload/contract/blocking-tree.ts';
import { blockingRows, drawnGuides, selectableOnly } from '../../../../renderer/activity/blocking-rows.ts';
import {
  applyFilters,
  countClients,
  countHidden,
  everything,
  isClient,
  isNarrowed,
  valuesOf,
} from '../../../../renderer/activity/filters.ts';
import { grantMonitor } from '../../../../renderer/activity/grant.ts';
import { backendKey, shareUnchanged } from '../../../../renderer/activity/share.ts';
import { deselect, endedBy, freesTogether } from '../../../../renderer/activity/signals.ts';
import { isStale } from '../../../../renderer/activity/stale.tsx';

function backend(changes: Partial<Backend> = {}): Backend {
  return {
    pid: 100,
    backendStart: '2026-01-01 00:00:00+00',
    database: 'billing',
    user: 'app',
    application: 'api',
    client: '10.0.0.1:4000',
    type: 'client backend',
    state: 'active',
    waitType: null,
    wait: null,
    connectedAt: 1,
    transactionAt: 1,
    queryAt: 1,
    stateAt: 1,
    waitingSince: null,
    waitsFor: null,
    leaderPid: null,
    queryId: null,
    query: 'SELECT 1',
    queryCut: false,
    blockedBy: [],
    own: false,
    ...changes,
  };
}

const pids = (rows: readonly Backend[]): number[] => rows.map(({ pid }) => pid);

describe('filtering sessions', () => {
  const all = [
    backend({ pid: 1, state: 'active' }),
    backend({ pid: 2, state: 'idle', database: 'other', user: 'etl' }),
    backend({ pid: 3, state: 'waiting', query: 'UPDATE Accounts SET x = 1' }),
    backend({ pid: 4, own: true }),
    backend({ pid: 5, type: 'checkpointer', state: 'other', database: null, user: null }),
    backend({ pid: 6, type: null, state: 'hidden', query: '<insufficient privilege>' }),
    backend({ pid: 7, type: null, state: 'hidden', database: null, user: null }),
  ];
  const apply = (changes: Partial<typeof everything>) =>
    applyFilters(all, { ...everything, ...changes }, 'billing');

  it('shows clients at first and keeps the own session out of sight and out of the counts by state', () => {
    const shown = apply({});
    expect(pids(shown.rows)).toEqual([1, 2, 3, 6]);
    expect(shown.ownHidden).toBe(1);
    expect(shown.byState.active).toBe(1);
    expect(apply({ own: true }).byState.active).toBe(2);
  });

  it('counts by each state exactly the rows that choosing it lists', () => {
    for (const shown of [{}, { own: true }, { system: true }, { system: true, own: true }, { user: 'app' }]) {
      const { byState } = apply(shown);
      for (const state of sessionStates) {
        const { rows } = apply({ ...shown, states: new Set([state]) });
        expect(rows.length, `${state} of ${JSON.stringify(shown)}`).toBe(byState[state]);
      }
    }
  });

  it('counts as own and not listed no background process, and only what matches', () => {
    expect(apply({ states: new Set(['idle']) }).ownHidden).toBe(0);
    expect(apply({ states: new Set(['active']) }).ownHidden).toBe(1);
    expect(apply({ system: true }).ownHidden).toBe(1);
    expect(apply({ own: true }).ownHidden).toBe(0);
  });

  it('leaves the whole server to the connection bar, the own session among it', () => {
    expect(countClients(all).active).toBe(2);
  });

  it('tells hidden sessions from hidden processes that could be anything', () => {
    const launcher = backend({ pid: 8, type: null, state: 'hidden', database: null });
    expect(countHidden([...all, launcher])).toEqual({ sessions: 1, unknown: 2 });
    expect(countHidden([backend()])).toEqual({ sessions: 0, unknown: 0 });
  });

  it('shows background processes and the own session on request', () => {
    expect(pids(apply({ system: true, own: true }).rows)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('counts by state under all filters but the one on states', () => {
    const shown = apply({ states: new Set(['waiting']), database: 'billing' });
    expect(pids(shown.rows)).toEqual([3]);
    expect(shown.byState).toMatchObject({ active: 1, waiting: 1, idle: 0 });
  });

  it('searches in pid, statement and names, in any case', () => {
    expect(pids(apply({ text: 'accounts' }).rows)).toEqual([3]);
    expect(pids(apply({ text: ' ETL ' }).rows)).toEqual([2]);
    expect(pids(apply({ text: '10.0.0.1:4000' }).rows)).toEqual([1, 2, 3, 6]);
  });

  it('narrows to the own database', () => {
    expect(pids(apply({ scope: 'database' }).rows)).toEqual([1, 3, 6]);
  });

  it('takes an empty name as the ones that have none', () => {
    const some = [backend({ pid: 1, application: '' }), backend({ pid: 2 })];
    expect(pids(applyFilters(some, { ...everything, application: '' }, 'billing').rows)).toEqual([1]);
  });

  it('knows a hidden client from a hidden background process', () => {
    expect(all.filter(isClient).map(({ pid }) => pid)).toEqual([1, 2, 3, 4, 6]);
    expect(countClients(all)).toMatchObject({ active: 2, hidden: 1, other: 0 });
  });

  it('counts each value of a field, the most frequent first', () => {
    expect(valuesOf(all, 'user')[0]).toEqual({ value: 'app', count: 4 });
  });

  it('does not call what is shown besides a narrowing', () => {
    expect(isNarrowed({ ...everything, system: true, own: true })).toBe(false);
    expect(isNarrowed({ ...everything, text: 'x' })).toBe(true);
  });
});

describe('sharing unchanged backends between samples', () => {
  it('keeps the object of a backend that says the same', () => {
    const before = [backend({ pid: 1 }), backend({ pid: 2, blockedBy: [1] })];
    const next = [backend({ pid: 2, blockedBy: [1] }), backend({ pid: 1, stateAt: 2 })];
    const shared = shareUnchanged(before, next);
    expect(shared[0]).toBe(before[1]);
    expect(shared[1]).toBe(next[1]);
  });

  it('keeps the whole list when nothing changed', () => {
    const before = [backend({ pid: 1 })];
    expect(shareUnchanged(before, [backend({ pid: 1 })])).toBe(before);
  });

  it('sees every field', () => {
    const whole = backend();
    const others: Partial<Backend> = { blockedBy: [9], waitsFor: { mode: 'ShareLock', target: 't' } };
    for (const field of Object.keys(whole) as (keyof Backend)[]) {
      const changed = { ...whole, [field]: others[field] ?? 'changed' } as unknown as Backend;
      expect(shareUnchanged([whole], [changed])[0], field).toBe(changed);
    }
  });
});

describe('the statement that mends limited visibility', () => {
  it('quotes the name of the role', () => {
    expect(grantMonitor('app')).toBe('GRANT pg_monitor TO "app";');
    expect(grantMonitor('o"brien; DROP')).toBe('GRANT pg_monitor TO "o""brien; DROP";');
  });
});

describe('what a signal frees', () => {
  it('names each waiter once and none that is itself hit', () => {
    const one = { found: true, who: '', what: '', warnings: [] };
    expect(
      freesTogether({
        backends: [
          { ...one, pid: 1, unblocks: [2, 4, 3] },
          { ...one, pid: 2, unblocks: [3] },
        ],
      }),
    ).toEqual([3, 4]);
  });
});

describe('the guides of the tree', () => {
  it('run on as long as another line of their level follows', () => {
    const waiter = (pid: number, blockedBy: number[]) => ({ pid, blockedBy, waitingSince: pid });
    const rows = blockingRows(
      blockingTree([waiter(2, [1]), waiter(3, [2]), waiter(4, [1]), waiter(6, [5])]),
      new Map(),
    );
    expect(rows.map(({ line, guides }) => [line.pid, ...guides])).toEqual([
      [1],
      [2, true],
      [3, true, false],
      [4, false],
      [5],
      [6, false],
    ]);
  });
});

describe('lines of the tree without a session', () => {
  const waiters = [backend({ pid: 2, blockedBy: [0] }), backend({ pid: 3, blockedBy: [99] })];
  const rows = blockingRows(blockingTree(waiters), new Map(waiters.map((each) => [each.pid, each])));
  const all = { keys: new Set(rows.map(({ line }) => line.key)), anchor: '0' };

  it('are left out when everything is selected: a prepared transaction, and a blocker not in the sample', () => {
    expect([...all.keys].sort()).toEqual(['0', '0>2', '99', '99>3']);
    expect([...selectableOnly(all, rows).keys].sort()).toEqual(['0>2', '99>3']);
  });

  it('leave a selection of sessions the object it was', () => {
    const some = { keys: new Set(['0>2']), anchor: null };
    expect(selectableOnly(some, rows)).toBe(some);
  });
});

describe('the indentation of a deep tree', () => {
  it('stops growing, and keeps the branch of the line itself', () => {
    expect(drawnGuides([true, false])).toEqual([true, false]);
    const deep = Array.from({ length: 12 }, (_, level) => level === 11);
    expect(drawnGuides(deep)).toHaveLength(10);
    expect(drawnGuides(deep).at(-1)).toBe(true);
    expect(drawnGuides(Array.from({ length: 500 }, () => false))).toHaveLength(10);
  });
});

describe('the selection after a signal', () => {
  const result = {
    results: [
      { pid: 1, outcome: 'done' as const, message: '' },
      { pid: 2, outcome: 'gone' as const, message: '' },
      { pid: 3, outcome: 'refused' as const, message: '' },
      { pid: 4, outcome: 'sent' as const, message: '' },
    ],
  };

  it('keeps a session whose statement was cancelled, and none that has ended', () => {
    expect([...endedBy('terminate', result)]).toEqual([1, 2]);
    expect([...endedBy('cancel', result)]).toEqual([2]);
  });

  it('loses the ended ones in either view', () => {
    const [one, other] = [backendKey(backend({ pid: 1 })), backendKey(backend({ pid: 12 }))];
    const sessions = { keys: new Set([one, other]), anchor: one };
    expect([...deselect(sessions, new Set([1])).keys]).toEqual([other]);
    const lines = { keys: new Set(['1', '1>2', '1>12']), anchor: null };
    expect([...deselect(lines, new Set([2])).keys]).toEqual(['1', '1>12']);
    expect(deselect(lines, new Set([9]))).toBe(lines);
  });
});

describe('a sample that nothing follows', () => {
  it('is stale while the server is out of reach, and until the next one after it is back', () => {
    for (const state of ['lost', 'connecting', 'disconnected'] as const)
      expect(isStale({ at: 10 }, { state, since: 5 }, true)).toBe(true);
    expect(isStale({ at: 10 }, { state: 'connected', since: 20 }, false)).toBe(true);
    expect(isStale({ at: 20 }, { state: 'connected', since: 20 }, false)).toBe(false);
  });

  it('is not called stale when a person holds it still', () => {
    expect(isStale({ at: 10 }, { state: 'connected', since: 20 }, true)).toBe(false);
  });
});
