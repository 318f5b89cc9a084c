import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSamplePassword, removeSample, sampleStatus } from '../../../main/sample/sample.ts';
import type { CommandAction, DryRunProgress, RunAction } from '../../../preload/contract/migration-runs.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { linkModules } from '../../support/driven-projects.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { debianTool, isSkipped, toolFolder } from '../../support/migration-tools.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// The sample server is started for the first of them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const assets = join(import.meta.dirname, '../../../assets/samples');

const path = process.env.PATH;
const alembic = await debianTool('alembic', ['alembic', 'python3-psycopg2']);
const knex = await toolFolder('knex');

let server: TestServer;
let howdah: TestConsole;
let project: Project;
beforeAll(async () => {
  server = await startPostgres();
  await server.query("CREATE ROLE app_owner; CREATE ROLE reader; CREATE ROLE weak LOGIN PASSWORD 'postgres'");
  // Debian's tools are made for Debian's Python, whatever else lies in the path.
  process.env.PATH = `/usr/bin:${path}`;
  delete process.env.NODE_ENV;
  howdah = await openTestConsole();
  await putSample(howdah.dataFolder);
});
afterAll(async () => {
  process.env.PATH = path;
  await howdah?.close();
  if (howdah) await removeSample({ dataFolder: howdah.dataFolder });
  await howdah?.remove();
  await server?.remove();
});
beforeEach(async () => {
  await server.query('DROP DATABASE IF EXISTS app WITH (FORCE)');
  await server.query('CREATE DATABASE app');
});
afterEach(() => project?.remove());

const sql = <T extends Record<string, unknown>>(text: string) => server.query<T>(text, 'app');
let environments = 0;

async function connected(user?: string): Promise<{ environment: string; track: string }> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(server.url('app', user), { name: `app ${++environments}` }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: id });
  const { tracks } = await howdah.client.migrations.link({ environment: id, folder: project.root });
  const [track, more] = tracks;
  if (!track || more) throw new Error(`There are ${tracks.length} tracks`);
  return { environment: id, track: track.key };
}

async function dryRun(
  on: { environment: string; track: string },
  action: RunAction | CommandAction,
  { signal, copy }: { signal?: AbortSignal; copy?: 'structure' | 'backup' } = {},
) {
  const told: DryRunProgress[] = [];
  const events = await howdah.client.migrations.dryRun(
    { ...on, action, ...(copy ? { copy } : {}) },
    signal ? { signal } : {},
  );
  for await (const event of events) told.push(event);
  const report = told.at(-1);
  if (report?.kind !== 'report') throw new Error(`No report: ${JSON.stringify(told)}`);
  return { told, report };
}

