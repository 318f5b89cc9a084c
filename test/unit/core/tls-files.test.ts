import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import { readTlsFiles } from '../../../main/servers/tls-files.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';

describe('certificate files', () => {
  /** Made by openssl, once. */
  let made: string;
  /** The home of an account, anew for each test. */
  let home: string;
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: made, stdio: 'ignore' });
  };
  beforeAll(() => {
    made = mkdtempSync(join(tmpdir(), 'howdah-tls-files-'));
    for (const name of ['ca', 'client', 'other']) {
      const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      openssl(
        'req',
        '-x509',
        ...curve,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
        '-subj',
        `/CN=${name}`,
      );
    }
    openssl('pkcs8', '-topk8', '-in', 'client.key', '-out', 'encrypted.key', '-passout', 'pass:open me');
    openssl('ec', '-in', 'client.key', '-out', 'legacy.key', '-aes128', '-passout', 'pass:open me');
    openssl('x509', '-in', 'ca.crt', '-outform', 'der', '-out', 'ca.der');
    openssl('req', '-new', '-key', 'client.key', '-out', 'request.crt', '-subj', '/CN=x');
    writeFileSync(join(made, 'index.txt'), '');
    writeFileSync(
      join(made, 'ca.cnf'),
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=30\n',
    );
    openssl('ca', '-gencrl', '-config', 'ca.cnf', '-keyfile', 'ca.key', '-cert', 'ca.crt', '-out', 'ca.crl');
  });
  afterAll(() => rmSync(made, { recursive: true, force: true }));
  beforeEach(() => {
    home = mkdtempSync(join(made, 'home-'));
    mkdirSync(join(home, '.postgresql'));
  });

  const put = (from: string, to: string, mode = 0o600): string => {
    const path = join(home, '.postgresql', to);
    copyFileSync(join(made, from), path);
    chmodSync(path, mode);
    return path;
  };
  const write = (to: string, content: string | Buffer, mode = 0o600): string => {
    const path = join(home, '.postgresql', to);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const read = async (parameters: string, clientKeyPassphrase?: string) => {
    const { connection } = parseConnectionUrl(`host=db.example.com ${parameters}`);
    const files = await readTlsFiles(connection, { home, env: {}, clientKeyPassphrase });
    const { verifyCaBecauseOfRootCert: _, ...options } = files;
    // Whatever is handed over is taken by OpenSSL.
    createSecureContext(options);
    return files;
  };
  const problemOf = async (parameters: string, clientKeyPassphrase?: string): Promise<WayProblem> => {
    const error = await read(parameters, clientKeyPassphrase).catch((caught: unknown) => caught);
    if (error instanceof WayProblem) return error;
    throw error;
  };
  const pem = (name: string): string => readFileSync(join(made, name), 'utf8').trim();

  it('are none where nothing is encrypted', async () => {
    write('root.crt', 'broken');
    const none = { verifyCaBecauseOfRootCert: false };
    expect(await read('sslmode=disable')).toEqual(none);
    const { connection } = parseConnectionUrl('host=/run/postgresql sslmode=require');
    expect(await readTlsFiles(connection, { home, env: {} })).toEqual(none);
  });

  it('are taken from ~/.postgresql when none are named', async () => {
    put('ca.crt', 'root.crt');
    put('ca.crl', 'root.crl');
    put('client.crt', 'postgresql.crt');
    put('client.key', 'postgresql.key');
    expect(await read('sslmode=verify-full')).toEqual({
      ca: [pem('ca.crt')],
      crl: [pem('ca.crl')],
      cert: pem('client.crt'),
      key: pem('client.key'),
      minVersion: 'TLSv1.2',
      verifyCaBecauseOfRootCert: false,
    });
  });

  it('are taken from where the parameters say, ~ being the home', async () => {
    put('ca.crt', 'a.crt');
    put('other.crt', 'b.crt');
    put('other.key', 'b.key');
    const files = await read(
      `sslmode=verify-ca sslrootcert=~/.postgresql/a.crt sslcert=${home}/.postgresql/b.crt sslkey=~/.postgresql/b.key`,
    );
    expect(files).toMatchObject({ ca: [pem('ca.crt')], cert: pem('other.crt'), key: pem('other.key') });
  });

  it('may hold several certificates with words between them', async () => {
    write('root.crt', `the first:\n${pem('ca.crt')}\nthe second:\r\n${pem('other.crt')}\nend`);
    expect((await read('sslmode=verify-full')).ca).toEqual([pem('ca.crt'), pem('other.crt')]);
  });

  it('make sslmode=require verify as verify-ca does, and no other mode', async () => {
    expect((await read('sslmode=require')).verifyCaBecauseOfRootCert).toBe(false);
    put('ca.crt', 'root.crt');
    expect((await read('sslmode=require')).verifyCaBecauseOfRootCert).toBe(true);
    expect((await read('sslmode=prefer')).verifyCaBecauseOfRootCert).toBe(false);
  });

  it('give way to the authorities of the system and of Node where there are none', async () => {
    expect(await read('sslmode=require')).not.toHaveProperty('ca');
    const every = (await read('sslmode=verify-full')).ca ?? [];
    const system = (await read('sslrootcert=system')).ca ?? [];
    expect(every.length).toBeGreaterThan(100);
    expect(new Set(every).size).toBe(every.length);
    expect(every).toEqual(expect.arrayContaining(system));
  });

  it('set the TLS versions, in any case of letters', async () => {
    expect(await read('ssl_min_protocol_version=tlsv1.3 sslmode=require')).toMatchObject({
      minVersion: 'TLSv1.3',
    });
    expect(await read('ssl_max_protocol_version=TLSV1.2 sslmode=require')).toMatchObject({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    });
    expect(await read("ssl_min_protocol_version='' sslmode=require")).toMatchObject({ minVersion: 'TLSv1' });
  });

  it('leave the client certificate at home with sslcertmode=disable', async () => {
    put('client.crt', 'postgresql.crt');
    expect(await read('sslmode=require sslcertmode=disable')).not.toHaveProperty('cert');
  });

  it('read revocation lists from a folder as openssl names them', async () => {
    put('ca.crt', 'root.crt');
    write('root.crl', 'not looked at');
    mkdirSync(join(home, 'crl'));
    copyFileSync(join(made, 'ca.crl'), join(home, 'crl/0a1b2c3d.r0'));
    writeFileSync(join(home, 'crl/README'), 'x');
    expect((await read('sslmode=verify-ca sslcrldir=~/crl')).crl).toEqual([pem('ca.crl')]);
    expect((await problemOf('sslmode=verify-ca sslcrldir=~/gone')).explanation.what).toContain('gone');
  });

  describe('that are encrypted keys', () => {
    it.each(['encrypted.key', 'legacy.key'])('are opened with their passphrase: %s', async (key) => {
      put('client.crt', 'postgresql.crt');
      put(key, 'postgresql.key');
      expect(await read('sslmode=require', 'open me')).toMatchObject({ passphrase: 'open me' });
      const of = '~/.postgresql/postgresql.key';
      const asked = await problemOf('sslmode=require');
      expect(asked.explanation.cause).toBe('client-key-passphrase-missing');
      expect(asked.ask).toEqual({ kind: 'secret', secret: 'client-key-passphrase', of, wasWrong: false });
      const again = await problemOf('sslmode=require', 'hunter2');
      expect(again.ask).toEqual({ kind: 'secret', secret: 'client-key-passphrase', of, wasWrong: true });
      expect(JSON.stringify([again, again.cause, String(again.stack)])).not.toContain('hunter2');
    });

    it('are asked for by the path that the connection has', async () => {
      put('client.crt', 'a.crt');
      const path = put('encrypted.key', 'a.key');
      const { ask } = await problemOf(`sslmode=require sslcert=${home}/.postgresql/a.crt sslkey=${path}`);
      expect(ask).toMatchObject({ of: path });
    });

    it('need no passphrase when they are not encrypted, and hand none over', async () => {
      put('client.crt', 'postgresql.crt');
      put('client.key', 'postgresql.key');
      expect(await read('sslmode=require', 'not needed')).not.toHaveProperty('passphrase');
    });
  });

  it.each<[string, () => void, string, RegExp]>([
    [
      'a named one that is missing',
      () => {},
      'sslrootcert=/nowhere.crt',
      /\/nowhere\.crt.*There is no such file/,
    ],
    ['a named list that is missing', () => put('ca.crt', 'root.crt'), 'sslcrl=/nowhere.crl', /no such file/],
    ['a folder', () => mkdirSync(join(home, '.postgresql/root.crt')), '', /not a plain file/],
    ['an empty one', () => write('root.crt', ' \n'), '', /It is empty/],
    ['a key in place of a certificate', () => put('ca.key', 'root.crt'), '', /It is a private key/],
    ['a request', () => put('request.crt', 'root.crt'), '', /a request for a certificate/],
    ['binary', () => put('ca.der', 'root.crt'), '', /It is binary \(DER/],
    ['no PEM', () => write('root.crt', 'hello'), '', /not PEM/],
    ['one cut off', () => write('root.crt', pem('ca.crt').slice(0, 200)), '', /cut off/],
    [
      'a damaged one',
      () => write('root.crt', `${pem('ca.crt')}\n${pem('other.crt').replace(/\n..../, '\nAAAA')}`),
      '',
      /certificate 2 is damaged/,
    ],
    [
      'a certificate in place of a list',
      () => [put('ca.crt', 'root.crt'), put('ca.crt', 'root.crl')],
      '',
      /It is a certificate/,
    ],
    [
      'a certificate without its key',
      () => put('client.crt', 'postgresql.crt'),
      '',
      /private key .*no such file/,
    ],
    [
      'a certificate in place of a key',
      () => [put('client.crt', 'postgresql.crt'), put('client.crt', 'postgresql.key')],
      '',
      /private key .*It is a certificate/,
    ],
    [
      'a key of SSH',
      () => [
        put('client.crt', 'postgresql.crt'),
        write('postgresql.key', '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----'),
      ],
      '',
      /key of SSH/,
    ],
    [
      'a damaged key',
      () => [
        put('client.crt', 'postgresql.crt'),
        write('postgresql.key', '-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----'),
      ],
      '',
      /It is damaged/,
    ],
    [
      'a key of another certificate',
      () => [put('client.crt', 'postgresql.crt'), put('other.key', 'postgresql.key')],
      '',
      /does not belong to the certificate in .*postgresql\.crt/,
    ],
    [
      'a key that others may read',
      () => [put('client.crt', 'postgresql.crt'), put('client.key', 'postgresql.key', 0o644)],
      '',
      /permissions are 0644/,
    ],
  ])('say what is wrong: %s', async (_, prepare, parameters, message) => {
    prepare();
    const problem = await problemOf(`sslmode=require ${parameters}`);
    expect(problem.explanation.cause).toBe('certificate-file-unreadable');
    expect(`${problem.explanation.what} ${problem.explanation.why}`).toMatch(message);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(problem.retry).toBe(false);
  });

  it("let a group read root's key, and nobody else's", async () => {
    put('client.crt', 'postgresql.crt');
    put('client.key', 'postgresql.key', 0o640);
    if (process.getuid?.() === 0) {
      expect(await read('sslmode=require')).toHaveProperty('key');
      execFileSync('chown', ['nobody', join(home, '.postgresql/postgresql.key')]);
    }
    expect((await problemOf('sslmode=require')).explanation.command).toMatch(/^chmod 600 /);
  });
});
