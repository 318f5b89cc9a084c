import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let dataFolder: string;
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-storage-'));
  server = await startPostgres();
  await server.query(`CREATE SCHEMA "odd
name"; CREATE TABLE "odd
name".t (a int); CREATE TABLE big (a int PRIMARY KEY, b text); CREATE TABLE parted (a int) PARTITION BY RANGE (a);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100000);
    INSERT INTO big SELECT n, md5(n::text) FROM generate_series(1, 20000) n; INSERT INTO parted SELECT generate_series(1, 9000);
    ANALYZE`);
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

const cli = (action: string, ...args: string[]): Promise<CliResult> =>
  howdah(['storage', action, server.url().replace(':postgres@', '@'), ...args], {
    dataFolder,
    env: { PGPASSWORD: 'postgres' },
  });

test('lists tables with their sizes, tells faults of indexes by its exit code, and says what it has not kept', async () => {
  const [shown, one, clean] = await Promise.all([
    cli('show'),
    cli('show', '--schema', 'odd\nname', '--json'),
    cli('indexes'),
  ]);
  expect(shown.code).toBe(0);
  const lines = shown.stdout.split('\n');
  expect(lines[0]).toMatch(/^table +partitions +rows +total +heap +TOAST +indexes/);
  expect(lines[1]).toMatch(/^public\.big +20,000 +\d/);
  expect(lines[2]).toMatch(/^public\.parted +1 +9,000 +3/);
  expect(shown.stdout).toContain('odd name.t');
  expect(shown.stdout).not.toContain('parted_1');
  expect(JSON.parse(one.stdout)).toMatchObject({
    database: 'postgres',
    tables: [{ name: 't', source: 'exact' }],
  });
  expect(clean).toMatchObject({ code: 0 });
  expect(clean.stdout).toContain('Nothing is wrong with the indexes.');

  await server.query('CREATE INDEX again ON big (a)');
  const [faults, json, growth, wrong] = await Promise.all([
    cli('indexes'),
    cli('indexes', '--json'),
    cli('growth', '--json'),
    cli('growth', '--window', '3d'),
  ]);
  expect(faults.code).toBe(1);
  expect(faults.stdout).toContain('warning: public.again is the same index as public.big_pkey');
  expect(faults.stdout).toContain('    DROP INDEX CONCURRENTLY "public"."again";');
  expect(faults.stderr).toContain('Unused indexes are not judged yet');
  expect(JSON.parse(json.stdout).findings).toHaveLength(1);
  expect(JSON.parse(growth.stdout)).toMatchObject({ points: [], limits: [{ cause: 'history-not-kept' }] });
  expect(wrong.code).toBe(2);
});
