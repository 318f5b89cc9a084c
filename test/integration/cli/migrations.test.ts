import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CliResult, howdah } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { debianTool, isSkipped } from '../../support/migration-tools.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// A process for each call, of which some tests make many.
vi.setConfig({ testTimeout: 120_000 });

const entry = join(import.meta.dirname, '../../../dist/main/cli.js');
const alembic = await debianTool('alembic', ['alembic', 'python3-psycopg2']);

let server: TestServer;
let dataFolder: string;
let project: Project;
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-migrations-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});
beforeEach(async () => {
  await server.query('DROP DATABASE IF EXISTS app WITH (FORCE)');
  await server.query('CREATE DATABASE app');
});
afterEach(() => project?.remove());

const url = (): string => server.url('app').replace(':postgres@', '@');
const env = { PGPASSWORD: 'postgres', PATH: `/usr/bin:${process.env.PATH}` };
const cli = (...args: string[]): Promise<CliResult> => howdah(['migrations', ...args], { dataFolder, env });
/** On the database by its URL, with the project given for this call. */
const on = (action: string, ...args: string[]): Promise<CliResult> =>
  cli(action, url(), ...args, '--dir', project.root);
const sql = <T extends Record<string, unknown>>(text: string) => server.query<T>(text, 'app');
const versions = async (): Promise<string[]> =>
  (
    await sql<{ row: string }>(
      "SELECT version || CASE WHEN dirty THEN ' dirty' ELSE '' END AS row FROM schema_migrations",
    )
  ).map(({ row }) => row);

const golang = {
  'db/migrations/1_one.up.sql': 'CREATE TABLE one (id int);',
  'db/migrations/1_one.down.sql': 'DROP TABLE one;',
  'db/migrations/2_two.up.sql': 'CREATE TABLE two (id int);\nALTER TABLE one ALTER COLUMN id TYPE bigint;',
  'db/migrations/2_two.down.sql': 'DROP TABLE two;',
  'db/migrations/3_three.up.sql': 'CREATE TABLE three (id int);',
  'db/migrations/3_three.down.sql': 'DROP TABLE three;',
};
const dbmate = {
  'db/migrations/1_one.sql': '-- migrate:up\nCREATE TABLE one (id int);\n-- migrate:down\nDROP TABLE one;\n',
  'db/migrations/2_two.sql': '-- migrate:up\nCREATE TABLE two (id int);\n-- migrate:down\nDROP TABLE two;\n',
};

