import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backup } from '../../../preload/contract/backups.ts';
import { howdah as command } from '../../support/cli.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

/* The whole room as its callers see it: procedures in process, and the command line as built. */
let server: TestServer;
let howdah: TestConsole;
let shop: string;

beforeAll(async () => {
  server = await startPostgres();
  howdah = await openTestConsole();
  await server.query('CREATE DATABASE shop');
  const session = await server.connect({ database: 'shop' });
  await session.query('CREATE TABLE items (id int PRIMARY KEY, name text)');
  await session.query("INSERT INTO items SELECT n, 'item ' || n FROM generate_series(1, 5000) n");
  await session.end();
  shop = await connected('shop', 'guarded');
});
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
});

async function connected(name: string, protection: 'open' | 'guarded'): Promise<string> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(server.url('shop'), { name, protection }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: id });
  return id;
}

const all = async <E>(events: AsyncIterable<E>): Promise<E[]> => {
  const told: E[] = [];
  for await (const event of events) told.push(event);
  return told;
};

async function made(
  options: { format?: 'custom' | 'directory' | 'plain'; counted?: 'rows' | 'checksums' } = {},
): Promise<Backup> {
  const told = await all(await howdah.client.backups.create({ environment: shop, options }));
  const last = told.at(-1);
  if (last?.kind !== 'finished') throw new Error(JSON.stringify(last));
  expect(told[0]).toMatchObject({ kind: 'begun' });
  return last.backup;
}

const names = async () =>
  (await server.query<{ name: string }>('SELECT datname::text AS name FROM pg_database')).map(
    ({ name }) => name,
  );

it('a backup gets a name of its own, is listed with its proof, shown with what is in it, and found by its content', async () => {
  const backup = await made();
  expect(backup).toMatchObject({
    environment: shop,
    format: 'directory',
    database: 'shop',
    verification: { level: 'readable', state: 'good' },
  });
  expect(backup.path.startsWith(join(howdah.dataFolder, 'backups', 'shop', 'shop_'))).toBe(true);
  const { client } = howdah;
  expect((await client.backups.list({ environment: shop })).map(({ id }) => id)).toEqual([backup.id]);
  const { toc, command: line } = await client.backups.show({ backup: backup.id ?? '' });
  expect(toc).toContainEqual(
    expect.objectContaining({ kind: 'TABLE DATA', schema: 'public', name: 'items' }),
  );
  expect(line).toMatch(/pg_dump .*--format/);
  expect(line).not.toContain('postgres:');
  expect(await client.backups.find({ folder: join(howdah.dataFolder, 'backups') })).toMatchObject([
    { id: backup.id, path: backup.path },
  ]);
});

it('one that is cut afterwards is found to be bad, and refused for a restore', async () => {
  const backup = await made({ format: 'custom' });
  truncateSync(backup.path, backup.bytes - 500);
  const ref = { backup: backup.path };
  const told = await all(await howdah.client.backups.verify({ ...ref, level: 'readable' }));
  expect(told.at(-1)).toMatchObject({ kind: 'verified', backup: { verification: { state: 'bad' } } });
  const options = { ...ref, database: 'never', mode: 'new' as const };
  const events = await planned(options).then(
    ({ token }) => howdah.client.backups.restore({ environment: shop, options, token, confirm: 'shop' }),
    () => undefined,
  );
  if (events) expect((await all(events)).at(-1)).toMatchObject({ kind: 'failed' });
  expect(await names()).not.toContain('never');
  // What was seen to be bad stays so in the list.
  const listed = await howdah.client.backups.list({});
  expect(listed.find(({ path }) => path === backup.path)?.verification.state).toBe('bad');
});

const planned = (options: { backup: string; database: string; mode: 'new' | 'swap' }) =>
  howdah.client.backups.planRestore({ environment: shop, options });

