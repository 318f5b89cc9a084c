import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../../preload/contract/connection.ts';
import { isHost } from '../../../preload/contract/connection-parts.ts';
import {
  addressText,
  isLocalHost,
  parseConnectionUrl,
  printConnectionUrl,
  printConninfo,
  UrlProblem,
} from '../../../preload/contract/connection-url.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const problemOf = (text: string): UrlProblem | undefined => {
  try {
    parseConnectionUrl(text);
    return undefined;
  } catch (error) {
    if (error instanceof UrlProblem) return error;
    throw error;
  }
};
const connectionOf = (text: string): Connection => parseConnectionUrl(text).connection;

describe('connection URLs', () => {
  it('reads all parts, percent-encoding included', () => {
    expect(
      parseConnectionUrl(
        'postgres://kro%40nos:p%3A%2Fw@db.example.com:6432/my%20db?sslmode=require&pool_max_conns=25',
      ),
    ).toEqual({
      connection: {
        host: 'db.example.com',
        port: 6432,
        database: 'my db',
        user: 'kro@nos',
        sslmode: 'require',
        parameters: { pool_max_conns: '25' },
      },
      password: 'p:/w',
    });
  });

  it.each([
    ['postgresql://postgres@/kronos_eam?host=/cloudsql/project:europe-west1:kronos-db'],
    ['postgresql:///kronos_eam?host=/cloudsql/project:europe-west1:kronos-db&user=postgres'],
    ['postgresql://%2Fcloudsql%2Fproject%3Aeurope-west1%3Akronos-db/kronos_eam'],
  ])('takes a socket directory with colons from %s', (url) => {
    expect(connectionOf(url)).toEqual({
      host: '/cloudsql/project:europe-west1:kronos-db',
      port: 5432,
      database: 'kronos_eam',
      user: 'postgres',
      sslmode: 'prefer',
      parameters: {},
    });
  });

  it('fills in what is left out', () => {
    for (const nothing of ['postgres://', 'POSTGRESQL://', 'postgres:///', 'postgres://@/?', "host=''"]) {
      expect(parseConnectionUrl(nothing)).toEqual({
        connection: {
          host: 'localhost',
          port: 5432,
          database: 'postgres',
          user: 'postgres',
          sslmode: 'prefer',
          parameters: {},
        },
      });
    }
    expect(connectionOf('postgres://ada@db').database).toBe('ada');
    expect(connectionOf('postgres://:secret@db/x').user).toBe('postgres');
    expect(connectionOf('postgres://@db:/x').port).toBe(5432);
  });

  it('starts a remote host with verify-full and loopback with prefer', () => {
    expect(connectionOf('postgres://a@db.example.com/x').sslmode).toBe('verify-full');
    for (const host of [
      'localhost',
      'LOCALHOST',
      '127.0.0.1',
      '[::1]',
      'localhost,127.0.0.1',
      '%2Frun,[::1]',
    ]) {
      expect(connectionOf(`postgres://a@${host}/x`).sslmode).toBe('prefer');
    }
    expect(connectionOf('postgres://localhost,db.example.com').sslmode).toBe('verify-full');
    expect(connectionOf('host=localhost hostaddr=10.0.0.7').sslmode).toBe('verify-full');
    expect(isLocalHost('127.0.0.1.example.com')).toBe(false);
  });

  it('reads IPv6 addresses with a zone and without', () => {
    expect(connectionOf('postgres://[2001:db8::1]:6432/x')).toMatchObject({
      host: '2001:db8::1',
      port: 6432,
    });
    expect(connectionOf('postgres://[fe80::1%25eth0]/x').host).toBe('fe80::1%eth0');
    expect(connectionOf('postgres://[::1]?user=a').user).toBe('a');
  });

  it('takes "+" and "#" for the characters they are', () => {
    const { connection, password } = parseConnectionUrl(
      'postgres://a+b:p#?w@db/x#y+z?application_name=a+b#c',
    );
    expect(password).toBe('p#?w');
    expect(connection).toMatchObject({
      user: 'a+b',
      database: 'x#y+z',
      parameters: { application_name: 'a+b#c' },
    });
  });

  it('lets the last of repeated parameters win, over the parts before "?" too', () => {
    expect(
      connectionOf('postgres://u@h:1/d?user=a&user=b&host=x&host=y&port=2&port=3&dbname=e&dbname=f'),
    ).toMatchObject({ user: 'b', host: 'y', port: 3, database: 'f' });
    expect(parseConnectionUrl('postgres://u:one@h/d?password=two').password).toBe('two');
  });

  it("takes JDBC's ssl=true and the old requiressl for sslmode", () => {
    expect(connectionOf('postgres://h/d?sslmode=disable&ssl=true')).toMatchObject({
      sslmode: 'require',
      parameters: {},
    });
    expect(connectionOf('postgres://h/d?requiressl=1').sslmode).toBe('require');
    expect(connectionOf('postgres://h/d?requiressl=0').sslmode).toBe('prefer');
  });

  it('keeps the parameters of other programs as they are', () => {
    expect(
      connectionOf(
        'postgres://h/d?schema=public&connection_limit=5&pgbouncer=true&constructor=1&requirepeer=pg',
      ).parameters,
    ).toEqual({
      schema: 'public',
      connection_limit: '5',
      pgbouncer: 'true',
      constructor: '1',
      requirepeer: 'pg',
    });
  });

  it('hands the secrets over apart from the connection', () => {
    const parsed = parseConnectionUrl('postgres://u@h/d?sslpassword=open%20me&password=hunter2');
    expect(parsed).toMatchObject({ password: 'hunter2', clientKeyPassphrase: 'open me' });
    expect(JSON.stringify(parsed.connection)).not.toMatch(/open me|hunter2/);
  });

  it('takes spaces around a part for nothing', () => {
    expect(connectionOf(' postgres://u@h /d?application_name= x &user= b\n')).toMatchObject({
      host: 'h',
      user: 'b',
      parameters: { application_name: 'x' },
    });
  });
});

