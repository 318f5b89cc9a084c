import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import { resolveService } from '../../../main/servers/service-file.ts';
import type { Connection } from '../../../preload/contract/connection.ts';
import { parseConnectionUrl } from '../../../preload/contract/connection-url.ts';

describe('the service file', () => {
  let home: string;
  let env: Record<string, string>;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'howdah-service-'));
    env = { PGSYSCONFDIR: join(home, 'etc') };
    mkdirSync(env.PGSYSCONFDIR ?? '');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const own = (text: string | Buffer): void => writeFileSync(join(home, '.pg_service.conf'), text);
  const system = (text: string): void => writeFileSync(join(home, 'etc/pg_service.conf'), text);
  const resolve = (text: string) => resolveService(parseConnectionUrl(text).connection, { home, env });
  const problemOf = async (text: string) => {
    const error = await resolve(text).catch((caught: unknown) => caught);
    if (!(error instanceof WayProblem)) throw error;
    return error.explanation;
  };

  it('fills in what the connection string leaves out, and nothing else', async () => {
    own(
      [
        '# the team',
        '[other]',
        'host=wrong',
        '[db]',
        'host=db.example.com,db2.example.com',
        'port=6432',
        'dbname=shop',
        'user=ada',
        'password=hunter2 # not a comment',
        'sslmode=verify-ca',
        'application_name=from service',
        'sslpassword=open me',
        '',
        '[db]',
        'options=never looked at',
      ].join('\r\n'),
    );
    expect(await resolve('postgres://bob@?service=db&application_name=mine')).toEqual({
      connection: {
        host: 'db.example.com',
        port: 6432,
        otherHosts: [{ host: 'db2.example.com', port: 6432 }],
        database: 'shop',
        user: 'bob',
        sslmode: 'verify-ca',
        parameters: { application_name: 'mine' },
      },
      password: 'hunter2 # not a comment',
      clientKeyPassphrase: 'open me',
    });
  });

  it('takes the usual defaults for what the service leaves out too', async () => {
    own('[db]\nhost=db.example.com\nuser=ada\n');
    expect((await resolve('service=db')).connection).toEqual({
      host: 'db.example.com',
      port: 5432,
      database: 'ada',
      user: 'ada',
      sslmode: 'verify-full',
      parameters: {},
    });
  });

  it('gives the first line of a parameter the say, and lets an empty one stand for the default', async () => {
    own('[db]\nport=\nport=6432\nuser=\n');
    expect((await resolve('service=db')).connection).toMatchObject({ port: 5432, user: 'postgres' });
  });

  it('counts hosts, ports and addresses together only after both were read', async () => {
    own('[db]\nhost=a,b\nport=1,2\nhostaddr=10.0.0.1,10.0.0.2\n');
    expect((await resolve('service=db')).connection).toMatchObject({
      host: 'a',
      port: 1,
      otherHosts: [{ host: 'b', port: 2 }],
      parameters: { hostaddr: '10.0.0.1,10.0.0.2' },
    });
    expect(await problemOf('host=one service=db')).toMatchObject({
      cause: 'service-file-malformed',
      what: expect.stringContaining('Line 3 of'),
      why: expect.stringContaining('2 ports for 1 host'),
    });
  });

  it('keeps the tunnel and the companion, which no service knows of', async () => {
    own('[db]\nhost=inner\n');
    const connection: Connection = {
      ...parseConnectionUrl('service=db').connection,
      tunnel: { host: 'bastion', auth: 'auto' },
      companion: { command: 'true', timeoutSeconds: 5 },
    };
    expect((await resolveService(connection, { home, env })).connection).toMatchObject({
      host: 'inner',
      tunnel: { host: 'bastion' },
      companion: { command: 'true' },
    });
  });

  it('leaves a connection without a service alone', async () => {
    const { connection } = parseConnectionUrl('postgres://a@b/c');
    expect(await resolveService(connection, { home, env })).toEqual({ connection });
  });

  it("looks into the system's file when the account's own does not have it", async () => {
    own('[mine]\nhost=own\n');
    system('[mine]\nhost=system\n[theirs]\nhost=system\n');
    expect((await resolve('service=mine')).connection.host).toBe('own');
    expect((await resolve('service=theirs')).connection.host).toBe('system');
  });

  it('takes PGSERVICEFILE in place of the own file, and a servicefile parameter before that', async () => {
    own('[db]\nhost=own\n');
    env.PGSERVICEFILE = join(home, 'named.conf');
    writeFileSync(env.PGSERVICEFILE, '\ufeff[db]\nhost=named\n');
    writeFileSync(join(home, 'other.conf'), '[db]\nhost=other\n');
    expect((await resolve('service=db')).connection.host).toBe('named');
    expect((await resolve('service=db servicefile=~/other.conf')).connection).toMatchObject({
      host: 'other',
      parameters: {},
    });
  });

  it('says where it looked when a service is nowhere', async () => {
    own('[db]\n');
    expect(await problemOf('service=gone')).toMatchObject({
      cause: 'service-not-found',
      why: `It was looked for in ${home}/.pg_service.conf, ${home}/etc/pg_service.conf (there is no such file).`,
    });
    env.PGSERVICEFILE = '/nowhere/at/all';
    expect((await problemOf('service=db')).why).toBe(
      'It was looked for in /nowhere/at/all (there is no such file).',
    );
  });

  it('does not wait on a file that is none', async () => {
    env.PGSERVICEFILE = home;
    expect((await problemOf('service=db')).why).toContain('it is not a plain file');
  });

  it.each([
    ['[db]\nhost=a\n\nhunter2\n', 4],
    ['[db]\nhost = hunter2\n', 2],
    ['[db]\nservice=hunter2\n', 2],
    ['[db]\n#\nhunter2=x\n', 3],
    ['[db]\npool_max_conns=hunter2\n', 2],
    ['[db]\nldap://hunter2/dc=x?y?one?z\n', 2],
    ['[db]\nhost=a\nscram_client_key=hunter2\n', 3],
    ['[db]\nhost=a\nport=hunter2\n', 3],
    ['[db]\npassword=hunter2\nhost=a b\n', 3],
    ['[db]\npassword=hunter2\nsslmode=x\n', 3],
    ['[db]\npassword=hunter2\nconnect_timeout=x\n', 3],
    ['[db]\nsslmode=require\nsslrootcert=system\npassword=hunter2\n', 2],
    ['[db]\n=hunter2\n', 2],
  ])('names file and line of %j, and no line itself', async (text, line) => {
    own(text);
    const problem = await problemOf('service=db');
    expect(problem.cause).toBe('service-file-malformed');
    expect(problem.what).toBe(`Line ${line} of ${home}/.pg_service.conf can't be used.`);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('is not hurt by other sections, however they are written', async () => {
    own('nothing here\n[broken\nx\n[db]\nhost=a\n[later]\nno line\n');
    expect((await resolve('service=db')).connection.host).toBe('a');
  });

  it('reads a file that is no text, and refuses one that is too large', async () => {
    own(Buffer.concat([Buffer.from([0xff, 0xfe, 0, 10]), Buffer.from('[db]\nhost=a\n')]));
    expect((await resolve('service=db')).connection.host).toBe('a');
    own(Buffer.alloc(1_000_001, '#'));
    expect((await problemOf('service=db')).why).toContain('larger than 1 MB');
  });
});