describe('runs of plain SQL, on a URL with a folder given for the call', () => {
  test('go up one, up all, down, to a version and over again, as the table says', async () => {
    project = makeProject(golang);
    const first = await on('up', '-n', '1');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/1 of 1 run in .*, now at .*1/);
    expect(first.stderr).toContain('1/1 1_one');
    expect(await versions()).toEqual(['1']);
    expect((await on('up')).code).toBe(0);
    expect(await versions()).toEqual(['3']);
    const none = await on('up');
    expect([none.code, none.stdout]).toEqual([
      0,
      expect.stringMatching(/^Nothing to run: golang-migrate is at .*3/),
    ]);
    expect((await on('down', '-n', '2')).code).toBe(0);
    expect(await versions()).toEqual(['1']);
    expect((await on('goto', '3')).code).toBe(0);
    expect((await on('goto', '2')).code).toBe(0);
    expect((await on('redo')).code).toBe(0);
    expect(await versions()).toEqual(['2']);
    const status = await on('status', '--json');
    expect(status.code).toBe(1);
    expect(
      JSON.parse(status.stdout)[0].tracks[0].migrations.map(({ state }: { state: string }) => state),
    ).toEqual(['applied', 'applied', 'pending']);
  });

  test('print JSON alone on standard output', async () => {
    project = makeProject(golang);
    const { code, stdout } = await on('up', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ran: 3, cancelled: false, failed: null });
  });

  test('that fail exit with 1 and tell file, line, SQLSTATE, the state left and the ways out', async () => {
    project = makeProject({
      ...golang,
      'db/migrations/2_two.up.sql': 'CREATE TABLE two (id int);\nSELECT 1/0;',
    });
    const { code, stdout, stderr } = await on('up');
    expect(code).toBe(1);
    expect(stderr).toContain('SQLSTATE 22012');
    expect(stderr).toContain('at db/migrations/2_two.up.sql:2');
    expect(stderr).toMatch(/dirty at version 2/);
    expect(stderr).toMatch(/^- .*force/m);
    expect(stdout).toContain('1 of 3 run');
    expect(await versions()).toEqual(['2 dirty']);
    // Not begun while it is dirty: the call has to be another.
    const again = await on('up', '--json');
    expect(again.code).toBe(2);
    expect(JSON.parse(again.stdout).error.code).toBe('INVALID');
    const forced = await on('force', '1');
    expect([forced.code, forced.stdout]).toEqual([0, 'golang-migrate: at 1\n']);
    expect(await versions()).toEqual(['1']);
    project.write({ 'db/migrations/2_two.up.sql': 'CREATE TABLE two (id int);' });
    expect((await on('up')).code).toBe(0);
    expect((await on('force', 'none')).code).toBe(0);
    expect(await versions()).toEqual([]);
  });

  test('are previewed statement by statement with risk and locks, and nothing is run', async () => {
    project = makeProject(golang);
    expect((await on('up', '-n', '1')).code).toBe(0);
    const { code, stdout } = await on('preview', 'up', '-n', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2_two up \(db\/migrations\/2_two\.up\.sql, the server’s own transaction\)$/m);
    expect(stdout).toMatch(/^ {2}1: \[change\] CREATE TABLE two \(id int\)$/m);
    expect(stdout).toMatch(
      /^ {2}2: \[\w+\] ALTER TABLE one ALTER COLUMN id TYPE bigint\n {6}ACCESS EXCLUSIVE on .*one.*rewrite/m,
    );
    const down = await on('preview', 'down', '--json');
    expect(JSON.parse(down.stdout).steps).toMatchObject([
      { id: '1', direction: 'down', statements: [{ risk: 'destroy', text: 'DROP TABLE one' }] },
    ]);
    expect((await on('preview', 'goto', '3')).stdout).toContain('3_three up');
    expect((await on('preview', 'goto')).code).toBe(2);
    expect((await on('preview', 'sideways')).code).toBe(2);
    expect(await versions()).toEqual(['1']);
  });

  test('end on Ctrl-C: the server ends the statement, and what is left is told', async () => {
    project = makeProject({
      ...golang,
      'db/migrations/2_two.up.sql': 'CREATE TABLE two (id int);\nSELECT pg_sleep(60);',
    });
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, 'migrations', 'up', url(), '--dir', project.root],
      { env: { ...env, HOME: process.env.HOME, HOWDAH_KEYCHAIN: 'off', HOWDAH_DATA_DIR: dataFolder } },
    );
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await eventually(async () => (await sleeping()) === 1);
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(await sleeping()).toBe(0);
    expect(said).toContain('cancelled');
    expect(said).toMatch(/dirty at version 2/);
    expect(await versions()).toEqual(['2 dirty']);
    expect(await sql("SELECT to_regclass('two')::text AS two")).toEqual([{ two: null }]);
  });

  test('are marked as applied and unmarked by name, and their files made as the tool names them', async () => {
    project = makeProject(dbmate);
    const rows = async (): Promise<string[]> =>
      (await sql<{ version: string }>('SELECT version FROM schema_migrations ORDER BY 1')).map(
        ({ version }) => version,
      );
    expect((await on('up')).code).toBe(0);
    expect((await on('unmark', '2')).code).toBe(0);
    expect(await rows()).toEqual(['1']);
    const marked = await on('mark-applied', '2', '--json');
    expect(marked.code, marked.stderr).toBe(0);
    expect(JSON.parse(marked.stdout).migrations.at(-1)).toMatchObject({ id: '2', state: 'applied' });
    expect(await rows()).toEqual(['1', '2']);
    expect((await on('mark-applied', '2')).code).toBe(2);
    const made = await on('create', 'add colours');
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toMatch(/\/db\/migrations\/\d+_add_colours\.sql\n$/);
    expect(existsSync(made.stdout.trim())).toBe(true);
    expect(readdirSync(join(project.root, 'db/migrations'))).toHaveLength(3);
  });
});

