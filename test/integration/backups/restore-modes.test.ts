import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { swapBack } from '../../../main/backups/restore/index.ts';
import { reach } from '../../support/backup-programs.ts';
import { client, leftOf, needsFor, restored } from '../../support/backup-restores.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { richDatabase, richRoles, richTraits } from '../../support/rich-database.ts';

let server: TestServer;
let folder: string;
const source = 'rich';
/** A name that every layer has to quote. */
const awkward = `we"ird 'db' = $x;\\ü`;
const backups = {
  custom: 'rich.dump',
  directory: 'rich.dir',
  tar: 'rich.tar',
  plain: 'rich.sql',
  gzip: 'rich.sql.gz',
};
type Kind = keyof typeof backups;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'howdah-restore-'));
  await server.query(richRoles);
  await server.query(`CREATE DATABASE ${source} OWNER "app owner"`);
  await server.query(richDatabase, source);
  await server.query(richTraits(source));
  await Promise.all([
    client(server, 'pg_dump', ['-Fc', '-f', at(backups.custom)], source),
    client(server, 'pg_dump', ['-Fd', '-f', at(backups.directory)], source),
    client(server, 'pg_dump', ['-Ft', '-f', at(backups.tar)], source),
    client(server, 'pg_dump', ['--clean', '--if-exists', '-f', at(backups.plain)], source),
    client(server, 'pg_dump', ['--clean', '--if-exists', '-Z1', '-f', at(backups.gzip)], source),
  ]);
}, 60_000);

