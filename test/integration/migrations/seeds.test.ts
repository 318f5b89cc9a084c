import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { debianTool, isSkipped, runTool } from '../../support/migration-tools.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 60_000 });

const alembic = await debianTool('alembic', ['alembic', 'python3-psycopg2']);
const sample = join(import.meta.dirname, '../../../assets/samples/tau_lighting');

let server: TestServer;
let howdah: TestConsole;
let project: Project;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.remove());
beforeEach(async () => {
  await server.query('DROP DATABASE IF EXISTS app WITH (FORCE)');
  await server.query('CREATE DATABASE app');
  howdah = await openTestConsole();
  project = makeProject();
});
afterEach(async () => {
  await howdah.remove();
  project.remove();
});

const sql = <T extends Record<string, unknown>>(text: string) => server.query<T>(text, 'app');

async function connected(): Promise<string> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(server.url('app'), { name: 'app' }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: id });
  return id;
}

const list = (environment: string) => howdah.client.migrations.seeds({ environment, folder: project.root });

async function run(environment: string, files: string[], signal?: AbortSignal) {
  const told: RunProgress[] = [];
  const events = await howdah.client.migrations.runSeeds(
    { environment, folder: project.root, files },
    signal ? { signal } : {},
  );
  for await (const event of events) told.push(event);
  const of = <K extends RunProgress['kind']>(kind: K) =>
    told.filter((one): one is Extract<RunProgress, { kind: K }> => one.kind === kind);
  return { told, of, failed: of('failed')[0], finished: of('finished')[0] };
}

