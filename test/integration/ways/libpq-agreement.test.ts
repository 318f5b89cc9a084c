import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import { passwordFromFile } from '../../../main/servers/passfile.ts';
import { resolveService } from '../../../main/servers/service-file.ts';
import {
  parseConnectionUrl,
  printConnectionUrl,
  printConninfo,
  UrlProblem,
} from '../../../preload/contract/connection-url.ts';
import { freePort, standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';

const psqlPath = join(standardBinaries(), 'psql');
const hasPsql = existsSync(psqlPath);
if (!hasPsql) console.log(`Skipped: the agreement with libpq needs psql, and there is none at ${psqlPath}.`);

/** What a session can tell of the connection string that led to it. */
interface Facts {
  host: string;
  port: string;
  user: string;
  database: string;
  application: string;
  workMem: string;
}

/** Either the facts, or whether the string itself was refused or the way it leads to the server. */
type Outcome = Facts | 'refused as written' | 'refused on the way';

describe.skipIf(!hasPsql)('connection strings mean what they mean to libpq', () => {
  let server: TestServer;
  let folder: string;
  /** Socket directory of the server, and a port where nobody listens. */
  let sockets: string;
  let closed: number;
  const env: Record<string, string> = {};

  beforeAll(async () => {
    server = await startPostgres();
    closed = await freePort();
    [{ sockets } = { sockets: '' }] = await server.query<{ sockets: string }>(
      "SELECT current_setting('unix_socket_directories') AS sockets",
    );
    for (const statement of [
      "CREATE ROLE ada LOGIN PASSWORD 'secret'",
      'CREATE DATABASE ada OWNER ada',
      `CREATE ROLE "a b@c:d/e" LOGIN PASSWORD 'it''s \\ 100%41+ ?#&= é😀'`,
      'CREATE DATABASE "my db"',
      `CREATE DATABASE "d'e\\f"`,
      'CREATE DATABASE "é😀/+#?%"',
    ])
      await server.query(statement);
    folder = mkdtempSync(join(tmpdir(), 'howdah-libpq-'));
    mkdirSync(join(folder, 'etc'));
    Object.assign(env, { PATH: process.env.PATH ?? '', HOME: folder, PGSYSCONFDIR: join(folder, 'etc') });
  });
  afterAll(async () => {
    await server?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const filled = (text: string): string =>
    text
      .replaceAll('PORT', String(server.port))
      .replaceAll('CLOSED', String(closed))
      .replaceAll('SOCKETS', encodeURIComponent(sockets))
      .replaceAll('DIRECTORY', sockets);

  const sql =
    "SELECT current_user || E'\\n' || current_database() || E'\\n' || current_setting('application_name') || E'\\n' || current_setting('work_mem')";

  /** What the string means to libpq: psql itself tells host and port, the server the rest. */
  async function askPsql(text: string, more: Record<string, string> = {}): Promise<Outcome> {
    const child = spawn(psqlPath, ['-XAtqw', '-d', text], { env: { ...env, ...more }, cwd: folder });
    child.stdin.end(`\\echo :HOST\n\\echo :PORT\n${sql};\n`);
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) {
      const tried = /connection to server|could not translate host name/.test(errors);
      return tried && !/invalid integer value/.test(errors) ? 'refused on the way' : 'refused as written';
    }
    const [host = '', port = '', user = '', database = '', application = '', workMem = ''] = out.split('\n');
    // psql shows the port as it was written, blanks and zeros included.
    return { host, port: String(Number(port)), user, database, application, workMem };
  }

  /** What the string means to Howdah, tried on the hosts in their order with the passwords of its files. */
  async function askOwn(text: string, more: Record<string, string> = {}): Promise<Outcome> {
    const account = { home: folder, env: { ...env, ...more } };
    let resolved: Awaited<ReturnType<typeof resolveService>>;
    try {
      const parsed = parseConnectionUrl(text);
      const { password } = parsed;
      resolved = { ...(await resolveService(parsed.connection, account)), ...(password ? { password } : {}) };
    } catch (error) {
      if (error instanceof UrlProblem || error instanceof WayProblem) return 'refused as written';
      throw error;
    }
    const { host, port, otherHosts = [], database, user, parameters } = resolved.connection;
    const addresses = parameters.hostaddr?.split(',') ?? [];
    for (const [index, one] of [{ host, port }, ...otherHosts].entries()) {
      const password =
        resolved.password ??
        (await passwordFromFile({ ...one, database, user, parameters }, account)).password;
      const client = new pg.Client({
        host: addresses[index] || one.host,
        port: one.port,
        database,
        user,
        password: () => password ?? '',
        application_name: parameters.application_name ?? 'psql',
        options: parameters.options || ' ',
        ssl: false,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch (error) {
        await client.end().catch(() => undefined);
        if (error instanceof pg.DatabaseError) return 'refused on the way';
        continue;
      }
      const { rows } = await client.query<Record<string, string>>(`${sql} AS facts`);
      await client.end();
      const [who = '', where = '', application = '', workMem = ''] = rows[0]?.facts?.split('\n') ?? [];
      return { host: one.host, port: String(one.port), user: who, database: where, application, workMem };
    }
    return 'refused on the way';
  }

  const odd = "it's%20%5C%20100%2541+%20%3F%23%26%3D%20%C3%A9%F0%9F%98%80";
  const oddQuoted = "'it\\'s \\\\ 100%41+ ?#&= é😀'";
  const good = 'postgres://ada:secret@127.0.0.1:PORT';

  it.each([
    ['postgresql://ada:secret@127.0.0.1:PORT/postgres'],
    [good],
    [`${good}/`],
    [`${good}/?`],
    [`${good}?dbname=postgres`],
    [`${good}/postgres?dbname=ada&dbname=my%20db`],
    ['postgres://wrong:wrong@127.0.0.1:1/wrong?user=ada&password=secret&port=PORT&dbname=ada'],
    ['postgres://127.0.0.1:PORT?user=ada&password=secret'],
    ['postgres://:secret@127.0.0.1:PORT?user=ada'],
    ['postgres://@127.0.0.1:PORT?user=ada&password=secret'],
    ['postgres://%61da:s%65cret@127%2E0.0.1:PORT/%61da'],
    [`postgres://a%20b%40c%3Ad%2Fe:${odd}@127.0.0.1:PORT/my%20db`],
    [`postgres://a%20b%40c%3Ad%2fe:${odd}@127.0.0.1:PORT/d'e%5Cf`],
    [`${good}/%C3%A9%F0%9F%98%80/+#%3F%25`],
    [`${good}/é😀/+#%3F%25`],
    [`${good}/ada#fragment`],
    [`${good}?application_name=a+b%20c%26d%3De`],
    [`${good}?application_name=`],
    [`${good}?options=-c%20work_mem%3D7MB`],
    [`${good}?options=-cwork_mem%3D7MB%20-c%20application_name=x`],
    [`${good}?application_name=x&`],
    [`${good}?application_name=x&&options=`],
    [`${good}?connect_timeout=2&application_name=x&keepalives_idle=%2030`],
    [`${good}?connect_timeout=x`],
    [`${good}?connect_timeout=`],
    [`${good}?connect_timeout=-1`],
    [`${good}?keepalives_count=x`],
    [`${good}?channel_binding=maybe`],
    [`${good}?channel_binding=`],
    [`${good}?target_session_attrs=read-write`],
    [`${good}?target_session_attrs=standby-preferred`],
    [`${good}?sslmode=disable`],
    [`${good}?sslmode=off`],
    [`${good}?sslmode=`],
    [`${good}?sslmode=disable&ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=tlsv1.2`],
    [`${good}?ssl_min_protocol_version=tlsv1.1`],
    [`${good}?ssl_min_protocol_version=`],
    [`${good}?ssl_max_protocol_version=TLSv1.1`],
    [`${good}?ssl_min_protocol_version=SSLv3`],
    [`${good}?gssencmode=maybe`],
    [`${good}?requiressl=0`],
    [`${good}?SSLMODE=disable`],
    ['postgres://ada:secret@SOCKETS:PORT/ada'],
    ['postgres://ada:secret@/ada?host=SOCKETS&port=PORT'],
    ['postgres:///ada?host=DIRECTORY&user=ada&password=secret&port=PORT'],
    ['postgres://ada:secret@:PORT/ada?host=SOCKETS'],
    ['postgres://ada:secret@127.0.0.1:CLOSED,127.0.0.1:PORT/ada'],
    ['postgres://ada:secret@127.0.0.1,localhost:PORT/ada?port=PORT'],
    ['postgres://ada:secret@127.0.0.1,127.0.0.1/ada?port=CLOSED,PORT'],
    ['postgres://ada:secret@127.0.0.1%2C127.0.0.1/ada?port=CLOSED,PORT'],
    ['postgres://ada:secret@[::1]:CLOSED,127.0.0.1:PORT/ada'],
    ['postgres://ada:secret@[::1:PORT/ada'],
    ['postgres://ada:secret@[]:PORT/ada'],
    ['postgres://ada:secret@[127.0.0.1]:PORT/ada'],
    ['postgres://ada:secret@[127.0.0.1]x:PORT/ada'],
    ['postgres://ada:secret@127.0.0.1:PORT,127.0.0.1:PORT,x/ada?port=PORT,PORT'],
    ['postgres://ada:secret@127.0.0.1:PORT:PORT/ada'],
    ['postgres://ada:secret@127.0.0.1:%20PORT%20/ada'],
    ['postgres://ada:secret@127.0.0.1:+PORT/ada'],
    ['postgres://ada:secret@127.0.0.1:0PORT/ada'],
    ['postgres://ada:secret@127.0.0.1:0/ada'],
    ['postgres://ada:secret@127.0.0.1:65536/ada'],
    ['postgres://ada:secret@127.0.0.1:x/ada'],
    ['postgres://ada:sec/ret@127.0.0.1:PORT/ada'],
    ['postgres://ada:secret@127.0.0.1:PORT/%zz'],
    ['postgres://ada:secret@127.0.0.1:PORT/%4'],
    ['postgres://ada:secret@127.0.0.1:PORT/a%00'],
    ['postgres://ada:wrong@127.0.0.1:PORT/ada'],
    ['postgres://nobody:secret@127.0.0.1:PORT/ada'],
    [`${good}?application_name`],
    [`${good}?application_name=a=b`],
    [`${good}?=x`],
    ['host=127.0.0.1 port=PORT user=ada password=secret'],
    ['  host = 127.0.0.1\tport\n=\nPORT user=ada password=secret\f dbname=postgres '],
    [`host=127.0.0.1 port=PORT user='a b@c:d/e' password=${oddQuoted} dbname='d\\'e\\\\f'`],
    [`host=127.0.0.1 port=PORT user=a\\ b@c:d/e password=${oddQuoted} dbname=d\\'e\\\\f`],
    ["host='127.0.0.1'port='PORT'user=ada password=secret dbname=é😀/+#?%"],
    ['host=wrong host=127.0.0.1 port=PORT user=ada password=secret'],
    ["host=127.0.0.1 port=PORT user=ada password=secret options='-c work_mem=7MB' application_name=''"],
    ['host=127.0.0.1 port=PORT user=ada password=secret options=-c\\ work_mem=7MB'],
    ["host=127.0.0.1 port=PORT user=ada password=secret dbname=''"],
    ['host=127.0.0.1,127.0.0.1 port=CLOSED,PORT user=ada password=secret'],
    ['host=127.0.0.1,127.0.0.1 port=PORT user=ada password=secret'],
    ['host=127.0.0.1,127.0.0.1 port=1,2,3 user=ada password=secret'],
    ['host=127.0.0.1 port=PORT,PORT user=ada password=secret'],
    ['hostaddr=127.0.0.1 port=PORT user=ada password=secret'],
    ['host=db.example.com hostaddr=127.0.0.1 port=PORT user=ada password=secret sslmode=disable'],
    ['host=a,b hostaddr=127.0.0.1 port=PORT user=ada password=secret'],
    ['host=a hostaddr=127.0.0.1,127.0.0.1 port=PORT user=ada password=secret'],
    ["host=127.0.0.1 port=PORT user='ada password=secret"],
    ['host=127.0.0.1 port=PORT user=ada password=secret word'],
    ['host=127.0.0.1 port=PORT user=ada password=sec ret dbname=ada'],
    ['=x'],
    ['host=127.0.0.1 port=PORT user=ada password=secret\\'],
    ['host=DIRECTORY port=PORT user=ada password=secret'],
  ])('%s', async (template) => {
    const text = filled(template);
    const own = await askOwn(text);
    expect(own).toEqual(await askPsql(text));
    if (typeof own === 'string') return;
    // And what Howdah prints of it means the same to libpq. The password is not printed.
    const { connection, password = '' } = parseConnectionUrl(text);
    const near = { ...connection, sslmode: 'prefer' as const };
    for (const print of [printConnectionUrl, printConninfo]) {
      expect(await askPsql(print(near), { PGPASSWORD: password })).toEqual(own);
    }
  });

  describe('but for what is different on purpose', () => {
    const ownReading = (text: string) => parseConnectionUrl(filled(text)).connection;

    it('takes the user postgres where libpq takes the account', async () => {
      const text = filled('postgres://127.0.0.1:PORT/postgres?application_name=x');
      expect(ownReading(text).user).toBe('postgres');
      const outcome = await askPsql(text, { PGPASSWORD: 'postgres' });
      expect(outcome).toEqual(
        userInfo().username === 'postgres'
          ? expect.objectContaining({ user: 'postgres' })
          : 'refused on the way',
      );
    });

    it('takes localhost where libpq takes its own socket directory, and 5432 for both', async () => {
      expect(ownReading('user=ada password=secret')).toMatchObject({ host: 'localhost', port: 5432 });
      expect(ownReading('postgres://ada@,h/x')).toMatchObject({ host: 'localhost' });
    });

    it('looks at no variable of the environment that would change where a string leads', async () => {
      const variables = {
        PGHOST: '127.0.0.1',
        PGPORT: String(server.port),
        PGUSER: 'ada',
        PGPASSWORD: 'secret',
      };
      expect(await askPsql('dbname=ada', variables)).toMatchObject({
        port: String(server.port),
        user: 'ada',
      });
      expect(ownReading('dbname=ada')).toMatchObject({ host: 'localhost', port: 5432, user: 'postgres' });
    });

    it('verifies a remote host when nothing is said of TLS, where libpq is content with none', async () => {
      const text = 'host=db.example.com hostaddr=127.0.0.1 port=PORT user=ada password=secret';
      expect(await askPsql(filled(text))).toMatchObject({ user: 'ada' });
      expect(ownReading(text).sslmode).toBe('verify-full');
    });

    it.each([
      ['keeps parameters that libpq does not know', `${good}?schema=public&connection_limit=5`],
      ['keeps them in key=value strings too', 'host=127.0.0.1 port=PORT user=ada password=secret schema=x'],
    ])('%s', async (_, text) => {
      expect(await askPsql(filled(text))).toBe('refused as written');
      expect(await askOwn(filled(text))).toMatchObject({ user: 'ada' });
    });

    it.each([
      ['a database with "@", which may be the rest of a password', 'postgres://127.0.0.1:PORT/x@y?user=ada'],
      ['a host with "@", likewise', 'postgres://ada:se@cret@127.0.0.1:PORT/ada'],
      ['percent-encoding that is no UTF-8', 'postgres://ada:secret@127.0.0.1:PORT/%ff'],
      ['names longer than the server has', `postgres://ada:secret@127.0.0.1:PORT/${'x'.repeat(64)}`],
    ])('refuses %s', async (_, text) => {
      expect(await askPsql(filled(text))).toBe('refused on the way');
      expect(await askOwn(filled(text))).toBe('refused as written');
    });
  });

  describe('in service files', () => {
    it('but for an empty database beside a user that the service is to give', async () => {
      services(`[db]\n${base}dbname=postgres`);
      expect(await askPsql("service=db dbname=''")).toMatchObject({ database: 'ada' });
      expect(await askOwn("service=db dbname=''")).toBe('refused as written');
    });

    const services = (own: string | undefined, system = ''): void => {
      rmSync(join(folder, '.pg_service.conf'), { force: true });
      if (own !== undefined) writeFileSync(join(folder, '.pg_service.conf'), filled(own));
      writeFileSync(join(folder, 'etc/pg_service.conf'), filled(system));
    };
    const base = 'host=127.0.0.1\nport=PORT\nuser=ada\npassword=secret\nsslmode=prefer\n';

    it.each([
      ['service=db', `[db]\n${base}`, ''],
      ['postgres:///?service=db', `[db]\n${base}dbname=my db\napplication_name=from service`, ''],
      [
        'postgres:///my%20db?service=db&application_name=x',
        `[db]\n${base}dbname=ada\napplication_name=y\n`,
        '',
      ],
      [
        "service=db user=ada dbname='' application_name=''",
        `[db]\n${base}dbname=postgres\napplication_name=y\n`,
        '',
      ],
      ['service=db user=postgres password=postgres', `[db]\n${base}`, ''],
      ['service=db', `[x]\nport=1\n[db]\n${base}[db]\nport=1`, ''],
      ['service=db', `  [db] and more\r\n  # comment\r\n\r\n  ${base.replaceAll('\n', '  \r\n  ')}`, ''],
      ['service=db', `[db]\nport=PORT\nport=1\n${base}`, ''],
      ['service=db', '[x]\n', `[db]\n${base}`],
      ['service=db', undefined as unknown as string, `[db]\n${base}`],
      ['service=db', `[db]\n${base}`, '[db]\nport=1'],
      [
        'service=db host=127.0.0.1',
        `[db]\n${base.replace('127.0.0.1', 'a,b').replace('PORT', 'PORT,1')}`,
        '',
      ],
      ['service=db', `[db]\nhostaddr=127.0.0.1\n${base}`, ''],
      ['service=db', `[db]\nhostaddr=127.0.0.1\n${base.replace('127.0.0.1', 'a,b')}`, ''],
      ['service=db', `[x]\nrubbish\n[db]\n${base}[y]\nmore rubbish`, ''],
      ['service=db', `[db]\nrubbish\n${base}`, ''],
      ['service=db', `[db]\nhots=x\n${base}`, ''],
      ['service=db', `[db]\nport = PORT\n${base}`, ''],
      ['service=db', `[db]\nservice=x\n${base}`, ''],
      ['service=db', `[db]\nport=x\n${base}`, ''],
      ['service=db', `[db]\nrequiressl=0\n${base}`, ''],
      ['service=gone', `[db]\n${base}`, `[db]\n${base}`],
      ['service=d', `[db]\n${base}`, ''],
      ["service=''", `[]\n${base}`.replace('[]', '[x]'), ''],
      ["service='a b'", `[a b]\n${base}`, ''],
    ])('%s with %j and %j', async (text, own, system) => {
      services(own, system);
      expect(await askOwn(text)).toEqual(await askPsql(text));
    });

    it('and with PGSERVICEFILE in place of the own one', async () => {
      services('[db]\nport=1\n', `[db]\n${base}[theirs]\n${base}`);
      const file = join(folder, 'named.conf');
      writeFileSync(file, filled(`[db]\n${base}application_name=named`));
      for (const [text, named] of [
        ['service=db', file],
        ['service=theirs', file],
        ['service=db', '/nowhere'],
      ] as const) {
        const more = { PGSERVICEFILE: named };
        expect(await askOwn(text, more)).toEqual(await askPsql(text, more));
      }
    });
  });

  describe('in password files', () => {
    const found = 'host=127.0.0.1 port=PORT user=ada';

    it.each<[string, string, number]>([
      [found, '127.0.0.1:PORT:ada:ada:secret', 0o600],
      [found, '*:*:*:*:secret', 0o400],
      [found, '*:*:*:*:wrong\n*:*:*:ada:secret', 0o600],
      [found, '*:*:*:bob:wrong\n#*:*:*:*:wrong\n\n*:*:*:ada:secret\r\n', 0o600],
      [found, '*:*:ada:*:\\s\\e\\c\\r\\e\\t:more', 0o600],
      [found, '*:*:ad\\a:a\\da:secret', 0o600],
      [found, '*:*:*:ada:', 0o600],
      [found, 'localhost:*:*:*:secret', 0o600],
      [found, ' *:*:*:*:secret', 0o600],
      [found, '*:1:*:*:secret', 0o600],
      [found, '*:*:*:*:secret', 0o640],
      [found, '*:*:*:*:secret', 0o604],
      [`${found} dbname='my db'`, '*:*:my db:*:secret', 0o600],
      [`${found} dbname='my db'`, '*:*:ada:*:secret', 0o600],
      [`${found} dbname='d\\'e\\\\f'`, "*:*:d'e\\\\f:*:secret", 0o600],
      ['host=DIRECTORY port=PORT user=ada', 'DIRECTORY:*:*:*:secret', 0o600],
      ['host=DIRECTORY port=PORT user=ada', 'localhost:*:*:*:secret', 0o600],
      ['host=x hostaddr=127.0.0.1 port=PORT user=ada', 'x:*:*:*:secret', 0o600],
      ['host=x hostaddr=127.0.0.1 port=PORT user=ada', '127.0.0.1:*:*:*:secret', 0o600],
      ['hostaddr=127.0.0.1 port=PORT user=ada', '127.0.0.1:*:*:*:secret', 0o600],
      ['host=127.0.0.1,127.0.0.1 port=CLOSED,PORT user=ada', '*:CLOSED:*:*:wrong\n*:PORT:*:*:secret', 0o600],
      [
        'host=127.0.0.1 port=PORT user=a\\ b@c:d/e dbname=ada',
        `*:*:*:a b@c\\:d/e:it's \\\\ 100%41+ ?#&= é😀`,
        0o600,
      ],
      ["host=127.0.0.1 port=PORT user=ada password=''", '*:*:*:*:secret', 0o600],
      ['host=127.0.0.1 port=PORT user=ada password=wrong', '*:*:*:*:secret', 0o600],
    ])('%s with %j and permissions %o', async (template, lines, mode) => {
      const path = join(folder, '.pgpass');
      writeFileSync(path, filled(lines), { mode });
      try {
        const text = filled(`sslmode=prefer ${template}`);
        expect(await askOwn(text)).toEqual(await askPsql(text));
      } finally {
        rmSync(path);
      }
    });

    it('and by PGPASSFILE and passfile', async () => {
      const paths = ['first', 'second'].map((name) => join(folder, name));
      writeFileSync(paths[0] ?? '', '*:*:*:*:wrong', { mode: 0o600 });
      writeFileSync(paths[1] ?? '', '*:*:*:*:secret', { mode: 0o600 });
      for (const [passfile, variable] of [
        ['', paths[0]],
        ['', paths[1]],
        [paths[1], paths[0]],
        [paths[0], paths[1]],
        ['/nowhere', paths[1]],
        [folder, paths[1]],
      ]) {
        const text = filled(`sslmode=prefer ${found} passfile='${passfile}'`);
        const more = { PGPASSFILE: variable ?? '' };
        expect(await askOwn(text, more)).toEqual(await askPsql(text, more));
      }
    });
  });
});
