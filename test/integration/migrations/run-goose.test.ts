import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markMigration } from '../../../main/migrations/run/mark.ts';
import { goose } from '../../../main/migrations/tools/goose.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// goose can be had neither from npm nor from Debian: what it leaves is held here as its source writes it.
let server: TestServer;
let client: Client;
let project: Project;
let runner: Runner;
let database = 0;

const file = (up: string, down: string): string => `-- +goose Up\n${up}\n\n-- +goose Down\n${down}\n`;
const files = {
  'migrations/00001_users.sql': file('CREATE TABLE users (id int);', 'DROP TABLE users;'),
  'migrations/00002_f.sql': file(
    '-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;\n-- +goose StatementEnd\nSELECT f();',
    'DROP FUNCTION f();',
  ),
  'migrations/00003_posts.sql': file(
    'CREATE TABLE posts (id int);\nINSERT INTO posts\n  VALUES (1); -- one',
    'DROP TABLE posts;',
  ),
};

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject(files);
  await server.query(`CREATE DATABASE goose_${++database}`);
  client = await server.connect({ database: `goose_${database}` });
  runner = await openRunner(server, `goose_${database}`, project, goose);
  return async () => {
    await runner.close();
    await client.end();
    project.remove();
  };
});

const rows = async (): Promise<string[]> =>
  (await client.query('SELECT id, version_id, is_applied FROM goose_db_version ORDER BY id')).rows.map(
    ({ id, version_id, is_applied }) => `${id}: ${version_id}${is_applied ? '' : ' not applied'}`,
  );
const tables = async (): Promise<string[]> =>
  (
    await client.query(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'goose_db_version' ORDER BY 1",
    )
  ).rows.map(({ relname }) => relname);

