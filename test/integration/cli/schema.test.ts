import { execFile, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readSamplePassword, removeSample, sampleStatus, startSample } from '../../../main/sample/sample.ts';
import { type CliResult, howdah } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';

const run = promisify(execFile);
const entry = join(import.meta.dirname, '../../../dist/main/cli.js');
// A process for each call, of which some tests make many.
vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
let dataFolder: string;
let folder: string;
let sample: { dataFolder: string; assets: string };

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-schema-'));
  sample = { dataFolder, assets: join(import.meta.dirname, '../../../assets/samples') };
  folder = mkdtempSync(join(tmpdir(), 'howdah-cli-files-'));
  await putSample(dataFolder);
  server = await startPostgres();
  await server.query('CREATE DATABASE wanted');
  await server.query('CREATE DATABASE actual');
  await server.query(
    `CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE SCHEMA app;
     CREATE TABLE app.team (id int PRIMARY KEY, name text NOT NULL);
     CREATE TABLE app.person (id int PRIMARY KEY, team int REFERENCES app.team, mood mood DEFAULT 'bad');
     COMMENT ON TABLE app.team IS 'Teams'; CREATE TABLE other (id int)`,
    'wanted',
  );
  await server.query(
    `CREATE TYPE mood AS ENUM ('good'); CREATE SCHEMA app;
     CREATE TABLE app.team (id int PRIMARY KEY, name varchar(20), old int); CREATE TABLE app.rest (id int)`,
    'actual',
  );
});
afterAll(async () => {
  await server?.remove();
  await removeSample({ dataFolder });
  for (const one of [dataFolder, folder]) rmSync(one, { recursive: true, force: true });
});

const url = (database: string): string => server.url(database).replace(':postgres@', '@');
const cli = (...args: string[]): Promise<CliResult> =>
  howdah(['schema', ...args], { dataFolder, env: { PGPASSWORD: 'postgres' } });

