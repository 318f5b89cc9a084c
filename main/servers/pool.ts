import pg from 'pg';
import { type Address, clientConfig, sessionSettings, type Tls } from './connect.ts';
import { keepsSession } from './explain.ts';
import { rememberOwn } from './own-sessions.ts';

export type Row = Record<string, unknown>;

/** A small pool of sessions on one environment's database. */
export interface ServerPool {
  /**
   * Runs one statement by the extended protocol. Nothing is ever run a second time by itself.
   * @throws the server's error, or an `Error` when no session could be had within the connect timeout.
   */
  query<T extends Row>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Sessions held now, and wall time spent in statements so far, ms: an upper bound of server time. */
  cost(): { sessions: number; spentMs: number };
  close(): Promise<void>;
}

export interface PoolOptions {
  /** The way to TLS that the first session found. */
  tls: Tls;
  /** Most sessions at once; `pool_max_conns` of the URL lowers it. */
  max?: number;
  statementTimeoutMs?: number;
  lockTimeoutMs?: number;
}

/** Opens a pool (`pg.Pool`); sessions are made when they are first needed and given back after 30 s unused. */
export function openPool(address: Address, options: PoolOptions): ServerPool {
  const session = {
    applicationName: 'howdah',
    statementTimeoutMs: options.statementTimeoutMs ?? 15_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 500,
  };
  const pool = new pg.Pool({
    ...clientConfig(address, session, options.tls),
    max: poolSize(address, options.max ?? 4),
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    // Before anybody gets the session: one without its timeouts is not handed out.
    onConnect: async (client) => {
      client.on('error', () => undefined);
      rememberOwn(client);
      await client.query(sessionSettings(session));
    },
  });
  let spentMs = 0;
  // The pool speaks for idle sessions, the session itself (above) while it is checked out: both need a listener.
  pool.on('error', () => undefined);

  return {
    query: async <T extends Row>(sql: string, values: unknown[] = []) => {
      const client = await pool.connect();
      const from = performance.now();
      let broken = false;
      try {
        const { rows } = await client.query<T>(sql, values);
        return rows;
      } catch (error) {
        broken = !keepsSession(error);
        throw error;
      } finally {
        spentMs += performance.now() - from;
        client.release(broken);
      }
    },
    cost: () => ({ sessions: pool.totalCount, spentMs }),
    close: () => pool.end(),
  };
}

function poolSize(address: Address, standard: number): number {
  const asked = Number(address.connection.parameters.pool_max_conns);
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, standard) : standard;
}
