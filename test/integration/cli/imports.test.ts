import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';

const secret = 'hunTer2-Xq';

describe('importing on the command line', () => {
  let folder: string;
  const run = (...args: string[]) => howdah(['environments', ...args], { dataFolder: join(folder, 'data') });
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const list = async () => JSON.parse((await run('list', '--json')).stdout) as Record<string, unknown>[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-import-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const env = () =>
    put('.env', `DATABASE_URL=postgres://ada:${secret}@localhost:5433/orders?schema=public\n`);

  it('shows with --dry-run what it would add, and adds nothing', async () => {
    const { code, stdout, stderr } = await run('import', env(), '--dry-run');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(
      'orders-local  ada@localhost:5433/orders  .env:1 DATABASE_URL  yes       parameters-dropped',
    );
    expect(stdout + stderr).not.toContain(secret);
    expect(await list()).toEqual([]);
    const asJson = await run('import', env(), '--dry-run', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ candidates: [{ hasPassword: true }], problems: [] });
    expect(asJson.stdout).not.toContain(secret);
  });

  it('adds what is new, says what it left out, and puts it into a group', async () => {
    const compose = put(
      'compose.yml',
      'services:\n  db:\n    image: postgres\n    environment: { POSTGRES_DB: app, POSTGRES_PASSWORD: x }\n    ports: ["5440:5432"]\n',
    );
    const first = await run('import', env(), compose, '--group', 'shop');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toBe('Added orders-local.\nAdded app-local.\n');
    expect(first.stderr).toContain('no keychain');
    expect(await list()).toMatchObject([
      { name: 'orders-local', group: 'shop' },
      { name: 'app-local', group: 'shop' },
    ]);
    const second = await run('import', env());
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).toContain(
      'Left out DATABASE_URL of .env. It is there already as orders-local.\nNothing was added.',
    );
  });

  it('answers what can’t be read with exit code 1, and adds the rest', async () => {
    const { code, stdout, stderr } = await run(
      'import',
      env(),
      put('broken.yml', `services:\n\tdb: ${secret}\n`),
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      added: [{ name: 'orders-local' }],
      problems: [{ file: 'broken.yml', line: 2 }],
    });
    expect(stdout + stderr).not.toContain(secret);
    const plain = await run('import', join(folder, 'missing'));
    expect(plain).toMatchObject({
      code: 1,
      stdout: 'Nothing was added.\n',
      stderr: 'missing: There is no such file.\n',
    });
  });

  it('leaves passwords out when asked', async () => {
    const { stderr } = await run('import', env(), '--without-passwords');
    expect(stderr).toBe('');
    expect(await list()).toMatchObject([{ password: 'none' }]);
  });

  it('shows somebody else’s command, and does not connect by itself what needs it', async () => {
    const team = join(import.meta.dirname, '../../fixtures/imports/team.json');
    const shown = await run('import', team, '--dry-run');
    expect(shown.stderr).toContain('cloud-sql-proxy --port 5544');
    expect((await run('import', team)).code).toBe(0);
    expect(await list()).toMatchObject([
      { name: 'kronos-prod', connect: false },
      { name: 'orders', connect: true },
    ]);
  });

  it('exports what it can import again, to a file in one piece', async () => {
    await run('import', env());
    const out = join(folder, 'team.json');
    expect(await run('export', '--out', out)).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(out, 'utf8');
    expect(text).not.toContain(secret);
    expect((await run('export', 'orders-local')).stdout).toBe(text);
    expect(readdirSync(folder).filter((name) => name.startsWith('.howdah'))).toEqual([]);
    const other = await howdah(['environments', 'import', out, '--json'], {
      dataFolder: join(folder, 'other'),
    });
    expect(JSON.parse(other.stdout)).toMatchObject({
      added: [{ name: 'orders-local', password: 'none' }],
      problems: [],
    });
  });

  it.each([
    ['no file', ['import']],
    ['an unknown kind', ['import', 'x', '--kind', 'ini']],
    ['an unknown environment', ['export', 'nobody']],
    ['a folder that is not there', ['export', '--out', '/nowhere/at/all.json']],
  ])('answers %s with exit code 2 and a reason', async (_, args) => {
    const { code, stderr } = await run(...args);
    expect(code, stderr).toBe(2);
    expect(stderr.trim()).not.toBe('');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