describe('what is said when it does not go', () => {
  /** The lines that are to be typed, as they stand. */
  const typed = (stderr: string): string[] => stderr.match(/^ {4}\S.*$/gm)?.map((line) => line.trim()) ?? [];
  /** Types such a line in a shell, with `howdah` as built. */
  const type = (line: string): Promise<CliResult> =>
    new Promise((resolve) => {
      const howdahHere = `howdah() { "${process.execPath}" --disable-warning=ExperimentalWarning "${entry}" "$@"; }; ${line}`;
      const child = spawn('/bin/sh', ['-c', howdahHere], {
        env: { ...env, HOME: process.env.HOME, HOWDAH_KEYCHAIN: 'off', HOWDAH_DATA_DIR: dataFolder },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });

  test('the ways out are calls that can be typed as they stand, without a password in them', async () => {
    const inside = "it's  a $(project)";
    project = makeProject({
      [`${inside}/db/migrations/1_one.up.sql`]: 'CREATE TABLE one (id int);',
      [`${inside}/db/migrations/2_two.up.sql`]: 'BEGIN; CREATE TABLE two (id int); COMMIT;\nSELECT 1/0;',
    });
    const dir = join(project.root, inside);
    const failed = await howdah(['migrations', 'up', server.url('app'), '-n', '2', '--dir', dir], {
      dataFolder,
      env: { PATH: env.PATH },
    });
    expect(failed.code).toBe(1);
    const lines = typed(failed.stderr);
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'howdah migrations force',
      'howdah migrations up',
      'howdah migrations force',
    ]);
    expect(lines.join('\n')).not.toMatch(/:postgres@/);
    expect(lines[1]).toContain(' -n 2 ');
    const forced = await type(lines[0] ?? '');
    expect([forced.code, forced.stdout], forced.stderr).toEqual([0, 'golang-migrate: at 1\n']);
    project.write({ [`${inside}/db/migrations/2_two.up.sql`]: 'SELECT 1;' });
    const again = await type(lines[1] ?? '');
    expect(again.code, again.stderr).toBe(0);
    expect(await versions()).toEqual(['2']);
  });

  test('warnings come before the run, and in the preview', async () => {
    project = makeProject({
      ...golang,
      'db/migrations/1_one.up.sql': 'SET lock_timeout = 0;\nCREATE TABLE one (id int);',
    });
    expect((await on('preview', 'up')).stdout).toMatch(/^! .*Line 1 sets lock_timeout to 0/m);
    const { code, stderr } = await on('up', '-n', '1', '--lock-timeout', '0');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: .*Line 1 sets lock_timeout to 0/m);
    expect(stderr).toMatch(/^Warning: with --lock-timeout 0/m);
  });

  test('steps without a file, versions that are none and calls that are wrong are JSON where JSON was asked for', async () => {
    project = makeProject({ 'db/migrations/1_one.up.sql': 'SELECT 1;', 'db/migrations/2_two.down.sql': '' });
    const preview = await on('preview', 'up', '--json');
    expect(JSON.parse(preview.stdout).steps.map(({ file }: { file: string | null }) => file)).toEqual([
      'db/migrations/1_one.up.sql',
      null,
    ]);
    const wrong: [string[], string][] = [
      [['goto', url(), '0x1', '--dir', project.root], 'version-unknown'],
      [['up', url(), '-n', '0', '--dir', project.root], 'usage'],
      [['up', url(), '--nonsense'], 'usage'],
      [['goto', url()], 'usage'],
      [['sideways', url()], 'usage'],
      [['up', url(), '--tool', 'flyway', '--dir', project.root], 'unexpected'],
    ];
    for (const [args, cause] of wrong) {
      const { code, stdout } = await cli(...args, '--json');
      expect(code, args.join(' ')).toBe(2);
      expect(JSON.parse(stdout).error, args.join(' ')).toMatchObject({
        cause,
        what: expect.stringMatching(/./),
      });
    }
    const plain = await cli('up', url(), '--nonsense');
    expect([plain.code, plain.stdout]).toEqual([2, '']);
    expect((await cli('--help')).stdout).toMatch(/^Exit codes: 0 done/m);
  });
});

