import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { markMigration } from '../../../main/migrations/run/mark.ts';
import { homeMade } from '../../../main/migrations/tools/home-made.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let server: TestServer;
let client: Client;
let project: Project;
let runner: Runner;
let database = 0;

const files = {
  'db/migrations/1_users.sql': 'CREATE TABLE users (id int);\n',
  'db/migrations/2_posts.sql': 'CREATE TABLE posts (id int);\n',
  'db/migrations/2_posts.down.sql': 'DROP TABLE posts;\n',
  'db/migrations/10_tags.sql': 'CREATE TABLE tags (id int);\n',
};

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject(files);
  await server.query(`CREATE DATABASE home_${++database}`);
  client = await server.connect({ database: `home_${database}` });
  runner = await openRunner(server, `home_${database}`, project, homeMade);
  return async () => {
    await runner.close();
    await client.end();
    project.remove();
  };
});

const names = async (column = 'filename'): Promise<string[]> =>
  (await client.query(`SELECT ${column} AS name FROM schema_migrations ORDER BY ctid`)).rows.map(
    ({ name }) => name,
  );
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('runs what is pending by number, each in a transaction with its row', async () => {
  await client.query(
    'CREATE TABLE schema_migrations (filename text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { ran, failed } = await runner.run({ kind: 'up' });
  expect(failed).toBeUndefined();
  expect(ran).toBe(3);
  expect(await names()).toEqual(['1_users.sql', '2_posts.sql', '10_tags.sql']);
});

it('refuses to invent a table, and says how one is made', async () => {
  await expect(runner.run({ kind: 'up' })).rejects.toMatchObject({
    explanation: { cause: 'home-made-table-missing', command: expect.stringMatching(/^CREATE TABLE/) },
  });
});

it.each([
  [
    'the name without its ending',
    'name varchar(255) PRIMARY KEY',
    "'1_users'",
    ['1_users', '2_posts', '10_tags'],
  ],
  [
    'the path',
    'file text PRIMARY KEY',
    "'db/migrations/1_users.sql'",
    ['db/migrations/1_users.sql', 'db/migrations/2_posts.sql', 'db/migrations/10_tags.sql'],
  ],
  ['the number alone', 'script text PRIMARY KEY', "'1'", ['1', '2', '10']],
])('writes names as the rows have them: %s', async (_, column, first, expected) => {
  await client.query(
    `CREATE TABLE users (id int); CREATE TABLE schema_migrations (${column}); INSERT INTO schema_migrations VALUES (${first})`,
  );
  await runner.run({ kind: 'up' });
  expect(await names(column.split(' ')[0])).toEqual(expected);
});

it('fills checksum, duration and time as the rows and columns show', async () => {
  await client.query(`
    CREATE TABLE users (id int);
    CREATE TABLE schema_migrations (id serial PRIMARY KEY, filename varchar(255) NOT NULL UNIQUE, checksum char(64) NOT NULL,
      applied_at timestamptz NOT NULL, execution_time_ms integer NOT NULL, rolled_back_at timestamptz);
    INSERT INTO schema_migrations (filename, checksum, applied_at, execution_time_ms)
      VALUES ('1_users.sql', '${sha256(files['db/migrations/1_users.sql'])}', now(), 3)`);
  await runner.run({ kind: 'up', count: 1 });
  const { rows } = await client.query(
    "SELECT *, applied_at > now() - interval '1 minute' AS fresh FROM schema_migrations WHERE id = 2",
  );
  expect(rows[0]).toMatchObject({
    filename: '2_posts.sql',
    checksum: sha256(files['db/migrations/2_posts.sql']),
    fresh: true,
    rolled_back_at: null,
  });
  expect(rows[0]?.execution_time_ms).toBeGreaterThanOrEqual(0);
});

it('refuses a table that needs what only the project’s runner knows, before anything is run', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY, batch int NOT NULL)');
  await expect(runner.run({ kind: 'up' })).rejects.toThrow(/"batch"/);
  expect((await client.query("SELECT to_regclass('users') AS it")).rows).toEqual([{ it: null }]);
});

it('refuses a table whose rows name none of the files', async () => {
  await client.query(
    "CREATE TABLE schema_migrations (filename text PRIMARY KEY); INSERT INTO schema_migrations VALUES ('other.sql')",
  );
  await expect(runner.run({ kind: 'up' })).rejects.toMatchObject({
    explanation: { cause: 'home-made-unmatched' },
  });
});

it('takes back only where there is a file for it', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
  await runner.run({ kind: 'up', count: 2 });
  await runner.run({ kind: 'down', count: 1 });
  expect(await names()).toEqual(['1_users.sql']);
  await expect(runner.run({ kind: 'down', count: 1 })).rejects.toThrow(/1_users can’t be taken back/);
  await runner.run({ kind: 'up', count: 1 });
  await runner.run({ kind: 'redo' });
  expect(await names()).toEqual(['1_users.sql', '2_posts.sql']);
});

it('undoes what fails, with its row', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
  project.write({ 'db/migrations/2_posts.sql': 'CREATE TABLE posts (id int);\nSELECT nothing;' });
  const { failed } = await runner.run({ kind: 'up' });
  expect(failed).toMatchObject({ line: 2, file: 'db/migrations/2_posts.sql' });
  expect(await names()).toEqual(['1_users.sql']);
  expect((await client.query("SELECT to_regclass('posts') AS it")).rows).toEqual([{ it: null }]);
});

it('runs an index that is built concurrently outside of a transaction, when it is alone', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
  project.write({ 'db/migrations/2_posts.sql': 'CREATE INDEX CONCURRENTLY i ON users (id);' });
  expect((await runner.run({ kind: 'up' })).failed).toBeUndefined();
});

it('keeps a second run from here out, though the tool knows no lock', async () => {
  await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
  project.write({ 'db/migrations/1_users.sql': 'CREATE TABLE users (id int); SELECT pg_sleep(0.5);' });
  const { token } = await runner.plan({ kind: 'up' });
  const [one, other] = await Promise.allSettled([
    runner.run({ kind: 'up' }, { token }),
    runner.run({ kind: 'up' }, { token }),
  ]);
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect(await names()).toHaveLength(3);
});

it('unmarks a file of the sample’s and runs it again', async () => {
  const folder = join(import.meta.dirname, '../../../assets/samples/iotistic/api/database/migrations');
  project.delete('db');
  for (const name of readdirSync(folder))
    project.write({ [`db/migrations/${name}`]: readFileSync(join(folder, name)) });
  await client.query(`
    CREATE EXTENSION IF NOT EXISTS pgcrypto;
    CREATE TABLE schema_migrations (id serial PRIMARY KEY, filename varchar(255) NOT NULL UNIQUE, checksum char(64) NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), execution_time_ms integer NOT NULL)`);
  const { failed, ran } = await runner.run({ kind: 'up' });
  expect(failed).toBeUndefined();
  expect(ran).toBe(readdirSync(folder).length);
  const last = readdirSync(folder).sort().at(-1) ?? '';
  const mark = async (kind: 'applied' | 'unmark') =>
    markMigration(runner.needs, await runner.target(), { kind, id: last });
  await mark('unmark');
  expect(await names()).not.toContain(last);
  await mark('applied');
  expect(await names()).toContain(last);
  const { rows } = await client.query('SELECT checksum FROM schema_migrations WHERE filename = $1', [last]);
  expect(rows[0]?.checksum).toBe(
    createHash('sha256')
      .update(readFileSync(join(folder, last)))
      .digest('hex'),
  );
});
