import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MigrationTool } from '../../../main/migrations/tool.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { golangMigrate } from '../../../main/migrations/tools/golang-migrate.ts';
import { goose } from '../../../main/migrations/tools/goose.ts';
import { homeMade } from '../../../main/migrations/tools/home-made.ts';
import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import { openRunConsole, type RunConsole } from '../../support/migration-procedures.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let server: TestServer;
let client: Client;
let project: Project;
let database = 0;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject();
  await server.query(`CREATE DATABASE hostile_${++database}`);
  client = await server.connect({ database: `hostile_${database}` });
  client.on('error', () => undefined);
  return async () => {
    for (const one of closing.splice(0)) await one.close();
    await client.end();
    project.remove();
  };
});

const runnerOf = async <State>(tool: MigrationTool<State>, user?: string): Promise<Runner> => {
  const runner = await openRunner(server, `hostile_${database}`, project, tool, user);
  closing.push(runner);
  return runner;
};
const consoleOf = (tool: unknown): RunConsole => {
  const console = openRunConsole(server.url(`hostile_${database}`), project, [tool as MigrationTool<never>]);
  closing.push(console);
  return console;
};
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: { explanation?: { cause: string } }) => error.explanation?.cause ?? String(error),
  );
const rows = async (): Promise<string[]> =>
  (
    await client.query<{ row: string }>(
      'SELECT s::text AS row FROM (SELECT * FROM schema_migrations ORDER BY 1) AS s',
    )
  ).rows.map(({ row }) => row);
const up: RunAction = { kind: 'up' };
const section = (text: string): string => `-- migrate:up\n${text}\n-- migrate:down\n`;

it('refuses versions that are none, and folders that hold one twice', async () => {
  project.write({ 'm/1_a.up.sql': 'SELECT 1;', 'm/2_b.down.sql': 'SELECT 2;' });
  const runner = await runnerOf(golangMigrate);
  for (const version of ['0x1', '1e0', '-1', '', '99999999999999999999999', '1; DROP TABLE a'])
    expect(await refused(runner.plan({ kind: 'goto', version }))).toBe('version-unknown');
  project.write({ 'm/01_again.up.sql': 'SELECT 1;' });
  expect(await refused(runner.plan(up))).toBe('migration-version-twice');
});

it('moves on over what has no file, and says so; an empty file and one of comments alone run', async () => {
  project.write({
    'm/1_a.up.sql': '',
    'm/2_b.down.sql': 'SELECT 2;',
    'm/3_c.up.sql': '-- nothing\n/* at all */\n',
  });
  const runner = await runnerOf(golangMigrate);
  const { steps } = await runner.plan(up);
  expect(steps.map(({ file, faults }) => [file, ...faults])).toEqual([
    ['m/1_a.up.sql', expect.stringMatching(/holds nothing to run up/)],
    [null, expect.stringMatching(/^There is no up file/)],
    ['m/3_c.up.sql', expect.stringMatching(/holds nothing to run up/)],
  ]);
  const { ran, told } = await runner.run(up);
  expect(ran).toBe(3);
  expect(JSON.stringify(told)).not.toContain('null');
  expect(await rows()).toEqual(['(3,f)']);
  const back = await runner.plan({ kind: 'down', count: 3 });
  expect(back.steps.map(({ file }) => file)).toEqual([null, 'm/2_b.down.sql', null]);
});

it('a step without a file that fails is not said to have left anything of one', async () => {
  project.write({ 'm/1_a.up.sql': 'SELECT 1;', 'm/2_b.down.sql': 'SELECT 2;' });
  const runner = await runnerOf(golangMigrate);
  await runner.run({ kind: 'up', count: 1 });
  await client.query(
    "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.version = 2 AND NOT NEW.dirty THEN RAISE 'no'; END IF; RETURN NEW; END $$; CREATE TRIGGER no BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION no()",
  );
  const { failed } = await runner.run(up);
  expect(failed).toMatchObject({ file: '', line: null, problem: { cause: 'state-not-written' } });
  expect(failed?.waysOut).toEqual([
    { said: expect.stringMatching(/^There is no file for this step/), act: { kind: 'force', version: '2' } },
  ]);
  expect(JSON.stringify(failed)).not.toMatch(/null[^,}]|undefined/);
});

it('runs nothing when a file is gone, another is there, or the table was changed since the plan was seen', async () => {
  project.write({ 'd/1_a.sql': section('CREATE TABLE a (id int);'), 'd/2_b.sql': section('SELECT 2;') });
  const runner = await runnerOf(dbmate);
  const { token } = await runner.plan(up);
  project.delete('d/2_b.sql');
  expect(await refused(runner.run(up, { token }))).toBe('plan-changed');
  project.write({ 'd/2_b.sql': section('SELECT 2;'), 'd/3_c.sql': section('SELECT 3;') });
  expect(await refused(runner.run(up, { token }))).toBe('plan-changed');
  project.delete('d/3_c.sql');
  await client.query(
    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
  );
  expect(await refused(runner.run(up, { token }))).toBe('plan-changed');
  expect(await rows()).toEqual(['(1)']);
  expect((await client.query("SELECT to_regclass('a') AS a")).rows).toEqual([{ a: null }]);
});

