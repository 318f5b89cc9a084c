import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient, implement } from '@orpc/server';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openLooks } from '../../../main/migrations/look.ts';
import { openNotebook } from '../../../main/migrations/notebook.ts';
import { runProcedures } from '../../../main/migrations/run/procedures.ts';
import { openRunning } from '../../../main/migrations/running.ts';
import type { MigrationTool } from '../../../main/migrations/tool.ts';
import { golangMigrate } from '../../../main/migrations/tools/golang-migrate.ts';
import type { RpcContext } from '../../../main/rpc.ts';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { openStore } from '../../../main/store/index.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { migrationRuns, type RunProgress } from '../../../preload/contract/migration-runs.ts';
import { pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const contract = { migrations: migrationRuns };
const track = 'golang-migrate:public.schema_migrations';
let server: TestServer;
let client: Client;
let project: Project;
let pool: ServerPool;
let call: ContractRouterClient<typeof contract>['migrations'];
let events: string[];
let database = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => await server.remove());
beforeEach(async () => {
  project = makeProject({
    'm/1_a.up.sql': 'CREATE TABLE a (id int);',
    'm/1_a.down.sql': 'DROP TABLE a;',
    'm/2_b.up.sql': 'CREATE TABLE b (id int);',
    'm/2_b.down.sql': 'DROP TABLE b;',
  });
  await server.query(`CREATE DATABASE procedures_${++database}`);
  client = await server.connect({ database: `procedures_${database}` });
  await client.query(
    'CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null)',
  );
  const folder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  const store = openStore(folder);
  const { connection } = parseConnectionUrl(server.url(`procedures_${database}`));
  pool = openPool(
    { connection, password: 'postgres' },
    { way: { target: connection, tls: false, pooled: false } },
  );
  const environment = { id: 'e', name: 'test', connection } as Environment;
  events = [];
  const os = implement(contract).$context<RpcContext>();
  const looks = openLooks({
    tools: [golangMigrate as MigrationTool],
    notebook: openNotebook(store),
    pool: () => pool,
    ownFolders: () => [project.root],
  });
  const procedures = runProcedures(os as never, {
    findEnvironment: () => environment,
    looks,
    pool: () => pool,
    running: openRunning(),
    onEvent: (id, kind, text) => events.push(`${id} ${kind}: ${text}`),
  });
  const router = os.router({ migrations: procedures } as never);
  call = (
    createRouterClient(router as never, { context: { who: 'tester' } as never }) as ContractRouterClient<
      typeof contract
    >
  ).migrations;
  return async () => {
    await pool.close();
    await client.end();
    store.close();
    project.remove();
    rmSync(folder, { recursive: true, force: true });
  };
});

const on = { environment: 'e', track };
const all = async (stream: AsyncIterable<RunProgress>): Promise<RunProgress[]> => {
  const told: RunProgress[] = [];
  for await (const one of stream) told.push(one);
  return told;
};
const version = async () => (await client.query('SELECT version::text, dirty FROM schema_migrations')).rows;

it('previews, applies, reverts, and notes each at the environment', async () => {
  const up = { kind: 'up' as const };
  const { token, steps } = await call.preview({ ...on, action: up });
  expect(steps).toHaveLength(2);
  const told = await all(await call.apply({ ...on, action: up, token }));
  expect(told.map(({ kind }) => kind)).toEqual([
    'begun',
    'step',
    'statement',
    'statement',
    'step',
    'statement',
    'statement',
    'finished',
  ]);
  expect(await version()).toEqual([{ version: '2', dirty: false }]);
  const back = { kind: 'goto' as const, version: '1' };
  const plan = await call.preview({ ...on, action: back });
  await expect(all(await call.apply({ ...on, action: back, token: plan.token }))).rejects.toMatchObject({
    code: 'INVALID',
    data: { cause: 'wrong-way' },
  });
  await all(await call.revert({ ...on, action: back, token: plan.token }));
  expect(await version()).toEqual([{ version: '1', dirty: false }]);
  expect(events).toEqual([
    'e migration: golang-migrate, m: 2 migrations run, from no version to version 2',
    'e migration: golang-migrate, m: 1 migration run, from version 2 to version 1',
  ]);
});

