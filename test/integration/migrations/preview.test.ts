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
