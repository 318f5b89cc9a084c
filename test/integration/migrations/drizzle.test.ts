import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drizzle } from '../../../main/migrations/tools/drizzle.ts';
import { isSkipped, runTool, type ToolRun, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

const tool = await toolFolder('drizzle');

const journal = (...tags: [tag: string, when: number][]): string =>
  JSON.stringify({
    version: '7',
    dialect: 'postgresql',
    entries: tags.map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true })),
  });
const all: [string, number][] = [
  ['0000_users', 1700000000000],
  ['0001_posts', 1700000100000],
  ['0002_tags', 1700000200000],
];
const files = {
  'drizzle.config.ts':
    "export default { dialect: 'postgresql', out: './drizzle', dbCredentials: { url: process.env.DATABASE_URL } };\n",
  'drizzle/meta/_journal.json': journal(...all),
  'drizzle/0000_users.sql':
    'CREATE TABLE users (id int);\n--> statement-breakpoint\nCREATE INDEX ON users (id);\n',
  'drizzle/0001_posts.sql': 'CREATE TABLE posts (id int);\n',
  'drizzle/0002_tags.sql': 'CREATE TABLE tags (id int);\n',
};

// Drizzle has no status of its own: what it calls pending is what its next `migrate` runs.
describe.skipIf(isSkipped(tool))(
  'what the reader calls pending, Drizzle runs next, and nothing else',
  { timeout: 120_000 },
  () => {
    let server: TestServer;
    let client: Client;
    let project: Project;
    let database = 0;

    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(async () => await server.remove());

    beforeEach(async () => {
      project = makeProject(files);
      symlinkSync(join(String(tool), 'node_modules'), join(project.root, 'node_modules'));
      await server.query(`CREATE DATABASE drizzle_${++database}`);
      client = await server.connect({ database: `drizzle_${database}` });
      return () => project.remove();
    });

    const migrate = async (): Promise<ToolRun> =>
      await runTool('node', [join(String(tool), 'node_modules/drizzle-kit/bin.cjs'), 'migrate'], {
        cwd: project.root,
        env: { DATABASE_URL: server.url(`drizzle_${database}`) },
      });
    const tables = async (): Promise<string[]> =>
      (
        await client.query(
          "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        )
      ).rows.map(({ relname }) => String(relname));
    const read = async () => await readTrack(drizzle, project, client);

    /** Runs what is pending and says which tables that made; the reader must have said the same before. */
    const runsWhatIsPending = async (): Promise<string[]> => {
      const before = await tables();
      const pending = (await read()).entries
        .filter(({ state }) => state === 'pending')
        .map(({ name }) => name.slice(5));
      expect((await migrate()).code).toBe(0);
      const made = (await tables()).filter((name) => !before.includes(name));
      expect(made.sort()).toEqual(pending.sort());
      return made;
    };

    it('in a fresh database, and in one where all is applied', async () => {
      expect(await runsWhatIsPending()).toEqual(['posts', 'tags', 'users']);
      expect(await runsWhatIsPending()).toEqual([]);
      const track = await read();
      expect(track.table).toMatchObject({ schema: 'drizzle', name: '__drizzle_migrations' });
      expect(track.entries.map(({ state, checksum }) => `${state} ${checksum}`)).toEqual(
        Array(3).fill('applied same'),
      );
      expect(track.current).toEqual(['0002_tags']);
      // The table’s time is that of writing, so it is not shown as that of running.
      expect(track.entries[0]?.appliedAt).toBeNull();
    });

    it('in one that is half applied', async () => {
      project.write({ 'drizzle/meta/_journal.json': journal(...all.slice(0, 1)) });
      await migrate();
      project.write(files);
      expect(await runsWhatIsPending()).toEqual(['posts', 'tags']);
    });

    it('after a failure, which leaves no trace', async () => {
      project.write({ 'drizzle/0002_tags.sql': 'CREATE TABLE nonsense (;\n' });
      expect((await migrate()).code).not.toBe(0);
      expect(states(await read())).toEqual([
        '0000_users: pending',
        '0001_posts: pending',
        '0002_tags: pending',
      ]);
      project.write(files);
      expect(await runsWhatIsPending()).toHaveLength(3);
    });

    it('when an older one comes late: it is passed over', async () => {
      const [users, posts, tags] = all as [[string, number], [string, number], [string, number]];
      project.write({ 'drizzle/meta/_journal.json': journal(users, tags) });
      await migrate();
      project.write(files);
      expect(states(await read())).toEqual([
        '0000_users: applied',
        '0001_posts: out-of-order',
        '0002_tags: applied',
      ]);
      expect(await runsWhatIsPending()).toEqual([]);
      project.write({ 'drizzle/meta/_journal.json': journal(users, tags, posts) });
      expect(causes(await read())).toContain('drizzle-journal-order');
      expect(await runsWhatIsPending()).toEqual([]);
    });

    it('when a file was edited: it is not run again', async () => {
      await migrate();
      project.write({ 'drizzle/0001_posts.sql': 'CREATE TABLE posts_anew (id int);\n' });
      expect(states(await read())).toContain('0001_posts: changed');
      expect(await runsWhatIsPending()).toEqual([]);
    });

    it('when one is gone from the journal, and when only its file is', async () => {
      await migrate();
      project.write({ 'drizzle/meta/_journal.json': journal(...all.slice(0, 2)) });
      const track = await read();
      expect(states(track)).toEqual(['0000_users: applied', '0001_posts: applied', 'row 3: missing']);
      expect(causes(track)).toContain('drizzle-not-in-journal');
      project.write(files);
      project.delete('drizzle/0001_posts.sql');
      expect(causes(await read())).toContain('drizzle-file-missing');
      expect((await migrate()).code).not.toBe(0);
    });

    it('in a table of another name', async () => {
      project.write({
        'drizzle.config.ts': `export default { dialect: 'postgresql', out: 'drizzle',
        migrations: { table: 'ran', schema: 'public' }, dbCredentials: { url: process.env.DATABASE_URL } };`,
      });
      await migrate();
      const track = await read();
      expect(track.location.table).toEqual({ schema: 'public', name: 'ran' });
      expect(track.table).toMatchObject({ schema: 'public', name: 'ran' });
      expect(track.entries.every(({ state }) => state === 'applied')).toBe(true);
    });
  },
);
