import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let dataFolder: string;

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-plans-'));
  server = await startPostgres();
  await server.query(`CREATE TABLE event (id int, team_id int, note text);
    INSERT INTO event SELECT n, n % 500, repeat('x', 60) FROM generate_series(1, 40000) AS n; ANALYZE event`);
  for (const protection of ['open', 'read-only'])
    await howdah(['environments', 'add', server.url(), '--name', protection, '--protection', protection], {
      dataFolder,
    });
});
afterAll(async () => {
  await server?.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

const explain = (...args: string[]) =>
  howdah(['queries', 'explain', ...args, '--password-stdin'], { dataFolder, input: 'postgres\n' });
const missing = 'CREATE INDEX CONCURRENTLY ON public.event (team_id)';

it('prints the plan and what is wrong with it, and exits 1 for something serious', async () => {
  const file = join(dataFolder, 'query.sql');
  writeFileSync(file, 'SELECT * FROM event WHERE team_id = 7;\n');
  const { code, stdout } = await explain('open', '--file', file);
  expect(stdout).toMatch(/^node +estimated +cost\nSeq Scan event/);
  expect(stdout).toContain(missing);
  expect(code).toBe(1);
  const run = await explain(
    'open',
    '--sql',
    'SELECT * FROM event WHERE team_id = $1',
    '--param',
    '7',
    '--analyze',
    '--json',
  );
  const answer = JSON.parse(run.stdout);
  expect(answer).toMatchObject({
    origin: { how: 'analyzed' },
    plan: { analyzed: true, nodes: [{ rows: 80, relation: 'event' }] },
  });
  expect(run.stderr).toContain('run in full');
});

it('tells wrong calls, missing values, protection and the server’s refusals apart', async () => {
  const analyze = ['--sql', 'DELETE FROM event', '--analyze'];
  const calls: [string[], number, RegExp][] = [
    [['open'], 2, /one of --sql, --file or --key/],
    [['open', '--sql', 'SELECT 1', '--timeout', 'soon'], 2, /number of seconds/],
    [['open', '--sql', 'SELECT * FROM event WHERE id = $1', '--analyze'], 2, /--param: \$1 integer/],
    [['read-only', ...analyze], 1, /read-only/],
    [['read-only', ...analyze, '--read-only', '--confirm', 'read-only'], 2, /READ ONLY transaction/],
  ];
  for (const [args, code, says] of calls) {
    const result = await explain(...args);
    expect([result.code, result.stderr], args.join(' ')).toEqual([code, expect.stringMatching(says)]);
  }
  expect(await server.query('SELECT count(*)::int AS count FROM event')).toEqual([{ count: 40_000 }]);
});
