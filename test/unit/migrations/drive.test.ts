import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { knownCommands } from '../../../main/migrations/drive/known-commands.ts';
import { shellWord } from '../../../main/migrations/drive/shell-word.ts';
import { surroundingsOf } from '../../../main/migrations/drive/surroundings.ts';
import { type Reached, variablesFor } from '../../../main/migrations/drive/variables.ts';
import type { MigrationTool } from '../../../main/migrations/tool.ts';
import { alembic } from '../../../main/migrations/tools/alembic.ts';
import { tools } from '../../../main/migrations/tools/index.ts';
import { nodePgMigrate } from '../../../main/migrations/tools/node-pg-migrate.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';
import type { MigrationEntry } from '../../../preload/contract/migrations.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

describe('a name in a shell’s line', () => {
  it.each([
    'plain',
    '20240101_a.sql',
    "it's",
    '$(touch x)',
    '`id`',
    'a b',
    'a;b',
    '*',
    '"',
    '\\',
    'ü',
    '&&',
    '#x',
  ])('%s comes out as it went in', (name) => {
    const word = shellWord(name, 'linux') ?? '';
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${word}`]).toString()).toBe(name);
  });

  it.each(['', '-rf', '--help', 'a\nb', 'a\0b'])('%j is refused', (name) => {
    expect(shellWord(name, 'linux')).toBeUndefined();
  });

  it.each(['a%PATH%', 'a"b', 'a!b!', 'a^b'])('%s is refused on Windows, where no quotes keep it', (name) => {
    expect(shellWord(name, 'win32')).toBeUndefined();
  });
});

describe('variables', () => {
  const reached = (url: string, tls = false): Reached => {
    const { connection, password } = parseConnectionUrl(url);
    return {
      address: { connection, password },
      way: { target: { host: connection.host, port: connection.port }, tls: tls ? {} : false, pooled: false },
    };
  };

  it('hold a URL that drivers read back, with what has to be escaped', () => {
    const { DATABASE_URL = '', PGPASSWORD } = variablesFor(
      'alembic',
      reached('postgresql://a%40b:p%2F%40%3A%25@[::1]:5433/my%20db?options=-c%20search_path%3Dx'),
    );
    const url = new URL(DATABASE_URL);
    expect(
      [url.username, url.password, url.hostname, url.port, url.pathname].map(decodeURIComponent),
    ).toEqual(['a@b', 'p/@:%', '[::1]', '5433', '/my db']);
    expect(url.searchParams.get('options')).toBe('-c search_path=x');
    expect(PGPASSWORD).toBe('p/@:%');
  });

  it('say the encryption that the sessions agreed on, in the driver’s own words', () => {
    const modes = (tool: 'alembic' | 'knex', url: string, tls: boolean) =>
      variablesFor(tool, reached(url, tls)).PGSSLMODE;
    expect(modes('alembic', 'postgresql://a@h/d?sslmode=prefer', false)).toBe('disable');
    expect(modes('alembic', 'postgresql://a@h/d?sslmode=prefer', true)).toBe('require');
    // To npm's pg, `require` would be `verify-full`.
    expect(modes('knex', 'postgresql://a@h/d?sslmode=require', true)).toBe('no-verify');
    expect(modes('knex', 'postgresql://a@h/d?sslmode=verify-full', true)).toBe('verify-full');
  });

  it('of tools whose address stands in arguments hold none with a password', () => {
    for (const [tool, name] of [
      ['atlas', 'DATABASE_URL_WITHOUT_PASSWORD'],
      ['sqitch', 'SQITCH_TARGET'],
      ['flyway', 'FLYWAY_URL'],
      ['liquibase', 'LIQUIBASE_COMMAND_URL'],
    ] as const) {
      const variables = variablesFor(tool, reached('postgresql://a:secret@h/d'));
      expect(variables[name]).toContain('h');
      expect(variables[name]).not.toContain('secret');
    }
  });

  it('name a socket’s folder and its port', () => {
    const { DATABASE_URL = '', PGHOST } = variablesFor(
      'rails',
      reached('postgresql://a@/d?host=/run/pg&port=5433'),
    );
    expect(PGHOST).toBe('/run/pg');
    expect(DATABASE_URL).toMatch(/^postgresql:\/\/a@\/d\?host=%2Frun%2Fpg&port=5433&/);
  });
});

describe('commands', () => {
  let project: Project;
  afterEach(() => project.remove());

  const entry = (id: string, state: MigrationEntry['state']): MigrationEntry => ({
    id,
    name: id,
    state,
    notes: [],
    appliedAt: null,
    appliedBy: null,
    durationMs: null,
    file: id,
    downFile: null,
    reversible: null,
    parents: [],
    labels: [],
    checksum: 'unknown',
  });

  async function commandsIn(tool: MigrationTool<never>, entries: MigrationEntry[] = []) {
    const view = await project.look();
    const [location] = await tool.locate(view);
    if (!location) throw new Error(`${tool.id} is not found`);
    const known = knownCommands({
      track: { tool: tool.id, entries, heads: [] },
      location,
      surroundings: await surroundingsOf(view, location),
    });
    return Object.fromEntries(known.map(({ action, command }) => [action, command]));
  }
  const python = {
    'daemon/alembic.ini': '[alembic]\nscript_location = %(here)s/steps\n',
    'daemon/steps/versions/a.py': 'revision = "a"\ndown_revision = None\n',
  };

  it('are run where the configuration lies, by the virtual environment or the manager of the project', async () => {
    project = makeProject(python);
    expect((await commandsIn(alembic as never)).up).toBe('cd daemon && alembic upgrade head');
    project.write({ 'uv.lock': '' });
    expect((await commandsIn(alembic as never)).up).toBe('cd daemon && uv run alembic upgrade head');
    project.write({ '.venv/bin/alembic': '' });
    expect((await commandsIn(alembic as never)).up).toBe('cd daemon && ../.venv/bin/alembic upgrade head');
  });

  it('name no program that would be fetched from the network', async () => {
    project = makeProject({
      'package.json':
        '{ "dependencies": { "node-pg-migrate": "8" }, "scripts": { "m": "node-pg-migrate -m steps" } }',
      'steps/1_a.js': 'exports.up = () => {};',
    });
    expect((await commandsIn(nodePgMigrate as never)).up).toBe('npx --no -- node-pg-migrate up -m steps');
    project.write({ 'pnpm-lock.yaml': '' });
    expect((await commandsIn(nodePgMigrate as never)).up).toBe('pnpm exec node-pg-migrate up -m steps');
    // What lies beside the project needs no package manager.
    project.write({ 'node_modules/.bin/node-pg-migrate': '' });
    expect((await commandsIn(nodePgMigrate as never)).up).toBe(
      'node_modules/.bin/node-pg-migrate up -m steps',
    );
  });

  it('take no name from a file that a shell would run', async () => {
    project = makeProject(python);
    const mark = async (id: string) => (await commandsIn(alembic as never, [entry(id, 'pending')])).mark;
    expect(await mark('a$(touch x)')).toBe("cd daemon && alembic stamp 'a$(touch x)'");
    expect(await mark('--sql')).toBeNull();
  });

  it('are known for every tool that is driven, and for no other', () => {
    project = makeProject();
    const surroundings = {
      folder: '',
      python: (program: string) => program,
      node: (program: string) => program,
      ruby: (task: string) => task,
      dataSource: undefined,
    };
    for (const { id, runner } of tools) {
      const location = { tool: id, folder: 'migrations', config: null, table: null, settings: {} };
      const known = knownCommands({ track: { tool: id, entries: [], heads: [] }, location, surroundings });
      expect([id, known.some(({ action }) => action === 'up')]).toEqual([id, runner === 'driven']);
    }
  });
});
