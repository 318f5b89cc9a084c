import pg from 'pg';
import { fail } from '../lib/fail.ts';
import {
  type Address,
  clientConfig,
  connectTimeout,
  type SessionWay,
  sessionSettings,
  transactionSettings,
} from './connect.ts';
import { ConnectFailure, textOf } from './connect-failure.ts';
import { explain, keepsSession, serverWords } from './explain.ts';
import { HowdahClient } from './howdah-client.ts';
import { rememberOwn } from './own-sessions.ts';
import { dropAfter, dropSession } from './patience.ts';
import { type LentSession, openLending } from './pool-lending.ts';

export type Row = Record<string, unknown>;

/** A small pool of sessions on one environment's database. */
export interface ServerPool {
  /** A pooler stands in between. */
  readonly pooled: boolean;
  /**
   * Runs one statement by the extended protocol. Nothing is ever run a second time by itself. Behind a pooler it
   * runs in a transaction of its own, because there nothing can be set for a session.
   *
   * @throws the server's error; NOT_CONNECTED when no session could be had, or when it was lost under the statement.
   */
  query<T extends Row>(sql: string, values?: unknown[]): Promise<T[]>;
  /**
   * A session for somebody's own use, for as long as they keep it: end it, or drop it, when done, and it is gone from
   * here too. It is one of the pool's own, with its timeouts; one is always left for `query`, as far as there are
   * several: who asks for more waits until another has ended.
   *
   * @throws NOT_CONNECTED when no session could be had; the signal's reason
   */
  lend(signal?: AbortSignal): Promise<LentSession>;
  /** Sessions held now, and wall time spent in statements so far, ms: an upper bound of server time. */
  cost(): { sessions: number; spentMs: number };
  /** Lets statements that run come to their end. */
  close(): Promise<void>;
  /** Drops every session at once: statements that run end with NOT_CONNECTED. */
  abandon(): void;
}

export interface PoolOptions {
  /** What the first session found out. */
  way: SessionWay;
  /** Most sessions at once; `pool_max_conns` of the URL lowers it. */
  max?: number;
  statementTimeoutMs?: number;
  lockTimeoutMs?: number;
}

/** Opens a pool (`pg.Pool`); sessions are made when they are first needed and given back after 30 s unused. */
export function openPool(address: Address, { way, max = 4, ...timeouts }: PoolOptions): ServerPool {
  const session = {
    applicationName: 'howdah',
    statementTimeoutMs: timeouts.statementTimeoutMs ?? 15_000,
    lockTimeoutMs: timeouts.lockTimeoutMs ?? 500,
  };
  const clients = new Set<pg.ClientBase>();
  const size = poolSize(address, max);
  const pool = new pg.Pool({
    ...clientConfig(address, session, way),
    Client: HowdahClient as never,
    max: size,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    // Before anybody gets the session: one without its timeouts is not handed out.
    onConnect: async (client) => {
      client.on('error', () => undefined);
      clients.add(client);
      client.once('end', () => clients.delete(client));
      rememberOwn(client);
      const release = dropAfter(client, connectTimeout(address.connection));
      try {
        if (!way.pooled) await client.query(sessionSettings(session));
      } finally {
        release();
      }
    },
  });
  let spentMs = 0;
  // The pool speaks for idle sessions, the session itself (above) while it is checked out: both need a listener.
  pool.on('error', () => undefined);

  const checkOut = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      if (/timeout exceeded when trying to connect/.test(textOf(error)) && pool.totalCount > 0)
        throw busy(pool);
      const attempt = {
        target: way.target,
        tls: way.tls !== false,
        reached: true,
        firstBytes: undefined,
        error,
        marks: {},
      };
      const failure = new ConnectFailure([attempt], attempt);
      throw fail(
        'NOT_CONNECTED',
        explain(failure, address.connection, address.password !== undefined).problem,
      );
    }
  };

  const lending = openLending({
    most: Math.max(1, size - 1),
    checkOut,
    pooled: way.pooled,
    onSpent: (ms) => {
      spentMs += ms;
    },
  });

  return {
    pooled: way.pooled,
    query: async <T extends Row>(sql: string, values: unknown[] = []) => {
      const client = await checkOut();
      const from = performance.now();
      let broken = false;
      try {
        if (!way.pooled) return (await client.query<T>(sql, values)).rows;
        await client.query(`BEGIN; ${transactionSettings(session)}`);
        const { rows } = await client.query<T>(sql, values);
        await client.query('COMMIT');
        return rows;
      } catch (error) {
        broken = !keepsSession(error);
        if (!broken && way.pooled) await client.query('ROLLBACK').catch(() => undefined);
        throw broken ? lostUnder(error) : error;
      } finally {
        spentMs += performance.now() - from;
        client.release(broken);
      }
    },
    lend: lending.lend,
    cost: () => ({ sessions: pool.totalCount, spentMs: spentMs + lending.runningMs() }),
    close: () => {
      lending.close();
      return pool.end();
    },
    abandon: () => {
      lending.close();
      for (const client of clients) dropSession(client);
      void pool.end().catch(() => undefined);
    },
  };
}

/** Every session is at work for somebody else, longer than the connect timeout. */
function busy(pool: pg.Pool): Error {
  return fail('NOT_CONNECTED', {
    cause: 'sessions-busy',
    what: `All ${pool.totalCount} sessions that Howdah may hold there are busy.`,
    why: 'Earlier statements have not come back yet.',
    next: 'Wait for them, or raise pool_max_conns.',
  });
}

/** The session went away while a statement ran: whether the server carried it out can't be known from here. */
function lostUnder(error: unknown): Error {
  const server = serverWords(error);
  return fail('NOT_CONNECTED', {
    cause: 'connection-lost',
    what: 'The connection was lost before the server had answered.',
    why: `Whether it carried out what was asked is not known: ${textOf(error)}.`,
    next: 'Look at the present state first; nothing is repeated by itself.',
    ...(server ? { server } : {}),
  });
}

function poolSize(address: Address, standard: number): number {
  const asked = Number(address.connection.parameters.pool_max_conns);
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, standard) : standard;
}
