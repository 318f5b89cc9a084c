import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, TypedSecret } from '../../../preload/contract/connection.ts';
import type { TestResult } from '../../../preload/contract/environments.ts';
import { type Authority, makeAuthority } from '../../support/certificates.ts';
import { openTestConsole, type TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

describe('encryption', () => {
  let howdah: TestConsole;
  let server: TestServer;
  let authority: Authority;
  let stranger: Authority;
  beforeAll(async () => {
    howdah = await openTestConsole({ connect: false });
    authority = makeAuthority();
    stranger = makeAuthority('Somebody else');
    server = await startPostgres();
    await server.query("CREATE ROLE ada LOGIN PASSWORD 'lovelace'");
    serve(authority.issue('localhost', { names: ['localhost', '127.0.0.1'] }));
    server.write('root.crt', await read(authority.file));
    await restart({ ssl: 'on', ssl_ca_file: 'root.crt' });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
    authority?.remove();
    stranger?.remove();
  });

  const read = async (file: string): Promise<string> => (await import('node:fs')).readFileSync(file, 'utf8');
  const serve = (pair: { certificate: string; key: string }): void => {
    server.write('server.crt', pair.certificate);
    server.write('server.key', pair.key);
  };
  const restart = async (settings: Record<string, string>): Promise<void> => {
    for (const [name, value] of Object.entries(settings)) {
      await server.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    }
    await server.stop();
    await server.start();
  };
  const reload = async (): Promise<void> => {
    server.signal('SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, 400));
  };
  const to = (more: Partial<Connection> = {}): Connection => ({
    host: 'localhost',
    port: server.port,
    database: 'postgres',
    user: 'postgres',
    sslmode: 'verify-full',
    ...more,
    parameters: { hostaddr: '127.0.0.1', sslrootcert: authority.file, ...more.parameters },
  });
  const testing = (
    connection: Connection,
    secrets?: TypedSecret[],
    password = 'postgres',
  ): Promise<TestResult> =>
    howdah.client.environments.test({
      connection,
      password: { password, remember: false },
      ...(secrets ? { secrets } : {}),
    });
  const causeOf = async (connection: Connection, secrets?: TypedSecret[]): Promise<string | undefined> => {
    const { problem, steps } = await testing(connection, secrets);
    return problem && `${problem.cause} at ${steps.find(({ outcome }) => outcome === 'bad')?.step}`;
  };

  it('checks name and authority with verify-full, by name and by address', async () => {
    const result = await testing(to());
    expect(result.problem).toBeUndefined();
    expect(result.server?.encrypted).toBe(true);
    expect((await testing(to({ host: '127.0.0.1' }))).good).toBe(true);
  });

  it('says when the authority is unknown', async () => {
    expect(await causeOf(to({ parameters: { sslrootcert: stranger.file } }))).toBe(
      'certificate-unknown at tls',
    );
    expect(await causeOf(to({ sslmode: 'verify-ca', parameters: { sslrootcert: stranger.file } }))).toBe(
      'certificate-unknown at tls',
    );
    expect(await causeOf(to({ parameters: { sslrootcert: 'system' } }))).toBe('certificate-unknown at tls');
    // libpq's meaning: with a root certificate given, require checks the chain too.
    expect(await causeOf(to({ sslmode: 'require', parameters: { sslrootcert: stranger.file } }))).toBe(
      'certificate-unknown at tls',
    );
  });

  it('says when the certificate is for another host, and lets verify-ca take it', async () => {
    serve(authority.issue('db.elsewhere.test', { names: ['db.elsewhere.test'] }));
    await reload();
    const result = await testing(to());
    expect(result.problem).toMatchObject({ cause: 'certificate-wrong-host' });
    expect(result.problem?.why).toContain('db.elsewhere.test');
    expect(await causeOf(to({ sslmode: 'verify-ca' }))).toBeUndefined();
  });

  it('says when the certificate has expired', async () => {
    serve(authority.issue('localhost', { names: ['localhost'], days: -2 }));
    await reload();
    const expired = await testing(to());
    expect(expired.problem).toMatchObject({ cause: 'certificate-expired' });
    expect(expired.problem?.why).toMatch(/valid until .*20\d\d/);
    serve(authority.issue('localhost', { names: ['localhost', '127.0.0.1'] }));
    await reload();
  });

  it('says when TLS is required, and when it is not offered', async () => {
    await server.hba(['hostssl all all 127.0.0.1/32 scram-sha-256']);
    expect(await causeOf(to({ sslmode: 'disable' }))).toBe('tls-required at tls');
    expect((await testing(to({ sslmode: 'prefer' }))).server?.encrypted).toBe(true);
    expect((await testing(to({ sslmode: 'allow' }))).server?.encrypted).toBe(true);
    await server.hba(['host all all 127.0.0.1/32 scram-sha-256']);
    const plain = await startPostgres();
    try {
      expect(await causeOf(to({ port: plain.port }))).toBe('tls-not-offered at tls');
      expect((await testing(to({ port: plain.port, sslmode: 'prefer' }))).server?.encrypted).toBe(false);
    } finally {
      await plain.remove();
    }
  });

  it('says when a client certificate is needed, refused, or not for this role', async () => {
    await server.hba(['hostssl all all 127.0.0.1/32 cert']);
    expect(await causeOf(to({ user: 'ada' }))).toBe('client-certificate-missing at authentication');
    const good = authority.issue('ada');
    const named = (pair: { certificateFile: string; keyFile: string }): Partial<Connection> => ({
      user: 'ada',
      parameters: { sslcert: pair.certificateFile, sslkey: pair.keyFile },
    });
    expect(await causeOf(to(named(good)))).toBeUndefined();
    expect(await causeOf(to({ ...named(good), user: 'postgres' }))).toBe(
      'client-certificate-missing at authentication',
    );
    expect(await causeOf(to(named(stranger.issue('ada'))))).toBe('client-certificate-refused at tls');
  });

  it('asks for the passphrase of a client key, and takes it', async () => {
    const pair = authority.issue('ada', { passphrase: 'open sesame' });
    const connection = to({
      user: 'ada',
      parameters: { sslcert: pair.certificateFile, sslkey: pair.keyFile },
    });
    const asked = await testing(connection);
    expect(asked.problem).toMatchObject({ cause: 'client-key-passphrase-missing' });
    expect(asked.ask).toEqual({
      kind: 'secret',
      secret: 'client-key-passphrase',
      of: pair.keyFile,
      wasWrong: false,
    });
    const answer = (value: string): TypedSecret[] => [
      { kind: 'client-key-passphrase', of: pair.keyFile, value, remember: false },
    ];
    expect((await testing(connection, answer('wrong'))).ask).toMatchObject({ wasWrong: true });
    expect((await testing(connection, answer('open sesame'))).good).toBe(true);
    await server.hba(['host all all 127.0.0.1/32 scram-sha-256']);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['no certificate at all', 'hello\n'],
  ])('names a certificate file that is %s', async (_, content) => {
    const file = join(tmpdir(), `howdah-test-${process.pid}-${content?.length ?? 'none'}.crt`);
    if (content !== undefined) writeFileSync(file, content);
    const result = await testing(to({ parameters: { sslrootcert: file } }));
    expect(result.problem).toMatchObject({ cause: 'certificate-file-unreadable' });
    expect(`${result.problem?.what} ${result.problem?.why}`).toContain(file);
  });

  it('names a key that stands where a certificate belongs', async () => {
    const { keyFile } = authority.issue('x');
    const result = await testing(to({ parameters: { sslrootcert: keyFile } }));
    expect(result.problem).toMatchObject({ cause: 'certificate-file-unreadable' });
    expect(JSON.stringify(result)).not.toContain('PRIVATE KEY-----');
  });

  it('binds the channel when that is required, and refuses a server that does not', async () => {
    const binding = { parameters: { channel_binding: 'require' } };
    expect(await causeOf(to(binding))).toBeUndefined();
    expect(await causeOf(to({ ...binding, sslmode: 'disable' }))).toBe(
      'channel-binding-unavailable at authentication',
    );
    await server.hba(['host all all 127.0.0.1/32 password']);
    expect(await causeOf(to(binding))).toBe('channel-binding-unavailable at authentication');
    await server.hba(['host all all 127.0.0.1/32 scram-sha-256']);
  });
});