it('two consoles do not run a tool without a lock at once: the second waits, and both are told who migrates', async () => {
  for (const [tool, folder, begin] of [
    [dbmate, 'd', section('SELECT pg_sleep(1.5);')],
    [homeMade, 'migrations', 'SELECT pg_sleep(1.5);'],
    [goose, 'g', '-- +goose Up\nSELECT pg_sleep(1.5);\n'],
  ] as [unknown, string, string][]) {
    await client.query('DROP TABLE IF EXISTS schema_migrations, goose_db_version');
    if (tool === homeMade) await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
    project.write({ [`${folder}/1_a.sql`]: begin });
    const [first, second] = [consoleOf(tool), consoleOf(tool)];
    let lockedBy: string | null = null;
    let outcome: Promise<unknown> = Promise.resolve();
    let waited = '';
    await first.run(tool as never, up, async ({ kind }) => {
      if (kind !== 'step') return;
      const { tracks } = await second.looks.shown(second.environment);
      lockedBy = tracks[0]?.lockedBy ?? null;
      outcome = second
        .run(tool as never, up, (one) => {
          if (one.kind === 'waiting') waited = one.holder;
        })
        .catch((error: { data?: { cause: string } }) => error.data?.cause);
    });
    expect(lockedBy, folder).toMatch(/^pid \d+, postgres, howdah/);
    // It has run meanwhile: the plan that was seen is no more.
    expect(await outcome, folder).toBe('plan-changed');
    expect(waited, folder).toBe(lockedBy);
    const { tracks } = await second.looks.shown(second.environment);
    expect(tracks[0]).toMatchObject({ lockedBy: null, counts: { applied: 1, pending: 0 } });
    project.delete(folder);
  }
}, 60_000);

it('tries again after a lock timeout only what left nothing: not the row of a file that ran without a transaction', async () => {
  await client.query(
    'CREATE TABLE users (id int); CREATE TABLE schema_migrations (version varchar PRIMARY KEY)',
  );
  project.write({
    'd/1_a.sql': '-- migrate:up transaction:false\nCREATE TABLE a (id int);\n-- migrate:down\n',
  });
  const runner = await runnerOf(dbmate);
  await client.query('BEGIN; LOCK TABLE schema_migrations IN SHARE MODE');
  let retried = 0;
  const { ran, failed, told } = await runner.run(up, {
    lockTimeoutMs: 100,
    onTell: (one) => {
      if (one.kind === 'statement' && one.state === 'retry' && ++retried === 2) void client.query('COMMIT');
    },
  });
  expect(failed).toBeUndefined();
  expect(ran).toBe(1);
  expect(retried).toBeGreaterThanOrEqual(2);
  // The file itself was sent once.
  expect(told.filter((one) => one.kind === 'statement' && one.state === 'begun')).toHaveLength(1);
  expect(await rows()).toEqual(['(1)']);

  project.write({
    'd/2_b.sql':
      '-- migrate:up transaction:false\nBEGIN; CREATE TABLE b (id int); COMMIT;\nALTER TABLE users ADD c int;\n-- migrate:down\n',
  });
  await client.query('BEGIN; SELECT FROM users');
  const second = await runner.run(up, { lockTimeoutMs: 100 });
  await client.query('COMMIT');
  expect(second.failed).toMatchObject({ line: 3, problem: { cause: 'lock-timeout' } });
  expect(second.told.some((one) => one.kind === 'statement' && one.state === 'retry')).toBe(false);
  expect(second.failed?.waysOut.map(({ act }) => act?.kind)).toEqual(['inspect', 'again', 'mark']);
});

it('a server that is restarted in the middle is waited for, and what it kept is told', async () => {
  project.write({ 'm/1_a.up.sql': 'CREATE TABLE a (id int);', 'm/2_b.up.sql': 'SELECT pg_sleep(60);' });
  const runner = await runnerOf(golangMigrate);
  let restarted: Promise<void> | undefined;
  const { failed } = await runner.run(up, {
    onTell: (one) => {
      if (one.kind !== 'statement' || one.id !== '2') return;
      restarted ??= (async () => {
        await server.stop('immediate');
        await server.start();
      })();
    },
  });
  await restarted;
  expect(failed).toMatchObject({ problem: { cause: 'connection-lost' } });
  expect(failed?.state).toMatch(/dirty at version 2/);
  expect(failed?.waysOut.map(({ act }) => act?.kind)).toEqual(['inspect', 'force', 'again', 'force']);
  await client.end().catch(() => undefined);
  client = await server.connect({ database: `hostile_${database}` });
  expect(await rows()).toEqual(['(2,t)']);
});

it('says what a role that may only read is refused, with nothing changed, for each tool', async () => {
  await server.query("CREATE ROLE reader LOGIN PASSWORD 'postgres'");
  await client.query(
    'CREATE TABLE schema_migrations (version varchar PRIMARY KEY); GRANT SELECT ON schema_migrations TO reader',
  );
  project.write({ 'd/1_a.sql': section('SELECT 1;') });
  const runner = await runnerOf(dbmate, 'reader');
  expect((await runner.plan(up)).warnings).toEqual([
    expect.stringMatching(/^reader may not write dbmate’s table .* no INSERT/),
  ]);
  const { failed } = await runner.run(up);
  expect(failed).toMatchObject({ problem: { server: { sqlstate: '42501' } } });
  expect(await rows()).toEqual([]);
});