describe('several hosts', () => {
  const hostsOf = (text: string) => {
    const { host, port, otherHosts } = connectionOf(text);
    return [{ host, port }, ...(otherHosts ?? [])].map((one) => `${one.host} ${one.port}`);
  };

  it.each([
    ['postgres://h1:1,h2:2/d', ['h1 1', 'h2 2']],
    ['postgres://h1,h2:2/d', ['h1 5432', 'h2 2']],
    ['postgres://[::1]:1,h2/d', ['::1 1', 'h2 5432']],
    ['postgres://h1%2Ch2/d?port=7', ['h1 7', 'h2 7']],
    ['postgres://h1,,h3/d', ['h1 5432', 'localhost 5432', 'h3 5432']],
    ['postgres:///d?host=h1,/run&port=1,2', ['h1 1', '/run 2']],
    ['host=a,b port=5433', ['a 5433', 'b 5433']],
    ['host=a,b port=1,', ['a 1', 'b 5432']],
    ['host=a,b,c port=1,2,3 target_session_attrs=read-write', ['a 1', 'b 2', 'c 3']],
    ['hostaddr=10.0.0.1,::1 port=1,2', ['10.0.0.1 1', '::1 2']],
    ['host=a, hostaddr=10.0.0.1,10.0.0.2', ['a 5432', '10.0.0.2 5432']],
  ])('%s is %j', (text, hosts) => expect(hostsOf(text)).toEqual(hosts));

  it('keeps the addresses beside the names that certificates are checked against', () => {
    expect(connectionOf('host=a,b hostaddr=10.0.0.1,10.0.0.2').parameters).toEqual({
      hostaddr: '10.0.0.1,10.0.0.2',
    });
    expect(connectionOf('hostaddr=10.0.0.1')).toMatchObject({ host: '10.0.0.1', parameters: {} });
  });

  it.each([
    ['host=a,b port=1,2,3', 'port', /3 ports for 2 hosts/],
    ['host=a port=1,2', 'port', /2 ports for 1 host;/],
    ['postgres://a,b/d?host=c', 'port', /2 ports for 1 host;/],
    ['host=a,b hostaddr=10.0.0.1', 'host', /1 addresses for 2 hosts/],
    [`host=${'a,'.repeat(16)}a`, 'host', /More than 16/],
  ])('refuses %s', (text, field, message) => {
    expect(problemOf(text)).toMatchObject({ field, message: expect.stringMatching(message) });
  });
});

