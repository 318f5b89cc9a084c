import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let howdah: TestConsole;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
  await server.query('DROP DATABASE IF EXISTS app WITH (FORCE)');
  await server.query('CREATE DATABASE app');
  folder = mkdtempSync(join(tmpdir(), 'howdah-migrations-'));
  howdah = await openTestConsole();
});
afterEach(async () => {
  await howdah.remove();
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const sql = (text: string) => server.query(text, 'app');

async function connected(url = server.url('app'), name = 'app'): Promise<string> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(url, { name }),
    password: { password: new URL(url).password || 'none', remember: false },
  });
  await howdah.client.environments.connect({ environment: id });
  return id;
}

/** Each track as `tool schema.table: state of each migration`. */
const summary = ({ tracks }: MigrationStatus): string[] =>
  tracks.map(
    ({ tool, table, entries }) =>
      `${tool} ${table ? `${table.schema}.${table.name}` : '-'}: ${entries.map(({ id, state }) => `${id} ${state}`).join(', ')}`,
  );

describe('where an environment stands', () => {
  it('is told tool by tool, in whatever schema and by whatever name the tables are', async () => {
    await sql(`
      CREATE SCHEMA ops; CREATE SCHEMA "We.ird";
      CREATE TABLE ops.renamed (version bigint PRIMARY KEY, dirty boolean NOT NULL);
      INSERT INTO ops.renamed VALUES (2, true);
      CREATE TABLE "We.ird".alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
      INSERT INTO "We.ird".alembic_version VALUES ('abc');
      CREATE TABLE django_migrations (id serial PRIMARY KEY, app varchar(255), name varchar(255), applied timestamptz);
      INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0001_initial', '2024-01-02 03:04:05+00');
      CREATE TABLE unrelated (id int, name text, version int)`);
    const status = await howdah.client.migrations.status({ environment: await connected() });
    expect(summary(status)).toEqual([
      'alembic We.ird.alembic_version: abc applied',
      'django public.django_migrations: auth.0001_initial applied',
      expect.stringMatching(/^golang-migrate ops\.renamed: 2 failed/),
    ]);
    expect(status.tracks[2]?.dirty).toMatchObject({ version: '2' });
  });

  it('puts each table to the folder whose files it knows, and shows folders that no table knows', async () => {
    await sql(`
      CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
      INSERT INTO schema_migrations VALUES (1, false)`);
    write('db/migrations/1_one.up.sql', 'SELECT 1');
    write('db/migrations/1_one.down.sql', 'SELECT 1');
    write('db/migrations/2_two.up.sql', 'SELECT 2');
    write('web/knexfile.js', "module.exports = { client: 'pg', migrations: { directory: './steps' } }");
    write('web/steps/20240101_a.js', 'exports.up = async () => {}; exports.down = async () => {};');
    const environment = await connected();
    const status = await howdah.client.migrations.link({ environment, folder });
    expect(summary(status)).toEqual([
      'golang-migrate public.schema_migrations: 1 applied, 2 pending',
      'knex -: 20240101_a.js pending',
    ]);
    expect(status.folders).toEqual([{ folder, linked: true }]);
    expect(summary(await howdah.client.migrations.unlink({ environment, folder }))).toEqual([
      expect.stringMatching(/^golang-migrate public\.schema_migrations: 1 applied/),
    ]);
  });

  it('says of a table that two tools keep alike what it may be, until a folder tells', async () => {
    await sql(
      "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
    );
    const environment = await connected();
    const before = await howdah.client.migrations.status({ environment });
    expect(before.tracks[0]?.problems.map(({ cause }) => cause)).toContain('tool-ambiguous');
    write('db/migrate/1_create_people.rb', 'class CreatePeople < ActiveRecord::Migration[7.0]\nend\n');
    const after = await howdah.client.migrations.status({ environment, folders: [folder] });
    expect(after.tracks.map(({ tool }) => tool)).toEqual(['rails']);
    expect(after.tracks[0]?.problems.map(({ cause }) => cause)).not.toContain('tool-ambiguous');
  });

  it('says so when a state table is locked or forbidden, and shows the others', async () => {
    await sql(`
      CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
      CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY);
      CREATE TABLE knex_migrations (id serial, name varchar(255), batch int, migration_time timestamptz);
      DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN PASSWORD 'looker';
      GRANT SELECT ON alembic_version, "SequelizeMeta" TO looker`);
    const holder = await server.connect({ database: 'app' });
    await holder.query('BEGIN; LOCK TABLE "SequelizeMeta" IN ACCESS EXCLUSIVE MODE');
    try {
      const url = new URL(server.url('app'));
      url.username = 'looker';
      url.password = 'looker';
      const { tracks } = await howdah.client.migrations.status({ environment: await connected(url.href) });
      const causes = Object.fromEntries(
        tracks.map(({ tool, problems }) => [tool, problems.map(({ cause }) => cause)]),
      );
      expect(causes.sequelize).toEqual(['state-table-locked']);
      expect(causes.knex).toEqual(['state-table-forbidden']);
      expect(tracks.find(({ tool }) => tool === 'alembic')?.runner).toBe('driven');
      expect(tracks.find(({ tool }) => tool === 'knex')?.runner).toBe('none');
    } finally {
      await holder.end();
    }
  });

  it('names who migrates at this moment', async () => {
    await sql('CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)');
    const environment = await connected();
    const holder = await server.connect({ database: 'app' });
    // REFERENCE: crc32 of `public`, the table and the path of the URL, times the salt of golang-migrate.
    const { crc32 } = await import('node:zlib');
    const key = (BigInt(crc32('public\0schema_migrations\0/app')) * 1486364155n) % 4294967296n;
    await holder.query('SELECT pg_advisory_lock($1)', [key.toString()]);
    const { tracks } = await howdah.client.migrations.status({ environment });
    expect(tracks[0]?.lockedBy).toMatch(/^pid \d+/);
    await holder.end();
    await eventually(async () => {
      const again = await howdah.client.migrations.status({ environment });
      return again.tracks[0]?.lockedBy === null;
    });
  });

  it('takes the columns and the folder that somebody described for a home-made table, and tells what the table has', async () => {
    await sql(`
      CREATE TABLE db_patches (label text, note text, done_on timestamptz DEFAULT now(), run_by text DEFAULT 'me');
      INSERT INTO db_patches (label, note) VALUES ('first', 'second.sql');
      CREATE TABLE "We ""ird" (f text, "n u m" int); INSERT INTO "We ""ird" VALUES ('2')`);
    write('patches/first.sql', 'SELECT 1');
    write('patches/second.sql', 'SELECT 2');
    const environment = await connected();
    await howdah.client.migrations.link({ environment, folder });
    const described = {
      environment,
      schema: 'public',
      timeColumn: null,
      checksumColumn: null,
      folder: 'patches',
    };
    const of = async (more: { table: string; nameColumn: string; timeColumn?: string; folder?: string }) => {
      const { tracks } = await howdah.client.migrations.setHomeMade({ ...described, ...more });
      const track = tracks.find(({ table }) => table?.name === more.table);
      const states = track?.entries.map(({ name, state, appliedBy }) => `${name} ${state} ${appliedBy}`);
      return { states, home: track?.home, unrecorded: track?.unrecorded };
    };
    expect(await of({ table: 'db_patches', nameColumn: 'label', timeColumn: 'done_on' })).toEqual({
      states: ['first applied me', 'second pending null'],
      home: {
        columns: ['label', 'note', 'done_on', 'run_by'],
        nameColumn: 'label',
        timeColumn: 'done_on',
        checksumColumn: null,
        described: true,
      },
      unrecorded: ['how long', 'checksum'],
    });
    // Described, it is not guessed again, even where another column fits as well.
    expect(
      await of({ table: 'db_patches', nameColumn: 'run_by', folder: join(folder, 'patches') }),
    ).toMatchObject({
      states: ['first out-of-order null', 'me missing me', 'second pending null'],
      unrecorded: ['when', 'how long', 'checksum'],
    });
    expect(await of({ table: 'We "ird', nameColumn: 'f' })).toMatchObject({
      home: { columns: ['f', 'n u m'], described: true },
      unrecorded: ['when', 'by whom', 'how long', 'checksum'],
    });
  });

  it('forgets a description that says what is found anyway', async () => {
    await sql(`
      CREATE TABLE schema_migrations (title text, filename text, applied_at timestamptz);
      INSERT INTO schema_migrations VALUES ('001_a.sql', 'x', now())`);
    write('migrations/001_a.sql', 'SELECT 1');
    const environment = await connected();
    const home = async () => (await howdah.client.migrations.status({ environment })).tracks[0]?.home;
    await howdah.client.migrations.link({ environment, folder });
    // The names stand in another column than the usual one.
    const found = { nameColumn: 'title', timeColumn: 'applied_at', checksumColumn: null };
    expect(await home()).toMatchObject({ ...found, described: false });
    const described = { environment, schema: 'public', table: 'schema_migrations', folder: 'migrations' };
    await howdah.client.migrations.setHomeMade({ ...described, ...found, timeColumn: null });
    expect(await home()).toMatchObject({ ...found, timeColumn: null, described: true });
    await howdah.client.migrations.setHomeMade({ ...described, ...found });
    expect(await home()).toMatchObject({ ...found, described: false });
  });

  it('refuses a description of what is not there, by the field', async () => {
    await sql('CREATE TABLE patches (id int, label varchar(80), done_on date)');
    write('patches/first.sql', 'SELECT 1');
    write('patch.sql', 'SELECT 1');
    const environment = await connected();
    const good = {
      environment,
      schema: 'public',
      table: 'patches',
      nameColumn: 'label',
      timeColumn: 'done_on',
      checksumColumn: null,
      folder: 'patches',
    };
    const field = async (change: Partial<Record<keyof typeof good, string>>): Promise<unknown> =>
      howdah.client.migrations.setHomeMade({ ...good, ...change } as typeof good).then(
        () => 'taken',
        ({ code, data }) => `${code} ${data.field}: ${data.cause}`,
      );
    expect(await field({})).toBe('INVALID folder: home-made-folder-outside');
    await howdah.client.migrations.link({ environment, folder });
    expect(
      await Promise.all([
        field({ schema: 'nowhere' }),
        field({ table: 'Patches' }),
        field({ nameColumn: 'Label' }),
        field({ nameColumn: 'id' }),
        field({ timeColumn: 'at' }),
        field({ checksumColumn: 'sum' }),
        field({ folder: 'nowhere' }),
        field({ folder: 'patch.sql' }),
        field({ folder: '../elsewhere' }),
        field({ folder: tmpdir() }),
      ]),
    ).toEqual([
      'INVALID schema: home-made-schema-unknown',
      'INVALID table: home-made-table-unknown',
      'INVALID nameColumn: home-made-column-unfit',
      'INVALID nameColumn: home-made-column-unfit',
      'INVALID timeColumn: home-made-column-unfit',
      'INVALID checksumColumn: home-made-column-unfit',
      'INVALID folder: folder-missing',
      'INVALID folder: folder-is-file',
      'INVALID folder: home-made-folder-outside',
      'INVALID folder: home-made-folder-outside',
    ]);
    expect((await howdah.client.migrations.status({ environment })).tracks).toEqual([]);
    expect(await field({})).toBe('taken');
  });

  it('sees that a file of a home-made folder was edited after it was first seen applied', async () => {
    await sql(`
      CREATE TABLE schema_migrations (filename text PRIMARY KEY, applied_at timestamptz DEFAULT now());
      INSERT INTO schema_migrations (filename) VALUES ('001_a.sql'), ('002_b.sql')`);
    write('migrations/001_a.sql', 'SELECT 1');
    write('migrations/002_b.sql', 'SELECT 2');
    const environment = await connected();
    const states = async () => {
      const { tracks } = await howdah.client.migrations.status({ environment, folders: [folder] });
      return tracks.flatMap(({ entries }) => entries.map(({ state }) => state));
    };
    expect(await states()).toEqual(['applied', 'applied']);
    write('migrations/002_b.sql', 'SELECT 3; -- edited');
    await eventually(async () => (await states()).join() === 'applied,changed');
  });

  it('gives a matrix of many environments, those that can’t be had with the reason', async () => {
    await sql(`
      CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY);
      INSERT INTO alembic_version VALUES ('abc')`);
    const first = await connected(server.url('app'), 'first');
    const { id: second } = await howdah.client.environments.add({
      draft: draftFor('postgres://nobody@127.0.0.1:1/x', { name: 'second' }),
      connect: false,
    });
    const found = new Map<string, MigrationStatus>();
    for await (const one of await howdah.client.migrations.matrix({ environments: [first, second] }))
      found.set(one.environment, one);
    expect(summary(found.get(first) as MigrationStatus)).toEqual([
      'alembic public.alembic_version: abc applied',
    ]);
    expect(found.get(second)?.problem?.cause).toBeDefined();
  });

  it('shows a migration’s file, and says why one can’t be shown', async () => {
    await sql('CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)');
    write('migrations/1_one.up.sql', '\ufeffSELECT 1');
    const environment = await connected();
    const { tracks } = await howdah.client.migrations.link({ environment, folder });
    const track = tracks[0]?.key ?? '';
    const of = (direction: 'up' | 'down') =>
      howdah.client.migrations.file({ environment, track, id: '1', direction });
    expect(await of('up')).toEqual({ path: 'migrations/1_one.up.sql', text: 'SELECT 1', cut: false });
    await expect(of('down')).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: 'migration-file-missing' },
    });
  });

  it('refuses a folder that is not there, not a folder or not a whole path', async () => {
    const environment = await connected();
    write('file.txt', 'x');
    const causes = [];
    for (const path of [join(folder, 'nowhere'), join(folder, 'file.txt'), 'relative/path'])
      causes.push(
        await howdah.client.migrations.link({ environment, folder: path }).catch(({ data }) => data.cause),
      );
    expect(causes).toEqual(['folder-missing', 'folder-is-file', 'folder-relative']);
  });

  it('finds the projects below a folder, and links and unlinks them whatever they are called', async () => {
    const awkward = ' two "$x"\u202e\n‘é\u0301’ %2F';
    write('one/prisma/schema.prisma', 'datasource db { provider = "postgresql" }');
    write('one/prisma/migrations/migration_lock.toml', 'provider = "postgresql"');
    write('one/prisma/migrations/20240101_x/migration.sql', 'SELECT 1');
    write(`${awkward}/migrations/1_x.up.sql`, 'SELECT 1');
    const found = await howdah.client.migrations.findProjects({ root: folder });
    expect(found.map((one) => [one.project, one.tool, one.folder, one.migrations])).toEqual([
      [join(folder, awkward), 'golang-migrate', 'migrations', 1],
      [join(folder, 'one'), 'prisma', 'prisma/migrations', 1],
    ]);
    const environment = await connected();
    for (const { project } of found) await howdah.client.migrations.link({ environment, folder: project });
    const { tracks, folders } = await howdah.client.migrations.status({ environment });
    expect(tracks.map(({ project }) => project).sort()).toEqual(found.map(({ project }) => project));
    expect(folders.map((one) => [one.folder, one.linked])).toEqual(
      found.map(({ project }) => [project, true]),
    );
    for (const { project } of found) await howdah.client.migrations.unlink({ environment, folder: project });
    expect((await howdah.client.migrations.status({ environment })).folders).toEqual([]);
  });
});
