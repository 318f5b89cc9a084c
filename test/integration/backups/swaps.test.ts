import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import { howdah as command } from '../../support/cli.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

/* What swaps keep, seen later: in its place, renamed, replaced, dropped by others, swapped back, dropped. */
let server: TestServer;
let howdah: TestConsole;
let shop: string;
/** Another database of the same server. */
let beside: string;
let backup: string;
const folder = mkdtempSync(join(tmpdir(), 'howdah-test-swaps-'));
const dump = join(folder, 'shop.dump');

beforeAll(async () => {
  [server, howdah] = await Promise.all([startPostgres(), openTestConsole()]);
  await server.query('CREATE DATABASE shop');
  await server.query('CREATE TABLE items AS SELECT n FROM generate_series(1, 100) n', 'shop');
  shop = await connected('shop', 'shop', 'guarded');
  beside = await connected('beside', 'postgres', 'open');
  for await (const event of await howdah.client.backups.create({
    environment: shop,
    path: dump,
    options: { format: 'custom' },
  }))
    if (event.kind === 'finished') backup = event.backup.id ?? '';
});
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(name: string, database: string, protection: 'open' | 'guarded'): Promise<string> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(server.url(database), { name, protection }),
    password: { password: 'postgres', remember: false },
    confirm: 'shop',
  });
  await howdah.client.environments.connect({ environment: id });
  return id;
}

/** Restores in place of `shop`; gives what is kept. */
async function swapped(): Promise<string> {
  const options = { backup, database: 'shop', mode: 'swap' as const };
  const { token } = await howdah.client.backups.planRestore({ environment: beside, options });
  let kept: string | null = null;
  const input = { environment: shop, options, token, confirm: 'shop' };
  for await (const event of await howdah.client.backups.restore(input)) {
    if (event.kind === 'failed') throw new Error(JSON.stringify(event));
    if (event.kind === 'finished') kept = event.kept;
  }
  return kept ?? '';
}
const rows = async (database: string): Promise<number | undefined> =>
  (await server.query<{ n: number }>('SELECT count(*)::int AS n FROM items', database))[0]?.n;
/** Through an environment whose sessions no swap ends. */
const list = async (environment = beside): Promise<KeptDatabase[]> => {
  const { swaps, limits } = await howdah.client.backups.swaps.list({ environment });
  expect(limits).toEqual([]);
  return swaps;
};
const rename = (from: string, to: string) => server.query(`ALTER DATABASE ${from} RENAME TO ${to}`);

it('a kept database is listed with its backup and size, on every environment of its server, and is swapped back and forth', async () => {
  await server.query('DELETE FROM items WHERE n > 10', 'shop');
  const kept = await swapped();
  expect(await list()).toEqual([
    {
      id: expect.any(String),
      environment: shop,
      database: 'shop',
      kept,
      at: expect.any(Number),
      holds: 'former',
      backup,
      path: dump,
      state: 'kept',
      name: null,
      isDatabaseThere: true,
      bytes: expect.any(Number),
      said: 'What was shop before the restore.',
    },
  ]);
  expect((await list())[0]?.bytes).toBeGreaterThan(1e6);
  const { swapBack } = howdah.client.backups;
  const back = await swapBack({ environment: shop, database: 'shop', kept, confirm: 'shop' });
  expect([await rows('shop'), await rows(back.kept)]).toEqual([10, 100]);
  expect(await list()).toMatchObject([{ kept: back.kept, holds: 'restored', path: dump, state: 'kept' }]);
  const again = await swapBack({ environment: shop, database: 'shop', kept: back.kept, confirm: 'shop' });
  expect([await rows('shop'), await rows(again.kept)]).toEqual([100, 10]);
  expect(await list()).toMatchObject([{ kept: again.kept, holds: 'former', backup, state: 'kept' }]);
});

