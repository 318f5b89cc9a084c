import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { typeorm } from '../../../main/migrations/tools/typeorm.ts';
import { isSkipped, runTool, toolFolder } from '../../support/migration-tools.ts';
import { causes, readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

const installed = await toolFolder('typeorm');

const dataSource = `const { DataSource } = require('typeorm');
module.exports = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL,
  migrations: ['db/steps/*.js'], migrationsTableName: 'our_migrations' });`;

const migration = (name: string, table: string, more = ''): string =>
  `// class Not1111111111111 {}
class ${name} {
  ${more}
  async up(queryRunner) { await queryRunner.query('CREATE TABLE ${table} (id int)'); }
  async down(queryRunner) { await queryRunner.query("DROP TABLE ${table}"); }
}
module.exports = { ${name} };\n`;

describe.skipIf(isSkipped(installed))('TypeORM 0.3: status equals `migration:show`', () => {
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
    const name = `t${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({
      'package.json': JSON.stringify({ type: 'commonjs', dependencies: { typeorm: '0.3' } }),
      'data-source.js': dataSource,
      ...files,
    });
    symlinkSync(join(installed as string, 'node_modules'), join(project.root, 'node_modules'));
  }

  const tool = (...args: string[]) =>
    runTool(join(installed as string, 'node_modules/.bin/typeorm'), [...args, '-d', 'data-source.js'], {
      cwd: project.root,
      env: { DATABASE_URL: server.url(client.database) },
    });

  async function run(...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await tool(...args);
    expect(code, stdout + stderr).toBe(0);
  }

  async function agree() {
    const track = await readTrack(typeorm, project, client);
    const { stdout } = await tool('migration:show');
    const says = [...stdout.matchAll(/^.*?\[([X ])\] (?:\d+ )?(\S+)$/gm)].map(
      ([, mark, name]) => `${name}: ${mark === 'X' ? 'applied' : 'pending'}`,
    );
    const ours = states(track)
      .filter((line) => !line.endsWith(': missing'))
      .map((line) => line.replace(': out-of-order', ': pending'));
    expect(ours).toEqual(says);
    return track;
  }

  const files = {
    'db/steps/first.js': migration('First1700000000001', 'a'),
    'db/steps/zero.js': migration('Zero', 'z', "name = 'Zero1600000000000'"),
    'db/steps/last.js': migration('Last1800000000000', 'l'),
  };

  it('fresh, half applied, all applied and then edited, reverted; a class by its name field', async () => {
    await begin(files);
    expect((await readTrack(typeorm, project, client)).location.table).toEqual({
      schema: null,
      name: 'our_migrations',
    });
    await agree();
    project.delete('db/steps/last.js');
    await run('migration:run');
    project.write(files);
    expect(states(await agree())).toEqual([
      'Zero1600000000000: applied',
      'First1700000000001: applied',
      'Last1800000000000: pending',
    ]);
    await run('migration:run');
    project.write({ 'db/steps/first.js': `${files['db/steps/first.js']}\n// edited` });
    await agree();
    await run('migration:revert');
    expect((await agree()).current).toEqual(['First1700000000001']);
  });

  it('one that fails takes all of its run back', async () => {
    await begin({ ...files, 'db/steps/bad.js': migration('Bad1900000000000', 'l') });
    expect((await tool('migration:run')).code).not.toBe(0);
    expect((await agree()).current).toEqual([]);
  });

  it('one that came late is out of order, and TypeORM runs it', async () => {
    await begin(files);
    project.delete('db/steps/zero.js');
    await run('migration:run');
    project.write(files);
    expect((await agree()).entries[0]?.state).toBe('out-of-order');
    await run('migration:run');
    expect((await agree()).entries.every(({ state }) => state === 'applied')).toBe(true);
    expect((await agree()).current).toEqual(['Zero1600000000000']);
  });

  it('a deleted class is missing, and can’t be reverted', async () => {
    await begin(files);
    await run('migration:run');
    project.delete('db/steps/last.js');
    expect(states(await agree()).at(-1)).toBe('Last1800000000000: missing');
    const refused = await tool('migration:revert');
    expect(refused.stdout + refused.stderr).toContain('No migration Last1800000000000 was found');
  });

  it('names without a stamp and names that are there twice are refused, and named', async () => {
    await begin({ ...files, 'db/steps/plain.js': migration('Plain', 'p') });
    const refused = await tool('migration:show');
    expect(refused.stdout + refused.stderr).toContain('Plain migration name is wrong');
    expect(causes(await readTrack(typeorm, project, client))).toEqual(['name-without-stamp']);
    project.write({ 'db/steps/plain.js': migration('Plain', 'p', "name = 'Zero1600000000000'") });
    const twice = await tool('migration:show');
    expect(twice.stdout + twice.stderr).toContain('Duplicate migrations: Zero1600000000000');
    expect(causes(await readTrack(typeorm, project, client))).toEqual(['name-twice']);
  });
});