/** Scratch databases and their roles on the sample server. */
async function leftovers(): Promise<string[]> {
  const { dataFolder } = howdah;
  const status = await sampleStatus({ dataFolder, assets });
  if (status.state !== 'running') throw new Error('The sample server does not run.');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: status.port ?? 0,
    user: 'postgres',
    password: (await readSamplePassword({ dataFolder })) ?? '',
    database: 'postgres',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname::text AS name FROM pg_database WHERE datname ~ 'scratch' UNION ALL
       SELECT rolname::text FROM pg_roles WHERE rolname ~ 'scratch' OR shobj_description(oid, 'pg_authid') ~ 'Howdah'`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const described = ({
  differences,
}: {
  differences: { state: string; kind: string; name: string; part: string | null }[];
}) => differences.map(({ state, kind, name, part }) => `${state} ${kind} ${name}${part ? `.${part}` : ''}`);

describe('a dry run', () => {
  it('of golang-migrate’s files tells times, locks and what changes, and leaves the environment as it is', async () => {
    project = makeProject({
      'db/1_one.up.sql': 'SELECT fails_if_it_runs_again();',
      'db/1_one.down.sql': 'DROP TABLE one;',
      'db/2_two.up.sql': 'CREATE TABLE two (id int PRIMARY KEY);',
      'db/2_two.down.sql': 'DROP TABLE two;',
      'db/3_three.up.sql':
        'ALTER TABLE one ALTER COLUMN id TYPE bigint; SELECT pg_sleep(0.3); ALTER TABLE one ADD note text;',
      'db/3_three.down.sql': 'SELECT 1;',
    });
    await sql(
      `CREATE TABLE one (id int PRIMARY KEY); INSERT INTO one VALUES (7); ALTER TABLE one OWNER TO app_owner; GRANT SELECT ON one TO reader;
       CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (1, false)`,
    );
    const on = await connected();
    const { report, told } = await dryRun(on, { kind: 'up' });
    expect(report.problem).toBeUndefined();
    expect(report.steps.map(({ id }) => id)).toEqual(['2', '3']);
    expect(report.steps[1]?.ms).toBeGreaterThan(290);
    expect(report.steps[1]?.locks).toContainEqual({ mode: 'ACCESS EXCLUSIVE', on: 'public.one' });
    expect(described(report)).toEqual([
      'changed column public.one.id',
      'only-wanted column public.one.note',
      'only-wanted table public.two',
    ]);
    expect(report.copyOf).toContain('schema only');
    expect(told.some((one) => one.kind === 'run' && one.progress.kind === 'statement')).toBe(true);
    expect(await sql('SELECT version::int, dirty FROM schema_migrations')).toEqual([
      { version: 1, dirty: false },
    ]);
    expect(await sql("SELECT to_regclass('two')::text AS two")).toEqual([{ two: null }]);
    expect(await leftovers()).toEqual([]);
  });

  it('of the newest backup runs on its rows, from where that stands, and proves the backup by it', async () => {
    project = makeProject({
      'db/1_one.up.sql': 'SELECT fails_if_it_runs_again();',
      'db/2_two.up.sql': 'CREATE UNIQUE INDEX one_id ON one (id);',
      'db/2_two.down.sql': 'DROP INDEX one_id;',
    });
    await sql(
      `CREATE TABLE one (id int); INSERT INTO one VALUES (7), (7);
       CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (1, false)`,
    );
    const on = await connected();
    const { environment } = on;
    await expect(dryRun(on, { kind: 'up' }, { copy: 'backup' })).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: 'no-backup', field: 'copy' },
    });
    for await (const event of await howdah.client.backups.create({
      environment,
      options: { format: 'custom' },
    }))
      if (event.kind === 'failed') throw new Error(event.problem.what);
    // One of the structure is newer, and is not taken.
    const options = { contents: { what: 'schema' as const } };
    for await (const _ of await howdah.client.backups.create({ environment, options }));
    expect((await dryRun(on, { kind: 'up' })).report.problem).toBeUndefined();
    const { report } = await dryRun(on, { kind: 'up' }, { copy: 'backup' });
    expect(report.problem).toMatchObject({ server: { sqlstate: '23505' } });
    expect(report.copyOf).toMatch(/^The backup of app of .* with its rows/);
    expect(report.unlike.join(' ')).toContain('changed since that backup');
    const [, whole] = await howdah.client.backups.list({ environment });
    expect(whole?.verification).toMatchObject({ level: 'restorable', state: 'good' });
    expect(await leftovers()).toEqual([]);
  });

  it('of dbmate’s knows what is applied, sees every lock, however short, and goes back too', async () => {
    project = makeProject({
      'db/migrations/1_one.sql':
        '-- migrate:up\nCREATE TABLE one (id int);\n-- migrate:down\nDROP TABLE one;\n',
      'db/migrations/2_two.sql':
        '-- migrate:up\nALTER TABLE one ADD note text;\n-- migrate:down\nALTER TABLE one DROP note;\n',
    });
    await sql(
      "CREATE TABLE one (id int); CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
    );
    const on = await connected();
    const { report } = await dryRun(on, { kind: 'up' });
    expect(report.steps).toEqual([
      { id: '2', ms: expect.any(Number), locks: [{ mode: 'ACCESS EXCLUSIVE', on: 'public.one' }] },
    ]);
    expect(described(report)).toEqual([expect.stringContaining('public.one')]);
    const back = await dryRun(on, { kind: 'down', count: 1 });
    expect(described(back.report)).toEqual([expect.stringMatching(/^only-actual table .*one/)]);
    expect(await sql("SELECT to_regclass('one')::text AS one")).toEqual([{ one: 'one' }]);
  });

  it('of goose’s goes on counting where the rows end', async () => {
    project = makeProject({
      'migrations/00001_one.sql':
        '-- +goose Up\nCREATE TABLE one (id int);\n-- +goose Down\nDROP TABLE one;\n',
      'migrations/00002_two.sql':
        '-- +goose Up\nCREATE TABLE two (id int);\n-- +goose Down\nDROP TABLE two;\n',
    });
    await sql(
      `CREATE TABLE one (id int);
       CREATE TABLE goose_db_version (id int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL,
         is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
       INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true)`,
    );
    const { report } = await dryRun(await connected(), { kind: 'up' });
    expect(report.problem).toBeUndefined();
    expect(report.steps.map(({ id }) => id)).toEqual(['2']);
  });

  it('that fails tells where and why, and what was there before the failure', async () => {
    project = makeProject({
      'db/migrations/1_one.sql':
        '-- migrate:up\nCREATE TABLE one (id int);\n-- migrate:down\nDROP TABLE one;\n',
      'db/migrations/2_two.sql':
        '-- migrate:up\nCREATE TABLE two (id int);\nSELECT 1/0;\n-- migrate:down\nDROP TABLE two;\n',
    });
    const { report } = await dryRun(await connected(), { kind: 'up' });
    expect(report.problem).toMatchObject({ cause: 'statement-failed', server: { sqlstate: '22012' } });
    expect(report.problem?.why).toContain('2_two.sql:3');
    expect(report.steps.map(({ id }) => id)).toEqual(['1', '2']);
    expect(described(report).join()).toContain('public.one');
    expect(described(report).join()).not.toContain('public.two');
    expect(await sql("SELECT to_regclass('one')::text AS one")).toEqual([{ one: null }]);
    expect(await leftovers()).toEqual([]);
  });

  it('finds unqualified names where the environment’s sessions find them', async () => {
    project = makeProject({
      'db/1_one.up.sql': 'ALTER TABLE inner_one ADD note text;',
      'db/1_one.down.sql': 'SELECT 1;',
    });
    await sql(
      'CREATE SCHEMA "in side"; CREATE TABLE "in side".inner_one (id int); ALTER DATABASE app SET search_path = "in side", public',
    );
    const { report } = await dryRun(await connected(), { kind: 'up' });
    expect(report.problem).toBeUndefined();
    expect(described(report).join()).toContain('inner_one');
  });

  it('that is cancelled leaves nothing on the sample server', async () => {
    project = makeProject({ 'db/1_one.up.sql': 'SELECT pg_sleep(60);', 'db/1_one.down.sql': 'SELECT 1;' });
    const on = await connected();
    const stop = new AbortController();
    const from = performance.now();
    const running = (async () => {
      const events = await howdah.client.migrations.dryRun(
        { ...on, action: { kind: 'up' } },
        { signal: stop.signal },
      );
      for await (const event of events)
        if (event.kind === 'run' && event.progress.kind === 'statement') stop.abort();
    })();
    await running.catch(() => undefined);
    expect(stop.signal.aborted).toBe(true);
    expect(performance.now() - from).toBeLessThan(30_000);
    await eventually(async () => (await leftovers()).length === 0);
  });

  it('of a tool that is driven is refused, with the reason', async () => {
    project = makeProject({
      'alembic.ini': '[alembic]\nscript_location = alembic\n',
      'alembic/versions/a1.py': 'revision = "a1"\ndown_revision = None\n',
    });
    await expect(dryRun(await connected(), { kind: 'up' })).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: 'tool-driven' },
    });
  });
});

/** Alembic's files, with what each migration runs. */
const alembicFiles = (...upgrades: string[]) => ({
  'alembic.ini': '[alembic]\nscript_location = alembic\n',
  'alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`,
  ...Object.fromEntries(
    upgrades.map((sql, index) => [
      `alembic/versions/r${index + 1}.py`,
      `from alembic import op
revision = "r${index + 1}"
down_revision = ${index ? `"r${index}"` : 'None'}
def upgrade():
    op.execute("""${sql}""")
def downgrade():
    pass
`,
    ]),
  ),
});

