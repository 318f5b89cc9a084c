import { spawnSync } from 'node:child_process';
import type pg from 'pg';
import type { TestServer } from '../support/postgres.ts';

/** A server with many tables and many sessions, and what monitoring it costs by role, as pg_stat_statements counts it. */

export const tables = 10_000;
export const sessions = 200;

/** Settings of a server that is to hold them. */
export const crowdSettings = {
  max_connections: sessions + 40,
  max_locks_per_transaction: 256,
  'pg_stat_statements.track_planning': 'on',
} as const;

/** Makes the tables, and roles for those who watch. */
export async function fill(server: TestServer, roles: readonly string[]): Promise<void> {
  await server.query('CREATE EXTENSION pg_stat_statements');
  for (const role of roles) await server.query(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'postgres'`);
  for (let from = 0; from < tables; from += 500) {
    await server.query(`DO $$ BEGIN FOR i IN ${from}..${from + 499} LOOP
      EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text, b text)', i); END LOOP; END $$`);
  }
  await server.query('CREATE TABLE busy AS SELECT g AS id FROM generate_series(1, 10) g');
}

/** 200 sessions: most idle, some active, ten waiting in a row on one lock. */
export async function connectSessions(server: TestServer): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (let index = 0; index < sessions; index += 1) {
    clients.push(await server.connect({ application: `app-${index % 7}` }));
  }
  await clients[0]?.query('BEGIN; LOCK TABLE busy');
  for (const client of clients.slice(1, 11))
    void client.query('SELECT count(*) FROM busy').catch(() => undefined);
  for (const client of clients.slice(11, 41))
    void client.query('SELECT pg_sleep(3600)').catch(() => undefined);
  for (const client of clients.slice(41, 61)) await client.query('BEGIN; SELECT 1');
  return clients;
}

/** Whether pg_activity can be run here, and a terminal for it to draw on. */
export const hasPgActivity = (): boolean => spawnSync('which', ['pg_activity', 'tmux']).status === 0;

/** Starts pg_activity as a role. It draws on a terminal: tmux gives it one, on a socket of its own. */
export function startPgActivity(server: TestServer, role: string, options = ''): { stop(): void } {
  const tmux = ['-L', `howdah-bench-${process.pid}-${role}`];
  const command = `pg_activity -h 127.0.0.1 -p ${server.port} -U ${role} -d postgres ${options}`;
  spawnSync('tmux', [...tmux, 'new-session', '-d', '-x', '160', '-y', '50', command], {
    env: { ...process.env, PGPASSWORD: 'postgres' },
  });
  return { stop: () => void spawnSync('tmux', [...tmux, 'kill-server']) };
}

export interface Spent extends Record<string, unknown> {
  /** ms of planning and execution. */
  ms: number;
  /** Calls of the statement of which the text matches the marker. */
  refreshes: number;
}

/** What a role has spent since pg_stat_statements was reset. */
export async function spentBy(server: TestServer, role: string, marker: string): Promise<Spent> {
  const [row] = await server.query<Spent>(
    `SELECT coalesce(sum(s.total_exec_time + s.total_plan_time), 0)::float8 AS ms,
            coalesce(max(s.calls) FILTER (WHERE s.query ~ '${marker}'), 0)::int AS refreshes
     FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = '${role}'`,
  );
  return row ?? { ms: 0, refreshes: 0 };
}

export interface Dearest extends Record<string, unknown> {
  calls: string;
  /** Planning and execution of all calls, ms. */
  ms: number;
  exec: number;
  least: number;
  plan: number;
  query: string;
}

/** The dearest statements of a role, for whoever wants to know where the time goes. */
export function dearestOf(server: TestServer, role: string, most = 12): Promise<Dearest[]> {
  return server.query<Dearest>(
    `SELECT s.calls, s.total_exec_time + s.total_plan_time AS ms, s.mean_exec_time AS exec,
            s.min_exec_time AS least, s.mean_plan_time AS plan,
            left(regexp_replace(s.query, '\\s+', ' ', 'g'), 90) AS query
     FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
     WHERE r.rolname = '${role}' ORDER BY 2 DESC LIMIT ${most}`,
  );
}
