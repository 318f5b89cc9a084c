import type pg from 'pg';
import type { RestoreOptions, TocEntry } from '../../../preload/contract/backups.ts';
import { endSoon } from '../../servers/index.ts';
import type { TargetServer } from './target-server.ts';

/**
 * Works in a database over a session of its own, which is ended when the signal fires.
 *
 * @throws what the work throws; the signal's reason
 */
export async function inside<T>(
  server: TargetServer,
  database: string,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await server.connect(database);
  const { processID } = client as unknown as { processID: number };
  const stop = (): void => {
    void server.session
      .query('SELECT pg_catalog.pg_terminate_backend($1)', [processID])
      .catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await work(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await endSoon(client);
  }
}

/** Runs somebody's SQL: one text, and so one transaction unless it says otherwise. */
export async function runAfter(client: pg.Client, sql: string): Promise<void> {
  await client.query(sql);
}

/** The planner knows nothing of new tables; archives of 18 and later may bring statistics along. */
export async function analyse(client: pg.Client, toc: readonly TocEntry[]): Promise<void> {
  if (!toc.some(({ kind }) => kind === 'STATISTICS DATA')) await client.query('ANALYZE');
}

/** What belongs to the database itself is a part of the whole only. */
export const takesTraits = (options: RestoreOptions): boolean => options.only === undefined;
