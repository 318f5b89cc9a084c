import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { invalidIndexes } from '../../../main/migrations/run/ways-out.ts';
import { golangMigrate, lockKey } from '../../../main/migrations/tools/golang-migrate.ts';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { openRunner, type Runner } from '../../support/migration-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// golang-migrate itself can be had neither from npm nor from Debian: what it leaves was observed elsewhere, with the
// tool built from its source, and is held here as the states below.
let server: TestServer;
let client: Client;
let project: Project;
let runner: Runner;
let database = 0;

const files = {
  'migrations/000001_users.up.sql': 'CREATE TABLE users (id int);\nINSERT INTO users VALUES (1);\n',
  'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
  'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\n',
  'migrations/000002_posts.down.sql': 'DROP TABLE posts;\n',
  'migrations/000010_tags.up.sql': 'CREATE TABLE tags (id int);\n',
};

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 100 } });
});
afterAll(async () => await server.remove());

beforeEach(async () => {
  project = makeProject(files);
  await server.query(`CREATE DATABASE gm_${++database}`);
  client = await server.connect({ database: `gm_${database}` });
  runner = await openRunner(server, `gm_${database}`, project, golangMigrate);
  return async () => {
    await runner.close();
    await client.end();
    project.remove();
  };
});

/** The state table's rows as `version` or `version dirty`; undefined without a table. */
async function state(): Promise<string[] | undefined> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS there",
  );
  if (!rows[0]?.there) return undefined;
  const found = await client.query<{ version: string; dirty: boolean }>(
    'SELECT version::text, dirty FROM schema_migrations',
  );
  return found.rows.map(({ version, dirty }) => (dirty ? `${version} dirty` : version));
}

async function tables(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

const cause = (thrown: unknown): string => (thrown as { explanation: { cause: string } }).explanation?.cause;
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return cause(error) ?? String(error);
  }
  return 'not refused';
};
const kinds = (told: RunProgress[]): string[] => told.map(({ kind }) => kind);

// First, so that what other tests have left to be collected is not counted.
it('a file of 50 MB takes no more than 50 ms of the console at once, and its last line is told', async () => {
  const line = `INSERT INTO users SELECT 1 WHERE '${'ü'.repeat(490)}' = '';\n`;
  project.write({ 'migrations/000002_posts.up.sql': `${line.repeat(50_000)}SELECT nothing;\n` });
  await runner.run({ kind: 'up', count: 1 });
  // What this thread computes between two beats, not the time that passes: other processes of the machine may hold it up.
  let longest = 0;
  let before = process.threadCpuUsage();
  const beat = setInterval(() => {
    const now = process.threadCpuUsage(before);
    longest = Math.max(longest, (now.user + now.system) / 1000);
    before = process.threadCpuUsage();
  }, 2);
  const { failed } = await runner.run({ kind: 'up' });
  clearInterval(beat);
  expect(failed).toMatchObject({
    line: 50_001,
    statement: 'SELECT nothing',
    problem: { server: { sqlstate: '42703' } },
  });
  expect(longest).toBeLessThan(50);
}, 120_000);

