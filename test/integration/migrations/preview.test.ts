import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { MigrationTool } from '../../../main/migrations/tool.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { golangMigrate } from '../../../main/migrations/tools/golang-migrate.ts';
import { goose } from '../../../main/migrations/tools/goose.ts';
import { homeMade } from '../../../main/migrations/tools/home-made.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let server: TestServer;
let client: Client;
let project: Project;
let database = 0;
const runners: Runner[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject();
  await server.query(`CREATE DATABASE preview_${++database}`);
  client = await server.connect({ database: `preview_${database}` });
  return async () => {
    for (const runner of runners.splice(0)) await runner.close();
    await client.end();
    project.remove();
  };
});

const runnerOf = async <State>(tool: MigrationTool<State>): Promise<Runner> => {
  const runner = await openRunner(server, `preview_${database}`, project, tool);
  runners.push(runner);
  return runner;
};

it('shows what would run, and changes nothing', async () => {
  project.write({
    'm/1_a.up.sql': '-- a\nCREATE TABLE a (id int);\nALTER TABLE a ALTER COLUMN id TYPE bigint;',
    'm/1_a.down.sql': 'DROP TABLE a;',
    'm/2_b.up.sql': 'CREATE INDEX CONCURRENTLY i ON a (id);',
  });
  const runner = await runnerOf(golangMigrate);
  const plan = await runner.plan({ kind: 'up' });
  expect(plan).toMatchObject({ from: 'no version', to: 'version 2' });
  expect(
    plan.steps.map(({ id, direction, file, transaction, faults }) => ({
      id,
      direction,
      file,
      transaction,
      faults,
    })),
  ).toEqual([
    { id: '1', direction: 'up', file: 'm/1_a.up.sql', transaction: 'implicit', faults: [] },
    { id: '2', direction: 'up', file: 'm/2_b.up.sql', transaction: 'implicit', faults: [] },
  ]);
  expect(plan.steps[0]?.statements).toMatchObject([
    { line: 2, text: 'CREATE TABLE a (id int)', risk: 'change', inTransaction: true },
    { line: 3, locks: [{ mode: 'ACCESS EXCLUSIVE', on: 'a' }] },
  ]);
  expect(plan.steps[1]?.statements).toMatchObject([{ inTransaction: false }]);
  expect((await client.query("SELECT to_regclass('schema_migrations') AS it")).rows).toEqual([{ it: null }]);
});

it('has the same token while nothing changes, and another one when a file, the state or the action does', async () => {
  project.write({ 'm/1_a.up.sql': 'SELECT 1;', 'm/2_b.up.sql': 'SELECT 2;' });
  const runner = await runnerOf(golangMigrate);
  const first = (await runner.plan({ kind: 'up' })).token;
  expect((await runner.plan({ kind: 'up' })).token).toBe(first);
  const seen = new Set([first, (await runner.plan({ kind: 'up', count: 1 })).token]);
  project.write({ 'm/2_b.up.sql': 'SELECT 3;' });
  seen.add((await runner.plan({ kind: 'up' })).token);
  project.write({ 'm/3_c.up.sql': 'SELECT 3;' });
  seen.add((await runner.plan({ kind: 'up' })).token);
  await runner.run({ kind: 'up', count: 1 });
  seen.add((await runner.plan({ kind: 'up' })).token);
  expect(seen.size).toBe(5);
});