it('a failure is told, noted, forced and run again', async () => {
  project.write({ 'm/2_b.up.sql': "CREATE ROLE r PASSWORD 'geheim' NONSENSE;" });
  const up = { kind: 'up' as const };
  const { token } = await call.preview({ ...on, action: up });
  const told = await all(await call.apply({ ...on, action: up, token }));
  const failed = told.find(({ kind }) => kind === 'failed');
  expect(failed).toMatchObject({ file: 'm/2_b.up.sql', line: 1 });
  expect(JSON.stringify([failed, events])).not.toContain('geheim');
  expect(events[0]).toMatch(
    /1 migration run from no version, then m\/2_b\.up\.sql, line 1, failed with SQLSTATE 42601/,
  );
  expect(await version()).toEqual([{ version: '2', dirty: true }]);

  const status = await call.mark({ ...on, mark: { kind: 'force', version: '1' } });
  expect(status.tracks[0]).toMatchObject({ current: ['1'], dirty: null });
  project.write({ 'm/2_b.up.sql': 'CREATE TABLE b (id int);' });
  const again = await call.preview({ ...on, action: up });
  await all(await call.apply({ ...on, action: up, token: again.token }));
  expect(await version()).toEqual([{ version: '2', dirty: false }]);
});

it('forces any version, and none, exactly as the tool', async () => {
  await call.mark({ ...on, mark: { kind: 'force', version: '0077' } });
  expect(await version()).toEqual([{ version: '77', dirty: false }]);
  await call.mark({ ...on, mark: { kind: 'force', version: '-1' } });
  expect(await version()).toEqual([]);
  for (const wrong of ['-2', 'x', '', '99999999999999999999'])
    await expect(call.mark({ ...on, mark: { kind: 'force', version: wrong } })).rejects.toMatchObject({
      data: { cause: 'version-invalid' },
    });
  await expect(call.mark({ ...on, mark: { kind: 'applied', id: '1' } })).rejects.toMatchObject({
    data: { cause: 'mark-not-kept' },
  });
});

it('who stops listening stops the run, which is noted', async () => {
  project.write({ 'm/2_b.up.sql': 'SELECT pg_sleep(30);' });
  const up = { kind: 'up' as const };
  const { token } = await call.preview({ ...on, action: up });
  const stop = new AbortController();
  const stream = await call.apply({ ...on, action: up, token }, { signal: stop.signal });
  try {
    for await (const one of stream)
      if (one.kind === 'step' && one.id === '2') setTimeout(() => stop.abort(), 300);
  } catch {
    // The stream breaks off where it is stopped.
  }
  await expect
    .poll(() => events[0], { timeout: 20_000 })
    .toMatch(/was cancelled\. golang-migrate is dirty at version 2/);
  expect(await version()).toEqual([{ version: '2', dirty: true }]);
  expect(
    (await client.query("SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'")).rows,
  ).toEqual([{ n: 0 }]);
});

it('makes the files of a new migration', async () => {
  const { files } = await call.create({ ...on, name: 'add orders' });
  expect(files).toEqual(['m/3_add_orders.up.sql', 'm/3_add_orders.down.sql']);
  await expect(call.create({ ...on, name: '../../etc' })).rejects.toMatchObject({ data: { field: 'name' } });
});

it.skipIf(!pgbouncer)(
  'is refused behind a pooler, which would share the run’s locks with others',
  async () => {
    const bouncer = await startPgbouncer(server.port, 'transaction');
    try {
      await pool.close();
      const { connection } = parseConnectionUrl(server.url(`procedures_${database}`));
      const there = { ...connection, port: bouncer.port };
      pool = openPool(
        { connection: there, password: 'postgres' },
        { way: { target: there, tls: false, pooled: true } },
      );
      const { token } = await call.preview({ ...on, action: { kind: 'up' } });
      await expect(all(await call.apply({ ...on, action: { kind: 'up' }, token }))).rejects.toMatchObject({
        data: { cause: 'behind-pooler' },
      });
      expect(await version()).toEqual([]);
      await pool.close();
      pool = openPool(
        { connection, password: 'postgres' },
        { way: { target: connection, tls: false, pooled: false } },
      );
    } finally {
      await bouncer.stop();
    }
  },
);