async function commandOf(on: { environment: string; track: string }, action: string): Promise<CommandAction> {
  const commands = await howdah.client.migrations.commands(on);
  const { command } = commands.find((one) => one.action === action) ?? { command: '' };
  return { kind: 'command', action, command };
}

describe.skipIf(isSkipped(knex))('a dry run of Knex’s own command', () => {
  const files = (connection: string) => ({
    'package.json': '{ "name": "x", "private": true, "type": "commonjs" }',
    'knexfile.js': `module.exports = { client: 'pg', connection: ${connection}, migrations: { directory: './steps' } };`,
    'steps/1_one.js':
      "exports.up = (knex) => knex.raw('CREATE TABLE one (id int)');\nexports.down = () => Promise.resolve();",
    'steps/2_two.js':
      "exports.up = async (knex) => { await knex.raw('ALTER TABLE old ADD note text'); await knex.raw('SELECT pg_sleep(0.2)'); };\nexports.down = () => Promise.resolve();",
  });

  it('whose configuration names a server of its own is refused, and that server is not touched', async () => {
    project = makeProject(files(JSON.stringify(server.url('app').replace('?sslmode=disable', ''))));
    linkModules(String(knex), project.root);
    const on = await connected();
    await expect(dryRun(on, await commandOf(on, 'up'))).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: expect.stringMatching(/^(copy-not-reached|went-astray)$/) },
    });
    expect(await sql("SELECT relname FROM pg_class WHERE relname ~ '^(knex|one|two)'")).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });

  it('tells its output, times and locks, and the tables that it makes', async () => {
    await sql('CREATE TABLE old (id int)');
    project = makeProject(files('process.env.DATABASE_URL'));
    linkModules(String(knex), project.root);
    const on = await connected();
    const { report, told } = await dryRun(on, await commandOf(on, 'up'));
    expect(report.problem).toBeUndefined();
    // Knex runs both in one transaction, so that nobody can tell them apart.
    expect(report.steps.map(({ id }) => id)).toEqual(['1_one.js, 2_two.js']);
    expect(report.steps[0]?.ms).toBeGreaterThan(200);
    expect(report.steps[0]?.locks).toEqual([{ mode: 'ACCESS EXCLUSIVE', on: 'public.old' }]);
    expect(described(report)).toContain('only-wanted table public.one');
    const lines = told.flatMap((one) =>
      one.kind === 'output' && one.output.kind === 'line' ? [one.output.text] : [],
    );
    expect(lines.join('\n')).toContain('Batch 1 run: 2 migrations');
    expect(report.unlike.join('\n')).toContain('nowhere else can’t be proved');
    expect(await sql("SELECT relname FROM pg_class WHERE relname ~ '^(knex|one|two)'")).toEqual([]);
    expect(await leftovers()).toEqual([]);
    // Where the other command is changed by hand, the status says nothing of where it goes.
    await expect(
      dryRun(on, { kind: 'command', action: 'up', command: 'npx knex migrate:latest --env production' }),
    ).rejects.toMatchObject({ data: { cause: 'command-differs' } });
  });
});