it('tells each tool’s transaction, and what a file can’t be run for', async () => {
  project.write({
    'db/migrations/1_a.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n',
    'db/migrations/2_b.sql': '-- migrate:up transaction:false\nVACUUM;\n-- migrate:down\n',
    'db/migrations/3_c.sql': '-- migrate:up\n\\i other.sql\n-- migrate:down\n',
  });
  const { steps } = await (await runnerOf(dbmate)).plan({ kind: 'up' });
  expect(steps.map(({ transaction }) => transaction)).toEqual(['own', 'none', 'none']);
  expect(steps[2]?.faults).toEqual([
    expect.stringMatching(/^Line 2 holds a command of psql’s, \\i other\.sql/),
  ]);

  project.delete('db');
  project.write({
    'g/1_a.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM;\n',
    'g/2_b.sql': '-- +goose Up\nSELECT 1;\n',
  });
  const runner = await runnerOf(goose);
  expect((await runner.plan({ kind: 'up' })).steps.map(({ transaction }) => transaction)).toEqual([
    'none',
    'own',
  ]);
  await runner.run({ kind: 'up' });
  const back = await runner.plan({ kind: 'down', count: 1 });
  expect(back.steps[0]?.faults).toEqual([
    expect.stringMatching(/holds nothing to run down: goose only notes the change/),
  ]);
});

it('shows a home-made file with a transaction around it, its own if it has one', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
  project.write({
    'db/migrations/1_a.sql': 'CREATE TABLE a (id int);',
    'db/migrations/2_b.sql': 'BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;',
    'db/migrations/3_c.sql': 'VACUUM;',
  });
  const { steps } = await (await runnerOf(homeMade)).plan({ kind: 'up' });
  expect(steps.map(({ transaction }) => transaction)).toEqual(['own', 'none', 'none']);
});

const warnings = async <State>(tool: MigrationTool<State>, user?: string): Promise<string[]> => {
  const runner = await openRunner(server, `preview_${database}`, project, tool, user);
  runners.push(runner);
  return (await runner.plan({ kind: 'up' })).warnings;
};

it('has nothing to warn of where nothing is to be minded', async () => {
  project.write({
    'm/1_a.up.sql': "SET lock_timeout = '5s';\r\nCREATE TABLE a (id int);\r\nCREATE INDEX i ON a (id);\r\n",
  });
  expect(await warnings(golangMigrate)).toEqual([]);
});

it('warns of locks on big tables, of waits without end, and of carriage returns that become part of a text', async () => {
  await client.query(
    "CREATE TABLE big (id int); CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parts DEFAULT; CREATE TABLE small (id int); CREATE INDEX big_id ON big (id); UPDATE pg_class SET reltuples = 2.5e6 WHERE relname IN ('big', 'part')",
  );
  project.write({
    'm/1_a.up.sql': `SET lock_timeout TO 0;
ALTER TABLE big ADD COLUMN name text;
ALTER TABLE big ALTER COLUMN id TYPE bigint;
CREATE INDEX i ON big (name);
ALTER TABLE parts ADD COLUMN name text;
DROP INDEX big_id;
ALTER TABLE small ADD COLUMN name text;
CREATE TABLE new (id int);
ALTER TABLE nowhere ADD COLUMN name text;
`,
    'm/2_b.up.sql': 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\r\nSELECT 1\r\n$$;',
  });
  const rows = 'a table of about 2\\.5 million rows';
  expect(await warnings(golangMigrate)).toEqual(
    [
      '^m/1_a\\.up\\.sql: Line 1 sets lock_timeout to 0',
      '^m/2_b\\.up\\.sql: .* line 1 goes over several lines that end with CRLF',
      `line 2: ALTER TABLE locks big, ${rows} \\(ACCESS EXCLUSIVE\\): everybody else waits until the transaction is over\\.$`,
      `line 3: ALTER TABLE locks big, ${rows} .* every row is read meanwhile, perhaps written anew\\.$`,
      `line 4: CREATE INDEX locks big, ${rows} \\(SHARE\\): whoever writes waits .* every row is read meanwhile\\.$`,
      `line 5: ALTER TABLE locks parts, ${rows}`,
      `line 6: DROP INDEX locks big_id, ${rows}`,
    ].map((words) => expect.stringMatching(new RegExp(words))),
  );
});

