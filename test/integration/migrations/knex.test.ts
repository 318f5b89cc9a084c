import { cpSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { knex } from '../../../main/migrations/tools/knex.ts';
import { isSkipped, runTool, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

const installed = await toolFolder('knex');
const sample = join(import.meta.dirname, '../../../assets/samples/billing');

const knexfile = `module.exports = {
  development: {
    client: 'pg', connection: process.env.DATABASE_URL,
    // migrations: { directory: './elsewhere' },
    migrations: { directory: "./db/migrations" /* here */ },
  },
};`;

const migration = (table: string): string =>
  `exports.up = (knex) => knex.schema.createTable('${table}', (t) => t.increments());
exports.down = (knex) => knex.schema.dropTable('${table}');\n`;

describe.skipIf(isSkipped(installed))('knex 3.3: status equals `migrate:list`', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>): Promise<void> {
    const name = `k${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({ 'knexfile.js': knexfile, ...files });
    symlinkSync(join(installed as string, 'node_modules'), join(project.root, 'node_modules'));
  }

  const tool = (...args: string[]) =>
    runTool(join(installed as string, 'node_modules/.bin/knex'), args, {
      cwd: project.root,
      env: { DATABASE_URL: server.url(client.database), NODE_ENV: 'development' },
    });

  async function run(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await tool(...args);
    expect(code, stdout + stderr).toBe(0);
  }

  /** Both lists of `migrate:list`. */
  async function toolSays(): Promise<{ applied: string[]; pending: string[] }> {
    const { stdout, code, stderr } = await tool('migrate:list');
    expect(code, stderr).toBe(0);
    const [applied, pending] = stdout.split(/Found \d+ Pending|No Pending/);
    const files = (text = ''): string[] =>
      [...text.matchAll(/^\s*(\S+\.[cm]?[jt]s)(?:\s|$)/gm)].map(([, name]) => name as string);
    return { applied: files(applied).sort(), pending: files(pending) };
  }

  async function agree() {
    // The listing makes the state table, so it comes after the look.
    const track = await readTrack(knex, project, client);
    const says = await toolSays();
    const names = (...wanted: string[]) =>
      track.entries.filter(({ state }) => wanted.includes(state)).map(({ name }) => name);
    expect(names('applied').sort()).toEqual(says.applied);
    expect(names('pending', 'out-of-order')).toEqual(says.pending);
    return track;
  }

  const files = {
    'db/migrations/20240101000000_a.js': migration('a'),
    'db/migrations/20240102000000_b.js': migration('b'),
    'db/migrations/20240103000000_c.js': migration('c'),
    'db/migrations/README.md': 'not one',
  };

  it('fresh, half applied, all applied and then edited, rolled back', async () => {
    await begin(files);
    expect((await agree()).table).toBeUndefined();
    await run('migrate:up');
    const half = await agree();
    expect(half.entries[0]).toMatchObject({ state: 'applied', labels: ['batch 1'], reversible: true });
    expect(half.entries[0]?.appliedAt).toMatch(/^20\d\d-\d\d-\d\dT.*Z$/);
    await run('migrate:latest');
    project.write({ 'db/migrations/20240101000000_a.js': `${migration('a')}\n// edited` });
    expect((await agree()).current).toEqual(['20240103000000_c.js']);
    await run('migrate:rollback');
    expect(states(await agree()).map((line) => line.split(': ')[1])).toEqual([
      'applied',
      'pending',
      'pending',
    ]);
    await run('migrate:rollback', '--all');
    expect((await agree()).current).toEqual([]);
  });

  it('one that fails leaves no rows of its run', async () => {
    await begin({
      ...files,
      'db/migrations/20240103000000_c.js': `exports.up = (knex) => knex.raw('SELECT 1/0');`,
    });
    expect((await tool('migrate:latest')).code).not.toBe(0);
    const track = await agree();
    expect(track.entries.every(({ state }) => state === 'pending')).toBe(true);
    expect(track.entries[2]?.reversible).toBe(false);
    expect(causes(track)).toEqual([]);
  });

  it('one that came late is out of order, and Knex runs it', async () => {
    await begin({ ...files });
    project.delete('db/migrations/20240102000000_b.js');
    await run('migrate:latest');
    project.write({ 'db/migrations/20240102000000_b.js': migration('b') });
    expect((await agree()).entries[1]?.state).toBe('out-of-order');
    await run('migrate:latest');
    expect((await agree()).entries[1]?.state).toBe('applied');
  });

  it('a deleted file and a changed extension are what Knex calls a corrupt folder', async () => {
    await begin(files);
    await run('migrate:latest');
    renameSync(
      join(project.root, 'db/migrations/20240102000000_b.js'),
      join(project.root, 'db/migrations/20240102000000_b.cjs'),
    );
    project.delete('db/migrations/20240103000000_c.js');
    const refused = await tool('migrate:latest');
    expect(refused.stdout + refused.stderr).toContain('directory is corrupt');
    const track = await readTrack(knex, project, client);
    expect(states(track)).toEqual([
      '20240101000000_a.js: applied',
      '20240102000000_b.cjs: out-of-order',
      '20240102000000_b.js: missing',
      '20240103000000_c.js: missing',
    ]);
    expect(causes(track)).toEqual(['folder-corrupt']);
    expect(track.problems[0]?.why).toContain('20240102000000_b.js is 20240102000000_b.cjs now');
  });

  it('a lock that was left behind is a problem with its way out', async () => {
    await begin(files);
    await run('migrate:latest');
    await client.query('UPDATE knex_migrations_lock SET is_locked = 1');
    const track = await agree();
    expect(track.problems).toMatchObject([{ cause: 'lock-taken', command: 'npx knex migrate:unlock' }]);
    await run('migrate:unlock');
    expect(causes(await agree())).toEqual([]);
  });

  it('a table and schema of other names, two folders', async () => {
    await begin({});
    await client.query('CREATE SCHEMA ops');
    project.write({
      'knexfile.js': `const path = require('path');
        module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: {
          directory: [path.join(__dirname, 'one'), './two'], tableName: 'our_steps', schemaName: "ops" } };`,
      'one/002_b.js': migration('b'),
      'two/001_a.js': migration('a'),
    });
    await run('migrate:up');
    const track = await agree();
    expect(states(track)).toEqual(['001_a.js: applied', '002_b.js: pending']);
    expect(track.location.table).toEqual({ schema: 'ops', name: 'our_steps' });
    expect(track.table).toMatchObject({ schema: 'ops', name: 'our_steps' });
  });

  it('reads the sample system Billing as the tool does', async () => {
    await begin({});
    cpSync(sample, project.root, { recursive: true });
    await run('migrate:latest');
    const track = await agree();
    expect(track.entries.length).toBe(6);
    expect(track.problems).toEqual([]);
  });
});
