import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MigrationTool } from '../../../main/migrations/tool.ts';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { golangMigrate, lockKey } from '../../../main/migrations/tools/golang-migrate.ts';
import { homeMade } from '../../../main/migrations/tools/home-made.ts';
import type { RunProgress } from '../../../preload/contract/migration-runs.ts';
import { openRunConsole, type RunConsole } from '../../support/migration-procedures.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

let server: TestServer;
let client: Client;
let project: Project;
let console: RunConsole;
let database = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject();
  await server.query(`CREATE DATABASE cancel_${++database}`);
  client = await server.connect({ database: `cancel_${database}` });
  console = openRunConsole(server.url(`cancel_${database}`), project, [
    golangMigrate,
    dbmate,
    homeMade,
  ] as MigrationTool<never>[]);
  return async () => {
    await console.close();
    await client.end();
    project.remove();
  };
});

const rows = async (): Promise<string[]> =>
  (
    await client.query<{ row: string }>(
      'SELECT s::text AS row FROM (SELECT * FROM schema_migrations ORDER BY 1) AS s',
    )
  ).rows.map(({ row }) => row);
const there = async (...names: string[]): Promise<string[]> =>
  (
    await client.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL',
      [names],
    )
  ).rows.map(({ name }) => name);
const sleepers = async (): Promise<number> =>
  (
    await client.query(
      "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()",
    )
  ).rows.length;
