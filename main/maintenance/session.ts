import pg from 'pg';
import { fail } from '../lib/fail.ts';
import { sleep } from '../lib/sleep.ts';
import { endSoon, type ServerPool } from '../servers/index.ts';
import cancelSql from './cancel.sql?raw';

/** A session of a run's own. Its statements take as long as they take, and wait for locks only so long. */
export interface WorkSession {
  /** Of the server's process. */
  readonly pid: number;
  query<T extends Record<string, unknown>>(
    sql: string,
    values?: unknown[],
  ): Promise<{ rows: T[]; count: number }>;
  /** Runs a statement; while it runs, the signal has the server cancel it. */
  cancellable(sql: string, signal: AbortSignal): Promise<void>;
  /** Whether the server, or the way to it, has gone. */
  isLost(): boolean;
  end(): Promise<void>;
}

export interface WorkOptions {
  lockTimeoutMs: number;
  /** What the server says meanwhile, a line at a time. */
  onNotice?: (text: string) => void;
}

/** How often the server is asked to cancel what runs, until it has. ms. */
const cancelEveryMs = 250;

/** @throws NOT_CONNECTED; INVALID behind a pooler */
export async function openWorkSession(
  pool: ServerPool,
  { lockTimeoutMs, onNotice }: WorkOptions,
  signal: AbortSignal,
): Promise<WorkSession> {
  const { client, pooled } = await pool.lend(signal);
  if (pooled) {
    await endSoon(client);
    throw fail('INVALID', {
      cause: 'behind-pooler',
      field: 'environment',
      what: 'Maintenance is not run through a pooler.',
      why: 'It hands its sessions on: settings of this run would leak to others, and none can be kept long enough.',
      next: 'Give the environment the server’s own address and port.',
    });
  }
  const { processID: pid } = client as unknown as { processID: number };
  let lost = false;
  client.once('end', () => {
    lost = true;
  });
  client.on('notice', (notice) => {
    const { message, detail } = notice as { message?: string; detail?: string };
    for (const line of `${message ?? ''}\n${detail ?? ''}`.split('\n')) if (line.trim()) onNotice?.(line);
  });
  try {
    await client.query(
      `SET statement_timeout = 0; SET lock_timeout = ${Math.trunc(lockTimeoutMs)}; SET idle_in_transaction_session_timeout = 60000; SET constraint_exclusion = on`,
    );
  } catch (error) {
    await endSoon(client);
    throw error;
  }
  return {
    pid,
    query: async <T extends Record<string, unknown>>(sql: string, values?: unknown[]) => {
      const { rows, rowCount } = values ? await client.query<T>(sql, values) : await client.query<T>(sql);
      return { rows, count: rowCount ?? 0 };
    },
    cancellable: async (sql, wanted) => {
      wanted.throwIfAborted();
      const over = new AbortController();
      const cancelling = cancelWhenAborted(pool, pid, wanted, over.signal);
      try {
        await client.query(sql);
      } finally {
        over.abort();
        await cancelling;
      }
    },
    isLost: () => lost,
    end: () => endSoon(client),
  };
}

/**
 * Asks again and again until the statement has come to its end: a request that comes a moment too early is forgotten.
 * Comes back when no request is under way any more.
 */
async function cancelWhenAborted(
  pool: ServerPool,
  pid: number,
  wanted: AbortSignal,
  over: AbortSignal,
): Promise<void> {
  if (!wanted.aborted)
    await new Promise<void>((resolve) => {
      const done = (): void => {
        wanted.removeEventListener('abort', done);
        over.removeEventListener('abort', done);
        resolve();
      };
      wanted.addEventListener('abort', done);
      over.addEventListener('abort', done);
      if (over.aborted) done();
    });
  while (!over.aborted) {
    await pool.query(cancelSql, [pid]).catch(() => undefined);
    await sleep(cancelEveryMs, over);
  }
}

export const sqlstateOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/** Whether the connection went away under a statement: then what the server did is not known from the error. */
export const isLoss = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^(57P0[1-4]|08)/.test(error.code ?? '');
