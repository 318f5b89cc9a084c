import { setTimeout as pause } from 'node:timers/promises';
import { draftFor, openTestConsole } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';
import {
  connectSessions,
  crowdSettings,
  dearestOf,
  fill,
  hasPgActivity,
  type Spent,
  sessions,
  spentBy,
  startPgActivity,
  tables,
} from './crowd.ts';
import { printBench } from './table.ts';

/**
 * What the live sample costs a server, from pg_stat_statements: 200 sessions, a cluster of 10,000 tables,
 * beside pg_activity on the same server in the same run, with and without its database sizes.
 */

const runMs = 40_000;

/** Where the time goes, for whoever wants to know (`BENCH_DETAIL=1`). */
async function printDetail(server: TestServer, role: string): Promise<void> {
  if (!process.env.BENCH_DETAIL) return;
  for (const { calls, exec, least, plan, query } of await dearestOf(server, role)) {
    console.log(
      `${calls} calls, ${exec.toFixed(2)} ms (least ${least.toFixed(2)}) + ${plan.toFixed(2)} plan: ${query}`,
    );
  }
}

async function spent(server: TestServer, role: string, marker: string): Promise<Spent> {
  await printDetail(server, role);
  return spentBy(server, role, marker);
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
    const result = await spent(server, 'howdah_bench', 'Every backend there is|pg_stat_get_activity');
    stop.abort();
    await following;
    return result;
  } finally {
    stop.abort();
    await howdah.remove();
  }
}

async function runPgActivity(server: TestServer, role: string, options: string): Promise<Spent> {
  const { stop } = startPgActivity(server, role, options);
  try {
    await pause(3000);
    await server.query('SELECT pg_stat_statements_reset()');
    await pause(runMs);
    return await spent(server, role, 'pg_stat_activity');
  } finally {
    stop();
  }
}

const server = await startPostgres({
  settings: { ...crowdSettings, 'pg_stat_statements.track': 'all' },
});
try {
  await fill(server, ['howdah_bench', 'activity_bench', 'activity_lean_bench']);
  await connectSessions(server);
  const howdah = await runHowdah(server);
  const rows: [string, Spent][] = [['Howdah, live pace', howdah]];
  if (hasPgActivity()) {
    rows.push(['pg_activity', await runPgActivity(server, 'activity_bench', '')]);
    rows.push([
      'pg_activity --no-db-size',
      await runPgActivity(server, 'activity_lean_bench', '--no-db-size'),
    ]);
  } else {
    console.log('pg_activity or tmux is not installed here: only Howdah is measured.');
  }
  const each = ({ ms, refreshes }: Spent): number => ms / Math.max(1, refreshes);
  printBench(`Live sample: ${sessions} sessions, ${tables} tables, ${runMs / 1000} s each`, [
    ['', 'refreshes', 'server ms each', 'server ms/s', 'ratio to Howdah'],
    ...rows.map(([name, of]) => [
      name,
      String(of.refreshes),
      each(of).toFixed(2),
      (of.ms / (runMs / 1000)).toFixed(2),
      (each(of) / each(howdah)).toFixed(1),
    ]),
  ]);
} finally {
  await server.remove();
}