describe('up and down', () => {
  it('runs all pending files, and leaves the one row that the tool leaves', async () => {
    const { ran, told, from, to } = await runner.run({ kind: 'up' });
    expect({ ran, from, to }).toEqual({ ran: 3, from: 'no version', to: 'version 10' });
    expect(await state()).toEqual(['10']);
    expect(await tables()).toEqual(['posts', 'tags', 'users']);
    expect(told.filter(({ kind }) => kind === 'statement').map((one) => 'state' in one && one.state)).toEqual(
      ['begun', 'done', 'begun', 'done', 'begun', 'done', 'begun', 'done'],
    );
    expect(told.at(-1)).toMatchObject({ kind: 'finished', ran: 3, cancelled: false });
  });

  it('makes the table as the tool does', async () => {
    await runner.run({ kind: 'up', count: 1 });
    const { rows } = await client.query(
      `SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull FROM pg_attribute
       WHERE attrelid = 'schema_migrations'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    expect(rows).toEqual([
      { attname: 'version', type: 'bigint', attnotnull: true },
      { attname: 'dirty', type: 'boolean', attnotnull: true },
    ]);
  });

  it('goes step by step, to a version, and nowhere when there is nothing to do', async () => {
    await runner.run({ kind: 'up', count: 1 });
    expect(await state()).toEqual(['1']);
    await runner.run({ kind: 'goto', version: '000010' });
    expect(await state()).toEqual(['10']);
    await runner.run({ kind: 'goto', version: '1' }, { way: 'back' });
    expect(await state()).toEqual(['1']);
    const nothing = await runner.run({ kind: 'goto', version: '1' });
    expect(nothing.ran).toBe(0);
  });

  it('moves on without running anything where a direction has no file', async () => {
    await runner.run({ kind: 'up' });
    await runner.run({ kind: 'down', count: 1 });
    expect(await state()).toEqual(['2']);
    expect(await tables()).toContain('tags');
  });

  it('leaves an empty table behind the first one', async () => {
    await runner.run({ kind: 'up', count: 2 });
    const { ran } = await runner.run({ kind: 'down', count: 5 });
    expect(ran).toBe(2);
    expect(await state()).toEqual([]);
    expect(await tables()).toEqual([]);
    expect(await refusal(runner.run({ kind: 'down', count: 1 }))).toBe('nothing-applied');
  });

  it('takes the last one back and runs it again', async () => {
    await runner.run({ kind: 'up', count: 1 });
    await client.query('INSERT INTO users VALUES (2)');
    await runner.run({ kind: 'redo' });
    expect((await client.query('SELECT id FROM users')).rows).toEqual([{ id: 1 }]);
    expect(await state()).toEqual(['1']);
  });

  it('brings the sample’s folder from nothing to the schema of the sample', async () => {
    const folder = join(import.meta.dirname, '../../../assets/samples/edictflow/server/migrations');
    project.delete('migrations');
    for (const name of readdirSync(folder))
      project.write({ [`migrations/${name}`]: readFileSync(join(folder, name)) });
    await client.query('CREATE EXTENSION IF NOT EXISTS pgcrypto');
    await server.query(`CREATE DATABASE gm_${database}_by_hand`);
    const other = await server.connect({ database: `gm_${database}_by_hand` });
    for (const name of readdirSync(folder)
      .filter((one) => one.endsWith('.up.sql'))
      .sort())
      await other.query(readFileSync(join(folder, name), 'utf8'));
    const { ran, failed } = await runner.run({ kind: 'up' });
    expect(failed).toBeUndefined();
    expect(ran).toBe(9);
    expect(await state()).toEqual(['9']);
    const columns = `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> 'schema_migrations' ORDER BY 1, ordinal_position`;
    expect((await client.query(columns)).rows).toEqual((await other.query(columns)).rows);
    const constraints = `SELECT conrelid::regclass::text AS on, conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'schema_migrations' ORDER BY 1, 2`;
    expect((await client.query(constraints)).rows).toEqual((await other.query(constraints)).rows);
    await other.end();
    await runner.run({ kind: 'down', count: 9 });
    expect(await tables()).toEqual([]);
  });
});

describe('what fails', () => {
  it('stays dirty at the target, with nothing of the file, and says where', async () => {
    project.write({
      'migrations/000002_posts.up.sql':
        'CREATE TABLE posts (id int);\n\n-- and more\nINSERT INTO posts\n  SELECT nothing;\n',
    });
    const { ran, failed } = await runner.run({ kind: 'up' });
    expect(ran).toBe(1);
    expect(await state()).toEqual(['2 dirty']);
    expect(await tables()).toEqual(['users']);
    expect(failed).toMatchObject({
      id: '2',
      file: 'migrations/000002_posts.up.sql',
      line: 5,
      statement: 'INSERT INTO posts\n  SELECT nothing',
      problem: { cause: 'statement-failed', server: { sqlstate: '42703' } },
    });
    expect(failed?.state).toMatch(/dirty at version 2/);
    expect(failed?.waysOut).toEqual([
      {
        said: expect.stringMatching(/undid it\. Mend it and force 1\./),
        act: { kind: 'force', version: '1' },
      },
      { said: 'Then run it again.', act: { kind: 'again' } },
    ]);
    expect(await refusal(runner.run({ kind: 'up' }))).toBe('dirty');
  });

  it('tells the statement of an error that has no position', async () => {
    project.write({
      'migrations/000002_posts.up.sql':
        'CREATE TABLE posts (id int PRIMARY KEY);\nINSERT INTO posts VALUES (1);\nINSERT INTO posts VALUES (1);\nSELECT 1;',
    });
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({
      line: 3,
      statement: 'INSERT INTO posts VALUES (1)',
      problem: { server: { sqlstate: '23505' } },
    });
  });

  it('leaves -1 when the first down file fails, and the target of the others', async () => {
    await runner.run({ kind: 'up' });
    project.write({ 'migrations/000002_posts.down.sql': 'DROP TABLE nonsense;' });
    await runner.run({ kind: 'down', count: 2 });
    expect(await state()).toEqual(['1 dirty']);
    await client.query('UPDATE schema_migrations SET version = 1, dirty = false');
    project.write({ 'migrations/000001_users.down.sql': 'DROP TABLE nonsense;' });
    const { failed } = await runner.run({ kind: 'down', count: 1 });
    expect(await state()).toEqual(['-1 dirty']);
    expect(failed?.waysOut[0]?.act).toEqual({ kind: 'force', version: '1' });
    expect(await refusal(runner.run({ kind: 'up' }))).toBe('dirty');
  });

  it('keeps what a COMMIT in the file has made lasting, and says that it can’t be sure', async () => {
    project.write({
      'migrations/000002_posts.up.sql': 'BEGIN; CREATE TABLE posts (id int); COMMIT;\nSELECT nothing;',
    });
    const { failed } = await runner.run({ kind: 'up' });
    expect(await tables()).toEqual(['posts', 'users']);
    expect(failed?.waysOut.map(({ said }) => said).join(' ')).toMatch(
      /Look what of the file is in the database/,
    );
  });

  it('refuses to go on from a version that no file has', async () => {
    await runner.run({ kind: 'up', count: 1 });
    await client.query('UPDATE schema_migrations SET version = 7');
    expect(await refusal(runner.run({ kind: 'up' }))).toBe('migration-file-missing');
    expect(await refusal(runner.run({ kind: 'down', count: 1 }))).toBe('migration-file-missing');
    expect(await state()).toEqual(['7']);
  });

  it('refuses the way back as a way forward, and the other way round', async () => {
    await runner.run({ kind: 'up' });
    expect(await refusal(runner.run({ kind: 'goto', version: '1' }))).toBe('wrong-way');
    await runner.run({ kind: 'goto', version: '1' }, { way: 'back' });
    expect(await refusal(runner.run({ kind: 'goto', version: '10' }, { way: 'back' }))).toBe('wrong-way');
  });

  it('refuses what is not the plan that was seen', async () => {
    const { token } = await runner.plan({ kind: 'up' });
    project.write({ 'migrations/000010_tags.up.sql': 'CREATE TABLE tags (id bigint);' });
    expect(await refusal(runner.run({ kind: 'up' }, { token }))).toBe('plan-changed');
    expect(await state()).toBeUndefined();
  });

  it('says that a role without the right to change may not', async () => {
    await runner.run({ kind: 'up', count: 1 });
    await server.query(
      "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'looker') THEN CREATE ROLE looker LOGIN PASSWORD 'postgres'; END IF; END $$",
    );
    await client.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker');
    const own = await openRunner(server, `gm_${database}`, project, golangMigrate, 'looker');
    const { failed, ran } = await own.run({ kind: 'up' });
    expect(ran).toBe(0);
    expect(failed).toMatchObject({ problem: { cause: 'state-not-written', server: { sqlstate: '42501' } } });
    expect(failed?.state).toBe('golang-migrate is at version 1, clean.');
    expect(await state()).toEqual(['1']);
    await own.close();
  });

  it('refuses commands of psql’s and rows of COPY, with the line', async () => {
    project.write({ 'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\n\\i other.sql\n' });
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(/000002_posts\.up\.sql, line 2/);
    project.write({
      'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\nCOPY posts FROM stdin;\n1\n\\.\n',
    });
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(/line 2.*COPY … FROM stdin/s);
    project.write({ 'migrations/000002_posts.up.sql': Buffer.from('-- gr\xfc\xdfe\nSELECT 1;', 'latin1') });
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(/line 1.*UTF-8/s);
    project.write({ 'migrations/000002_posts.up.sql': '\ufeffSELECT 1;' });
    await expect(runner.run({ kind: 'up' })).rejects.toThrow(/byte order mark/);
    expect(await state()).toBeUndefined();
  });
});

describe('indexes that are built concurrently', () => {
  const alone = 'CREATE INDEX CONCURRENTLY users_id ON users (id);\n';

  it('work alone in their file', async () => {
    project.write({ 'migrations/000002_posts.up.sql': alone });
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toBeUndefined();
    expect(await state()).toEqual(['10']);
  });

  it('are refused by the server beside others, and that was said before', async () => {
    project.write({ 'migrations/000002_posts.up.sql': `CREATE TABLE posts (id int);\n${alone}` });
    const plan = await runner.plan({ kind: 'up' });
    expect(plan.steps[1]?.faults).toEqual([
      expect.stringMatching(/^Line 2: CREATE INDEX CONCURRENTLY can’t run within a transaction/),
    ]);
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({ line: 2, problem: { server: { sqlstate: '25001' } } });
    expect(await state()).toEqual(['2 dirty']);
    expect(await tables()).toEqual(['users']);
  });

  it('that fail leave an invalid index, which is named', async () => {
    project.write({
      'migrations/000001_users.up.sql': 'CREATE TABLE users (id int); INSERT INTO users VALUES (1), (1);',
      'migrations/000002_posts.up.sql': 'CREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);',
    });
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed?.waysOut.map(({ act }) => act)).toEqual([
      { kind: 'statement', sql: 'DROP INDEX CONCURRENTLY public.users_id;' },
      { kind: 'inspect', id: '2' },
      { kind: 'force', version: '1' },
      { kind: 'again' },
      { kind: 'force', version: '2' },
    ]);
  });

  it('name an invalid index also while the server still shows the session as building it', async () => {
    const at = { database: `gm_${database}` };
    const [holder, builder] = [await server.connect(at), await server.connect(at)];
    await holder.query('CREATE TABLE users (id int)');
    await holder.query('BEGIN; INSERT INTO users VALUES (1)');
    const { rows } = await builder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const building = builder.query('CREATE INDEX CONCURRENTLY users_id ON users (id)');
    const pid = rows[0]?.pid ?? 0;
    const found = async (own: number) => (await invalidIndexes(runner.needs, own)).length;
    await expect.poll(() => found(pid), { timeout: 5000, interval: 20 }).toBe(1);
    expect(await found(0)).toBe(0);
    await holder.query('COMMIT');
    await building;
    expect(await found(pid)).toBe(0);
    await Promise.all([holder.end(), builder.end()]);
  });
});

describe('locks', () => {
  const names = [`/gm_`, `gm_`, '/'];

  it.each(names.map((name) => [name]))(
    'waits for whoever holds the tool’s lock as %s…, and names them',
    async (name) => {
      const of = name === '/' ? '/' : `${name}${database}`;
      const key = String(lockKey('public', 'schema_migrations', of));
      const other = await server.connect({ database: `gm_${database}`, application: 'migrate' });
      await other.query('SELECT pg_advisory_lock($1::bigint)', [key]);
      let waited = '';
      const { ran } = await runner.run(
        { kind: 'up' },
        {
          onTell: (progress) => {
            if (progress.kind !== 'waiting' || waited) return;
            waited = progress.holder;
            void other.query('SELECT pg_advisory_unlock_all()');
          },
        },
      );
      expect(waited).toMatch(/^pid \d+, postgres, migrate/);
      expect(ran).toBe(3);
      await other.end();
    },
  );

  it('gives up on a lock that is not let go, with nothing run', async () => {
    const other = await server.connect({ database: `gm_${database}` });
    await other.query('SELECT pg_advisory_lock($1::bigint)', [
      String(lockKey('public', 'schema_migrations', `/gm_${database}`)),
    ]);
    expect(await refusal(runner.run({ kind: 'up' }, { lockWaitMs: 600 }))).toBe('lock-held');
    expect(await state()).toBeUndefined();
    await other.end();
  });

  it('holds all three variants while it runs, and none afterwards', async () => {
    project.write({ 'migrations/000002_posts.up.sql': 'SELECT pg_sleep(0.6);' });
    const held = async (): Promise<string[]> =>
      (
        await client.query(
          "SELECT objid::text AS key FROM pg_locks WHERE locktype = 'advisory' AND granted ORDER BY 1",
        )
      ).rows.map(({ key }) => key);
    const running = runner.run({ kind: 'up' });
    await expect.poll(held, { interval: 30, timeout: 20_000 }).toHaveLength(3);
    await running;
    expect(await held()).toEqual([]);
  });

  it('tries again when a lock was not to be had in time, until the blocker has gone', async () => {
    await runner.run({ kind: 'up', count: 1 });
    project.write({
      'migrations/000002_posts.up.sql':
        'CREATE TABLE posts (id int);\nALTER TABLE users ADD COLUMN name text;',
    });
    await client.query('BEGIN; SELECT * FROM users');
    let retries = 0;
    const { ran, failed } = await runner.run(
      { kind: 'up' },
      {
        lockTimeoutMs: 150,
        onTell: (progress) => {
          if (progress.kind === 'statement' && progress.state === 'retry' && ++retries === 2)
            void client.query('COMMIT');
        },
      },
    );
    expect(failed).toBeUndefined();
    expect(ran).toBe(2);
    expect(retries).toBeGreaterThanOrEqual(2);
    expect(await state()).toEqual(['10']);
  });

  it('does not try again what was not undone as a whole', async () => {
    await runner.run({ kind: 'up', count: 1 });
    project.write({
      'migrations/000002_posts.up.sql':
        'BEGIN; CREATE TABLE posts (id int); COMMIT;\nALTER TABLE users ADD COLUMN name text;',
    });
    await client.query('BEGIN; SELECT * FROM users');
    const { failed, told } = await runner.run({ kind: 'up' }, { lockTimeoutMs: 100 });
    await client.query('COMMIT');
    expect(failed).toMatchObject({ line: 2, problem: { cause: 'lock-timeout' } });
    expect(told.some((one) => one.kind === 'statement' && one.state === 'retry')).toBe(false);
    expect(await state()).toEqual(['2 dirty']);
  });
});

describe('cancelling and losing the connection', () => {
  it('in the middle of a statement leaves the version dirty and nothing of the file, as the tool would', async () => {
    project.write({ 'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\nSELECT pg_sleep(30);' });
    const stop = new AbortController();
    const from = performance.now();
    const { cancelled, failed, ran, told } = await runner.run(
      { kind: 'up' },
      {
        signal: stop.signal,
        onTell: (one) => one.kind === 'step' && one.id === '2' && setTimeout(() => stop.abort(), 500),
      },
    );
    expect(performance.now() - from).toBeLessThan(5000);
    expect({ cancelled, ran }).toEqual({ cancelled: true, ran: 1 });
    expect(failed).toMatchObject({ problem: { cause: 'cancelled' }, line: 2 });
    expect(kinds(told).slice(-2)).toEqual(['failed', 'finished']);
    expect(await state()).toEqual(['2 dirty']);
    expect(await tables()).toEqual(['users']);
  });

  it('before anything has run leaves nothing', async () => {
    const stop = new AbortController();
    stop.abort();
    const { cancelled, ran } = await runner.run({ kind: 'up' }, { signal: stop.signal });
    expect({ cancelled, ran }).toEqual({ cancelled: true, ran: 0 });
    expect(await state()).toBeUndefined();
  });

  it('between two files leaves a clean version', async () => {
    const stop = new AbortController();
    const { cancelled, failed, ran } = await runner.run(
      { kind: 'up' },
      {
        signal: stop.signal,
        onTell: (one) => one.kind === 'statement' && one.state === 'done' && one.line === 2 && stop.abort(),
      },
    );
    expect({ cancelled, failed, ran }).toEqual({ cancelled: true, failed: undefined, ran: 1 });
    expect(await state()).toEqual(['1']);
  });

  it('by a killed session tells what was found afterwards', async () => {
    project.write({ 'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\nSELECT pg_sleep(30);' });
    const kill = setInterval(() => {
      void client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
      );
    }, 200);
    const { failed, cancelled } = await runner.run({ kind: 'up' });
    clearInterval(kill);
    expect(cancelled).toBe(false);
    expect(failed).toMatchObject({ problem: { cause: 'connection-lost' } });
    expect(failed?.state).toMatch(/dirty at version 2/);
    expect(failed?.waysOut.map(({ said }) => said).join(' ')).toMatch(
      /Look what of the file is in the database/,
    );
    expect(await state()).toEqual(['2 dirty']);
  });
});

it('says so when the way there breaks and the server works on', async () => {
  project.write({ 'migrations/000002_posts.up.sql': 'CREATE TABLE posts (id int);\nSELECT pg_sleep(20);' });
  const lend = runner.needs.lend;
  runner.needs.lend = async (signal) => {
    const lent = await lend(signal);
    const { stream } = (lent.client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    const cut = setInterval(async () => {
      const { rows } = await client.query(
        "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()",
      );
      if (!rows.length) return;
      clearInterval(cut);
      stream.destroy();
    }, 100);
    return lent;
  };
  const { failed } = await runner.run({ kind: 'up' });
  expect(failed).toMatchObject({ problem: { cause: 'connection-lost' } });
  expect(failed?.state).toMatch(
    /^The server is still at work on it, as process \d+\. golang-migrate is dirty at version 2/,
  );
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()",
  );
});

it('warns of a new enum value that is used at once, which the server then refuses', async () => {
  project.write({
    'migrations/000001_users.up.sql': "CREATE TYPE mood AS ENUM ('fine'); CREATE TABLE users (mood mood);",
    'migrations/000002_posts.up.sql': "ALTER TYPE mood ADD VALUE 'sad';\nINSERT INTO users VALUES ('sad');",
  });
  const plan = await runner.plan({ kind: 'up' });
  expect(plan.steps[1]?.faults).toEqual([expect.stringMatching(/^Line 2: .*55P04/)]);
  const { failed } = await runner.run({ kind: 'up' });
  expect(failed).toMatchObject({ line: 2, problem: { server: { sqlstate: '55P04' } } });
});

it('passes on what the server remarks', async () => {
  project.write({ 'migrations/000002_posts.up.sql': "DO $$ BEGIN RAISE NOTICE 'hello'; END $$;" });
  const { told } = await runner.run({ kind: 'up' });
  expect(told).toContainEqual({ kind: 'notice', text: 'NOTICE: hello' });
});

it('runs two hundred files', async () => {
  project.delete('migrations');
  for (let number = 1; number <= 200; number++)
    project.write({
      [`migrations/${String(number).padStart(6, '0')}_t.up.sql`]: `CREATE TABLE t${number} (id int);`,
    });
  const { ran } = await runner.run({ kind: 'up' });
  expect(ran).toBe(200);
  expect(await state()).toEqual(['200']);
}, 60_000);

describe('x-multi-statement', () => {
  const cuts = {
    Makefile:
      'up:\n\tmigrate -database "$(URL)?sslmode=disable&x-multi-statement=true" -path migrations up\n',
    'migrations/000002_posts.up.sql':
      'CREATE TABLE posts (id int);\nCREATE INDEX CONCURRENTLY posts_id ON posts (id);\n\n;CREATE TABLE more (id int);\nSELECT nothing;\n',
  };

  it('that the project calls the tool with is told, and files are sent in pieces as the tool does', async () => {
    project.write(cuts);
    const { warnings, steps } = await runner.plan({ kind: 'up' });
    expect(warnings).toEqual([
      expect.stringMatching(/^Makefile, line 2, calls golang-migrate with x-multi-statement/),
    ]);
    expect(steps[1]).toMatchObject({ transaction: 'none', faults: [] });
    const { failed, told } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({ line: 5, statement: 'SELECT nothing' });
    expect(failed?.waysOut[0]?.act).toEqual({ kind: 'inspect', id: '2' });
    expect(
      told.filter((one) => one.kind === 'statement' && one.id === '2' && one.state === 'begun'),
    ).toHaveLength(4);
    // Nothing holds the pieces together.
    expect(await tables()).toEqual(['more', 'posts', 'users']);
    expect(await state()).toEqual(['2 dirty']);
  });

  it('cuts bodies of functions too, which the server then refuses, as with the tool', async () => {
    project.write({ ...cuts, 'migrations/000002_posts.up.sql': 'DO $$ BEGIN PERFORM 1; END $$;' });
    const { failed } = await runner.run({ kind: 'up' });
    expect(failed).toMatchObject({ problem: { server: { sqlstate: '42601' } } });
  });

  it('in a comment, or switched off, changes nothing', async () => {
    project.write({
      ...cuts,
      Makefile: '# x-multi-statement=true\nup:\n\tmigrate "?x-multi-statement=false"\n',
    });
    const { warnings, steps } = await runner.plan({ kind: 'up' });
    expect(warnings).toEqual([]);
    expect(steps[1]?.faults).toEqual([expect.stringMatching(/CREATE INDEX CONCURRENTLY can’t run within/)]);
  });
});
