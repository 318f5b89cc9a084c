import { afterEach, describe, expect, it } from 'vitest';
import { golangMigrate, lockKey, lockNames } from '../../../main/migrations/tools/golang-migrate.ts';
import { candidate, causes, readTrack, states } from '../../support/migration-tracks.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// The tool itself comes from neither npm nor Debian: states are those that its source and its observed runs have.
describe('golang-migrate', () => {
  let project: Project;
  afterEach(() => project?.remove());

  const files = {
    'server/migrations/000001_users.up.sql': '',
    'server/migrations/000001_users.down.sql': '',
    'server/migrations/000002_posts.up.sql': '',
    'server/migrations/000002_posts.down.sql': '',
    'server/migrations/000010_tags.up.sql': '',
  };
  const at = async (...rows: { version: string; dirty: boolean }[]) => {
    const { reading } = await readTrack(golangMigrate, project);
    return golangMigrate.status({ rows }, reading);
  };

  it('is told by its columns, whatever the table is called', () => {
    const table = candidate('verlauf', { version: 'bigint', dirty: 'boolean' }, ['version']);
    expect(golangMigrate.recognise(table, [])).toMatchObject({ certainty: 'certain', name: 'verlauf' });
    expect(
      golangMigrate.recognise(
        candidate('schema_migrations', { version: 'bigint', inserted_at: 'timestamp(0) without time zone' }),
        [],
      ),
    ).toBeUndefined();
    expect(
      golangMigrate.recognise(candidate('schema_migrations', { version: 'character varying' }), []),
    ).toBeUndefined();
  });

  it('takes the keys that the command line and the library were seen to take', () => {
    expect(lockKey('public', 'schema_migrations', '/gm')).toBe(3596941855n);
    expect(lockKey('public', 'schema_migrations', 'gm')).toBe(1418081039n);
    expect(golangMigrate.lockKeys?.('gm', undefined, 'public')).toEqual(
      lockNames('gm').map((name) => lockKey('public', 'schema_migrations', name)),
    );
  });

  it('finds the folder and orders by number', async () => {
    project = makeProject({ ...files, 'server/migrations/README.md': '' });
    const { location, reading } = await readTrack(golangMigrate, project);
    expect(location.folder).toBe('server/migrations');
    expect(reading.migrations.map(({ id, name, reversible }) => `${id} ${name} ${reversible}`)).toEqual([
      '1 000001_users true',
      '2 000002_posts true',
      '10 000010_tags false',
    ]);
  });

  it('leaves the like-named files of sqlx to sqlx', async () => {
    project = makeProject({ ...files, 'server/Cargo.toml': '[dependencies]\nsqlx = { version = "0.8" }\n' });
    expect(await golangMigrate.locate(await project.look())).toEqual([]);
  });

  it('says where it stands by the one version', async () => {
    project = makeProject(files);
    expect(states(await at())).toEqual([
      '000001_users: pending',
      '000002_posts: pending',
      '000010_tags: pending',
    ]);
    const half = await at({ version: '2', dirty: false });
    expect(states(half)).toEqual(['000001_users: applied', '000002_posts: applied', '000010_tags: pending']);
    expect(half).toMatchObject({ current: ['2'], dirty: null });
  });

  it('says that a dirty version may be either of two steps', async () => {
    project = makeProject(files);
    const track = await at({ version: '2', dirty: true });
    expect(states(track)).toEqual(['000001_users: applied', '000002_posts: failed', '000010_tags: pending']);
    expect(track.dirty).toMatchObject({ version: '2' });
    expect(track.entries[2]?.notes.join()).toContain('If the failed step was a step down');
  });

  it('sees the dirty version below the first, which the tool hides', async () => {
    project = makeProject(files);
    const track = await at({ version: '-1', dirty: true });
    expect(track).toMatchObject({ current: [], dirty: { version: '-1' } });
    expect(states(track)).toEqual(['000001_users: failed', '000002_posts: pending', '000010_tags: pending']);
  });

  it('names a version that no file has, at its place', async () => {
    project = makeProject(files);
    const track = await at({ version: '7', dirty: false });
    expect(states(track)).toEqual([
      '000001_users: applied',
      '000002_posts: applied',
      '7: missing',
      '000010_tags: pending',
    ]);
    expect(causes(track)).toContain('migration-file-missing');
    expect(states(await at({ version: '99', dirty: false })).at(-1)).toBe('99: missing');
  });

  it('says so when the table has more than the one row', async () => {
    project = makeProject(files);
    expect(causes(await at({ version: '2', dirty: false }, { version: '1', dirty: false }))).toEqual([
      'golang-migrate-many-rows',
    ]);
  });

  it('knows without a folder no more than the version', () => {
    const track = golangMigrate.status({ rows: [{ version: '5', dirty: false }] }, undefined);
    expect(track.entries).toMatchObject([{ id: '5', state: 'applied', reversible: null }]);
  });

  it('names both files of one version, a down without up, and what it passes over', async () => {
    project = makeProject({
      ...files,
      'server/migrations/2_other.up.sql': '',
      'server/migrations/000011_gone.down.sql': '',
      'server/migrations/notes.sql': '',
    });
    const { problems } = await readTrack(golangMigrate, project);
    expect(problems.map(({ cause }) => cause).sort()).toEqual([
      'migration-down-without-up',
      'migration-name-wrong',
      'migration-version-twice',
    ]);
    expect(problems.find(({ cause }) => cause === 'migration-version-twice')?.why).toContain(
      '000002_posts.up.sql and 2_other.up.sql',
    );
  });

  it('tells a folder that is gone from one that is empty', async () => {
    project = makeProject({ 'empty/.keep': '' });
    const view = await project.look();
    const read = async (folder: string) =>
      await golangMigrate.readFolder(view, {
        tool: 'golang-migrate',
        folder,
        config: null,
        table: null,
        settings: {},
      });
    expect(causes(await read('empty'))).toEqual(['migrations-folder-empty']);
    expect(causes(await read('gone'))).toEqual(['migrations-folder-missing']);
  });
});
