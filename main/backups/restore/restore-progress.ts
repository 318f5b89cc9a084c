import type pg from 'pg';
import type { RestoreProgress, TocEntry } from '../../../preload/contract/backups.ts';
import { sleep } from '../../lib/sleep.ts';
import type { RestoreErrors } from './restore-errors.ts';
import copiesSql from './sql/copies.sql?raw';
import indexesSql from './sql/indexes.sql?raw';
import sessionsSql from './sql/sessions-by-application.sql?raw';

/** What waits to be told: only the newest of each kind, so that no amount of lines can drown the listener. */
export interface Teller {
  phase(said: string): void;
  log(line: string): void;
  /** Something has moved. */
  move(change: Partial<Moved>): void;
  /** Tells what is still due. */
  end(): void;
}

export interface Moved {
  object: string | null;
  done: number;
  bytes: number;
}

/** One event each: five in a second at most. */
const tickMs = 200;
const mostLines = 200;

export function teller(
  tell: (event: RestoreProgress) => void,
  { errors, total, bytesTotal }: { errors: RestoreErrors; total: number | null; bytesTotal: number | null },
): Teller {
  const from = performance.now();
  const moved: Moved = { object: null, done: 0, bytes: 0 };
  let isMoved = false;
  let log: string[] = [];
  let leftOut = 0;
  let turn = 0;
  const due: ReturnType<RestoreErrors['changed']> = [];
  const tellError = (): boolean => {
    for (const group of errors.changed()) if (!due.includes(group)) due.push(group);
    const group = due.shift();
    if (!group) return false;
    const { cause, sqlstate, count, first } = group;
    tell({ kind: 'errors', cause: sqlstate === null ? cause : `${sqlstate} ${cause}`, count, first });
    return true;
  };
  const tellMoved = (): boolean => {
    if (!isMoved) return false;
    isMoved = false;
    tell({ kind: 'progress', ...moved, total, bytesTotal, remainingMs: remaining() });
    return true;
  };
  const tellLog = (): boolean => {
    if (log.length === 0) return false;
    const text = (leftOut > 0 ? [`… ${leftOut} lines left out …`, ...log] : log).join('\n');
    log = [];
    leftOut = 0;
    tell({ kind: 'log', text });
    return true;
  };
  const remaining = (): number | null => {
    const share =
      bytesTotal && moved.bytes > 0
        ? moved.bytes / bytesTotal
        : total && moved.done > 0
          ? moved.done / total
          : 0;
    const ms = performance.now() - from;
    return share > 0.02 && ms > 1000 ? Math.max(0, Math.round(ms / Math.min(share, 1) - ms)) : null;
  };
  const tellers = [tellMoved, tellLog, tellError];
  const timer = setInterval(() => {
    for (let tries = 0; tries < tellers.length; tries += 1) {
      turn = (turn + 1) % tellers.length;
      if (tellers[turn]?.()) return;
    }
  }, tickMs);
  timer.unref();
  return {
    phase: (said) => tell({ kind: 'phase', said }),
    log: (line) => {
      log.push(line);
      if (log.length > mostLines) {
        log.shift();
        leftOut += 1;
      }
    },
    move: (change) => {
      Object.assign(moved, change);
      isMoved = true;
    },
    end: () => {
      clearInterval(timer);
      errors.end();
      while (tellError());
      tellMoved();
      tellLog();
    },
  };
}

/**
 * Counts the entries of a table of contents that pg_restore says it is at (`-v`). With `-j` its workers say so too.
 * @returns what reads its lines
 */
export function entryCounter(teller: Teller): (line: string) => void {
  let done = 0;
  return (line) => {
    const object = /^pg_restore: (?:creating|processing data for|executing|processing(?= BLOBS)) (.+)$/.exec(
      line,
    )?.[1];
    if (object === undefined) return;
    done += 1;
    teller.move({ done, object });
  };
}

/** Entries that pg_restore counts in its lines. */
export const countable = (toc: readonly TocEntry[]): number =>
  toc.filter(
    ({ kind }) => !['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE', 'DATABASE PROPERTIES'].includes(kind),
  ).length;

/** What the server sees of a program's sessions. */
export interface Watching {
  /** Whether it has done anything since the last time, or does something now that the program says nothing of. */
  alive(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Looks at a program's sessions on the server, twice a second: bytes of COPY, indexes under way, who holds it up. */
export function watchSessions(
  session: pg.Client,
  application: string,
  { version, teller, countsBytes }: { version: number; teller: Teller; countsBytes: boolean },
): Watching {
  const over = new AbortController();
  const copies = new Map<string, number>();
  let bytes = 0;
  let looked = 0;
  let blocked = '';
  const look = async (): Promise<boolean> => {
    const { rows: sessions } = await session.query<{ busy: boolean; blockers: number[] | null }>(
      sessionsSql,
      [application],
    );
    if (version >= 140_000) {
      const { rows } = await session.query<{ pid: number; relid: number; bytes: number }>(copiesSql, [
        application,
      ]);
      for (const row of rows) copies.set(`${row.pid} ${row.relid}`, row.bytes);
      bytes = [...copies.values()].reduce((sum, one) => sum + one, 0);
      if (countsBytes && bytes > 0) teller.move({ bytes });
    }
    const { rows: indexes } = await session.query<{
      name: string | null;
      phase: string;
      percent: number | null;
    }>(indexesSql, [application]);
    const [index] = indexes;
    if (index)
      teller.move({
        object: `Index${index.name === null ? '' : ` on ${index.name}`}: ${index.phase}${index.percent === null ? '' : ` ${Math.floor(index.percent)} %`}`,
      });
    const blockers = [...new Set(sessions.flatMap((one) => one.blockers ?? []))].sort().join(', ');
    if (blockers !== blocked && blockers !== '')
      teller.log(`Waits for a lock that session ${blockers} holds.`);
    blocked = blockers;
    return sessions.some(({ busy }) => busy);
  };
  const looking = (async () => {
    while (!over.signal.aborted) {
      await sleep(500, over.signal);
      if (!over.signal.aborted) await look().catch(() => undefined);
    }
  })();
  return {
    alive: async () => {
      const isBusy = await look().catch(() => false);
      const hasMoved = bytes > looked;
      looked = bytes;
      return isBusy || hasMoved;
    },
    stop: async () => {
      over.abort();
      await looking;
    },
  };
}