describe('a service', () => {
  it('is asked for every field that is left out', () => {
    expect(connectionOf('service=db')).toEqual({
      host: 'localhost',
      port: 5432,
      database: 'postgres',
      user: 'postgres',
      sslmode: 'prefer',
      parameters: { service: 'db' },
      fromService: ['host', 'port', 'database', 'user', 'sslmode'],
    });
    expect(connectionOf('postgres://ada@/x?service=db').fromService).toEqual(['host', 'port', 'sslmode']);
    expect(connectionOf("service=db user='' host='' port=''").fromService).toEqual(['database', 'sslmode']);
    expect(connectionOf('postgres://h1,h2?service=db').fromService).toEqual(['database', 'user', 'sslmode']);
  });

  it('is not asked for anything when all is given, or when there is none', () => {
    expect(connectionOf('postgres://a@h:1/d?service=db&sslmode=require')).not.toHaveProperty('fromService');
    expect(connectionOf('postgres://h')).not.toHaveProperty('fromService');
  });

  it('is not an empty name, nor is the database beside it when the user is not known yet', () => {
    expect(problemOf('service=')?.message).toBe('service is empty.');
    expect(problemOf("service=db dbname=''")?.field).toBe('database');
    expect(connectionOf("service=db dbname='' user=a").database).toBe('a');
  });
});

describe('key=value strings', () => {
  it.each([
    ["host=localhost port=5432 dbname=x user='a b' password='it\\'s'", 'a b', "it's"],
    ["user = 'a\\\\b'\n\tpassword = p\\ w dbname=x", 'a\\b', 'p w'],
    ["user=a'b dbname=x password=''", "a'b", undefined],
    ["user='é😀' dbname=x password=%41", 'é😀', '%41'],
    ['user=a user=b dbname=x password=c\\', 'b', 'c'],
    ['user=b dbname=x password=c\\ ', 'b', 'c '],
    ["user='a'password=b dbname=x", 'a', 'b'],
  ])('reads %s', (text, user, password) => {
    const parsed = parseConnectionUrl(text);
    expect(parsed.connection).toMatchObject({ user, database: 'x', host: 'localhost' });
    expect(parsed.password).toBe(password);
  });

  it.each([
    ["user='a", /not closed/],
    ["user='a\\'", /not closed/],
    ['user=a hunter2 dbname=x', /word stands without "="/],
    ['= x', /name/],
    ["'user'=x", /name/],
    ['user=a\u0000', /code 0/],

    ['mysql://a@b/c?x=y', /begins with postgres/],
    ['jdbc:postgresql://a/b?x=y', /begins with postgres/],
    ['localhost', /A connection URL reads/],
  ])('refuses %j', (text, message) => {
    expect(problemOf(text)).toMatchObject({ field: 'url', message: expect.stringMatching(message) });
  });
});

describe('a parameter that nobody knows', () => {
  it.each([
    ['HOST=a', 'host', 'host'],
    ['prot=6432', 'port', 'port'],
    ['host=a database=b', 'database', 'dbname'],
    ['postgres://h/d?Username=u', 'user', 'user'],
    ['postgres://h/d?sslmod=require', 'sslmode', 'sslmode'],
    ['postgres://h/d?ssl_rootcert=x', 'url', 'sslrootcert'],
    ['postgres://h/d?application_names=x', 'url', 'application_name'],
    ['postgres://h/d?aplication_name=x', 'url', 'application_name'],
  ])('is refused where libpq has one that is nearly the same: %s', (text, field, meant) => {
    expect(problemOf(text)).toMatchObject({
      field,
      message: `There is no parameter of that name; ${meant} seems to be meant.`,
    });
  });

  it.each(['pass', 'passwd', 'Pwd', 'passphrase', 'apikey', 'api_key'])(
    'is refused where it is a secret by its name: %s',
    (name) => {
      expect(problemOf(`postgres://h/d?${name}=hunter2`)?.message).toMatch(/holds a secret/);
      expect(problemOf(`host=h ${name}=hunter2`)?.message).toMatch(/holds a secret/);
    },
  );

  it('may be called anything else', () => {
    const others = {
      sslaccept: 'strict',
      socket_timeout: '3',
      sslidentity: 'x',
      passfile: '/x',
      currentSchema: 'y',
    };
    const query = Object.entries(others).map((pair) => pair.join('='));
    expect(connectionOf(`postgres://h/d?${query.join('&')}`).parameters).toEqual(others);
  });
});