it('warns of what this role may not do: write the tool’s table, or change tables of others', async () => {
  await server.query(
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'looker') THEN CREATE ROLE looker LOGIN PASSWORD 'postgres'; END IF; END $$",
  );
  project.write({
    'm/1_a.up.sql': 'CREATE TABLE a (id int);',
    'm/2_b.up.sql': 'ALTER TABLE a ADD b int;\nDROP TABLE a;',
  });
  expect(await warnings(golangMigrate, 'looker')).toEqual([
    expect.stringMatching(
      /^looker may not create golang-migrate’s table "public\.schema_migrations": it has no CREATE/,
    ),
  ]);
  await (await runnerOf(golangMigrate)).run({ kind: 'up', count: 1 });
  await client.query('GRANT SELECT, INSERT ON schema_migrations TO looker');
  expect(await warnings(golangMigrate, 'looker')).toEqual([
    expect.stringMatching(/^looker may not write .* it has no TRUNCATE on it\.$/),
    expect.stringMatching(/2_b\.up\.sql, line 1: a belongs to postgres, .* ALTER TABLE \(SQLSTATE 42501\)/),
    expect.stringMatching(/line 2: a belongs to postgres, .* DROP TABLE/),
  ]);
  // A file that takes another role knows better.
  project.write({ 'm/2_b.up.sql': 'SET ROLE postgres;\nALTER TABLE a ADD b int;' });
  expect(await warnings(golangMigrate, 'looker')).toHaveLength(1);
  await client.query(`ALTER DATABASE preview_${database} SET default_transaction_read_only = on`);
  expect(await warnings(golangMigrate)).toEqual([
    expect.stringMatching(/Sessions of postgres are read-only here/),
  ]);
});

it('warns of files that come before what is applied, and of what a home-made runner would stumble over', async () => {
  project.write({
    'db/migrations/1_a.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n',
    'db/migrations/3_c.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n',
  });
  await (await runnerOf(dbmate)).run({ kind: 'up' });
  project.write({ 'db/migrations/2_b.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' });
  expect(await warnings(dbmate)).toEqual([
    expect.stringMatching(/^2_b comes before 3_c, which is applied: .*dbmate runs it all the same\.$/),
  ]);
  project.delete('db');
  await client.query('DROP TABLE schema_migrations');
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY, checksum text NOT NULL)');
  project.write({ 'db/migrations/1_a.sql': '\ufeffSELECT 1;\r\nSELECT 2;\r\n' });
  expect(await warnings(homeMade)).toEqual([
    expect.stringMatching(/1_a\.sql: It begins with a byte order mark, which is left out here/),
    expect.stringMatching(
      /1_a\.sql has lines that end with CRLF, and the table keeps a checksum \("checksum"\)/,
    ),
  ]);
});

it('refuses by name and line what only psql or goose itself can do, in every tool, before anything runs', async () => {
  const cases: [MigrationTool<never>, string, string, RegExp][] = [
    [goose as never, 'g/1_a.sql', '-- +goose Up\n-- +goose ENVSUB ON\nSELECT 1;\n', /line 2.*ENVSUB/s],
    [goose as never, 'g/1_a.sql', '-- +goose Up\nSELECT 1;\n\\dt\n;\n', /line 3.*psql/s],
    [dbmate as never, 'd/1_a.sql', '-- migrate:up\nSELECT 1;\n\\set x 1\n-- migrate:down\n', /line 3.*psql/s],
    [
      dbmate as never,
      'd/1_a.sql',
      '-- migrate:up\nCOPY a FROM STDIN;\n1\n\\.\n-- migrate:down\n',
      /line 2.*COPY … FROM stdin/s,
    ],
    [golangMigrate as never, 'm/1_a.up.sql', '\\restrict abc\nSELECT 1;', /line 1.*psql/s],
  ];
  for (const [tool, file, text, words] of cases) {
    project.write({ [file]: text });
    const runner = await openRunner(server, `preview_${database}`, project, tool as MigrationTool<unknown>);
    const { steps } = await runner.plan({ kind: 'up' });
    expect(steps[0]?.faults[0]).toMatch(/^Line \d/);
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(words);
    await runner.close();
    project.delete(file);
  }
  expect(
    (await client.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).rows,
  ).toEqual([]);
});
