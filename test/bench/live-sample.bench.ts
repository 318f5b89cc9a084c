import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { draftFor, openTestConsole } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';
import { printBench } from './table.ts';

/**
 * What the live sample costs a server, from pg_stat_statements: 200 sessions, a cluster of 10,000 tables,
 * beside pg_activity on the same server in the same run, with and without its database sizes.
 */

const tables = 10_000;
const sessions = 200;
const runMs = 40_000;

interface Spent extends Record<string, unknown> {
  /** ms of planning and execution. */
  ms: number;
  /** Calls of the statement that reads pg_stat_activity. */
  refreshes: number;
}

async function fill(server: TestServer): Promise<void> {
  await server.query('CREATE EXTENSION pg_stat_statements');
  for (const role of ['howdah_bench', 'activity_bench', 'activity_lean_bench']) {
    await server.query(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'postgres'`);
  }
  for (let from = 0; from < tables; from += 500) {
    await server.query(`DO $$ BEGIN FOR i IN ${from}..${from + 499} LOOP
      EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text, b text)', i); END LOOP; END $$`);
  }
  await server.query('CREATE TABLE busy AS SELECT g AS id FROM generate_series(1, 10) g');
}

/** 200 sessions: most idle, some active, ten waiting in a row on one lock. */
async function connectSessions(server: TestServer): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (let index = 0; index < sessions; index += 1) {
    clients.push(await server.connect({ application: `app-${index % 7}` }));
  }
  await clients[0]?.query('BEGIN; LOCK TABLE busy');
  for (const client of clients.slice(1, 11))
    void client.query('SELECT count(*) FROM busy').catch(() => undefined);
  for (const client of clients.slice(11, 41))
    void client.query('SELECT pg_sleep(300)').catch(() => undefined);
  for (const client of clients.slice(41, 61)) await client.query('BEGIN; SELECT 1');
  return clients;
}

/** The dearest statements of a role, for whoever wants to know where the time goes (`BENCH_DETAIL=1`). */
async function printDetail(server: TestServer, role: string): Promise<void> {
  if (!process.env.BENCH_DETAIL) return;
  const rows = await server.query<{
    calls: string;
    exec: number;
    least: number;
    plan: number;
    query: string;
  }>(
    `SELECT s.calls, s.mean_exec_time AS exec, s.min_exec_time AS least, s.mean_plan_time AS plan, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 90) AS query
     FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
     WHERE r.rolname = '${role}' ORDER BY s.total_exec_time DESC LIMIT 12`,
  );
  for (const { calls, exec, least, plan, query } of rows) {
    console.log(
      `${calls} calls, ${exec.toFixed(2)} ms (least ${least.toFixed(2)}) + ${plan.toFixed(2)} plan: ${query}`,
    );
  }
}

async function spentBy(server: TestServer, role: string, marker: string): Promise<Spent> {
  const [row] = await server.query<Spent>(
    `SELECT coalesce(sum(s.total_exec_time + s.total_plan_time), 0)::float8 AS ms,
            coalesce(max(s.calls) FILTER (WHERE s.query ~ '${marker}'), 0)::int AS refreshes
     FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = '${role}'`,
  );
  await printDetail(server, role);
  return row ?? { ms: 0, refreshes: 0 };
}

async function runHowdah(server: TestServer): Promise<Spent> {
  const howdah = await openTestConsole();
  const stop = new AbortController();
  try {
    const password = { password: 'postgres', remember: false };
    await howdah.client.environments.add({
      draft: draftFor(server.url('postgres', 'howdah_bench'), { name: 'bench' }),
      password,
    });
    await howdah.client.environments.connect({ environment: 'bench' });
    await eventually(
      async () => (await howdah.client.environments.list()).statuses[0]?.state === 'connected',
    );
    // The slow beat (sizes, ten-minutely) comes first and is counted apart: it is no part of the live sample.
    await eventually(
      async () =>
        (await howdah.client.metrics.databases({ environment: 'bench', window: '1h' })).databases.length > 0,
    );
    await server.query('SELECT pg_stat_statements_reset()');
    const following = (async () => {
      for await (const _ of await howdah.client.activity.watch(
        { environment: 'bench' },
        { signal: stop.signal },
      )) {
        // Somebody looks: the live pace.
      }
    })().catch(() => undefined);
    await pause(runMs);
    const spent = await spentBy(server, 'howdah_bench', 'Every backend there is|pg_stat_get_activity');
    stop.abort();
    await following;
    return spent;
  } finally {
    stop.abort();
    await howdah.remove();
  }
}

/** pg_activity draws on a terminal: tmux gives it one, on a socket of its own. */
async function runPgActivity(server: TestServer, role: string, options: string): Promise<Spent> {
  const tmux = ['-L', `howdah-bench-${process.pid}`];
  const command = `pg_activity -h 127.0.0.1 -p ${server.port} -U ${role} -d postgres ${options}`;
  spawnSync('tmux', [...tmux, 'new-session', '-d', '-x', '160', '-y', '50', command], {
    env: { ...process.env, PGPASSWORD: 'postgres' },
  });
  try {
    await pause(3000);
    await server.query('SELECT pg_stat_statements_reset()');
    await pause(runMs);
    return await spentBy(server, role, 'pg_stat_activity');
  } finally {
    spawnSync('tmux', [...tmux, 'kill-server']);
  }
}

const server = await startPostgres({
  settings: {
    max_connections: sessions + 40,
    max_locks_per_transaction: 256,
    'pg_stat_statements.track': 'all',
    'pg_stat_statements.track_planning': 'on',
  },
});
try {
  await fill(server);
  await connectSessions(server);
  const howdah = await runHowdah(server);
  const rows: [string, Spent][] = [['Howdah, live pace', howdah]];
  if (spawnSync('which', ['pg_activity', 'tmux']).status === 0) {
    rows.push(['pg_activity', await runPgActivity(server, 'activity_bench', '')]);
    rows.push([
      'pg_activity --no-db-size',
      await runPgActivity(server, 'activity_lean_bench', '--no-db-size'),
    ]);
  } else {
    console.log('pg_activity or tmux is not installed here: only Howdah is measured.');
  }
  const each = (spent: Spent): number => spent.ms / Math.max(1, spent.refreshes);
  printBench(`Live sample: ${sessions} sessions, ${tables} tables, ${runMs / 1000} s each`, [
    ['', 'refreshes', 'server ms each', 'server ms/s', 'ratio to Howdah'],
    ...rows.map(([name, spent]) => [
      name,
      String(spent.refreshes),
      each(spent).toFixed(2),
      (spent.ms / (runMs / 1000)).toFixed(2),
      (each(spent) / each(howdah)).toFixed(1),
    ]),
  ]);
} finally {
  await server.remove();
}