describe('what is refused', () => {
  it.each([
    ['not a url', 'url'],
    ['', 'url'],
    ['mysql://a@b/c', 'url'],
    ['postgres://a@b:0/c', 'port'],
    ['postgres://a@b:70000/c', 'port'],
    ['postgres://a@b:12x/c', 'port'],
    ['postgres://a@b:-1/c', 'port'],
    ['postgres://a@b:1:2/c', 'port'],
    ['postgres://a@::1/c', 'port'],
    ['postgres://a@b/c?sslmode=maybe', 'sslmode'],
    ['postgres://a@b/c?sslmode=', 'sslmode'],
    ['postgres://a@b/c?sslrootcert=system&sslmode=require', 'sslmode'],
    ['postgres://a@b/c?sslnegotiation=direct&sslmode=prefer', 'sslmode'],
    ['postgres://a@b/%zz', 'database'],
    ['postgres://a@b/%ff', 'database'],
    ['postgres://a@b/x%00', 'database'],
    ['postgres://a%0@b/x', 'user'],
    ['postgres://u:p@ss@h/db', 'host'],
    ['postgres://u:pa/ss@h/db', 'url'],
    ['postgres://u:12/34@h/db', 'url'],
    ['postgres://u:p@12/34@h/db', 'url'],
    ['postgres://u@ho st/db', 'host'],
    ['postgres://u@[::1/db', 'host'],
    ['postgres://u@[]/db', 'host'],
    ['postgres://u@[::1]x/db', 'host'],
    ['postgres://u@h/a b', 'database'],
    [`postgres://u@h/${'d'.repeat(64)}`, 'database'],
    [`user=${'u'.repeat(64)} dbname=d`, 'user'],
    ['postgres://u@h/db?a', 'url'],
    ['postgres://u@h/db?a=b&&c=d', 'url'],
    ['postgres://u@h/db?=b', 'url'],
    ['postgres://u@h/db?a=b=c', 'url'],
    ['postgres://u@h/db?__proto__=b', 'url'],
    ['postgres://u@h/db?SSLMODE=require', 'sslmode'],
    ['postgres://u@h/db?connect_timeout=', 'url'],
    ['postgres://u@h/db?connect_timeout=99999999999', 'url'],
    ['postgres://u@h/db?target_session_attrs=master', 'url'],
    ['postgres://u@h/db?hostaddr=h', 'host'],
    ['postgres://u@h/db?ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=tlsv1.2', 'url'],
    ['postgres://u@h/db?scram_client_key=abc', 'url'],
    ['postgres://u@h/db?api_token=abc', 'url'],
  ])('refuses %s and names the field', (url, field) => {
    expect(problemOf(url)?.field).toBe(field);
  });

  it('refuses what is too long: a parameter, or all of it', () => {
    expect(problemOf(`postgres://a@b/c?options=${'x'.repeat(4097)}`)?.message).toBe(
      'options is longer than 4096 characters.',
    );
    expect(problemOf(`postgres://a@b/${'x'.repeat(11_000)}`)?.message).toBe(
      'The URL is longer than 10240 characters.',
    );
  });

  it('asks for verify-full by itself when certificates of public authorities are trusted', () => {
    expect(connectionOf('postgres://localhost/c?sslrootcert=system').sslmode).toBe('verify-full');
  });

  it('never repeats a password in an error', () => {
    for (const url of [
      'postgres://u:hunter2@h:99999/d',
      'postgres://u:hunter2%zz@h/d',
      'postgres://u:hunter2@h/d?sslmode=x',
      'postgres://u@h/d?scram_server_key=hunter2',
      'postgres://u@h/d?x_hunter2_password=1',
      'postgres://u:p@hunter2@h/d',
      'postgres://u:hunter2/x@h/d',
      'postgres://u:hunter2',
      'postgres://u:hunter2?a=b',
      'postgres://u@h/d?password=a&hunter2',
      'postgres://u@h/d?password=a&hunt%65r2/=b',
      'host=h password=a hunter2 dbname=d',
      'host=h password=a hunter2/=b dbname=d',
      "host=h password='hunter2",
      `postgres://u:${'hunter2'.repeat(2000)}@h/d`,
    ]) {
      expect(problemOf(url), url).toBeInstanceOf(UrlProblem);
      expect(String(problemOf(url))).not.toMatch(/hunter2/);
    }
  });

  it('reads ten thousand of any character in no time', () => {
    const characters = [...Array(128).keys()].map((code) => String.fromCharCode(code));
    const units = [...characters, 'é', '😀', '%25', '%2C', "a='", '\\ ', ':,', 'a=b&', 'a=b ', '[:', '&='];
    const slow: string[] = [];
    for (const unit of units) {
      const run = unit.repeat(Math.floor(10_100 / unit.length));
      for (const text of [
        run,
        `postgres://${run}`,
        `postgres://u:${run}@h`,
        `postgres://h:${run}x`,
        `postgres://[${run}`,
        `postgres://h/${run}`,
        `postgres://h/?${run}`,
        `postgres://h/?hostaddr=${run}x`,
        `postgres://h/?connect_timeout=${run}x`,
        `host=${run}x`,
        `host='${run}`,
        `port=${run}x`,
      ]) {
        const from = cpuTime();
        try {
          printConnectionUrl(parseConnectionUrl(text).connection);
        } catch (error) {
          expect(error).toBeInstanceOf(UrlProblem);
        }
        if (cpuTime(from) > 100) slow.push(text.slice(0, 40));
      }
    }
    expect(slow).toEqual([]);
  });
});