afterAll(async () => {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What pg_dump says of a database, whatever its name. */
async function dumpOf(database: string, withTraits: boolean): Promise<string> {
  const text = await client(server, 'pg_dump', withTraits ? ['--create'] : [], database);
  return text
    .replace(/^\\(?:un)?(?:restrict|connect|encoding) .*\n+/gm, '')
    .replace(/^(-- Name: ).*(; Type: DATABASE)/gm, '$1DB$2')
    .replaceAll(escapeIdentifier(database), 'DB')
    .replace(
      new RegExp(`(DATABASE (?:IF EXISTS )?)${/^\w+$/.test(database) ? database : 'DB'}\\b`, 'g'),
      '$1DB',
    );
}

const standIn = async (name: string): Promise<void> => {
  await server.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER reader`);
  await server.query('CREATE TABLE old (a int); INSERT INTO old VALUES (1)', name);
  await server.query(richTraits(escapeIdentifier(name)).replace('The rich one', 'The old one'));
};
const nothingLeft = { databases: [], locks: 0, sessions: 0 };
const names = async (): Promise<string[]> =>
  (await server.query<{ datname: string }>('SELECT datname FROM pg_database ORDER BY 1')).map(
    ({ datname }) => datname,
  );

describe.each(Object.keys(backups) as Kind[])('what was dumped as %s', (kind) => {
  const isPlain = kind === 'plain' || kind === 'gzip';
  const jobs = kind === 'directory' ? 3 : 1;
  let wanted: string;
  beforeAll(async () => {
    wanted = await dumpOf(source, false);
  });

  it('comes into a new database, with what belongs to the database itself', async () => {
    const needs = await needsFor(server, at(backups[kind]));
    const { finished, failed, events } = await restored(needs, { database: awkward, jobs });
    expect(failed).toBeUndefined();
    expect(finished).toMatchObject({ database: awkward, kept: null, errors: 0 });
    expect(await dumpOf(awkward, !isPlain)).toBe(await dumpOf(source, !isPlain));
    const moved = events.filter((event) => event.kind === 'progress').at(-1);
    if (!isPlain) expect(moved?.done).toBe(moved?.total);
    else if (kind === 'plain') expect(moved?.bytes).toBe(moved?.bytesTotal);
    await server.query(`DROP DATABASE ${escapeIdentifier(awkward)}`);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('takes the place of another, which is kept, and gives it back', async () => {
    const name = `sw"ap ${kind}`;
    await standIn(name);
    const before = await dumpOf(name, true);
    const needs = await needsFor(server, at(backups[kind]));
    const { finished, failed, plan } = await restored(needs, { database: name, mode: 'swap', jobs });
    expect(failed).toBeUndefined();
    expect(plan.losses.join()).toMatch(/kept under a dated name, with 1 table with about/);
    const kept = finished?.kept ?? '';
    expect(kept).toMatch(/^sw"ap \w+_before_\d{8}_\d{6}$/);
    expect(await dumpOf(name, false)).toBe(wanted);
    // Owner, privileges, settings, comment and limit are those of the one that was there.
    const head = (dump: string): string =>
      dump
        .split('\n')
        .filter((line) => / DATABASE /.test(line))
        .join('\n');
    expect(head(await dumpOf(name, true))).toBe(head(before));
    expect(await server.query('SELECT a FROM old', kept)).toEqual([{ a: 1 }]);

    const back = await swapBack(await reach(server), { database: name, kept });
    expect(await dumpOf(name, true)).toBe(before);
    expect(await dumpOf(back.kept, false)).toBe(wanted);
    await expect(swapBack(await reach(server), { database: name, kept: source })).rejects.toThrow(
      /can’t take the place/,
    );
    for (const one of [name, back.kept]) await server.query(`DROP DATABASE ${escapeIdentifier(one)}`);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('replaces what is there object by object', async () => {
    await server.query(`CREATE DATABASE cleaned TEMPLATE ${source} OWNER reader`);
    await server.query(
      'DROP VIEW v; DROP TABLE refers; UPDATE parent SET secret = NULL; CREATE TABLE more (a int)',
      'cleaned',
    );
    const needs = await needsFor(server, at(backups[kind]));
    const { finished, failed } = await restored(needs, { database: 'cleaned', mode: 'clean' });
    expect(failed).toBeUndefined();
    expect(finished).toMatchObject({ errors: 0 });
    await server.query('DROP TABLE more', 'cleaned');
    expect(await dumpOf('cleaned', false)).toBe(wanted);
    await server.query('DROP DATABASE cleaned');
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('is made anew in place of another, which is dropped', async () => {
    await standIn('anew');
    const needs = await needsFor(server, at(backups[kind]));
    const { finished, failed } = await restored(needs, { database: 'anew', mode: 'recreate', jobs });
    expect(failed).toBeUndefined();
    expect(finished).toMatchObject({ kept: null, errors: 0 });
    expect(await dumpOf('anew', false)).toBe(wanted);
    await server.query('DROP DATABASE anew');
    expect(await names()).toEqual(['postgres', source, 'template0', 'template1']);
  });
});

it('a sample system as its own commands dump it comes back in place of itself', async () => {
  const home = join(import.meta.dirname, '../../../assets/samples/nebenkosten_config');
  const { steps } = JSON.parse(readFileSync(join(home, 'system.json'), 'utf8')) as {
    steps: { file: string }[];
  };
  await server.query('CREATE DATABASE nebenkosten_config');
  for (const { file } of steps)
    await server.query(readFileSync(join(home, file), 'utf8'), 'nebenkosten_config');
  const path = at('nebenkosten_config_backup.sql');
  await client(server, 'pg_dump', ['-f', path], 'nebenkosten_config');
  // COPY may put a long row where there is room: their order is nobody's promise.
  const sorted = async (): Promise<string[]> => (await dumpOf('nebenkosten_config', true)).split('\n').sort();
  const before = await sorted();
  const { finished } = await restored(await needsFor(server, path), {
    database: 'nebenkosten_config',
    mode: 'recreate',
  });
  expect(finished).toMatchObject({ errors: 0, kept: null });
  expect(await sorted()).toEqual(before);
  await server.query('DROP DATABASE nebenkosten_config');
});
