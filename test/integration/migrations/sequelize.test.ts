import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sequelize } from '../../../main/migrations/tools/sequelize.ts';
import { isSkipped, runTool, toolFolder } from '../../support/migration-tools.ts';
import { readTrack, states } from '../../support/migration-tracks.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

vi.setConfig({ testTimeout: 120_000 });

const installed = await toolFolder('sequelize');

const migration = (table: string): string =>
  `module.exports = {
  async up(queryInterface, Sequelize) { await queryInterface.createTable('${table}', { id: Sequelize.INTEGER }); },
  async down(queryInterface) { await queryInterface.dropTable('${table}'); },
};\n`;

describe.skipIf(isSkipped(installed))('Sequelize', () => {
  let server: TestServer;
  let client: Client;
  let project: Project;
  let databases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => await server?.remove());
  afterEach(() => project.remove());

  async function begin(files: Record<string, string>, dependencies: Record<string, string>): Promise<void> {
    const name = `s${++databases}`;
    await server.query(`CREATE DATABASE ${name}`);
    client = await server.connect({ database: name });
    project = makeProject({ 'package.json': JSON.stringify({ type: 'commonjs', dependencies }), ...files });
    symlinkSync(join(installed as string, 'node_modules'), join(project.root, 'node_modules'));
  }

  const env = (): Record<string, string> => ({
    DATABASE_URL: server.url(client.database),
    NODE_ENV: 'development',
  });

  describe('sequelize-cli 6: status equals `db:migrate:status`', () => {
    const files = {
      '.sequelizerc': `const path = require('path');
module.exports = { config: path.resolve('config.js'), 'migrations-path': path.resolve('database', 'steps') };`,
      'config.js': `module.exports = { development: { use_env_variable: 'DATABASE_URL', dialect: 'postgres' } };`,
      'database/steps/20240101-a.js': migration('a'),
      'database/steps/20240102-b.js': migration('b'),
      'database/steps/20240103-c.cjs': migration('c'),
      'database/steps/types.d.ts': 'export {};',
    };
    const tool = (...args: string[]) =>
      runTool(join(installed as string, 'node_modules/.bin/sequelize-cli'), args, {
        cwd: project.root,
        env: env(),
      });
    async function run(...args: string[]): Promise<void> {
      const { code, stdout, stderr } = await tool(...args);
      expect(code, stdout + stderr).toBe(0);
    }
    async function agree() {
      const track = await readTrack(sequelize, project, client);
      const { stdout } = await tool('db:migrate:status');
      const says = [...stdout.matchAll(/^(up|down) (\S+)/gm)].map(
        ([, mark, name]) => `${name}: ${mark === 'up' ? 'applied' : 'pending'}`,
      );
      // The command line lists a row without a file as up too.
      const ours = states(track).map((line) =>
        line.replace(': out-of-order', ': pending').replace(': missing', ': applied'),
      );
      // The tool lists what is applied first.
      expect(ours.sort()).toEqual(says.sort());
      return track;
    }

    it('fresh, half applied, all applied and then edited, undone', async () => {
      await begin(files, { 'sequelize-cli': '6' });
      await agree();
      await run('db:migrate', '--to', '20240102-b.js');
      const half = await agree();
      expect(half.current).toEqual(['20240102-b.js']);
      expect(half.table).toMatchObject({ name: 'SequelizeMeta', certainty: 'certain' });
      await run('db:migrate');
      project.write({ 'database/steps/20240101-a.js': `${migration('a')}\n// edited` });
      await agree();
      await run('db:migrate:undo');
      expect(states(await agree()).at(-1)).toBe('20240103-c.cjs: pending');
    });

    it('failed, out of order, deleted', async () => {
      await begin(
        {
          ...files,
          'database/steps/20240103-c.cjs':
            "exports.up = (queryInterface) => queryInterface.sequelize.query('SELECT 1/0');",
        },
        { 'sequelize-cli': '6' },
      );
      expect((await tool('db:migrate')).code).not.toBe(0);
      expect((await agree()).current).toEqual(['20240102-b.js']);
      project.write({ 'database/steps/20240101-late.js': migration('late') });
      expect((await agree()).entries.map(({ state }) => state)).toContain('out-of-order');
      project.delete('database/steps/20240101-a.js');
      expect(states(await agree())).toContain('20240101-a.js: missing');
    });
  });

  describe('umzug 3: status equals `umzug.pending()` and `executed()`', () => {
    const program = (resolve = ''): string => `const { Sequelize } = require('sequelize');
const { Umzug, SequelizeStorage } = require('umzug');
const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres', logging: false });
const umzug = new Umzug({ migrations: { glob: 'migrations/*.js'${resolve} }, context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }), logger: undefined });
(async () => {
  if (process.argv[2] === 'up') await umzug.up({ step: Number(process.argv[3] ?? 99) });
  if (process.argv[2] === 'down') await umzug.down();
  const names = (list) => list.map(({ name }) => name);
  console.log(JSON.stringify({ applied: names(await umzug.executed()), pending: names(await umzug.pending()) }));
  await sequelize.close();
})().catch((error) => { console.error(error.message); process.exit(1); });`;
    const step = (table: string): string =>
      `exports.up = ({ context }) => context.sequelize.query('CREATE TABLE ${table} (id int)');
exports.down = ({ context }) => context.sequelize.query('DROP TABLE ${table}');\n`;
    const files = {
      'migrations/01.js': step('a'),
      'migrations/02.js': step('b'),
      'migrations/03.js': step('c'),
    };

    async function agree(...args: string[]) {
      const { stdout, stderr } = await runTool('node', ['umzug.js', ...args], {
        cwd: project.root,
        env: env(),
      });
      const says = JSON.parse(stdout || '{}') as { applied: string[]; pending: string[] };
      const track = await readTrack(sequelize, project, client);
      const names = (state: string) => track.entries.filter((entry) => entry.state === state);
      const stem = (name: string): string => name.replace(/\.js$/, '');
      expect(
        names('applied').map(({ name }) => stem(name)),
        stderr,
      ).toEqual(says.applied.map(stem));
      expect(names('pending').map(({ name }) => stem(name))).toEqual(says.pending.map(stem));
      return track;
    }

    it('with names as files have them, and without their extension', async () => {
      for (const resolve of [
        '',
        `, resolve: ({ name, path, context }) => ({ ...Umzug.defaultResolver({ name, path, context }), name: name.replace('.js', '') })`,
      ]) {
        await begin({ 'umzug.js': program(resolve), ...files }, { umzug: '3', sequelize: '6' });
        await agree();
        await agree('up', '2');
        await agree('up');
        expect((await agree('down')).current).toEqual(['02.js']);
        project.remove();
      }
    });
  });
});