describe('printing', () => {
  const text = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .filter((value) => value.isWellFormed() && !value.includes('\u0000') && value.length <= 63);
  const nasty = fc
    .array(
      fc.constantFrom(
        ' ',
        "'",
        '\\',
        '%',
        '%20',
        '+',
        '#',
        '?',
        '&',
        '=',
        '@',
        '/',
        ':',
        ',',
        '[',
        ']',
        'é',
        '😀',
        '\n',
        '"',
        'a',
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(''));
  const name = fc.oneof(text, nasty);
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('localhost', '::1', 'fe80::1%eth0', 'fe80::1%25', 'höst', 'a[b]:c'),
    fc.oneof(
      fc.constantFrom('/var/run/postgresql', '/cloudsql/a:b:c', '/', '/a b?c#d@e'),
      name.map((value) => `/${value}`).filter(isHost),
    ),
  );
  const hostPort = fc.record({ host, port: fc.integer({ min: 1, max: 65535 }) });
  const sslmode = fc.constantFrom(
    'disable',
    'allow',
    'prefer',
    'require',
    'verify-ca',
    'verify-full' as const,
  );
  const parameters = fc
    .record(
      {
        options: fc.oneof(name, fc.constant('')),
        application_name: name,
        sslrootcert: name.filter((value) => value !== 'system'),
        schema: fc.oneof(name, fc.constant('')),
        requirepeer: name,
        passfile: name,
        connect_timeout: fc.integer({ min: -1, max: 1000 }).map(String),
        target_session_attrs: fc.constantFrom('any', 'read-write', 'standby'),
      },
      { requiredKeys: [] },
    )
    .map((given) => ({ ...given }) as Record<string, string>);
  const plain = fc
    .record({
      first: hostPort,
      otherHosts: fc.array(hostPort, { maxLength: 4 }),
      database: name,
      user: name,
      sslmode,
      parameters,
    })
    .map(({ first, otherHosts, ...rest }): Connection => {
      return { ...first, ...(otherHosts.length > 0 ? { otherHosts } : {}), ...rest };
    });
  /** With a service that is to give some of the fields, which then hold their defaults. */
  const withService = fc
    .tuple(plain, name, fc.subarray(['host', 'port', 'database', 'user', 'sslmode'] as const))
    .map(([connection, service, fromService]): Connection => {
      const { otherHosts, ...rest } = connection;
      const left = new Set<string>(fromService);
      const hosts = left.has('host')
        ? { host: 'localhost' }
        : { host: rest.host, ...(otherHosts ? { otherHosts } : {}) };
      const all = [{ host: hosts.host, port: rest.port }, ...(hosts.otherHosts ?? [])];
      const [one, ...others] = left.has('port') ? all.map((each) => ({ ...each, port: 5432 })) : all;
      const user = left.has('user') ? 'postgres' : rest.user;
      const near = all.every((each) => isLocalHost(each.host));
      return {
        host: one?.host ?? '',
        port: one?.port ?? 0,
        ...(others.length > 0 ? { otherHosts: others } : {}),
        user,
        database: left.has('database') ? user : rest.database,
        sslmode: left.has('sslmode') ? (near ? 'prefer' : 'verify-full') : rest.sslmode,
        parameters: { ...rest.parameters, service },
        ...(fromService.length > 0 ? { fromService } : {}),
      };
    });
  const connection = fc.oneof(plain, withService);

  it.each([
    ['a URL', printConnectionUrl],
    ['key=value', printConninfo],
  ])('reads back as %s to the same connection, whatever it holds', (_, print) => {
    fc.assert(
      fc.property(connection, (one) => {
        expect(parseConnectionUrl(print(one))).toEqual({ connection: one });
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves out the tunnel and the companion, which no connection string knows', () => {
    const base = connectionOf('postgres://a@h/d');
    const more: Connection = {
      ...base,
      tunnel: { host: 'bastion', auth: 'auto' },
      companion: { command: 'cloud-sql-proxy x', timeoutSeconds: 30 },
    };
    expect(printConnectionUrl(more)).toBe(printConnectionUrl(base));
    expect(printConninfo(more)).toBe(printConninfo(base));
  });

  it.each([
    ['postgres://a@h/d', 'postgresql://a@h:5432/d?sslmode=verify-full'],
    ['host=/run/x port=5433 user=a', 'postgresql://a@/a?host=%2Frun%2Fx&port=5433&sslmode=prefer'],
    ['host=h,::1 port=1,2', 'postgresql://postgres@h:1,[::1]:2/postgres?sslmode=verify-full'],
    ['host=h,/run port=1', 'postgresql://postgres@/postgres?host=h%2C%2Frun&port=1&sslmode=verify-full'],
    ['service=x', 'postgresql:///?service=x'],
    ['service=x port=5433 user=a', 'postgresql://a@:5433/?service=x'],
    ['service=x host=a,b', 'postgresql:///?host=a%2Cb&service=x'],
  ])('prints %s as %s', (given, printed) => {
    expect(printConnectionUrl(connectionOf(given))).toBe(printed);
  });

  it('prints key=value in words that psql takes', () => {
    expect(printConninfo(connectionOf("postgres://a%20b@h:1,i:1/d'e%5C?options="))).toBe(
      "host=h,i port=1 user='a b' dbname='d\\'e\\\\' sslmode=verify-full options=''",
    );
  });

  it('prints what is no Unicode without failing', () => {
    const odd = { ...connectionOf('postgres://a@h/d'), user: '\ud800' };
    expect(parseConnectionUrl(printConnectionUrl(odd)).connection.user).toBe('\ufffd');
  });

  it.each([
    ['postgres://a@h/d', 'h:5432'],
    ['postgres://[::1]:1,h2/d', '[::1]:1, h2:5432'],
    ['host=/run/postgresql', '/run/postgresql'],
    ['host=/run/postgresql port=5433', '/run/postgresql/.s.PGSQL.5433'],
    ['service=db user=a', 'service=db'],
    ['service=db host=h', 'h:5432'],
  ])('says of %s that it goes to %s', (given, address) => {
    expect(addressText(connectionOf(given))).toBe(address);
  });

  it('makes connections that settings take', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        try {
          const parsed = parseConnectionUrl(url.replace(/^https?/, 'postgres'));
          expect(Connection.safeParse(parsed.connection).error).toBeUndefined();
        } catch (error) {
          if (!(error instanceof UrlProblem)) throw error;
        }
      }),
    );
  });
});
