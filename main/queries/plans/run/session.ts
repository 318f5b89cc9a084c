import type pg from 'pg';
import { sleep } from '../../../lib/sleep.ts';
import { dropSession, endSoon, type ServerPool, transactionSettings } from '../../../servers/index.ts';

export interface PlanSession {
  /**
   * One statement by the extended protocol, so that the server itself refuses a second one in the same text.
   *
   * @throws the server's error
   */
  one<T extends Record<string, unknown>>(sql: string): Promise<T[]>;
  /** The plan that an EXPLAIN gives, as the server's own text. @throws the server's error */
  plan(sql: string): Promise<string>;
  /**
   * The same by the simple protocol, for GENERIC_PLAN: by the extended one the server wants values for `$1`. Only for a
   * text that it has prepared as one statement before.
   */
  provenPlan(sql: string): Promise<string>;
  /** Howdah's own statements. */
  own(sql: string): Promise<void>;
}

export interface PlanSessionOptions {
  readOnly: boolean;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  signal: AbortSignal | undefined;
}

/** How long the server may take to end a cancelled statement before its session is dropped, ms. */
const cancelPatience = 5000;

/**
 * A transaction on a session of its own that is rolled back whatever happens. A read-only one has taken its snapshot
 * before the work begins: after that nothing in it can make it write. When the signal comes, the statement that runs is
 * cancelled on the server and the session ended.
 *
 * @throws the signal's reason; what the work throws
 */
export async function inPlanSession<T>(
  pool: ServerPool,
  { readOnly, signal, ...timeouts }: PlanSessionOptions,
  work: (session: PlanSession) => Promise<T>,
): Promise<T> {
  const { client } = await pool.lend(signal);
  let stop: (() => void) | undefined;
  try {
    await client.query(`BEGIN${readOnly ? ' READ ONLY' : ''}; ${transactionSettings(timeouts)}`);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
    const pid = rows[0]?.pid;
    stop = (): void => void cancel(pool, client, pid);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener('abort', stop, { once: true });
    const one = async <R extends Record<string, unknown>>(sql: string): Promise<R[]> => {
      signal?.throwIfAborted();
      const extended: pg.QueryConfig & { queryMode: 'extended' } = {
        text: sql,
        queryMode: 'extended',
        types: asText,
      };
      return (await client.query<R>(extended)).rows;
    };
    return await work({
      one,
      plan: async (sql) => (await one<{ 'QUERY PLAN': string }>(sql))[0]?.['QUERY PLAN'] ?? '',
      provenPlan: async (sql) => {
        signal?.throwIfAborted();
        const { rows } = await client.query<{ 'QUERY PLAN': string }>({ text: sql, types: asText });
        return rows[0]?.['QUERY PLAN'] ?? '';
      },
      own: async (sql) => {
        signal?.throwIfAborted();
        await client.query(sql);
      },
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error;
  } finally {
    if (stop) signal?.removeEventListener('abort', stop);
    await client.query('ROLLBACK').catch(() => undefined);
    await endSoon(client);
  }
}

/** A plan is kept as the server wrote it: its query id would be rounded by JSON.parse. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/** Asks the server to stop; where it can't be asked, or does not obey, the session goes. */
async function cancel(pool: ServerPool, client: pg.Client, pid: number | undefined): Promise<void> {
  const asked = pool.query('SELECT pg_catalog.pg_cancel_backend($1)', [pid]).catch(() => undefined);
  await Promise.race([asked, sleep(cancelPatience)]);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await Promise.race([ended, sleep(cancelPatience)]);
  // A session that has ended is not troubled by this.
  dropSession(client);
}