it('what others do to it is seen and said, and another database of its name is never dropped for it', async () => {
  const [one] = await list();
  const { kept = '', id } = one ?? {};
  const drop = () => howdah.client.backups.swaps.drop({ environment: shop, id: id ?? '', confirm: 'shop' });
  await rename(kept, 'elsewhere');
  expect(await list()).toMatchObject([
    { state: 'renamed', name: 'elsewhere', said: expect.stringContaining('elsewhere now') },
  ]);
  await server.query(`CREATE DATABASE ${kept}`);
  await expect(drop()).rejects.toMatchObject({ data: { cause: 'kept-changed' } });
  await server.query('DROP DATABASE elsewhere');
  // Of another environment's notes only what is there is shown: its server may be a copy.
  expect(await list()).toMatchObject([{ id: null, kept, holds: 'unknown' }]);
  await howdah.client.environments.connect({ environment: shop });
  expect(await list(shop)).toMatchObject([{ state: 'replaced', id }]);
  await expect(drop()).rejects.toMatchObject({ data: { cause: 'kept-changed' } });
  await server.query(`DROP DATABASE ${kept}`);
  expect(await list(shop)).toMatchObject([
    { state: 'gone', said: 'Somebody has dropped it, without Howdah.' },
  ]);
  await howdah.client.environments.disconnect({ environment: shop });
  const away = await howdah.client.backups.swaps.list({});
  expect(away).toMatchObject({ swaps: [{ state: 'unknown', bytes: null }], limits: [{}] });
  await howdah.client.environments.connect({ environment: shop });
  await howdah.client.backups.swaps.forget({ id: id ?? '' });
  expect(await list(shop)).toEqual([]);
  await expect(drop()).rejects.toMatchObject({ data: { cause: 'swap-unknown' } });
});

it('it is dropped with the name typed, unless something holds it; a copy of its server would still know it', async () => {
  const kept = await swapped();
  const [{ id } = { id: null }] = await list();
  const drop = (confirm?: string) =>
    howdah.client.backups.swaps.drop({
      environment: shop,
      id: id ?? '',
      ...(confirm === undefined ? {} : { confirm }),
    });
  await expect(drop()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
  await server.query(
    "CREATE SUBSCRIPTION held CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE)",
    kept,
  );
  await expect(drop('shop')).rejects.toMatchObject({
    data: { cause: 'kept-held', why: expect.stringContaining('the subscription held') },
  });
  await server.query('DROP SUBSCRIPTION held', kept);
  const somebody = await server.connect({ database: kept });
  somebody.on('error', () => undefined);
  expect(await drop('shop')).toEqual({ dropped: kept });
  expect(await list(shop)).toEqual([]);
  expect(await server.query(`SELECT FROM pg_database WHERE datname = '${kept}'`)).toEqual([]);
  const { entries } = await howdah.client.audit.list({ environment: shop, text: 'swaps.drop' });
  expect(entries.map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(['done', 'failed', 'refused']),
  );
});

it('the command line lists them, notes its own swaps, and drops what it noted', async () => {
  const env = { PGPASSWORD: 'postgres' };
  const run = async (...args: string[]) =>
    await command(['backups', ...args], { dataFolder: join(folder, 'cli'), env });
  const url = server.url('postgres').replace(/:[^:@/]*@/, '@');
  const restore = ['restore', dump, '--environment', url, '--into', 'shop', '--swap', '--json'];
  const done = await run(...restore);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  const { kept } = JSON.parse(done.stdout);
  const listed = await run('swaps', url, '--json');
  const { swaps } = JSON.parse(listed.stdout) as { swaps: KeptDatabase[] };
  expect(swaps).toMatchObject([{ kept, environment: null, path: dump, state: 'kept' }]);
  // This console noted nothing of it: its name tells.
  expect(await list()).toMatchObject([{ id: null, kept }]);
  const dropped = await run('drop-kept', url, swaps[0]?.id ?? '');
  expect(dropped, dropped.stderr).toMatchObject({ code: 0, stdout: `${kept} is dropped.\n` });
  expect((await run('swaps')).stdout).toBe('ID  SINCE  DATABASE  KEPT AS  STATE  SIZE  FROM  WHAT IT IS\n');
}, 60_000);