describe('schema show', () => {
  test('tells what is in each schema', async () => {
    const { code, stdout } = await cli('show', url('wanted'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^app: 2 tables, 2 indexes, /m);
    expect(stdout).toMatch(/^ {2}person {2}3 columns$/m);
  });

  test('prints the whole model as JSON', async () => {
    const { stdout } = await cli('show', url('wanted'), '--json');
    const { tables } = JSON.parse(stdout);
    expect(tables.map(({ name }: { name: string }) => name).sort()).toEqual(['other', 'person', 'team']);
  });
});

describe('schema erd', () => {
  test('writes a diagram, of one schema when asked', async () => {
    const { code, stdout } = await cli('erd', url('wanted'), '--format', 'mermaid', '--schema', 'app');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^erDiagram/);
    expect(stdout).toContain('person');
    expect(stdout).not.toContain('other');
  });

  test('writes a file only when it is whole, and leaves nothing beside it', async () => {
    const file = join(folder, 'x.dbml');
    writeFileSync(file, 'before');
    expect(
      (await cli('erd', 'postgresql://postgres@127.0.0.1:1/x', '--format', 'dbml', '-o', file)).code,
    ).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect((await cli('erd', url('wanted'), '--format', 'dbml', '-o', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^Table/m);
    expect(readdirSync(folder)).toEqual(['x.dbml']);
  });

  test('follows a link, and puts nothing in the place of a pipe or a folder', async () => {
    const [file, link, pipe, inner] = ['t.mmd', 'l.mmd', 'p', 'd'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    try {
      writeFileSync(file, 'before');
      symlinkSync(file, link);
      mkdirSync(inner);
      await run('mkfifo', [pipe]);
      expect((await cli('erd', url('wanted'), '-o', link)).code).toBe(0);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readFileSync(file, 'utf8')).toMatch(/^erDiagram/);
      const [{ code }, { stdout }] = await Promise.all([
        cli('erd', url('wanted'), '-o', pipe),
        run('cat', [pipe]),
      ]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^erDiagram/);
      expect(lstatSync(pipe).isFIFO()).toBe(true);
      expect((await cli('erd', url('wanted'), '-o', inner)).stderr).toContain('it is a folder');
      expect(readdirSync(inner)).toEqual([]);
    } finally {
      for (const one of [file, link, pipe, inner]) rmSync(one, { recursive: true, force: true });
    }
  });

  test('says why a file can’t be written', async () => {
    const { code, stderr } = await cli('erd', url('wanted'), '-o', join(folder, 'nowhere', 'x'));
    expect(code).toBe(2);
    expect(stderr).toContain('its folder is not there');
  });
});

describe('schema diff', () => {
  test('ends with 1 and names what differs where there is a difference, with 0 where there is none', async () => {
    const { code, stdout } = await cli('diff', url('wanted'), url('actual'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\+ table app\.person$/m);
    expect(stdout).toMatch(/^- table app\.rest$/m);
    expect(stdout).toMatch(/type: character varying\(20\) → text/);
    expect((await cli('diff', url('wanted'), url('wanted'))).code).toBe(0);
  });

  test('leaves out what it is told to', async () => {
    const { stdout } = await cli(
      'diff',
      url('wanted'),
      url('actual'),
      '--json',
      '--ignore-comments',
      '--schema',
      'app',
    );
    const { alike, differences } = JSON.parse(stdout);
    expect(alike).toBe(false);
    expect(JSON.stringify(differences)).not.toMatch(/comment|mood|other/);
  });

  test('its script, run by psql, makes them alike', async () => {
    await server.query('CREATE DATABASE mended TEMPLATE actual');
    const { code, stdout } = await cli('diff', url('wanted'), url('mended'), '--sql');
    expect(code).toBe(1);
    const script = join(folder, 'script.sql');
    writeFileSync(script, stdout);
    const psql = join(standardBinaries(), 'psql');
    await run(psql, ['-X', '-v', 'ON_ERROR_STOP=1', '-f', script, server.url('mended')]);
    const again = await cli('diff', url('wanted'), url('mended'));
    expect(again.stdout).toContain('is like');
    expect(again.code).toBe(0);
  });

  test.each([
    [['nowhere', 'nothing'], 'no environment and no file “nowhere”'],
    [['./nowhere', './nowhere'], 'nowhere'],
    [['snapshot:999', 'snapshot:999'], 'no snapshot 999'],
    [['snapshot:x', 'snapshot:1'], 'wants a number'],
    [['postgresql://postgres@127.0.0.1:1/x', 'snapshot:1'], '127.0.0.1'],
  ])('ends with 2 where it could not be made: %j', async (args, said) => {
    const { code, stderr, stdout } = await cli('diff', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
  });
});

test('a snapshot that is kept and one in a file stand for what was there when they were taken', async () => {
  await howdah(['environments', 'add', url('wanted'), '--name', 'here'], { dataFolder });
  const taken = await cli('snapshot', 'here', '--name', 'before');
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringMatching(/^snapshot:\d+\n$/) });
  const file = join(folder, 'before.json');
  expect((await cli('snapshot', 'here', '-o', file)).code).toBe(0);
  const id = taken.stdout.trim();
  expect((await cli('snapshots', 'here')).stdout).toContain('before');
  expect((await cli('diff', id, file)).code).toBe(0);
  await server.query('ALTER TABLE other ADD added int', 'wanted');
  try {
    for (const before of [id, file]) {
      const { code, stdout } = await cli('diff', before, 'here');
      expect(code).toBe(1);
      expect(stdout).toContain('- column public.other, column added');
    }
  } finally {
    await server.query('ALTER TABLE other DROP added', 'wanted');
  }
});

describe('SQL files', () => {
  test('are run on the sample server, which is as it was before', async () => {
    const sql = join(folder, 'wanted.sql');
    const dump = join(standardBinaries(), 'pg_dump');
    await run(dump, ['-f', sql, server.url('wanted')]);
    const { code, stdout, stderr } = await cli('diff', sql, url('wanted'));
    expect(stderr).not.toContain('failed');
    expect(stdout).toContain('is like');
    expect(code).toBe(0);
    const { stdout: status } = await howdah(['sample', 'status', '--json'], { dataFolder });
    expect(JSON.parse(status).state).toBe('stopped');
  });

  test('may stand on both sides; who ran them is no difference, and no part of the script', async () => {
    const [one, other, more] = ['one', 'other', 'more'].map((name) => join(folder, `${name}.sql`)) as [
      string,
      string,
      string,
    ];
    const sql = 'CREATE TABLE t (id int PRIMARY KEY);\nALTER SYSTEM SET work_mem = 1;\n';
    writeFileSync(one, sql);
    writeFileSync(other, sql);
    writeFileSync(more, `${sql}CREATE TABLE u (id int);\n`);
    expect(await cli('diff', one, other)).toMatchObject({ code: 0 });
    const script = await cli('diff', more, one, '--sql');
    expect(script.stdout).toContain('CREATE TABLE "public"."u"');
    expect(script.stdout).not.toContain('howdah_scratch');
    const shown = await cli('show', one);
    expect(shown.stdout).toMatch(/^one\.sql, PostgreSQL/);
    expect(shown.stderr).toContain('ALTER SYSTEM in one.sql, line 2');
    expect(shown.stderr).not.toContain('superuser');
  });

  test('that fail end with 2, the file, the line and the server’s words', async () => {
    const sql = join(folder, 'broken.sql');
    writeFileSync(sql, 'CREATE TABLE t ();\nSELECT nope;\n');
    const { code, stderr } = await cli('diff', sql, sql);
    expect(code).toBe(2);
    expect(stderr).toContain('broken.sql, line 2');
    expect(stderr).toContain('42703');
  });

  test('that are run when Ctrl-C comes leave no database and no server behind', async () => {
    const sql = join(folder, 'slow.sql');
    const quick = join(folder, 'quick.sql');
    writeFileSync(sql, 'CREATE TABLE t (); SELECT pg_sleep(100);');
    writeFileSync(quick, 'CREATE TABLE t ();');
    const args = ['--disable-warning=ExperimentalWarning', entry, 'schema', 'diff', sql, quick];
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, HOWDAH_KEYCHAIN: 'off', HOWDAH_DATA_DIR: dataFolder },
    });
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += String(bytes);
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await eventually(async () => {
      const sleeping = "query LIKE '%pg_sleep(100)%' AND datname LIKE 'howdah%'";
      return (await onSample(`SELECT FROM pg_stat_activity WHERE ${sleeping}`)).length === 1;
    }, 60_000);
    child.kill('SIGINT');
    expect(await ended).toBe(2);
    expect(said).toContain('Cancelled');
    expect((await sampleStatus(sample)).state).toBe('stopped');
    await startSample(sample);
    expect(await onSample("SELECT datname FROM pg_database WHERE datname LIKE 'howdah%'")).toEqual([]);
    expect(await onSample("SELECT rolname FROM pg_roles WHERE rolname LIKE 'howdah%'")).toEqual([]);
  });
});

/** Rows of a statement on the sample server; none while it does not run. */
async function onSample(sql: string): Promise<unknown[]> {
  const { port } = await sampleStatus(sample);
  if (port === undefined) return [];
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: (await readSamplePassword(sample)) ?? '',
    database: 'postgres',
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
