import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { draftFor, openTestConsole } from '../support/console.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgres, type TestServer } from '../support/postgres.ts';
import {
  connectSessions,
  crowdSettings,
  dearestOf,
  fill,
  hasPgActivity,
  sessions,
  spentBy,
  startPgActivity,
  tables,
} from './crowd.ts';
import { printBench } from './table.ts';

/**
 * What all of the monitoring costs a server: everything that runs by itself once an environment is connected, with
 * somebody looking at the live rows, against pg_activity at its default pace, on the same server at the same time. The
 * server counts both by role (pg_stat_statements, planning and execution), from before they connect.
 *
 * HOWDAH_BENCH_MINUTES: how long; 10 unless it says otherwise. What is done once weighs more in a shorter run.
 */

const minutes = Number(process.env.HOWDAH_BENCH_MINUTES ?? 10);
const aim = 1 / 10;
const howdahRole = 'howdah_bench';
const activityRole = 'activity_bench';

/** Some statements a second of several hundred sorts, so that counters, sizes and statistics move. */
function startTraffic(client: pg.Client): { stop(): Promise<void> } {
  let isOn = true;
  const running = (async () => {
    for (let turn = 0; isOn; turn += 1) {
      const table = `t${(turn * 7) % 400}`;
      await client.query(`INSERT INTO ${table} VALUES (${turn}, 'a', 'b') ON CONFLICT DO NOTHING`);
      await client.query(`UPDATE ${table} SET a = a || 'x' WHERE id % 3 = $1`, [turn % 3]);
      await client.query(`SELECT count(*) FROM ${table} WHERE a = $1`, ['a']);
      await pause(50);
    }
  })();
  return {
    stop: async () => {
      isOn = false;
      await running;
    },
  };
}

/** Has a console watch the server for the time of the run, with somebody at its live rows. */
async function watch(server: TestServer): Promise<void> {
  const howdah = await openTestConsole();
  const stop = new AbortController();
  try {
    await howdah.client.environments.add({
      draft: draftFor(server.url('postgres', howdahRole), { name: 'bench' }),
      password: { password: 'postgres', remember: false },
    });
    await eventually(
      async () => (await howdah.client.environments.list()).statuses[0]?.state === 'connected',
    );
    const following = (async () => {
      for await (const _ of await howdah.client.activity.watch(
        { environment: 'bench' },
        { signal: stop.signal },
      )) {
        // Somebody looks.
      }
    })().catch(() => undefined);
    await pause(minutes * 60_000);
    stop.abort();
    await following;
  } finally {
    stop.abort();
    await howdah.remove();
  }
}

const server = await startPostgres({ settings: crowdSettings });
try {
  await fill(server, [howdahRole, activityRole]);
  await connectSessions(server);
  await server.query('VACUUM ANALYZE pg_catalog.pg_class, pg_catalog.pg_attribute, pg_catalog.pg_index');
  await server.query('SELECT pg_stat_statements_reset()');
  const traffic = startTraffic(await server.connect({ application: 'traffic' }));
  const peer = hasPgActivity() ? startPgActivity(server, activityRole) : undefined;
  try {
    await watch(server);
  } finally {
    peer?.stop();
  }
  await traffic.stop();

  const howdah = await spentBy(server, howdahRole, 'pg_stat_get_activity');
  const perSecond = (ms: number): string => (ms / (minutes * 60)).toFixed(2);
  const rows = [['Howdah, everything', String(howdah.refreshes), howdah.ms.toFixed(0), perSecond(howdah.ms)]];
  const activity = peer && (await spentBy(server, activityRole, 'pg_stat_activity'));
  if (activity)
    rows.push(['pg_activity', String(activity.refreshes), activity.ms.toFixed(0), perSecond(activity.ms)]);
  printBench(`Monitoring: ${sessions} sessions, ${tables} tables, ${minutes} min`, [
    ['', 'refreshes', 'server ms', 'server ms/s'],
    ...rows,
  ]);
  printBench('Where Howdah’s time goes', [
    ['', 'calls', 'server ms', 'ms each'],
    ...(await dearestOf(server, howdahRole)).map(({ query, calls, ms, exec, plan }) => [
      query,
      calls,
      ms.toFixed(0),
      (exec + plan).toFixed(2),
    ]),
  ]);
  if (!activity || activity.refreshes === 0) {
    console.log('\npg_activity or tmux is not installed here, or did not run: the aim is not judged.');
  } else {
    const share = howdah.ms / activity.ms;
    console.log(`\nAim: at most 1/10 of pg_activity’s server time. It is 1/${(1 / share).toFixed(1)}.`);
    if (share > aim) process.exitCode = 1;
  }
} finally {
  await server.remove();
}
