import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { howdah } from '../../support/cli.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';
import { noSshd, type Sshd, startSshd } from '../../support/sshd.ts';

describe('howdah environments test', () => {
  let server: TestServer;
  let sshd: Sshd | undefined;
  let dataFolder: string;
  beforeAll(async () => {
    server = await startPostgres();
    if (noSshd === undefined) sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.remove();
    await server?.remove();
  });
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  });
  afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));
  const test = (ref: string, args: string[] = [], password = 'postgres') =>
    howdah(['environments', 'test', ref, ...args], { dataFolder, env: { PGPASSWORD: password } });

  it('prints the steps, and as JSON a stable cause', async () => {
    const good = await test(`postgres://postgres@127.0.0.1:${server.port}/postgres?sslmode=disable`);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(/authentication +good/);
    const bad = await test(`postgres://postgres@127.0.0.1:${await freePort()}/postgres`, ['--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ cause: 'nothing-listening', good: false });
    const told = await test(`postgres://postgres@127.0.0.1:${server.port}/nope?sslmode=disable`);
    expect(told.stderr).toContain(`psql -h 127.0.0.1 -p ${server.port} -U postgres -d postgres -l`);
    expect(told.stdout).toMatch(/tls +good +.*Not encrypted/);
  });

  it('takes key=value pairs as well as URLs', async () => {
    const ref = `host=127.0.0.1 port=${server.port} dbname=postgres user=postgres sslmode=disable`;
    expect(await test(ref)).toMatchObject({ code: 0 });
    const wrong = await test(ref, ['--json'], 'nope-very-secret');
    expect(JSON.parse(wrong.stdout)).toMatchObject({ cause: 'password-wrong' });
    expect(wrong.stdout + wrong.stderr).not.toContain('very-secret');
  });

  it('says what is wrong with a string that is none, and never the password in it', async () => {
    for (const ref of [
      'postgres://ada:s3cr/et@host:99999/db',
      'host=a port=b password=s3cr',
      `postgres://ada:s3cr@${'h'.repeat(11_000)}/db`,
      'mysql://ada:s3cr@host/db',
      'postgres//ada:s3cr@host/db',
    ]) {
      const { code, stdout, stderr } = await test(ref);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('s3cr');
    }
  });

  it.skipIf(noSshd !== undefined)(
    'trusts an SSH server by the fingerprint that it is given, and by no other',
    async () => {
      if (!sshd) throw new Error('no sshd');
      const file = join(dataFolder, 'team.json');
      const connection = {
        host: '127.0.0.1',
        port: server.port,
        database: 'postgres',
        user: 'postgres',
        sslmode: 'disable',
        parameters: {},
        tunnel: {
          host: '127.0.0.1',
          port: sshd.port,
          user: sshd.user,
          auth: 'key',
          keyFile: sshd.clientKeyFile,
        },
      };
      const environment = { name: 'far', group: '', color: 'blue', protection: 'open', connection };
      writeFileSync(
        file,
        JSON.stringify({ format: 'howdah environments', version: 1, environments: [environment] }),
      );
      expect(await howdah(['environments', 'import', file], { dataFolder })).toMatchObject({ code: 0 });

      const asked = await test('far');
      expect(asked.code).toBe(1);
      expect(asked.stdout).toContain(`--accept-host-key ${sshd.hostKeyFingerprint()}`);
      const other = await test('far', ['--accept-host-key', 'SHA256:somethingElse', '--json']);
      expect(JSON.parse(other.stdout)).toMatchObject({ cause: 'tunnel-host-key-unknown' });
      expect(await test('far', ['--accept-host-key', sshd.hostKeyFingerprint()])).toMatchObject({ code: 0 });
      expect(await test('far')).toMatchObject({ code: 0 });
      expect(readFileSync(join(dataFolder, 'known_hosts'), 'utf8')).toContain(`[127.0.0.1]:${sshd.port}`);
    },
  );
});