it('makes its table with the row of version 0, and a row for each file', async () => {
  const { ran, told } = await runner.run({ kind: 'up' });
  expect(ran).toBe(3);
  expect(await rows()).toEqual(['1: 0', '2: 1', '3: 2', '4: 3']);
  const { rows: columns } = await client.query(
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid) AS "default"
     FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = 'goose_db_version'::regclass AND a.attnum > 0 ORDER BY a.attnum`,
  );
  expect(columns).toEqual([
    { attname: 'id', type: 'integer', attnotnull: true, attidentity: 'd', default: null },
    { attname: 'version_id', type: 'bigint', attnotnull: true, attidentity: '', default: null },
    { attname: 'is_applied', type: 'boolean', attnotnull: true, attidentity: '', default: null },
    {
      attname: 'tstamp',
      type: 'timestamp without time zone',
      attnotnull: true,
      attidentity: '',
      default: 'now()',
    },
  ]);
  const lines = told.flatMap((one) =>
    one.kind === 'statement' && one.state === 'begun' ? [`${one.id}:${one.line}`] : [],
  );
  expect(lines).toEqual(['1:2', '2:3', '2:9', '3:2', '3:3']);
});

it('takes back by deleting the row, the newest first', async () => {
  await runner.run({ kind: 'up' });
  await runner.run({ kind: 'down', count: 1 });
  expect(await rows()).toEqual(['1: 0', '2: 1', '3: 2']);
  await runner.run({ kind: 'redo' });
  expect(await rows()).toEqual(['1: 0', '2: 1', '5: 2']);
  await runner.run({ kind: 'goto', version: '1' }, { way: 'back' });
  expect(await rows()).toEqual(['1: 0', '2: 1']);
  await runner.run({ kind: 'goto', version: '3' });
  expect(await tables()).toEqual(['posts', 'users']);
});

it('takes back what was applied last, not what has the highest version', async () => {
  project.delete('migrations/00002_f.sql');
  await runner.run({ kind: 'up' });
  project.write(files);
  // As `goose up -allow-missing` leaves it.
  await client.query(
    'INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, true); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  );
  await runner.run({ kind: 'down', count: 1 });
  expect(await rows()).toEqual(['1: 0', '2: 1', '3: 3']);
});

it('refuses what comes late, as goose does', async () => {
  project.delete('migrations/00002_f.sql');
  await runner.run({ kind: 'up' });
  project.write(files);
  await expect(runner.run({ kind: 'up' })).rejects.toThrow(/00002_f was never run, though version 3 was/);
  expect(await rows()).toHaveLength(3);
});

it('counts a row that says not applied as taken back', async () => {
  await runner.run({ kind: 'up' });
  // Old versions of goose wrote such a row instead of deleting one.
  await client.query(
    'INSERT INTO goose_db_version (version_id, is_applied) VALUES (3, false); DROP TABLE posts',
  );
  await runner.run({ kind: 'down', count: 1 });
  expect(await tables()).toEqual(['users']);
  expect((await rows()).filter((row) => row.includes(': 2'))).toEqual([]);
});

describe('what fails', () => {
  it('is undone with its row, and the statement is named', async () => {
    project.write({
      'migrations/00003_posts.sql': file(
        'CREATE TABLE posts (id int);\n\nINSERT INTO posts\n  VALUES (nothing);',
        '',
      ),
    });
    const { failed, ran } = await runner.run({ kind: 'up' });
    expect(ran).toBe(2);
    expect(failed).toMatchObject({
      line: 5,
      statement: 'INSERT INTO posts\n  VALUES (nothing)',
      problem: { server: { sqlstate: '42703' } },
    });
    expect(await tables()).toEqual(['users']);
    expect(await rows()).toEqual(['1: 0', '2: 1', '3: 2']);
  });

  it('without a transaction keeps what came before, says so, and records nothing', async () => {
    project.write({
      'migrations/00003_posts.sql': `-- +goose NO TRANSACTION\n${file('CREATE TABLE posts (id int);\nCREATE INDEX CONCURRENTLY i ON posts (id);\nSELECT nothing;', '')}`,
    });
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({ line: 5 });
    expect(failed?.state).toMatch(/What of the file ran before the failure is in the database/);
    expect(await tables()).toEqual(['posts', 'users']);
    expect(await rows()).toEqual(['1: 0', '2: 1', '3: 2']);
  });

  it.each([
    ['no “Up”', 'SELECT 1;', /line 1/],
    ['a statement without its semicolon', file('SELECT 1', ''), /line 2/],
    ['a block that does not end', '-- +goose Up\n-- +goose StatementBegin\nSELECT 1;', /StatementEnd/],
    ['values from the environment', `-- +goose ENVSUB ON\n${file('SELECT 1;', '')}`, /line 1.*ENVSUB/s],
    ['an annotation that is moved in', ' -- +goose Up\nSELECT 1;', /blanks/],
    ['a command of psql’s', file('SELECT 1;\n\\q', ''), /line 3|semicolon/],
  ])('is refused before anything is run: %s', async (_, text, words) => {
    project.write({ 'migrations/00003_posts.sql': text });
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(words);
    expect(await tables()).toEqual([]);
  });
});

it('runs concurrent indexes where the file asks for no transaction', async () => {
  project.write({
    'migrations/00003_posts.sql': `-- +goose NO TRANSACTION\n${file('CREATE INDEX CONCURRENTLY i ON users (id);', 'DROP INDEX CONCURRENTLY i;')}`,
  });
  expect((await runner.run({ kind: 'up' })).failed).toBeUndefined();
  expect((await runner.run({ kind: 'down', count: 1 })).failed).toBeUndefined();
});

it('refuses files in Go', async () => {
  project.write({ 'migrations/00004_code.go': 'package migrations\n' });
  await expect(runner.run({ kind: 'up' })).rejects.toThrow(/00004_code\.go can’t be run from here/);
});

it('marks with a row, and unmarks by deleting it', async () => {
  const mark = async (kind: 'applied' | 'unmark', id: string) =>
    markMigration(runner.needs, await runner.target(), { kind, id });
  await mark('applied', '1');
  expect(await rows()).toEqual(['1: 0', '2: 1']);
  await mark('unmark', '1');
  expect(await rows()).toEqual(['1: 0']);
});
