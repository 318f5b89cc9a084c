import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSamplePassword, removeSample, sampleStatus } from '../../../main/sample/sample.ts';
import type { DryRunProgress, RunAction } from '../../../preload/contract/migrations.ts';
import { draftFor, eventually, openTestConsole, type TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { makeProject, type Project } from '../../support/project-folder.ts';

// The sample server is made for the first of them.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const assets = join(import.meta.dirname, '../../../assets/samples');

let server: TestServer;
let howdah: TestConsole;
let project: Project;
beforeAll(async () => {
  server = await startPostgres();
  await server.query('CREATE ROLE app_owner; CREATE ROLE reader');
  howdah = await openTestConsole();
});
afterAll(async () => {
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

async function connected(): Promise<{ environment: string; track: string }> {
  const { id } = await howdah.client.environments.add({
    draft: draftFor(server.url('app'), { name: `app ${++environments}` }),
    password: { password: 'postgres', remember: false },
  });
  await howdah.client.environments.connect({ environment: id });
  const { tracks } = await howdah.client.migrations.link({ environment: id, folder: project.root });
  const [track, more] = tracks;
  if (!track || more) throw new Error(`There are ${tracks.length} tracks`);
  return { environment: id, track: track.key };
}

async function dryRun(on: { environment: string; track: string }, action: RunAction, signal?: AbortSignal) {
  const told: DryRunProgress[] = [];
  const events = await howdah.client.migrations.dryRun({ ...on, action }, signal ? { signal } : {});
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
      "SELECT datname::text AS name FROM pg_database WHERE datname ~ 'scratch' UNION ALL SELECT rolname::text FROM pg_roles WHERE rolname ~ 'scratch'",
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