const locks = async (): Promise<number> =>
  (
    await client.query(
      "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
  ).rows.length;
/** Cancels by the run's name as soon as its long statement is at work. */
const cancelAsleep = () => {
  let asked = false;
  return async ({ kind }: RunProgress, run: string): Promise<void> => {
    // The work begins once somebody listens on.
    if (asked || kind === 'begun') return;
    asked = true;
    await expect.poll(sleepers, { timeout: 20_000, interval: 50 }).toBe(1);
    expect(await console.call.cancelRun({ environment: 'e', run })).toBe(true);
  };
};
const ends = (told: RunProgress[]) => told.slice(-2);
const acts = (told: RunProgress[]) =>
  told.flatMap((one) => (one.kind === 'failed' ? one.waysOut.map(({ act }) => act) : []));

describe('a cancelled statement is ended on the server, and what is left is heard to the end', () => {
  it('golang-migrate: dirty at the file, nothing of it there where the server had it in one transaction', async () => {
    project.write({
      'm/1_a.up.sql': 'CREATE TABLE a (id int);',
      'm/2_b.up.sql': 'CREATE TABLE b (id int);\nSELECT pg_sleep(60);',
    });
    const told = await console.run(golangMigrate as never, { kind: 'up' }, cancelAsleep());
    expect(ends(told)).toMatchObject([
      { kind: 'failed', id: '2', line: 2, problem: { cause: 'cancelled' } },
      { kind: 'finished', ran: 1, cancelled: true },
    ]);
    expect(acts(told)).toEqual([{ kind: 'force', version: '1' }, { kind: 'again' }]);
    expect(await sleepers()).toBe(0);
    expect(await rows()).toEqual(['(2,t)']);
    expect(await there('a', 'b')).toEqual(['a']);
    expect(await locks()).toBe(0);
    expect(console.events).toEqual([
      expect.stringMatching(/was cancelled\. golang-migrate is dirty at version 2/),
    ]);
  });

  it('golang-migrate: of a file with transactions of its own what was committed stays, and is to be inspected', async () => {
    project.write({
      'm/1_a.up.sql': 'BEGIN; CREATE TABLE a (id int); COMMIT;\nSELECT pg_sleep(60);',
    });
    const told = await console.run(golangMigrate as never, { kind: 'up' }, cancelAsleep());
    expect(acts(told)).toEqual([
      { kind: 'inspect', id: '1' },
      { kind: 'force', version: '-1' },
      { kind: 'again' },
      { kind: 'force', version: '1' },
    ]);
    expect(await rows()).toEqual(['(1,t)']);
    expect(await there('a')).toEqual(['a']);
  });

  it('golang-migrate: an index that is built concurrently is left invalid, with the statement that drops it', async () => {
    project.write({
      'm/1_a.up.sql': 'CREATE TABLE a (id int); INSERT INTO a SELECT 1;',
      'm/2_i.up.sql': 'CREATE INDEX CONCURRENTLY "the index" ON a (id);',
    });
    await console.run(golangMigrate as never, { kind: 'up', count: 1 });
    // It waits for whoever has written the table and is not done.
    await client.query('BEGIN; INSERT INTO a VALUES (2)');
    const other = await server.connect({ database: `cancel_${database}` });
    const invalid = async () => (await other.query('SELECT FROM pg_index WHERE NOT indisvalid')).rows.length;
    const told = await console
      .run(golangMigrate as never, { kind: 'up' }, async (one, run) => {
        if (one.kind !== 'statement' || one.state !== 'begun') return;
        await expect.poll(invalid, { timeout: 20_000, interval: 50 }).toBe(1);
        await console.call.cancelRun({ environment: 'e', run });
      })
      .finally(() => other.end());
    await client.query('ROLLBACK');
    expect(acts(told)[0]).toEqual({
      kind: 'statement',
      sql: 'DROP INDEX CONCURRENTLY public."the index";',
    });
    expect(await rows()).toEqual(['(2,t)']);
  });

  it('dbmate: nothing recorded and nothing there; without a transaction what ran before is there', async () => {
    project.write({
      'db/migrations/1_a.sql':
        '-- migrate:up\nCREATE TABLE a (id int);\nSELECT pg_sleep(60);\n-- migrate:down\n',
    });
    const told = await console.run(dbmate as never, { kind: 'up' }, cancelAsleep());
    expect(ends(told)).toMatchObject([
      { kind: 'failed', problem: { cause: 'cancelled' }, state: expect.stringMatching(/undone as a whole/) },
      { kind: 'finished', ran: 0, cancelled: true },
    ]);
    expect(acts(told)).toEqual([{ kind: 'again' }]);
    expect(await rows()).toEqual([]);
    expect(await there('a')).toEqual([]);

    project.write({
      'db/migrations/1_a.sql':
        '-- migrate:up transaction:false\nBEGIN; CREATE TABLE a (id int); COMMIT;\nSELECT pg_sleep(60);\n-- migrate:down\n',
    });
    const again = await console.run(dbmate as never, { kind: 'up' }, cancelAsleep());
    expect(acts(again)).toEqual([{ kind: 'inspect', id: '1' }, { kind: 'again' }, { kind: 'mark', id: '1' }]);
    expect(await rows()).toEqual([]);
    expect(await there('a')).toEqual(['a']);
    expect(await locks()).toBe(0);
  });

  it('home-made: no row and nothing of the file, up and down', async () => {
    await client.query('CREATE TABLE schema_migrations (filename text PRIMARY KEY)');
    project.write({
      'migrations/001_a.sql': 'CREATE TABLE a (id int);',
      'migrations/001_a_down.sql': 'DROP TABLE a;\nSELECT pg_sleep(60);',
      'migrations/002_b.sql': 'CREATE TABLE b (id int);\nSELECT pg_sleep(60);',
    });
    const told = await console.run(homeMade as never, { kind: 'up' }, cancelAsleep());
    expect(ends(told)).toMatchObject([{ kind: 'failed' }, { kind: 'finished', ran: 1, cancelled: true }]);
    expect(await rows()).toEqual(['(001_a.sql)']);
    const back = await console.run(homeMade as never, { kind: 'down', count: 1 }, cancelAsleep());
    expect(acts(back)).toEqual([{ kind: 'again' }]);
    expect(await rows()).toEqual(['(001_a.sql)']);
    expect(await there('a', 'b')).toEqual(['a']);
  });
});

describe('cancelled elsewhere', () => {
  const two = { 'm/1_a.up.sql': 'CREATE TABLE a (id int);', 'm/2_b.up.sql': 'CREATE TABLE b (id int);' };

  it('between two steps it ends clean, without a failure', async () => {
    project.write(two);
    const told = await console.run(golangMigrate as never, { kind: 'up' }, (one, run) => {
      if (one.kind === 'statement' && one.id === '1' && one.state === 'done')
        return console.call.cancelRun({ environment: 'e', run });
    });
    // What it was cancelled by may come after the next step has begun: then that one is told as cancelled.
    const failed = told.some(({ kind }) => kind === 'failed');
    expect(told.at(-1)).toMatchObject({ kind: 'finished', cancelled: true });
    expect(await rows()).toEqual([failed ? '(2,t)' : '(1,f)']);
  });

  it('while it waits for the tool’s lock nothing is run, and the lock of the other stays', async () => {
    project.write(two);
    const key = String(lockKey('public', 'schema_migrations', `/cancel_${database}`));
    await client.query('SELECT pg_advisory_lock($1::bigint)', [key]);
    const told = await console.run(golangMigrate as never, { kind: 'up' }, (one, run) => {
      if (one.kind === 'waiting') return console.call.cancelRun({ environment: 'e', run });
    });
    expect(told.map(({ kind }) => kind)).toEqual(['begun', 'waiting', 'finished']);
    expect(told.at(-1)).toMatchObject({ ran: 0, cancelled: true });
    expect(await there('schema_migrations', 'a')).toEqual([]);
    expect(await locks()).toBe(1);
  });

  it('while it waits for a lock on the tool’s own table, without a limit, the wait is ended', async () => {
    project.write(two);
    await console.run(golangMigrate as never, { kind: 'up', count: 1 });
    await client.query('BEGIN; LOCK TABLE schema_migrations IN ACCESS SHARE MODE');
    const told = await console.run(golangMigrate as never, { kind: 'up' }, (one, run) => {
      if (one.kind === 'step') return console.call.cancelRun({ environment: 'e', run });
    });
    await client.query('COMMIT');
    expect(told.at(-1)).toMatchObject({ kind: 'finished', ran: 0, cancelled: true });
    expect(await rows()).toEqual(['(1,f)']);
    expect(await there('b')).toEqual([]);
  });

  it('at its very beginning nothing is run, not even the lock is taken', async () => {
    project.write(two);
    const told = await console.run(golangMigrate as never, { kind: 'up' }, (one, run) => {
      if (one.kind === 'begun') return console.call.cancelRun({ environment: 'e', run });
    });
    expect(told.at(-1)).toMatchObject({ kind: 'finished', cancelled: true });
  });

  it('an unknown run, an ended one, and one of another environment are no run: false', async () => {
    project.write(two);
    let name = '';
    await console.run(golangMigrate as never, { kind: 'up' }, (_, run) => {
      name = run;
    });
    const cancel = (run: string) => console.call.cancelRun({ environment: 'e', run });
    expect(await cancel(name)).toBe(false);
    expect(await cancel('no such run')).toBe(false);
    const { openRunning } = await import('../../../main/migrations/running.ts');
    const running = openRunning();
    const stream = running.follow('e', undefined, async (_, signal) => {
      if (!signal.aborted) throw new Error('It was to be cancelled before it began.');
    });
    const first = await stream.next();
    const run = first.value?.kind === 'begun' ? first.value.run : '';
    expect(running.cancel('another', run)).toBe(false);
    expect(running.cancel('e', run)).toBe(true);
    expect((await stream.next()).done).toBe(true);
    expect(running.cancel('e', run)).toBe(false);
  });
});
