import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodePgMigrate } from '../../../main/migrations/tools/node-pg-migrate.ts';
import { isSkipped, runTool, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

const installed = await toolFolder('node-pg-migrate');

const migration = (table: string): string =>
  `exports.up = (pgm) => { pgm.createTable('${table}', { id: 'id' }); };\n`;

// The tool has no status; what `up --dry-run` would run is what it takes for pending.
describe.skipIf(isSkipped(installed))('node-pg-migrate 9: pending is what `up --dry-run` would run', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>, script = 'node-pg-migrate -m db/steps'): Promise<void> {
    const name = `n${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({
      'package.json': JSON.stringify({
        type: 'commonjs',
        scripts: { migrate: script },
        dependencies: { 'node-pg-migrate': '9' },
      }),
      ...files,
    });
    symlinkSync(join(installed as string, 'node_modules'), join(project.root, 'node_modules'));
  }

  const tool = (...args: string[]) =>
    runTool(join(installed as string, 'node_modules/.bin/node-pg-migrate'), [...args, '-m', 'db/steps'], {
      cwd: project.root,
      env: { DATABASE_URL: server.url(client.database) },
    });

  async function run(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await tool(...args);
    expect(code, stdout + stderr).toBe(0);
  }

  async function agree(...options: string[]) {
    const track = await readTrack(nodePgMigrate, project, client);
    const { stdout, stderr, code } = await tool('up', '--dry-run', ...options);
    expect(code, stdout + stderr).toBe(0);
    const says = [...`${stdout}${stderr}`.matchAll(/^> - (.+)$/gm)].map(([, name]) => name as string);
    const pending = track.entries.filter(({ state }) => state === 'pending' || state === 'out-of-order');
    expect(pending.map(({ name }) => name)).toEqual(says);
    return track;
  }

  const files = {
    'db/steps/1700000000000_a.js': migration('a'),
    'db/steps/20231115000000000_b.js': migration('b'),
    'db/steps/1800000000000_c.sql':
      '-- Up Migration\nCREATE TABLE c (id int);\n-- Down Migration\nDROP TABLE c;\n',
  };

  it('fresh, half applied, all applied and then edited, rolled back; stamps and dates of 17 digits in one order', async () => {
    await begin(files);
    await agree();
    await run('up', '1');
    const half = await agree();
    expect(states(half)).toEqual([
      '1700000000000_a: applied',
      '20231115000000000_b: pending',
      '1800000000000_c: pending',
    ]);
    expect(half.entries[0]?.appliedAt).toMatch(/^20\d\d-/);
    await run('up');
    project.write({ 'db/steps/1700000000000_a.js': `${migration('a')}\n// edited` });
    expect((await agree()).current).toEqual(['1800000000000_c']);
    await run('down', '2');
    expect((await agree()).current).toEqual(['1700000000000_a']);
  });

  it('one that fails takes all of its run back', async () => {
    await begin({ ...files, 'db/steps/1900000000000_d.js': `exports.up = (pgm) => pgm.sql('SELECT 1/0');` });
    expect((await tool('up')).code).not.toBe(0);
    expect((await agree()).entries.every(({ state }) => state === 'pending')).toBe(true);
  });

  it('one that came late stops every run, which is named', async () => {
    await begin(files);
    project.delete('db/steps/20231115000000000_b.js');
    await run('up');
    project.write(files);
    const refused = await tool('up');
    expect(refused.stdout + refused.stderr).toContain(
      'Not run migration 20231115000000000_b is preceding already run migration 1800000000000_c',
    );
    const track = await agree('--no-check-order');
    expect(causes(track)).toEqual(['order-differs']);
    expect(track.entries[1]?.state).toBe('out-of-order');
  });

  it('a deleted file stops a run down, and is missing', async () => {
    await begin(files);
    await run('up');
    project.delete('db/steps/1800000000000_c.sql');
    expect((await tool('down')).stderr).toContain('have been deleted');
    const track = await agree();
    expect(states(track).at(-1)).toBe('1800000000000_c: missing');
  });

  it('takes its advisory lock by the key that the reader names', async () => {
    await begin({ 'db/steps/1700000000000_a.js': `exports.up = (pgm) => pgm.sql('SELECT pg_sleep(3)');` });
    const running = tool('up');
    const seen = new Set<string>();
    for (const until = Date.now() + 8000; Date.now() < until && seen.size === 0; ) {
      const { rows } = await client.query<{ key: string }>(
        `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1`,
      );
      for (const { key } of rows) seen.add(key);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await running;
    expect([...seen]).toEqual(nodePgMigrate.lockKeys?.('', undefined, '').map(String));
  });
});
