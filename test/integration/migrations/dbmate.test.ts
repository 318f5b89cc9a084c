import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dbmate } from '../../../main/migrations/tools/dbmate.ts';
import { isSkipped, runTool, type ToolRun, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const tool = await toolFolder('dbmate');

const section = (up: string, down: string): string => `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`;
const files = {
  'db/migrations/001_users.sql': section('CREATE TABLE users (id int);', 'DROP TABLE users;'),
  'db/migrations/002_posts.sql': section('CREATE TABLE posts (id int);', 'DROP TABLE posts;'),
  'db/migrations/010_tags.sql': section('CREATE TABLE tags (id int);', 'DROP TABLE tags;'),
  // As a text, 9 comes after 010.
  'db/migrations/9_votes.sql': section('CREATE TABLE votes (id int);', 'DROP TABLE votes;'),
};

describe.skipIf(isSkipped(tool))('dbmate itself and the reader say the same', { timeout: 90_000 }, () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let database = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server.remove());

  beforeEach(async () => {
    project?.remove();
    project = makeProject(files);
    await server.query(`CREATE DATABASE dbmate_${++database}`);
    client = await server.connect({ database: `dbmate_${database}` });
    return () => project.remove();
  });

  const run = async (...args: string[]): Promise<ToolRun> =>
    await runTool(
      join(String(tool), 'node_modules/@dbmate/linux-x64/bin/dbmate'),
      ['--no-dump-schema', ...args],
      {
        cwd: project.root,
        env: { DATABASE_URL: server.url(`dbmate_${database}`) },
      },
    );

  /** `[X] file` and `[ ] file`, in dbmate's order. */
  const told = async (): Promise<string[]> =>
    (await run('status')).stdout
      .split('\n')
      .map((line) => /^\[([X ])\] (.*)\.sql$/.exec(line))
      .filter((match) => match !== null)
      .map(([, mark, name]) => `${name}: ${mark === 'X' ? 'applied' : 'pending'}`);

  /** The same of the reader: dbmate has no states but those two, and shows nothing that has no file. */
  const read = async (): Promise<string[]> =>
    (await readTrack(dbmate, project, client)).entries
      .filter(({ file }) => file !== null)
      .map(({ name, state }) => `${name}: ${state === 'out-of-order' ? 'pending' : state}`);

  it('of a fresh database', async () => {
    expect(await told()).toHaveLength(4);
    expect(await read()).toEqual(await told());
  });

  it('of one that is half applied, and of one where all is', async () => {
    project.delete('db/migrations/010_tags.sql', 'db/migrations/9_votes.sql');
    expect((await run('up')).code).toBe(0);
    project.write(files);
    expect(await read()).toEqual(await told());
    expect(await read()).toEqual([
      '001_users: applied',
      '002_posts: applied',
      '010_tags: pending',
      '9_votes: pending',
    ]);
    expect((await run('up')).code).toBe(0);
    expect(await read()).toEqual(await told());
    expect((await readTrack(dbmate, project, client)).current).toEqual(['9']);
  });

  it('after a failure, which leaves no trace', async () => {
    project.write({
      'db/migrations/002_posts.sql': section('CREATE TABLE nonsense (;', 'DROP TABLE posts;'),
    });
    expect((await run('up')).code).not.toBe(0);
    expect(await read()).toEqual(await told());
    expect(await read()).toContain('002_posts: pending');
  });

  it('after a roll back', async () => {
    await run('up');
    await run('rollback');
    expect(await read()).toEqual(await told());
    expect(await read()).toContain('9_votes: pending');
  });

  it('of an edited file, which dbmate does not notice', async () => {
    await run('up');
    project.write({ 'db/migrations/001_users.sql': section('SELECT 1;', 'SELECT 2;') });
    expect(await read()).toEqual(await told());
    const track = await readTrack(dbmate, project, client);
    expect(track.entries[0]).toMatchObject({ state: 'applied', checksum: 'unknown' });
  });

  it('of a deleted file, which dbmate leaves out and the reader names', async () => {
    await run('up');
    project.delete('db/migrations/002_posts.sql');
    expect(await read()).toEqual(await told());
    const track = await readTrack(dbmate, project, client);
    expect(states(track)).toEqual([
      '001_users: applied',
      '002: missing',
      '010_tags: applied',
      '9_votes: applied',
    ]);
    expect(causes(track)).toEqual(['migration-file-missing']);
  });

  it('of one that came late, which dbmate calls pending and runs', async () => {
    project.delete('db/migrations/002_posts.sql');
    await run('up');
    project.write(files);
    expect(await read()).toEqual(await told());
    expect(states(await readTrack(dbmate, project, client))).toContain('002_posts: out-of-order');
    expect((await run('up')).code).toBe(0);
    expect(await read()).toEqual(await told());
  });

  it('of a state table of another name in another schema', async () => {
    project.write({ '.env': 'DBMATE_MIGRATIONS_TABLE=meta.applied\nSECRET=x\n' });
    await client.query('CREATE SCHEMA meta');
    await run('up');
    const track = await readTrack(dbmate, project, client);
    expect(track.table).toMatchObject({ schema: 'meta', name: 'applied' });
    expect(track.location).toMatchObject({ config: '.env', table: { schema: 'meta', name: 'applied' } });
    expect(track.entries.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it('refuses the files that the reader says it refuses', async () => {
    project.write({ 'db/migrations/011_down_missing.sql': '-- migrate:up\nSELECT 1;\n' });
    const track = await readTrack(dbmate, project, client);
    expect(causes(track)).toEqual(['dbmate-directive-missing']);
    expect((await run('up')).stderr).toMatch(/down block/);
    project.write({ 'db/migrations/011_down_missing.sql': `\ufeff${section('SELECT 1;', '')}` });
    expect(causes(await readTrack(dbmate, project, client))).toEqual(['dbmate-directive-missing']);
    expect((await run('up')).code).not.toBe(0);
    project.write({
      'db/migrations/011_down_missing.sql': `CREATE TABLE a ();\n${section('SELECT 1;', '')}`,
    });
    expect(causes(await readTrack(dbmate, project, client))).toEqual(['dbmate-directive-missing']);
    expect((await run('up')).stderr).toMatch(/preceding/);
  });
});
