import type pg from 'pg';
import { sleep } from '../../lib/sleep.ts';
import locksSql from './locks.sql?raw';

export interface SeenLock {
  mode: string;
  on: string;
}

/** Looks all the time which locks sessions hold. */
export interface LockWatch {
  /** Those seen since the last call, weakest first as PostgreSQL orders them. */
  take(): SeenLock[];
  /** Looks once more at what `client` itself holds, before its transaction ends. */
  look(client: pg.Client): Promise<void>;
  stop(): Promise<void>;
}

/** Between two looks, ms: on a copy without rows most statements are over in a few. */
const everyMs = 2;

const strength = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** @param watcher a session of its own on the same database; `whom`: one session by its pid, or all but some */
export function watchLocks(watcher: pg.Client, whom: { pid: number } | { allBut: number[] }): LockWatch {
  const [pid, others] = 'pid' in whom ? [whom.pid, []] : [null, whom.allBut];
  let seen = new Map<string, SeenLock>();
  const stopped = new AbortController();
  const note = (rows: readonly SeenLock[]): void => {
    for (const { mode, on } of rows) seen.set(`${mode} ${on}`, { mode, on });
  };
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      try {
        note((await watcher.query<SeenLock>(locksSql, [pid, others])).rows);
      } catch {
        // The copy is gone: the run says so.
        return;
      }
      await sleep(everyMs, stopped.signal);
    }
  })();
  return {
    take: () => {
      const taken = [...seen.values()];
      seen = new Map();
      return taken
        .sort((a, b) => strength.indexOf(a.mode) - strength.indexOf(b.mode) || (a.on < b.on ? -1 : 1))
        .map(({ mode, on }) => ({ mode: spoken(mode), on }));
    },
    look: async (client) => note((await client.query<SeenLock>(locksSql, [pid, others])).rows),
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

/** `AccessExclusiveLock` as the manual and LOCK TABLE have it. */
const spoken = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
