import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

/** Statements over time on one server that is reset, restarted, upgraded and misconfigured meanwhile. */

let server: TestServer;
let howdah: TestConsole;
beforeAll(async () => {
  server = await startPostgres({ settings: { 'pg_stat_statements.max': 100 } });
  await server.query('CREATE SCHEMA "odd ""place"; CREATE EXTENSION pg_stat_statements SCHEMA "odd ""place"');
  await server.query('CREATE DATABASE "elsewhere"');
  howdah = await openTestConsole();
  await connect('main', server.url());
});
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
});

const environment = 'main';

async function connect(name: string, url: string): Promise<void> {
  await howdah.client.environments.add({
    draft: draftFor(url, { name, protection: 'guarded' }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: name });
}

const snapshot = (of = environment) => howdah.client.queries.snapshotNow({ environment: of });

/** Runs a statement known by this number of columns, so often. */
async function run(columns: number, times: number): Promise<void> {
  const client = await server.connect({ application: `runs ${columns}` });
  for (let time = 0; time < times; time += 1)
    await client.query(`SELECT ${Array(columns).fill('7').join(', ')}`);
  await client.end();
}

const textOf = (columns: number): string =>
  `SELECT ${Array.from({ length: columns }, (_, index) => `$${index + 1}`).join(', ')}`;

/** Calls of that statement as kept in the window so far. */
async function calls(columns: number): Promise<number> {
  const { rows } = await howdah.client.queries.top({ environment, window: '1h', limit: 1000 });
  return rows.find(({ text }) => text === textOf(columns))?.figures.calls ?? 0;
}

const causes = async (of = environment): Promise<string[]> =>
  (await howdah.client.queries.state({ environment: of })).limits.map(({ cause }) => cause);

/** Until the console has found its way back to a server that was away. */
const back = () =>
  eventually(async () => {
    await howdah.client.environments.connect({ environment });
    await snapshot();
    return true;
  }, 30_000);

describe('a window', () => {
  it('holds what was done in it, through a reset of one statement and of all', async () => {
    await snapshot();
    await run(11, 4);
    await snapshot();
    expect(await calls(11)).toBe(4);
    await run(11, 3);
    // What was done up to the reset is kept before it goes.
    await expect(howdah.client.queries.reset({ environment, key: null })).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
    const confirm = 'main';
    const { statements } = await howdah.client.queries.reset({ environment, key: null, confirm });
    expect(statements).toBeGreaterThan(1);
    await run(11, 2);
    await snapshot();
    expect(await calls(11)).toBe(9);
    const top = await howdah.client.queries.top({ environment, window: '1h' });
    expect(top.events.map(({ kind }) => kind)).toContain('statistics-reset');
    expect(top.limits.map(({ cause }) => cause)).toContain('statements-lost');

    const key = top.rows.find(({ text }) => text === textOf(11))?.key ?? '';
    await howdah.client.queries.reset({ environment, key, confirm });
    await run(11, 1);
    await snapshot();
    expect(await calls(11)).toBe(10);
    const since = await howdah.client.queries.top({
      environment,
      window: '1h',
      source: 'reset',
      search: textOf(11),
    });
    expect(since.rows.find((row) => row.key === key)?.figures.calls).toBe(1);
    const entries = await howdah.client.audit.list({ environment });
    expect(entries.entries.filter(({ procedure }) => procedure === 'queries.reset')).toHaveLength(3);
  });

  it('counts nothing twice when the server gives entries up and takes them in again', async () => {
    await run(12, 50);
    await snapshot();
    // 100 entries are kept: others push it out.
    const client = await server.connect();
    for (let form = 1; form <= 160; form += 1)
      for (let time = 0; time < 2; time += 1) await client.query(`SELECT ${Array(form).fill('1').join('+')}`);
    await client.end();
    await run(12, 5);
    const { entries } = await snapshot();
    expect(entries).toBeLessThanOrEqual(100);
    const kept = await calls(12);
    expect(kept).toBeGreaterThanOrEqual(50);
    expect(kept).toBeLessThanOrEqual(55);
    const state = await howdah.client.queries.state({ environment });
    expect(state.dealloc).toBeGreaterThan(0);
    expect(state.max).toBe(100);
  });

  it('goes on through restarts, whether the counters outlived them or not', async () => {
    await howdah.client.queries.reset({ environment, key: null, confirm: 'main' });
    await run(13, 5);
    await snapshot();
    await server.stop('fast');
    await server.start();
    await back();
    await run(13, 2);
    await snapshot();
    expect(await calls(13)).toBe(7);
    await server.stop('immediate');
    await server.start();
    await back();
    await run(13, 3);
    await snapshot();
    expect(await calls(13)).toBe(10);
  });

  it('takes the time in which no console ran as one interval', async () => {
    const { dataFolder } = howdah;
    await howdah.close();
    await run(14, 6);
    howdah = await openTestConsole({ dataFolder });
    // The password was kept for that run only.
    await howdah.client.environments.connect({
      environment,
      password: { password: 'postgres', remember: false },
    });
    await snapshot();
    expect(await calls(14)).toBe(6);
  });

  it('outlives an upgrade of the extension, and knows new counters from then on', async () => {
    await server.query(`DROP EXTENSION pg_stat_statements;
      CREATE EXTENSION pg_stat_statements SCHEMA "odd ""place" VERSION '1.8'`);
    await run(15, 2);
    await snapshot();
    await run(15, 3);
    await snapshot();
    const before = await calls(15);
    expect((await howdah.client.queries.state({ environment })).extension).toEqual({
      version: '1.8',
      schema: 'odd "place',
      usable: true,
    });
    await server.query('ALTER EXTENSION pg_stat_statements UPDATE');
    await run(15, 4);
    await snapshot();
    expect(await calls(15)).toBe(before + 4);
    const top = await howdah.client.queries.top({ environment, window: '1h' });
    expect(top.limits.map(({ cause }) => cause)).toContain('statements-partly-measured');
  });
});

describe('one statement', () => {
  it('comes with its trend, its events and those who ran it', async () => {
    const slow = await server.connect({ application: 'nightly report' });
    const running = slow.query('SELECT 8, pg_sleep(1.5)');
    // A live sample has to catch it running.
    await eventually(async () =>
      (await howdah.client.activity.show({ environment })).backends.some(
        ({ application, queryId }) => application === 'nightly report' && queryId !== null,
      ),
    );
    await running;
    await snapshot();
    const { rows } = await howdah.client.queries.top({
      environment,
      window: '1h',
      search: 'PG_SLEEP',
      order: 'mean',
    });
    const detail = await howdah.client.queries.statement({
      environment,
      window: '1h',
      key: rows[0]?.key ?? '',
    });
    expect(detail.text).toBe('SELECT $1, pg_sleep($2)');
    expect(detail.figures.meanMs).toBeGreaterThan(1400);
    expect(detail.figures.maxMs).toBeGreaterThan(1400);
    expect(detail.trend.meanMs.filter((value) => value !== null)).toHaveLength(1);
    expect(detail.applications).toMatchObject([
      { application: 'nightly report', user: 'postgres', database: 'postgres' },
    ]);
    await expect(
      howdah.client.queries.statement({ environment, window: '1h', key: '1.1.1.t' }),
    ).rejects.toMatchObject({ data: { cause: 'statement-unknown' } });
  });

  it('of 100 kB is kept cut, and shown whole while the server has it', async () => {
    const client = await server.connect();
    const comment = 'é'.repeat(50_000);
    await client.query(`SELECT 17 /* ${comment} */, 1.5, false`);
    await client.end();
    await snapshot();
    const { rows } = await howdah.client.queries.top({ environment, window: '1h', search: 'éééé' });
    expect(rows).toMatchObject([{ textCut: true }]);
    const key = rows[0]?.key ?? '';
    const whole = await howdah.client.queries.statement({ environment, window: '1h', key });
    expect(whole).toMatchObject({ text: `SELECT $1 /* ${comment} */, $2, $3`, textCut: false });
    await howdah.client.queries.reset({ environment, key, confirm: 'main' });
    const kept = await howdah.client.queries.statement({ environment, window: '1h', key });
    expect(kept).toMatchObject({ textCut: true, textBytes: whole.textBytes, sinceReset: null });
    expect(kept.text?.length).toBe(8000);
  });

  it('that wants an index is found by the health report, and nothing before it was there', async () => {
    const found = async (): Promise<string[]> => {
      const titles: string[] = [];
      for await (const { report, done } of await howdah.client.health.report({
        environment,
        rooms: ['queries'],
      }))
        if (done) titles.push(...report.findings.map(({ kind, object }) => `${kind} ${object}`));
      return titles;
    };
    expect(await found()).toEqual([]);
    await server.query(
      'CREATE TABLE haystack AS SELECT g AS straw, repeat(g::text, 9) AS more FROM generate_series(1, 200000) AS g',
    );
    await server.query('ANALYZE haystack');
    const client = await server.connect();
    for (let time = 1; time <= 40; time += 1)
      await client.query(`SELECT more FROM haystack WHERE straw = ${time}`);
    await client.end();
    expect(await found()).toEqual(['index-missing public.haystack']);
  });
});

describe('what can’t be had', () => {
  it('is named: no library, no extension, no rights on its schema', async () => {
    await connect('elsewhere', server.url('elsewhere'));
    expect(await causes('elsewhere')).toEqual(['statements-not-installed']);
    const state = await howdah.client.queries.state({ environment: 'elsewhere' });
    expect(state.steps.map(({ command }) => command)).toEqual(['CREATE EXTENSION pg_stat_statements;']);
    await expect(snapshot('elsewhere')).rejects.toMatchObject({
      data: { cause: 'statements-not-installed' },
    });
    const top = await howdah.client.queries.top({ environment: 'elsewhere', window: '1h', source: 'reset' });
    expect(top.limits.map(({ cause }) => cause)).toEqual(['statements-not-installed']);

    await server.query(`CREATE ROLE outsider LOGIN PASSWORD 'postgres'`);
    await connect('outsider', server.url('postgres', 'outsider'));
    expect(await causes('outsider')).toEqual(['statements-no-usage']);
  });

  it('is named when tracking or query ids are off', async () => {
    await server.query(`ALTER ROLE postgres SET pg_stat_statements.track = 'none'`);
    await server.query('ALTER ROLE postgres SET compute_query_id = off');
    await howdah.client.environments.disconnect({ environment });
    await howdah.client.environments.connect({ environment });
    expect(await causes()).toEqual(
      expect.arrayContaining(['statements-track-none', 'statements-query-id-off']),
    );
    await server.query('ALTER ROLE postgres RESET ALL');
    await howdah.client.environments.disconnect({ environment });
    await howdah.client.environments.connect({ environment });
    expect(await causes()).not.toContain('statements-track-none');
  });

  it('are texts, where one of another encoding is among them; the figures stay', async () => {
    await server.query(`CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0`);
    const client = await server.connect({ database: 'bytes' });
    await client.query(`SET pg_stat_statements.track = 'all'`);
    // A byte that begins nothing in UTF-8.
    await client.query(`DO $$ BEGIN EXECUTE 'SELECT 1 AS "' || chr(233) || '"'; END $$`);
    await client.end();
    await run(16, 3);
    await snapshot();
    const top = await howdah.client.queries.top({ environment, window: '1h', limit: 1000 });
    expect(top.total.calls).toBeGreaterThan(0);
    expect(top.limits.map(({ cause }) => cause)).toContain('statements-text-encoding');
    expect(await calls(14)).toBe(6);
    const untold = top.rows.find(({ text, figures }) => text === null && figures.calls === 3);
    expect(untold).toMatchObject({ user: 'postgres', database: 'postgres' });
  });

  it('is the library itself, with the steps to it', async () => {
    await server.stop();
    server.write('postgresql.conf', "include_if_exists 'none'\n");
    server.write(
      'postgresql.auto.conf',
      `listen_addresses = '127.0.0.1'\nport = ${server.port}\nunix_socket_directories = '${server.socketFolder}'\n`,
    );
    await server.start();
    await eventually(async () => {
      await howdah.client.environments.connect({ environment });
      return (await causes()).length > 0;
    }, 30_000);
    expect(await causes()).toEqual(['statements-not-preloaded']);
    const { steps, preloaded } = await howdah.client.queries.state({ environment });
    expect(preloaded).toBe(false);
    expect(steps.map(({ command }) => command)).toContain(
      "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';",
    );
    // The history is still there.
    expect(await calls(14)).toBe(6);
  });
});
