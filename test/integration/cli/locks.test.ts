import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let dataFolder: string;
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  server = await startPostgres();
  await server.query('CREATE TABLE account (id int)');
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

const show = (...more: string[]) =>
  howdah(['locks', 'show', server.url().replace(':postgres@', '@'), ...more], {
    dataFolder,
    env: { PGPASSWORD: 'postgres' },
  });

it('locks show draws who waits for whom, and its code says whether anybody does', async () => {
  expect(await show()).toMatchObject({ code: 0, stdout: 'Nobody waits for a lock.\n', stderr: '' });
  const root = await server.connect({ application: 'nightly' });
  const waiter = await server.connect({ application: 'billing' });
  await root.query('BEGIN; LOCK TABLE account');
  void waiter.query('SELECT * FROM account').catch(() => undefined);
  await eventually(async () => (await server.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0);
  const [text, json] = await Promise.all([show(), show('--json')]);
  expect(text.code).toBe(1);
  const [head, first, second, sum] = text.stdout.trim().split('\n');
  expect(head).toMatch(/^backend +state +waits +transaction +for +mode +user/);
  expect(first).toMatch(/^\d+ +idle in transaction .* nightly +BEGIN; LOCK TABLE account$/);
  expect(second).toMatch(/^└ \d+ +waiting .* account +AccessShare +postgres +postgres +billing/);
  expect(sum).toMatch(/^1 session waits behind 1 root: .+ at most, .+ together\.$/);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    waiting: 1,
    roots: 1,
    parties: [{ application: 'nightly' }, { application: 'billing', waitsFor: { target: 'account' } }],
    locks: [{ target: 'account', mode: 'AccessShareLock', waiters: 1 }],
    limits: [],
  });
});
