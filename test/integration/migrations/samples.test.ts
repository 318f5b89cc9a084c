import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSamplePassword, removeSample } from '../../../main/sample/sample.ts';
import { tools as loadingTools } from '../../../main/sample/tools.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { blocksOf } from '../../../renderer/migrations/matrix/blocks.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';

const samples = join(import.meta.dirname, '../../../assets/samples');
let howdah: TestConsole;
let port: number;
let password: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  howdah = await openTestConsole();
  for await (const { finished } of await howdah.client.sample.start({ workload: false }))
    port = finished?.port ?? 0;
  password = (await readSamplePassword(howdah)) ?? '';
  for (const { id, name } of (await howdah.client.environments.list()).environments) {
    ids.set(name, id);
    await howdah.client.environments.connect({ environment: id });
  }
}, 240_000);
afterAll(async () => {
  const { dataFolder } = howdah;
  await howdah.close();
  await removeSample({ dataFolder });
  await howdah.remove();
});

const idOf = (system: string): string => ids.get(system) ?? system;
const look = (system: string) => howdah.client.migrations.status({ environment: idOf(system) });
const only = async (system: string): Promise<MigrationTrack> => {
  const { tracks, problem } = await look(system);
  if (problem || tracks.length !== 1) throw new Error(`${JSON.stringify(problem)}, ${tracks.length} tracks`);
  return tracks[0] as MigrationTrack;
};
/** How many entries have each state. */
const counted = ({ counts }: MigrationTrack) =>
  Object.fromEntries(Object.entries(counts).filter(([, many]) => many > 0));

/** As the tool itself would have changed the database. */
async function changed(database: string, work: string | ((client: Client) => Promise<void>)): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
  await client.connect();
  try {
    await (typeof work === 'string' ? client.query(work) : work(client));
  } finally {
    await client.end();
  }
}

