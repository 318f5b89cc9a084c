import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let dataFolder: string;
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-queries-'));
  server = await startPostgres();
  await server.query('CREATE EXTENSION pg_stat_statements');
  await server.query('CREATE DATABASE bare');
  const client = await server.connect();
  for (let time = 0; time < 3; time += 1)
    await client.query('SELECT sum(found_it) FROM generate_series(1, 9) AS g(found_it)');
  await client.end();
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

const queries = (...args: string[]) =>
  howdah(['queries', ...args], { dataFolder, env: { PGPASSWORD: 'postgres' } });
const url = (database?: string): string => server.url(database).replace(':postgres@', '@');

it('queries top lists what the server has counted, as a table and as JSON', async () => {
  const [table, json] = [
    await queries('top', url(), '--by', 'calls', '--limit', '1000'),
    await queries('top', url(), '--search', 'FOUND_IT', '--json'),
  ];
  expect(table).toMatchObject({ code: 0 });
  expect(table.stdout).toMatch(/^\s*share\s+total\s+calls\s+mean/);
  expect(table.stdout).toMatch(
    /\s3\s.*postgres\s+postgres\s+SELECT sum\(found_it\) FROM generate_series\(\$1, \$2\)/,
  );
  const top = JSON.parse(json.stdout);
  expect(top).toMatchObject({
    source: 'reset',
    rows: [{ user: 'postgres', figures: { calls: 3, rows: 3 } }],
  });

  const { key } = top.rows[0];
  expect(await queries('reset', url(), key)).toMatchObject({ code: 0, stdout: 'Reset one statement.\n' });
  const after = await queries('top', url(), '--search', 'found_it', '--json');
  expect(JSON.parse(after.stdout).rows).toEqual([]);
});

it('says what is missing, and refuses calls that mean nothing', async () => {
  const bare = await queries('top', url('bare'));
  expect(bare).toMatchObject({ code: 0 });
  expect(bare.stderr).toContain('CREATE EXTENSION pg_stat_statements;');
  expect(await queries('top', url(), '--by', 'beauty')).toMatchObject({ code: 2 });
  expect(await queries('reset', url())).toMatchObject({ code: 2 });
  const regressions = await queries('regressions', url(), '--json');
  expect(regressions).toMatchObject({ code: 2 });
  expect(JSON.parse(regressions.stdout).error.cause).toBe('statements-no-history');
});