it('a guarded environment wants its name; the swap keeps the old database, and is taken back', async () => {
  const backup = await made({ format: 'plain' });
  const session = await server.connect({ database: 'shop' });
  await session.query('DELETE FROM items WHERE id > 10');
  await session.end();
  const count = async (database: string) => {
    const one = await server.connect({ database });
    const { rows } = await one.query<{ n: number }>('SELECT count(*)::int AS n FROM items');
    await one.end();
    return rows[0]?.n;
  };
  const options = { backup: backup.id ?? '', database: 'shop', mode: 'swap' as const };
  const { token, losses } = await planned(options);
  expect(losses.join(' ')).toMatch(/kept under a dated name/);
  const restore = (confirm?: string) =>
    howdah.client.backups.restore({
      environment: shop,
      options,
      token,
      ...(confirm === undefined ? {} : { confirm }),
    });
  await expect(restore()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
  await expect(restore('Shop')).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
  const last = (await all(await restore('shop'))).at(-1);
  const kept = last?.kind === 'finished' ? (last.kept ?? '') : '';
  expect(kept).toMatch(/^shop_before_\d{8}_\d{6}$/);
  expect([await count('shop'), await count(kept)]).toEqual([5000, 10]);
  // The swap has ended the console's own sessions too; whoever comes right after it need not know.
  const { swapBack } = howdah.client.backups;
  const back = await swapBack({ environment: shop, database: 'shop', kept, confirm: 'shop' });
  expect((await planned(options)).faults).toEqual([]);
  expect([await count('shop'), await count(back.kept)]).toEqual([10, 5000]);
});

it('a run is cancelled by its name, and leaves nothing; another name is none', async () => {
  const { client } = howdah;
  expect(await client.backups.cancel({ run: 'nobody' })).toBe(false);
  const locker = await server.connect({ database: 'shop' });
  await locker.query('BEGIN; LOCK TABLE items');
  const path = join(howdah.dataFolder, 'cancelled.dump');
  // The swap has ended Howdah’s own sessions too.
  await eventually(() => client.backups.toolsFor({ environment: shop }));
  const events = await client.backups.create({ environment: shop, options: { format: 'custom' }, path });
  let last: { kind: string } | undefined;
  for await (const event of events) {
    last = event;
    if (event.kind === 'begun') setTimeout(() => void client.backups.cancel({ run: event.run }), 500);
  }
  expect(last).toMatchObject({ kind: 'failed', cancelled: true });
  await locker.end();
  expect(readdirSync(howdah.dataFolder).filter((name) => name.startsWith('cancelled'))).toEqual([]);
});

it('what others made is adopted, and removed with what it consists of alone', async () => {
  const { client } = howdah;
  const folder = join(howdah.dataFolder, 'backups', 'shop');
  const [name = ''] = readdirSync(folder).filter((one) => existsSync(join(folder, one, 'toc.dat')));
  const path = join(folder, name);
  writeFileSync(join(path, 'notes.txt'), 'mine');
  const adopted = await client.backups.adopt({ environment: shop, path });
  await client.backups.remove({ backup: adopted.id ?? '', file: true });
  expect(readdirSync(path)).toEqual(['notes.txt']);
  await expect(client.backups.adopt({ environment: shop, path })).rejects.toMatchObject({ code: 'INVALID' });
  await expect(client.backups.show({ backup: 'not/whole' })).rejects.toMatchObject({ code: 'INVALID' });
});

it('is tried on the server of somebody’s choice, by the checksums that were taken with it, and leaves nothing there', async () => {
  const backup = await made({ counted: 'checksums' });
  const on = { environment: shop, backup: backup.id ?? '', checksums: true };
  await expect(howdah.client.backups.tryOn(on)).rejects.toThrow('has to be typed first');
  const before = await names();
  const told = await all(await howdah.client.backups.tryOn({ ...on, confirm: 'shop' }));
  const last = told.at(-1);
  expect(last).toMatchObject({
    kind: 'verified',
    backup: { verification: { level: 'restorable', state: 'good' } },
  });
  expect(JSON.stringify(last)).toContain('The contents of 1 tables have the same checksums');
  expect(await names()).toEqual(before);
});

it('the command line makes, proves and restores, with the file’s name as JSON and exit codes that scripts can use', async () => {
  const env = { PGPASSWORD: 'postgres', HOWDAH_BACKUP_PASSPHRASE: 'correct horse' };
  const { dataFolder } = howdah;
  const run = (...args: string[]) => command(['backups', ...args], { dataFolder: `${dataFolder}-cli`, env });
  const output = join(dataFolder, 'by hand.dump.age');
  const url = server.url('shop').replace(/:[^:@/]*@/, '@');
  const create = await run('create', url, '--format', 'custom', '--encrypt', '-o', output, '--json');
  expect([create.code, JSON.parse(create.stdout).file]).toEqual([0, output]);
  expect(create.stdout + create.stderr).not.toContain('correct horse');
  expect((await run('create', url, '--format', 'custom', '-o', output)).code).not.toBe(0);
  expect((await run('verify', output, '--json')).code).toBe(0);
  const restored = await run('restore', output, '--environment', url, '--into', 'by hand', '--json');
  expect([restored.code, JSON.parse(restored.stdout)]).toMatchObject([0, { kind: 'finished', errors: 0 }]);
  expect(await names()).toContain('by hand');
  expect((await run('verify', join(dataFolder, 'nothing'))).code).not.toBe(0);
  expect((await run('restore', output, '--environment', url)).code).toBe(2);
}, 60_000);
