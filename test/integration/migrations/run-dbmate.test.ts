import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markMigration } from '../../../main/migrations/run/mark.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { isSkipped, runTool, type ToolRun, toolFolder } from '../../support/migration-tools.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const tool = await toolFolder('dbmate');

const section = (up: string, down: string, options = ''): string =>
  `-- migrate:up${options}\n${up}\n\n-- migrate:down${options}\n${down}\n`;
const files = {
  'db/migrations/001_users.sql': section('CREATE TABLE users (id int);', 'DROP TABLE users;'),
  'db/migrations/002_posts.sql': section('CREATE TABLE posts (id int);', 'DROP TABLE posts;'),
  'db/migrations/010_tags.sql': section('CREATE TABLE tags (id int);', 'DROP TABLE tags;'),
  // As a text, 9 comes after 010.
  'db/migrations/9_votes.sql': section('CREATE TABLE votes (id int);', 'DROP TABLE votes;'),
};

describe.skipIf(isSkipped(tool))('dbmate itself and the runner take turns', () => {
  let server: TestServer;
  let project: Project;
  let database = 0;
  const open: { end(): Promise<void> }[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server.remove());
  beforeEach(() => {
    project = makeProject(files);
    return async () => {
      for (const one of open.splice(0)) await one.end();
      project.remove();
    };
  });

  /** A database for each side, and what either does to its own. */
  interface Side {
    client: Client;
    runner: Runner;
    dbmate(...args: string[]): Promise<ToolRun>;
  }
  const side = async (): Promise<Side> => {
    const name = `dbmate_${++database}`;
    await server.query(`CREATE DATABASE ${name}`);
    const client = await server.connect({ database: name });
    const runner = await openRunner(server, name, project, dbmate);
    open.push(client, { end: runner.close });
    return {
      client,
      runner,
      dbmate: (...args) =>
        runTool(
          join(String(tool), 'node_modules/@dbmate/linux-x64/bin/dbmate'),
          ['--no-dump-schema', ...args],
          { cwd: project.root, env: { DATABASE_URL: server.url(name) } },
        ),
    };
  };

  /** Everything a database holds: the state table's definition and bytes, and the names of all tables. */
  const whole = async ({ client }: Side): Promise<unknown> => {
    const { rows } = await client.query<{ there: boolean }>(
      "SELECT to_regclass('public.schema_migrations') IS NOT NULL AS there",
    );
    const state = rows[0]?.there
      ? (
          await client.query(
            "SELECT encode(convert_to(version, 'UTF8'), 'hex') AS version FROM schema_migrations ORDER BY ctid",
          )
        ).rows
      : undefined;
    const columns = await client.query(
      `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull
       FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND c.relkind = 'r' ORDER BY 1, a.attnum`,
    );
    const constraints = await client.query(
      "SELECT conname, pg_get_constraintdef(oid) AS def FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1",
    );
    return { state, columns: columns.rows, constraints: constraints.rows };
  };
  const same = async (one: Side, other: Side): Promise<void> =>
    expect(await whole(one)).toEqual(await whole(other));

  it('leave the same on a fresh database, up and all the way down', async () => {
    const [ours, theirs] = [await side(), await side()];
    expect((await ours.runner.run({ kind: 'up' })).ran).toBe(4);
    expect((await theirs.dbmate('up')).code).toBe(0);
    await same(ours, theirs);
    for (let times = 0; times < 4; times++) {
      await ours.runner.run({ kind: 'down', count: 1 });
      expect((await theirs.dbmate('rollback')).code).toBe(0);
      await same(ours, theirs);
    }
    expect((await theirs.dbmate('rollback')).code).not.toBe(0);
    await expect(ours.runner.run({ kind: 'down', count: 1 })).rejects.toThrow(/nothing to take back/);
  });

  it('go on where the other stopped, in both directions', async () => {
    const [ours, theirs] = [await side(), await side()];
    project.delete('db/migrations/010_tags.sql', 'db/migrations/9_votes.sql');
    await ours.runner.run({ kind: 'up' });
    await theirs.dbmate('up');
    project.write(files);
    // Now each does what the other began.
    expect((await ours.dbmate('up')).code).toBe(0);
    expect((await theirs.runner.run({ kind: 'up' })).ran).toBe(2);
    await same(ours, theirs);
    expect((await ours.dbmate('rollback')).code).toBe(0);
    await theirs.runner.run({ kind: 'down', count: 1 });
    await same(ours, theirs);
    await ours.runner.run({ kind: 'down', count: 1 });
    expect((await theirs.dbmate('rollback')).code).toBe(0);
    await same(ours, theirs);
    expect((await ours.dbmate('up')).code).toBe(0);
    await theirs.runner.run({ kind: 'up' });
    await same(ours, theirs);
  });

  it('run what came late, in the order of the names', async () => {
    const [ours, theirs] = [await side(), await side()];
    project.delete('db/migrations/002_posts.sql');
    await ours.runner.run({ kind: 'up' });
    await theirs.dbmate('up');
    project.write(files);
    await ours.runner.run({ kind: 'up' });
    await theirs.dbmate('up');
    await same(ours, theirs);
  });

  it.each([
    [
      'a statement that the server refuses',
      section('CREATE TABLE a (id int);\nCREATE TABLE nonsense (;', ''),
    ],
    [
      'an index that is built concurrently, with others',
      section('CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);', ''),
    ],
    [
      'the same outside of a transaction',
      section('CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);', '', ' transaction:false'),
    ],
    [
      'two sections',
      `${section('CREATE TABLE a (id int);', 'DROP TABLE a;')}${section('CREATE TABLE b (id int);', 'DROP TABLE b;')}`,
    ],
    [
      'a COMMIT in the middle of it',
      section('CREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE nonsense (;', ''),
    ],
    ['nothing after the failing one', section("INSERT INTO users SELECT 'x'::int;", '')],
  ])('leave the same behind %s', async (_, text) => {
    const [ours, theirs] = [await side(), await side()];
    project.write({ 'db/migrations/002_posts.sql': text });
    const { failed } = await ours.runner.run({ kind: 'up' });
    expect(failed).toBeDefined();
    expect((await theirs.dbmate('up')).code).not.toBe(0);
    await same(ours, theirs);
    // And both go on after it was mended.
    project.write(files);
    await ours.runner.run({ kind: 'up' });
    await theirs.dbmate('up');
  });

  it.each([
    [
      'an index that is built concurrently, alone',
      section(
        'CREATE INDEX CONCURRENTLY i ON users (id);',
        'DROP INDEX CONCURRENTLY i;',
        ' transaction:false',
      ),
    ],
    ['comments alone', section('-- nothing', '-- nothing')],
    [
      'dollar quotes, nested comments and quotes in names',
      section(
        '/* a /* b; */ ; */ CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$ SELECT \';$$\' $x$;\nCREATE TABLE "a;b" (id int);',
        'DROP FUNCTION f(); DROP TABLE "a;b";',
      ),
    ],
    ['carriage returns', section('CREATE TABLE a (id int);', 'DROP TABLE a;').replaceAll('\n', '\r\n')],
    [
      'comments above the first section',
      `-- made by hand\n\n${section('CREATE TABLE a (id int);', 'DROP TABLE a;')}`,
    ],
    [
      'a transaction:true that follows a transaction:false',
      section('CREATE TABLE a (id int);', 'DROP TABLE a;', ' transaction:false transaction:true'),
    ],
  ])('do the same with %s', async (_, text) => {
    const [ours, theirs] = [await side(), await side()];
    project.write({ 'db/migrations/002_posts.sql': text });
    const { failed } = await ours.runner.run({ kind: 'up' });
    expect(failed).toBeUndefined();
    expect((await theirs.dbmate('up')).code).toBe(0);
    await same(ours, theirs);
    for (let times = 0; times < 3; times++) {
      await ours.runner.run({ kind: 'down', count: 1 });
      expect((await theirs.dbmate('rollback')).code).toBe(0);
    }
    await same(ours, theirs);
  });

  it.each([
    ['a statement above the first section', `SELECT 1;\n${section('SELECT 1;', '')}`, /line 1/],
    ['no down section', '-- migrate:up\nSELECT 1;\n', /line 1/],
    ['two down sections', `${section('SELECT 1;', 'SELECT 2;')}-- migrate:down\nSELECT 3;`, /line 6/],
  ])('refuse a file with %s before anything is run', async (_, text, where) => {
    const [ours, theirs] = [await side(), await side()];
    project.write({ 'db/migrations/001_users.sql': text });
    await expect(ours.runner.run({ kind: 'up' })).rejects.toThrow(where);
    expect((await theirs.dbmate('up')).code).not.toBe(0);
    expect((await whole(ours)) as object).toMatchObject({ state: undefined });
  });

  it('use the same table in another schema, which either makes', async () => {
    const [ours, theirs] = [await side(), await side()];
    project.write({ '.env': 'DBMATE_MIGRATIONS_TABLE=meta.applied\n' });
    await ours.runner.run({ kind: 'up', count: 2 });
    expect((await ours.dbmate('up')).code).toBe(0);
    await theirs.dbmate('up');
    const rows = async ({ client }: Side) =>
      (await client.query('SELECT version FROM meta.applied ORDER BY ctid')).rows;
    expect(await rows(ours)).toEqual(await rows(theirs));
  });

  it('see each other’s marks', async () => {
    const ours = await side();
    await ours.runner.run({ kind: 'up', count: 1 });
    const mark = async (kind: 'applied' | 'unmark', id: string) =>
      markMigration(ours.runner.needs, await ours.runner.target(), { kind, id });
    await mark('applied', '002');
    expect((await ours.dbmate('status')).stdout).toMatch(/\[X\] 002_posts/);
    await mark('unmark', '002');
    expect((await ours.dbmate('status')).stdout).toMatch(/\[ \] 002_posts/);
    await expect(mark('unmark', '002')).rejects.toThrow(/already not applied/);
    await expect(mark('applied', '77')).rejects.toThrow(/no migration 77/);
    await expect(
      markMigration(ours.runner.needs, await ours.runner.target(), { kind: 'force', version: '1' }),
    ).rejects.toThrow(/no version that could be forced/);
  });

  it('goes to a version: what is pending up to it, or what is applied after it, by the names', async () => {
    const ours = await side();
    await ours.runner.run({ kind: 'goto', version: '010' });
    expect(
      (await ours.client.query('SELECT version FROM schema_migrations ORDER BY 1')).rows.map(
        ({ version }) => version,
      ),
    ).toEqual(['001', '002', '010']);
    await ours.runner.run({ kind: 'goto', version: '001' }, { way: 'back' });
    expect((await ours.client.query('SELECT version FROM schema_migrations')).rows).toEqual([
      { version: '001' },
    ]);
  });

  it('cancelled in the middle leaves nothing of the file, and no record', async () => {
    const ours = await side();
    project.write({
      'db/migrations/002_posts.sql': section('CREATE TABLE posts (id int); SELECT pg_sleep(30);', ''),
    });
    const stop = new AbortController();
    const { cancelled, failed } = await ours.runner.run(
      { kind: 'up' },
      {
        signal: stop.signal,
        onTell: (one) => one.kind === 'step' && one.id === '002' && setTimeout(() => stop.abort(), 400),
      },
    );
    expect(cancelled).toBe(true);
    expect(failed?.state).toMatch(/recorded as not applied, and nothing of the file is in the database/);
    expect((await ours.client.query('SELECT version FROM schema_migrations')).rows).toEqual([
      { version: '001' },
    ]);
    // The tool itself goes on from there.
    project.write(files);
    expect((await ours.dbmate('up')).code).toBe(0);
  });

  it('a session that is killed in the middle leaves nothing, and that is said', async () => {
    const ours = await side();
    project.write({
      'db/migrations/002_posts.sql': section('CREATE TABLE posts (id int); SELECT pg_sleep(30);', ''),
    });
    const kill = setInterval(() => {
      void ours.client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
      );
    }, 200);
    const { failed, cancelled } = await ours.runner.run({ kind: 'up' });
    clearInterval(kill);
    expect(cancelled).toBe(false);
    expect(failed).toMatchObject({ problem: { cause: 'connection-lost' } });
    expect(failed?.state).toMatch(/002_posts is recorded as not applied, and nothing of the file/);
    expect((await ours.client.query('SELECT version FROM schema_migrations')).rows).toEqual([
      { version: '001' },
    ]);
  });
});