describe('seeds', () => {
  it.skipIf(isSkipped(alembic))(
    'of the sample system run in alphabetical order, once, and what ran is known',
    async () => {
      cpSync(join(sample, 'seeds'), project.root, { recursive: true });
      await sql(readFileSync(join(sample, 'init.sql'), 'utf8'));
      const { code, stdout, stderr } = await runTool(String(alembic), ['upgrade', 'head', '--sql'], {
        cwd: join(sample, 'daemon'),
        env: { PYTHONDONTWRITEBYTECODE: '1' },
      });
      expect(code, stderr).toBe(0);
      await sql(stdout);
      const environment = await connected();
      const before = await list(environment);
      const files = ['02-fixture-models.sql', '03-switch-models.sql', '04-test-fixtures.sql'];
      expect(before).toEqual(files.map((file) => ({ file, ranAt: null, changedSince: false })));
      const { of, failed, finished } = await run(environment, [...files].reverse());
      expect(of('step').map(({ id }) => id)).toEqual(files);
      expect(failed, JSON.stringify(failed)).toBeUndefined();
      expect(finished).toMatchObject({ ran: 3, cancelled: false });
      expect(await sql('SELECT count(*)::int AS count FROM fixtures')).toEqual([{ count: 360 }]);
      expect((await list(environment)).every(({ ranAt }) => ranAt !== null)).toBe(true);

      const again = await run(environment, files);
      expect(again.finished).toMatchObject({ ran: 0 });
      expect(again.of('notice')).toHaveLength(3);
      expect(await sql('SELECT count(*)::int AS count FROM fixtures')).toEqual([{ count: 360 }]);
    },
  );

  it('that were changed since say so, run again when asked to, and are known by another console start', async () => {
    project.write({ 'a.sql': 'CREATE TABLE a (id int)', 'b.sql': 'CREATE TABLE b (id int)' });
    const environment = await connected();
    await run(environment, ['a.sql', 'b.sql']);
    project.write({ 'a.sql': 'INSERT INTO a VALUES (1)' });
    expect((await list(environment)).map(({ file, changedSince }) => [file, changedSince])).toEqual([
      ['a.sql', true],
      ['b.sql', false],
    ]);
    const { dataFolder } = howdah;
    await howdah.close();
    howdah = await openTestConsole({ dataFolder });
    await howdah.client.environments.connect({
      environment,
      password: { password: 'postgres', remember: false },
    });
    expect((await run(environment, ['a.sql', 'b.sql'])).finished).toMatchObject({ ran: 1 });
    expect(await sql('SELECT id FROM a')).toEqual([{ id: 1 }]);
    expect((await list(environment)).some(({ changedSince }) => changedSince)).toBe(false);
  });

  it('of which one fails are told by file, line and SQLSTATE; it is undone whole, the ones before stay', async () => {
    project.write({
      '1.sql': 'CREATE TABLE one (id int);',
      '2.sql':
        "-- with a comment\nCREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\n\nINSERT INTO two\n  VALUES ('x');\nSELECT 1;\n",
      '3.sql': 'CREATE TABLE three (id int);',
    });
    const environment = await connected();
    const { failed, finished } = await run(environment, ['1.sql', '2.sql', '3.sql']);
    expect(failed).toMatchObject({
      id: '2.sql',
      file: '2.sql',
      line: 6,
      statement: "INSERT INTO two\n  VALUES ('x')",
      problem: { cause: 'statement-failed', server: { sqlstate: '22P02' } },
    });
    expect(failed?.problem.what).toBe('2.sql, line 6, failed with SQLSTATE 22P02.');
    expect(failed?.state).toContain('undone as a whole');
    expect(finished).toMatchObject({ ran: 1 });
    expect(await sql("SELECT to_regclass('one')::text, to_regclass('two')::text AS two")).toEqual([
      { to_regclass: 'one', two: null },
    ]);
    expect((await list(environment)).map(({ ranAt }) => ranAt !== null)).toEqual([true, false, false]);
    const { events } = await howdah.client.metrics.history({ environment, window: '1h' });
    expect(events.filter(({ kind }) => kind === 'seeds').map(({ text }) => text)).toEqual([
      'Seeds: 1 file of seeds run, then 2.sql, line 6, failed with SQLSTATE 22P02 (tester via test)',
    ]);
  });

  it.each([
    ['a command of psql’s', 'SELECT 1;\n\\i other.sql\n', 2, 'psql'],
    ['COPY … FROM stdin', 'CREATE TABLE t (id int);\nCOPY t FROM stdin;\n1\n\\.\n', 2, 'COPY'],
    ['Latin-1', Buffer.from("SELECT 1;\nSELECT 'caf\xe9';\n", 'latin1'), 2, 'UTF-8'],
  ])('with %s are refused with the line before anything has run', async (_, content, line, word) => {
    project.write({ '1.sql': 'CREATE TABLE one (id int)', '2.sql': content });
    const environment = await connected();
    await expect(run(environment, ['1.sql', '2.sql'])).rejects.toMatchObject({
      code: 'INVALID',
      data: { what: expect.stringContaining(`2.sql, line ${line},`), why: expect.stringContaining(word) },
    });
    expect(await sql("SELECT to_regclass('one')::text AS one")).toEqual([{ one: null }]);
  });

  it('with dollar quotes, a byte order mark, CRLF and comments run as they stand', async () => {
    project.write({
      '1.sql': `\ufeff/* ; */ CREATE TABLE t (x text);\r\n-- ; \\i x\r\nDO $a$ BEGIN INSERT INTO t VALUES ('\\.;'); END $a$;\r\n`,
    });
    const environment = await connected();
    expect((await run(environment, ['1.sql'])).finished).toMatchObject({ ran: 1 });
    expect(await sql('SELECT x FROM t')).toEqual([{ x: '\\.;' }]);
  });

  it('with transactions of their own keep what they had committed, and say so', async () => {
    project.write({
      '1.sql':
        'BEGIN; CREATE TABLE one (id int); COMMIT;\nBEGIN; CREATE TABLE two (id int); SELECT 1/0; COMMIT;',
      '2.sql': 'BEGIN; CREATE TABLE three (id int);',
    });
    const environment = await connected();
    const { failed } = await run(environment, ['1.sql']);
    expect(failed?.state).toContain('what ran before the failure is in the database');
    expect(await sql("SELECT to_regclass('one')::text AS one, to_regclass('two')::text AS two")).toEqual([
      { one: 'one', two: null },
    ]);
  });

  it('that leave a transaction open are not taken for run', async () => {
    project.write({ '1.sql': 'BEGIN; CREATE TABLE one (id int);' });
    const environment = await connected();
    const { failed, finished } = await run(environment, ['1.sql']);
    expect(failed?.problem).toMatchObject({ cause: 'transaction-open' });
    expect(finished).toMatchObject({ ran: 0 });
    expect((await list(environment))[0]?.ranAt).toBeNull();
    expect(await sql("SELECT to_regclass('one')::text AS one")).toEqual([{ one: null }]);
  });

  it('that wait for a lock try again, and run once it is free', async () => {
    project.write({ '1.sql': 'INSERT INTO t VALUES (1)' });
    await sql('CREATE TABLE t (id int)');
    const environment = await connected();
    const blocker = await server.connect({ database: 'app' });
    await blocker.query('BEGIN; LOCK TABLE t');
    const input = { environment, folder: project.root, files: ['1.sql'] };
    let finished: RunProgress | undefined;
    let retries = 0;
    for await (const event of await howdah.client.migrations.runSeeds(input)) {
      if (event.kind === 'statement' && event.state === 'retry' && retries++ === 0)
        await blocker.query('COMMIT');
      if (event.kind === 'finished') finished = event;
    }
    expect(retries).toBeGreaterThan(0);
    expect(finished).toMatchObject({ ran: 1 });
    expect(await sql('SELECT id FROM t')).toEqual([{ id: 1 }]);
  });

  it('that are cancelled leave nothing of the file, on the server either', async () => {
    project.write({ '1.sql': 'CREATE TABLE t (id int);\nSELECT pg_sleep(60);' });
    const environment = await connected();
    const stop = new AbortController();
    const running = run(environment, ['1.sql'], stop.signal);
    await eventually(async () => (await sleeping()) === 1);
    stop.abort();
    await running.catch(() => undefined);
    await eventually(async () => (await sleeping()) === 0, 5000);
    expect(await sql("SELECT to_regclass('t')::text AS t")).toEqual([{ t: null }]);
    expect((await list(environment))[0]?.ranAt).toBeNull();
  });

  it('are not run twice at the same time', async () => {
    project.write({ '1.sql': 'SELECT pg_sleep(3)' });
    const environment = await connected();
    const first = run(environment, ['1.sql']);
    await eventually(async () => (await sleeping()) === 1);
    await expect(run(environment, ['1.sql'])).rejects.toMatchObject({ data: { cause: 'seeds-running' } });
    expect((await first).finished).toMatchObject({ ran: 1 });
  });

  it('that are not there, or no folder at all, are said so', async () => {
    project.write({ '1.sql': 'SELECT 1', 'notes.txt': 'x' });
    const environment = await connected();
    await expect(run(environment, ['../x.sql'])).rejects.toMatchObject({ data: { cause: 'seed-missing' } });
    rmSync(project.root, { recursive: true });
    await expect(list(environment)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'folder' } });
  });

  const sleeping = async (): Promise<number> => {
    const [row] = await server.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    return row?.count ?? 0;
  };
});