describe('which track', () => {
  test('has to be said where there are several', async () => {
    project = makeProject({
      ...golang,
      'web/knexfile.js': "module.exports = { client: 'pg', migrations: { directory: './steps' } }",
      'web/steps/1_a.js': 'exports.up = async () => {}; exports.down = async () => {};',
    });
    const both = await on('up');
    expect(both.code).toBe(2);
    expect(both.stderr).toMatch(/--tool or --track[\s\S]*golang-migrate:[\s\S]*knex:/);
    expect((await on('up', '--tool', 'golang-migrate')).code).toBe(0);
    expect(await versions()).toEqual(['3']);
    expect((await on('down', '--track', 'golang-migrate:public.schema_migrations')).code).toBe(0);
    expect((await on('down', '--tool', 'flyway')).code).toBe(2);
  });

  test('there is none: said so, exit code 2', async () => {
    project = makeProject();
    const { code, stderr } = await on('up');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--dir names a project')]);
  });
});

test('a guarded environment wants its name typed', async () => {
  project = makeProject(golang);
  const add = (name: string, protection: string) =>
    howdah(['environments', 'add', url(), '--name', name, '--protection', protection, '--password-stdin'], {
      dataFolder,
      env,
      input: 'postgres\n',
    });
  const added = await add('live', 'guarded');
  expect(added.code, added.stderr).toBe(0);
  try {
    const live = (...args: string[]) => cli('up', 'live', '--dir', project.root, ...args);
    const refused = await live();
    expect(refused.code).toBe(2);
    expect(await sql("SELECT to_regclass('one')::text AS one")).toEqual([{ one: null }]);
    expect((await live('--confirm', 'life')).code).toBe(2);
    const json = await live('--json');
    expect([json.code, JSON.parse(json.stdout).error.code]).toEqual([2, 'CONFIRMATION_REQUIRED']);
    expect((await live('--confirm', 'live')).code).toBe(0);
    expect(await versions()).toEqual(['3']);
    const closed = await add('closed', 'read-only');
    expect(closed.code, closed.stderr).toBe(0);
    const down = await cli('down', 'closed', '--dir', project.root, '--confirm', 'closed', '--json');
    expect([down.code, JSON.parse(down.stdout).error.code]).toEqual([1, 'PROTECTED_READ_ONLY']);
    expect(await versions()).toEqual(['3']);
    await howdah(['environments', 'remove', 'closed', '--confirm', 'closed'], { dataFolder, env });
  } finally {
    await howdah(['environments', 'remove', 'live', '--confirm', 'live'], { dataFolder, env });
  }
});

describe.skipIf(isSkipped(alembic))('a driven tool', () => {
  const files = {
    'alembic.ini': '[alembic]\nscript_location = alembic\n',
    'alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`,
    'alembic/versions/a1.py':
      'from alembic import op\nrevision = "a1"\ndown_revision = None\ndef upgrade():\n    op.execute("CREATE TABLE one (id int)")\ndef downgrade():\n    op.execute("DROP TABLE one")\n',
    'alembic/versions/b2.py':
      'from alembic import op\nrevision = "b2"\ndown_revision = "a1"\ndef upgrade():\n    op.execute("CREATE TABLE two (id intt)")\ndef downgrade():\n    pass\n',
  };
  test('goes up by its own command, which is shown, and fails with its own words', async () => {
    project = makeProject(files);
    const preview = await on('preview');
    expect(preview.stdout).toMatch(/^ {2}up: alembic upgrade head /m);
    const one = await on('up', '-n', '1');
    expect(one.code, one.stderr).toBe(0);
    expect(one.stderr).toContain(`Runs in ${project.root}: alembic upgrade +1`);
    expect(await sql('SELECT version_num FROM alembic_version')).toEqual([{ version_num: 'a1' }]);
    const two = await on('up', '--json');
    expect(two.code).toBe(1);
    expect(JSON.parse(two.stdout)).toMatchObject({ command: 'alembic upgrade head', code: 1 });
    expect(two.stderr).toContain('type "intt" does not exist');
    expect((await on('mark-applied', 'b2')).code).toBe(0);
    expect(await sql('SELECT version_num FROM alembic_version')).toEqual([{ version_num: 'b2' }]);
    expect((await on('up', '-n', '2')).code).toBe(2);
  });
});

const sleeping = async (): Promise<number> => {
  const [row] = await server.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND state = 'active' AND pid <> pg_backend_pid()",
  );
  return row?.count ?? 0;
};
