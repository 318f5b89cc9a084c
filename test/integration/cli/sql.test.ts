import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let dataFolder: string;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
  await server.query(
    `CREATE TABLE t (id int, note text); INSERT INTO t VALUES (1, 'a,"b"'), (2, ''), (3, NULL)`,
  );
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-sql-'));
  folder = mkdtempSync(join(tmpdir(), 'howdah-cli-sql-files-'));
}, 120_000);
afterAll(async () => {
  await server?.remove();
  for (const made of [dataFolder, folder]) if (made) rmSync(made, { recursive: true, force: true });
});

const call = (args: string[], input?: string) =>
  howdah(args, { dataFolder, env: { PGPASSWORD: 'postgres' }, ...(input === undefined ? {} : { input }) });
const address = (): string => server.url().replace(':postgres@', '@');
const sql = (args: string[], input?: string) => call(['sql', address(), ...args], input);

it('prints CSV in which NULL and the empty text differ, and an object a row as JSON', async () => {
  const text = 'SELECT id, note, id * 12345678901 AS big, id AS big FROM t ORDER BY id';
  const csv = await sql(['-c', text, '--format', 'csv']);
  expect(csv).toMatchObject({
    code: 0,
    stdout: 'id,note,big,big\n1,"a,""b""",12345678901,1\n2,"",24691357802,2\n3,,37037036703,3\n',
  });
  const json = await sql(['-c', `${text} LIMIT 1`, '--format', 'json']);
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ id: '1', note: 'a,"b"', big: '12345678901', big_2: '1' }]);
  const table = await sql(['-c', 'SELECT 1 AS one, NULL AS nothing']);
  expect(table.stdout).toBe('one  nothing\n  1  NULL\n');
  expect(table.stderr).toMatch(/^SELECT 1 \(\d+ ms\)\n$/);
});

it('gives whole values, however long, and many rows', async () => {
  const { code, stdout } = await sql([
    '-c',
    `SELECT n, repeat('x', 3000) FROM generate_series(1, 2500) n`,
    '--format',
    'csv',
  ]);
  const lines = stdout.trim().split('\n');
  expect(code).toBe(0);
  expect(lines).toHaveLength(2501);
  expect(lines[2500]).toBe(`2500,${'x'.repeat(3000)}`);
});

it('runs files on one session, names file, line and column of an error, and stops there', async () => {
  const file = join(folder, 'two steps.sql');
  writeFileSync(
    file,
    `CREATE TEMP TABLE mine AS SELECT 1 AS id;\n\nSELECT id,\n  nothing FROM mine;\nDROP TABLE t;\n`,
  );
  const failed = await sql(['-f', file]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(`${file}:4:3: `);
  expect(failed.stderr).toContain('42703');
  expect(await server.query('SELECT FROM t')).toHaveLength(3);
  const wentOn = await sql(
    ['-f', '-', '--continue', '--format', 'csv'],
    'SELECT 1/0; SELECT :a::int + 1 AS sum;',
  );
  expect(wentOn.code).toBe(1);
  const valued = await sql(['-c', 'SELECT :a::int + 1 AS sum', '--set', 'a=41', '--format', 'csv']);
  expect(valued.stdout).toBe('sum\n42\n');
});

it('asks for the name before anything of a script runs on a guarded environment', async () => {
  await call(['environments', 'add', address(), '--name', 'guarded', '--protection', 'guarded']);
  const script = ['-c', 'SELECT 1', '-c', 'INSERT INTO t VALUES (9)'];
  const refused = await call(['sql', 'guarded', ...script]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  const sneaked = await call(['sql', 'guarded', '-c', `SELECT setval('s', 1) FROM nextval('s')`]);
  expect(sneaked.code).toBe(1);
  const confirmed = await call(['sql', 'guarded', ...script, '--confirm', 'guarded']);
  expect(confirmed.code).toBe(0);
  expect(await server.query('SELECT FROM t WHERE id = 9')).toHaveLength(1);
});

it('lets the server refuse with --read-only, and says what it does not do', async () => {
  const refused = await sql(['--read-only', '-c', 'DELETE FROM t']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('25006');
  const meta = await sql(['-c', 'SELECT 1;', '-c', '\\gexec']);
  expect(meta).toMatchObject({ code: 2, stdout: '' });
  expect(meta.stderr).toContain('\\gexec');
  const open = await sql(['-c', "SELECT 'open"]);
  expect(open.code).toBe(2);
  expect((await sql([])).code).toBe(2);
});