describe('the sample systems', () => {
  it('Edictflow stands at the last version of golang-migrate; one that failed is dirty, and can be forced', async () => {
    const track = await only('edictflow');
    expect(track).toMatchObject({ tool: 'golang-migrate', current: ['9'], dirty: null, runner: 'own' });
    expect(counted(track)).toEqual({ applied: 9 });
    expect(track.entries.every(({ reversible }) => reversible)).toBe(true);
    await changed('edictflow', 'UPDATE schema_migrations SET dirty = true');
    const dirty = await only('edictflow');
    expect(dirty.dirty).toMatchObject({ version: '9' });
    expect(dirty.entries.at(-1)).toMatchObject({ id: '9', state: 'failed' });
    const mark = { kind: 'force', version: '8' } as const;
    const environment = idOf('edictflow');
    await howdah.client.migrations.mark({ environment, track: dirty.key, mark });
    expect(counted(await only('edictflow'))).toEqual({ applied: 8, pending: 1 });
    await changed('edictflow', 'UPDATE schema_migrations SET version = 9');
  });

  it('a fresh database has all of it before it', async () => {
    await changed('postgres', 'CREATE DATABASE fresh');
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/fresh`;
    const draft = draftFor(url, { name: 'fresh' });
    const given = { password, remember: false };
    const { id } = await howdah.client.environments.add({ draft, password: given, connect: false });
    await howdah.client.environments.connect({ environment: id });
    expect((await look(id)).tracks).toEqual([]);
    const { tracks } = await howdah.client.migrations.link({
      environment: id,
      folder: join(samples, 'edictflow'),
    });
    expect(tracks).toEqual([expect.objectContaining({ tool: 'golang-migrate', table: null, current: [] })]);
    expect(counted(tracks[0] as MigrationTrack)).toEqual({ pending: 9 });
  });

  it('Iotistic’s own one-way files are all applied, and one that is said to be applied already is unmarked', async () => {
    const track = await only('iotistic');
    expect(counted(track)).toEqual({ applied: 58 });
    expect(
      track.entries.every(({ checksum, durationMs }) => checksum === 'same' && durationMs !== null),
    ).toBe(true);
    expect(track.problems.map(({ cause }) => cause)).toContain('home-made-one-way');
    expect(track.unrecorded).toEqual(['by whom']);
    expect(track.home).toEqual({
      columns: ['id', 'filename', 'checksum', 'applied_at', 'execution_time_ms'],
      nameColumn: 'filename',
      timeColumn: 'applied_at',
      checksumColumn: 'checksum',
      described: false,
    });
    const environment = idOf('iotistic');
    const mark = { kind: 'unmark', id: '057_add_mqtt_tls_config.sql' } as const;
    await howdah.client.migrations.mark({ environment, track: track.key, mark });
    const after = await only('iotistic');
    expect(after.entries.find(({ id }) => id === mark.id)?.state).toBe('pending');
    expect(counted(after)).toEqual({ applied: 57, pending: 1 });
    await howdah.client.migrations.mark({
      environment,
      track: track.key,
      mark: { kind: 'applied', id: mark.id },
    });
  });

  it('billing is Knex’s; in Iotistic’s database beside the files of its own each stands on its own', async () => {
    expect(await only('billing')).toMatchObject({ tool: 'knex', folder: 'migrations' });
    expect(counted(await only('billing'))).toEqual({ applied: 6 });
    const billing = join(samples, 'billing');
    const environment = idOf('iotistic');
    await changed('iotistic', async (client) => {
      await client.query('CREATE SCHEMA billing; SET search_path TO billing, public');
      await loadingTools.knex(client, join(billing, 'migrations'));
    });
    const { tracks, folders } = await howdah.client.migrations.link({ environment, folder: billing });
    expect(tracks.map((track) => [track.key, track.project, counted(track)])).toEqual([
      ['home-made:public.schema_migrations', join(samples, 'iotistic'), { applied: 58 }],
      ['knex:billing.knex_migrations', billing, { applied: 6 }],
    ]);
    expect(folders).toEqual([
      { folder: join(samples, 'iotistic'), linked: false },
      { folder: billing, linked: true },
    ]);
    await howdah.client.migrations.unlink({ environment, folder: billing });
    await changed('iotistic', 'DROP SCHEMA billing CASCADE');
  });

  it('Kronos, local and in production, are two columns of one table, apart from Tau’s Alembic', async () => {
    for (const system of ['kronos_eam', 'kronos_eam_production']) {
      const track = await only(system);
      expect(track).toMatchObject({ tool: 'alembic', current: ['001_complete_initial_schema'] });
      // What lies in the archive is not of the history.
      expect(track.entries.map(({ id, state }) => `${id} ${state}`)).toEqual([
        '001_complete_initial_schema applied',
      ]);
    }
    // What production looks like until its container has run the migrations.
    await changed('kronos_eam_production', 'DELETE FROM alembic_version');
    const statuses = [];
    const environments = ['kronos_eam', 'kronos_eam_production', 'tau_lighting', 'nebenkosten_config'].map(
      idOf,
    );
    for await (const status of await howdah.client.migrations.matrix({ environments })) statuses.push(status);
    const blocks = blocksOf(statuses).map(({ columns, rows }) => [
      [...columns.keys()].sort(),
      rows.length,
      rows.filter(({ differs }) => differs).length,
    ]);
    expect(blocks).toEqual([
      [[idOf('kronos_eam'), idOf('kronos_eam_production')].sort(), 1, 1],
      [[idOf('tau_lighting')], 5, 0],
    ]);
    expect(counted(await only('kronos_eam_production'))).toEqual({ pending: 1 });
    expect(counted(await only('kronos_eam'))).toEqual({ applied: 1 });
    await changed(
      'kronos_eam_production',
      "INSERT INTO alembic_version VALUES ('001_complete_initial_schema')",
    );
  });

  it('Tau’s seeds have run when it was loaded, in the order of their numbers, and somebody may say otherwise', async () => {
    expect(counted(await only('tau_lighting'))).toEqual({ applied: 5 });
    const environment = idOf('tau_lighting');
    const folder = join(samples, 'tau_lighting/seeds');
    expect(await howdah.client.migrations.seedFolders({ environment })).toEqual([{ folder, files: 3 }]);
    const seeds = await howdah.client.migrations.seeds({ environment, folder });
    expect(seeds.map(({ file, ranAt, changedSince }) => [file, ranAt !== null, changedSince])).toEqual([
      ['02-fixture-models.sql', true, false],
      ['03-switch-models.sql', true, false],
      ['04-test-fixtures.sql', true, false],
    ]);
    const mark = { environment, folder, files: ['04-test-fixtures.sql'] };
    const ran = async (said: boolean): Promise<boolean[]> =>
      (await howdah.client.migrations.markSeeds({ ...mark, ran: said })).map(({ ranAt }) => ranAt !== null);
    expect(await ran(false)).toEqual([true, true, false]);
    expect((await howdah.client.migrations.seeds({ environment, folder }))[2]?.ranAt).toBeNull();
    expect(await ran(true)).toEqual([true, true, true]);
    // The same files, had they been run on another database, are nothing that Howdah knows of.
    const elsewhere = await howdah.client.migrations.seeds({ environment: idOf('edictflow'), folder });
    expect(elsewhere.every(({ ranAt }) => ranAt === null)).toBe(true);
  });

  it('Nebenkosten, made from one file of SQL, has no migrations, and that is no problem', async () => {
    expect(await look('nebenkosten_config')).toMatchObject({
      tracks: [],
      folders: [{ folder: join(samples, 'nebenkosten_config'), linked: false }],
    });
    expect((await look('nebenkosten_config')).problem).toBeUndefined();
  });
});
