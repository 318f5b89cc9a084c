import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivitySample } from '../../../preload/contract/activity.ts';
import { type CliOptions, howdah } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

describe('the command line', () => {
  let server: TestServer;
  let dataFolder: string;
  const run = (args: string[], options: Partial<CliOptions> = {}) => howdah(args, { dataFolder, ...options });
  const bare = (database = 'postgres') => server.url(database).replace('postgres:postgres@', 'postgres@');
  const secret = { env: { PGPASSWORD: 'postgres' } };

  beforeAll(async () => {
    server = await startPostgres();
    dataFolder = mkdtempSync(join(tmpdir(), 'howdah-cli-'));
  });
  afterAll(async () => {
    rmSync(dataFolder, { recursive: true, force: true });
    await server?.remove();
  });

  it('adds, lists and tests an environment', async () => {
    const added = await run(
      ['environments', 'add', bare(), '--name', 'db', '--protection', 'guarded'],
      secret,
    );
    expect(added).toMatchObject({ code: 0, stdout: 'Added db.\n' });
    expect(added.stderr).toContain('no keychain');
    const { stdout } = await run(['environments', 'list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'db', protection: 'guarded', password: 'none' }]);
    expect(stdout).not.toContain('"postgres:postgres');
    const tested = await run(['environments', 'test', 'db', '--json'], secret);
    expect(tested.code).toBe(0);
    expect(JSON.parse(tested.stdout)).toMatchObject({ good: true, cause: null });
  });

  it('reads a password from standard input', async () => {
    const result = await run(['environments', 'test', 'db', '--password-stdin', '--json'], {
      input: 'postgres\n',
    });
    expect(JSON.parse(result.stdout)).toMatchObject({ good: true });
  });

  it('answers bad news with exit code 1 and a stable cause', async () => {
    const wrong = await run(['environments', 'test', 'db', '--json'], { env: { PGPASSWORD: 'nope' } });
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ good: false, cause: 'password-wrong' });
    const none = await run(['activity', 'show', bare('nowhere'), '--json'], secret);
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({
      error: { code: 'NOT_CONNECTED', cause: 'no-such-database' },
    });
  });

  it.each([
    ['no such command', ['frobnicate']],
    ['no such option', ['environments', 'list', '--colour']],
    ['a missing name', ['environments', 'add', 'postgres://a@b/c']],
    ['a malformed URL', ['environments', 'add', 'mysql://a@b/c', '--name', 'x']],
    ['port 70000', ['environments', 'add', 'postgres://a@b:70000/c', '--name', 'x']],
    [
      'an unknown protection',
      ['environments', 'add', 'postgres://a@b/c', '--name', 'x', '--protection', 'iron'],
    ],
    ['an unknown environment', ['activity', 'show', 'nobody']],
    ['a pid that is none', ['activity', 'cancel', 'db', 'x1']],
    ['a name that is taken', ['environments', 'add', 'postgres://a@b/c', '--name', 'DB']],
  ])('answers %s with exit code 2 and a reason', async (_, args) => {
    const result = await run(args);
    expect(result.code, result.stderr).toBe(2);
    expect(result.stderr.trim()).not.toBe('');
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('shows activity of a bare URL and leaves no environment behind', async () => {
    const session = await server.connect({ application: 'cli-guest' });
    const { code, stdout } = await run(['activity', 'show', bare(), '--json'], secret);
    expect(code).toBe(0);
    const sample = JSON.parse(stdout) as ActivitySample;
    expect(sample.backends.map(({ application }) => application)).toContain('cli-guest');
    const { stdout: list } = await run(['environments', 'list', '--json']);
    expect(JSON.parse(list)).toHaveLength(1);
    await session.end();
  });

  it('warns about a password in a URL argument and takes it all the same', async () => {
    const { code, stderr } = await run(['activity', 'show', server.url()]);
    expect(code).toBe(0);
    expect(stderr).toContain('list of processes');
    expect(readFileSync(join(dataFolder, 'settings.json'), 'utf8')).not.toContain('postgres:postgres');
  });

  it('prints names from a server without letting them steer the terminal', async () => {
    const session = await server.connect({ application: 'evil' });
    await session.query(`SELECT '\u001b[31mred\u0007', 1`);
    const { stdout } = await run(['activity', 'show', bare()], secret);
    expect(stdout).toContain('evil');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    await session.end();
  });

  it('terminates on a guarded environment only with its name, and says whom it hit', async () => {
    const session = await server.connect({ application: 'cli-victim' });
    const [row] = (await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    const pid = String(row?.pid);
    const refused = await run(['activity', 'terminate', 'db', pid], secret);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--confirm');
    await expect(session.query('SELECT 1')).resolves.toBeDefined();
    const done = await run(['activity', 'terminate', 'db', pid, '--confirm', 'db'], secret);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stderr).toMatch(new RegExp(`terminate ${pid}: postgres \\(cli-victim\\)`));
    expect(done.stdout).toMatch(new RegExp(`^${pid}  done `));
    await eventually(async () =>
      session.query('SELECT 1').then(
        () => false,
        () => true,
      ),
    );
    expect((await run(['activity', 'terminate', 'db', pid, '--confirm', 'db'], secret)).code).toBe(1);
  });

  it('works one after the other when several are called at once', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => run(['environments', 'list'])));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  it('answers a wrong call as JSON too when JSON is asked for', async () => {
    const result = await run(['activity', 'cancel', 'nobody', '1', '--json']);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { what: expect.stringContaining('nobody') } });
  });

  it('is no way round a guarded environment by typing its address', async () => {
    const session = await server.connect({ application: 'bare-victim' });
    const [row] = (await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
    const result = await run(['activity', 'terminate', bare(), String(row?.pid)], secret);
    expect(result.code).toBe(2);
    await expect(session.query('SELECT 1')).resolves.toBeDefined();
    await session.end();
  });

  it('says on the terminal that a damaged history file was moved aside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-cli-damaged-'));
    const { writeFileSync } = await import('node:fs');
    writeFileSync(
      join(folder, 'howdah.db'),
      'no database at all, just some text that is long enough to be read',
    );
    const result = await howdah(['environments', 'list'], { dataFolder: folder });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toMatch(/damaged.*moved to/);
    rmSync(folder, { recursive: true });
  });

  it('says which settings file it could not read, and leaves it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-cli-bad-'));
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(folder, 'settings.json'), '{"version":1,');
    const result = await howdah(['environments', 'list'], { dataFolder: folder });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(join(folder, 'settings.json'));
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe('{"version":1,');
    rmSync(folder, { recursive: true });
  });
});