describe.skipIf(isSkipped(alembic))('a copy', () => {
  it('has roles of the names that the structure and the migrations say, two copies at once too, and leaves none', async () => {
    await sql(
      `CREATE TABLE one (id int); ALTER TABLE one OWNER TO app_owner; GRANT SELECT ON one TO reader;
       ALTER TABLE one ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON one FOR SELECT TO reader USING (true);
       CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION f() OWNER TO app_owner`,
    );
    project = makeProject(
      alembicFiles(
        "DO $$ BEGIN ASSERT (SELECT relowner::regrole::text FROM pg_class WHERE relname = 'one') = 'app_owner'; END $$; ALTER TABLE one ADD note text",
        'REVOKE SELECT ON one FROM reader; GRANT INSERT ON one TO reader; DROP POLICY mine ON one; ALTER FUNCTION f() OWNER TO CURRENT_USER',
      ),
    );
    const on = await connected();
    const up = await commandOf(on, 'up');
    const both = await Promise.all([dryRun(on, up), dryRun(on, up)]);
    for (const { report } of both) {
      expect(report.problem).toBeUndefined();
      expect(report.steps.flatMap(({ id }) => id.split(', '))).toEqual(['r1', 'r2']);
      expect(described(report).join('\n')).toMatch(/policy.*mine/);
      expect(report.unlike.join('\n')).toContain('app_owner and reader are stood in for');
      expect(report.unlike.join('\n')).toContain('postgres is a superuser there');
      expect(report.copyOf).toContain('find none here');
    }
    expect(await leftovers()).toEqual([]);
  });

  it('lets a role do no more than it may on the server', async () => {
    await sql(
      'CREATE TABLE one (id int); ALTER TABLE one OWNER TO app_owner; GRANT USAGE, CREATE ON SCHEMA public TO weak',
    );
    project = makeProject(alembicFiles('ALTER TABLE one ADD note text'));
    const on = await connected('weak');
    const { report } = await dryRun(on, await commandOf(on, 'up'));
    expect(report.problem).toMatchObject({ cause: 'command-failed' });
    expect(report.problem?.why).toContain('must be owner of table one');
    expect(described(report).join()).not.toContain('note');
  });

  it('is gone, with its roles and what ran on it, whenever it is cancelled', async () => {
    await sql('CREATE TABLE one (id int); GRANT SELECT ON one TO reader');
    project = makeProject(alembicFiles('SELECT pg_sleep(60)'));
    const on = await connected();
    const up = await commandOf(on, 'up');
    const seen: string[] = [];
    for (let phase = 0; ; phase += 1) {
      const stop = new AbortController();
      let count = 0;
      const running = (async () => {
        const events = await howdah.client.migrations.dryRun({ ...on, action: up }, { signal: stop.signal });
        for await (const event of events) {
          if (event.kind !== 'step' || count++ !== phase) continue;
          seen.push(event.step);
          // While it runs, not as it begins.
          if (event.step.startsWith('Running alembic'))
            await eventually(async () => (await leftovers()).length > 2);
          stop.abort();
        }
      })();
      await running.catch(() => undefined);
      await eventually(async () => (await leftovers()).length === 0);
      if (seen.at(-1)?.startsWith('Running alembic')) break;
    }
    expect(seen.length).toBeGreaterThan(5);
    expect(processesIn(project.root)).toEqual([]);
  });
});

/** Processes that work in a folder. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
