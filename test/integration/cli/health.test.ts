import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

describe('howdah health', () => {
  let server: TestServer;
  let dataFolder: string;
  const health = (...args: string[]) =>
    howdah(['health', ...args], { dataFolder, env: { PGPASSWORD: 'postgres' } });

  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-'));
    // As a server that is not the tests' own has it.
    server = await startPostgres({ settings: { fsync: 'on' } });
    await server.query(`CREATE EXTENSION pg_stat_statements;
      CREATE ROLE plain LOGIN PASSWORD 'postgres';
      CREATE TABLE account (id int PRIMARY KEY, tenant text);
      ALTER TABLE account ENABLE ROW LEVEL SECURITY;
      CREATE VIEW "all <b>accounts</b>" AS SELECT * FROM account`);
    const { code, stderr } = await howdah(['environments', 'add', server.url(), '--name', 'shop'], {
      dataFolder,
    });
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('ends with 0 where nothing is worse than a notice, and says what was looked at', async () => {
    const { code, stdout } = await health('shop');
    expect(stdout).toMatch(/Looked at sessions, locks, statements, storage, vacuum, server and access\./);
    expect(stdout).not.toMatch(/^(BAD|WARNING)/m);
    expect(code).toBe(0);
  });

  it('ends with 1 on something serious, prints it as JSON and writes it as pages', async () => {
    await server.query('GRANT SELECT ON "all <b>accounts</b>" TO plain');
    const html = join(dataFolder, 'report.html');
    const markdown = join(dataFolder, 'report.md');
    const { code, stdout } = await health('shop', '--json', '--html', html, '--markdown', markdown);
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ verdict: 'warning', environment: { name: 'shop' } });
    expect(report.findings[0]).toMatchObject({
      kind: 'view-past-rls',
      severity: 'warning',
      object: 'public.all <b>accounts</b>',
    });
    expect(readFileSync(html, 'utf8')).toContain('all &lt;b&gt;accounts&lt;/b&gt;');
    expect(readFileSync(markdown, 'utf8')).toContain('Warning: View public.all &lt;b\\>accounts');
  });

  it('looks into the rooms that are asked for alone, also at a bare address, and tells a plain role its limits', async () => {
    const address = server.url('postgres', 'plain').replace(':postgres@', '@');
    const access = await health(address, '--room', 'access');
    expect(access.code).toBe(1);
    expect(access.stdout).toMatch(/^WARNING {2}View public\.all/);
    expect(access.stdout).toContain('Looked at access.');
    const held = await server.connect();
    await held.query('SELECT 1');
    const sessions = await health(address, '--room', 'activity', '--json');
    await held.end();
    expect(sessions.code).toBe(0);
    expect(JSON.parse(sessions.stdout).limits).toMatchObject([
      { cause: 'limited-visibility', command: 'GRANT pg_monitor TO "plain";' },
    ]);
  });

  it.each([
    [['nowhere'], /no environment/i],
    [['shop', '--room', 'cellar'], /Rooms are activity/],
    [['shop', '--html', '/nowhere/report.html'], /its folder is not there/],
  ])('ends with 2 when the call was wrong: %j', async (args, words) => {
    const { code, stderr } = await health(...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
  });
});
