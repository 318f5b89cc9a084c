import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { openTestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

// A process for each call.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let dataFolder: string;
const run = (...args: string[]) => howdah(['vacuum', ...args], { dataFolder });

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-vacuum-'));
  server = await startPostgres();
  await server.hba(['host all all 127.0.0.1/32 trust']);
  await server.query(`CREATE TABLE orders (id int PRIMARY KEY) WITH (autovacuum_enabled = off);
    INSERT INTO orders SELECT generate_series(1, 1000); ANALYZE orders; DELETE FROM orders WHERE id <= 600`);
  const url = server.url().replace(':postgres@', '@');
  const added = await howdah(['environments', 'add', url, '--name', 'shop', '--protection', 'guarded'], {
    dataFolder,
  });
  if (added.code !== 0) throw new Error(added.stderr);
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

test('tells what is due, and vacuums it with the name given', async () => {
  const status = await run('status', 'shop');
  expect(status.stdout).toMatch(/public\.orders +overdue +600 +250/);
  expect(status.stdout).toContain('Vacuum is forced from 200,000,000 transactions on');
  expect(status.code).toBe(0);
  const refused = await run('run', 'shop', 'orders');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('shop');
  const done = await run('run', 'shop', 'orders', '"public".orders', '--analyze', '--confirm', 'shop');
  expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^VACUUM of 2 objects done in/) });
  expect(done.stderr).toContain('VACUUM (VERBOSE, ANALYZE) "public"."orders"');
  const reindexed = await run('reindex', 'shop', 'orders_pkey', '--index', '--confirm', 'shop', '--json');
  expect(JSON.parse(reindexed.stdout)).toMatchObject({ kind: 'ended', leftovers: [] });
  const failed = await run('analyze', 'shop', 'nowhere', '--confirm', 'shop');
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('no public.nowhere') });
  const after = await run('status', 'shop', '--json', '--filter', 'orders');
  expect(JSON.parse(after.stdout)).toMatchObject({ tables: [{ dead: { counted: 0 }, vacuums: 2 }], due: 0 });
});

test('exits with 1 while autovacuum is off for the whole server', async () => {
  await server.query('ALTER SYSTEM SET autovacuum = off');
  await server.query('SELECT pg_reload_conf()');
  const { code, stdout } = await run('status', 'shop', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ autovacuum: false });
});

test('lists, previews and runs jobs, by a scheduler without the name', async () => {
  await server.query(`CREATE TABLE line (id int PRIMARY KEY, at timestamptz NOT NULL);
    INSERT INTO line SELECT g, now() - g * interval '1 day' + interval '1 hour' FROM generate_series(1, 100) g`);
  const console = await openTestConsole({ dataFolder, connect: false });
  await console.client.maintenance.retention.add({
    environment: 'shop',
    confirm: 'shop',
    draft: {
      name: 'old lines',
      target: {
        kind: 'delete',
        schema: 'public',
        table: 'line',
        column: 'at',
        keep: { count: 90, unit: 'days' },
        batch: 4,
      },
    },
  });
  await console.close();
  const listed = await run('retention', 'list', 'shop');
  expect(listed.stdout).toMatch(/old lines +rows of public\.line with at older than 90 days +never/);
  const preview = await run('retention', 'preview', 'shop', 'old lines');
  expect(preview).toMatchObject({ code: 0, stdout: expect.stringContaining('\n10 rows\n') });
  expect(preview.stderr).toContain('No index begins with at');
  expect((await run('retention', 'run', 'shop', 'old lines')).code).toBe(2);
  expect(await run('retention', 'run', 'shop', 'old lines', '--scheduled')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('done: 10 rows of public.line'),
  });
  expect(await server.query('SELECT count(*) FROM line')).toEqual([{ count: '90' }]);
  expect(await run('retention', 'preview', 'shop', 'none')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no retention job "none"'),
  });
});
