// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what files have in them.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadFiles, readFiles } from '../../../main/imports/read-files.ts';
import type { ImportKind } from '../../../preload/contract/imports.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/imports');
const fixture = (name: string): Promise<ReadFiles> =>
  readFiles([{ path: join(fixtures, name) }], undefined, '/nowhere');

/** Reads a text as if a person had chosen a file of that name. */
const text = (name: string, content: string | Buffer, kind?: ImportKind): Promise<ReadFiles> =>
  readFiles([{ name, content: Buffer.from(content as string).toString('base64') }], kind, '/nowhere');

const one = async (name: string, content: string, kind?: ImportKind) => {
  const read = await text(name, content, kind);
  expect(read.problems).toEqual([]);
  expect(read.found).toHaveLength(1);
  const [found] = read.found;
  if (!found) throw new Error('nothing found');
  return { ...found, connection: found.draft.connection, noteIds: found.notes.map(({ id }) => id) };
};

describe('importing .env files', () => {
  it('reads each prefix as a connection, and a URL made of the parts as the same one', async () => {
    const { found, problems } = await fixture('tenancy.env');
    expect(problems).toEqual([]);
    expect(found).toMatchObject([
      {
        kind: 'env',
        from: 'DATABASE_URL, CONFIG_DB_*',
        password: 'dagster',
        draft: {
          name: 'nebenkosten_config-tenancy',
          protection: 'open',
          connection: {
            host: 'localhost',
            port: 5432,
            database: 'nebenkosten_config',
            user: 'dagster',
            sslmode: 'prefer',
          },
        },
      },
      {
        from: 'BILLING_DB_*',
        line: 10,
        password: 'Bill#ing$2024',
        draft: {
          name: 'billing-tenancy',
          protection: 'guarded',
          connection: {
            host: '10.20.30.40',
            port: 6432,
            database: 'app',
            user: 'billing',
            sslmode: 'verify-full',
          },
        },
      },
    ]);
    expect(found[0]?.notes.map(({ id, severity }) => [id, severity])).toEqual([
      ['parameters-dropped', 'notice'],
      ['password-known', 'notice'],
    ]);
    expect(found[1]?.notes.map(({ id }) => id)).toEqual(['sslmode-guessed', 'pooler-port']);
  });

  it('takes the variables a container is made with and those of its client for one, and says the host is a container', async () => {
    const { found } = await fixture('iot.env');
    expect(found).toMatchObject([
      {
        from: 'DB_*, POSTGRES_*',
        draft: { connection: { host: 'postgres', database: 'iotistic', user: 'postgres' } },
      },
    ]);
    expect(found[0]?.notes.map(({ id }) => id)).toEqual([
      'sslmode-guessed',
      'password-known',
      'host-in-container',
    ]);
    expect(found[0]?.notes.find(({ id }) => id === 'password-known')?.severity).toBe('warning');
  });

  it('reads a Cloud SQL socket, and takes it for no server of this machine', async () => {
    const found = await one(
      '.env',
      'DATABASE_URL=postgresql://postgres:KronosAdmin2024!@/kronos_eam?host=/cloudsql/kronos-eam-prod:europe-west1:kronos-db',
    );
    expect(found).toMatchObject({
      password: 'KronosAdmin2024!',
      draft: { name: 'kronos_eam-kronos-db', color: 'red', protection: 'guarded' },
      connection: { host: '/cloudsql/kronos-eam-prod:europe-west1:kronos-db', sslmode: 'prefer' },
    });
  });

  it.each([
    ['DATABASE_URL', 'postgres://ada:pw@db.example.com/app?sslmode=require'],
    ['REPORTS_DATABASE_URL', 'postgresql+asyncpg://ada:pw@db.example.com:5432/app?ssl=require'],
    ['SQLALCHEMY_URI', 'postgresql+psycopg2://ada:pw@db.example.com/app?sslmode=require'],
    ['DJANGO_DB', 'postgis://ada:pw@db.example.com/app?sslmode=require'],
    [
      'SPRING_DATASOURCE_URL',
      'jdbc:postgresql://db.example.com:5432/app?user=ada&password=pw&sslmode=require',
    ],
  ])('reads the URL of %s', async (name, url) => {
    expect(await one('.env', `${name}=${url}`)).toMatchObject({
      from: name,
      line: 1,
      password: 'pw',
      connection: { host: 'db.example.com', port: 5432, database: 'app', user: 'ada', sslmode: 'require' },
    });
  });

  it('takes user and password beside a URL that has none', async () => {
    const file =
      'SPRING_DATASOURCE_URL=jdbc:postgresql://db.example.com/app\nSPRING_DATASOURCE_USERNAME=ada\nSPRING_DATASOURCE_PASSWORD=p@ss&word';
    expect(await one('application.env', file)).toMatchObject({
      password: 'p@ss&word',
      connection: { user: 'ada' },
    });
  });

  it('reads libpq’s keywords and values, and keeps nothing of a password that is cut by a blank', async () => {
    const file =
      'DSN="host=localhost port=5433 dbname=app user=ada password=pw b=hunter2 application_name=x"';
    const found = await one('.env', file);
    expect(found).toMatchObject({ from: 'DSN', password: 'pw', connection: { port: 5433, user: 'ada' } });
    expect(found.connection.parameters).toEqual({ application_name: 'x' });
    expect(JSON.stringify(found.notes)).not.toMatch(/hunter2|"b"/);
  });

  it('drops the parameters of others and names those it knows only', async () => {
    const found = await one(
      '.env',
      'A_URL=postgres://a@localhost/b?schema=x&pgbouncer=true&hunter2=y&application_name=z',
    );
    expect(found.connection.parameters).toEqual({ application_name: 'z' });
    const note = found.notes.find(({ id }) => id === 'parameters-dropped');
    expect(note?.text).toContain('schema, pgbouncer, 1 other');
    expect(note?.text).not.toContain('hunter2');
  });

  it('reads libpq’s own variables with their parameters', async () => {
    const file =
      'PGHOST=db.example.com\nPGPORT=5433\nPGDATABASE=app\nPGUSER=ada\nPGPASSWORD=pw\nPGSSLMODE=verify-ca\nPGSSLROOTCERT=/ca.pem\nPGAPPNAME=x\nPGDATA=/var';
    expect(await one('.env', file)).toMatchObject({
      from: 'PG*',
      password: 'pw',
      connection: {
        host: 'db.example.com',
        port: 5433,
        sslmode: 'verify-ca',
        parameters: { sslrootcert: '/ca.pem', application_name: 'x' },
      },
    });
  });

  it('leaves to a service what the file leaves to it', async () => {
    expect((await one('.env', 'PGSERVICE=orders\nPGUSER=ada')).connection).toMatchObject({
      user: 'ada',
      parameters: { service: 'orders' },
      fromService: ['host', 'port', 'database', 'sslmode'],
    });
  });

  it('reads quotes, comments, export, escapes, several lines, CRLF and a byte order mark', async () => {
    const file = [
      '\ufeff# comment',
      '',
      'export DB_HOST = "localhost" # where',
      "DB_USER='ad$a'",
      'DB_NAME=`na"me`   # why',
      'NOTE="one',
      'DB_HOST=not this',
      'three"',
      'DB_PASSWORD="a\\"b\\n\\\\c\\$d"',
      '   export DB_PORT=5433',
      'EMPTY=',
      'COMMENT= # nothing',
    ].join('\r\n');
    expect(await one('.env', file)).toMatchObject({
      line: 3,
      password: 'a"b\n\\c$d',
      connection: { host: 'localhost', port: 5433, user: 'ad$a', database: 'na"me' },
    });
  });

  it('keeps a # inside a value and takes a later assignment', async () => {
    const file = 'DB_HOST=a.example.com\nDB_NAME=app\nDB_PASSWORD=a#b\nDB_USER=u\nDB_HOST=b.example.com';
    expect(await one('.env', file)).toMatchObject({ password: 'a#b', connection: { host: 'b.example.com' } });
  });

  it('replaces names wherever they are set, with defaults and nested defaults', async () => {
    const file = [
      'URL=postgres://${USER_NAME:-${FALLBACK:-nobody}}:$PASS_WORD@${HOST_NAME-x}:${PORT_NO:-5434}/${NAME_OF}${EMPTY:+never}',
      'PASS_WORD=pw-$NAME_OF',
      'NAME_OF=app',
      'HOST_NAME=localhost',
      'EMPTY=',
    ].join('\n');
    expect(await one('.env', file)).toMatchObject({
      password: 'pw-app',
      connection: { host: 'localhost', port: 5434, user: 'nobody', database: 'app' },
    });
  });

  it('lets a variable add to what it was before', async () => {
    const file = 'DB_HOST=${DB_HOST:-localhost}\nDB_NAME=app\nDB_NAME=${DB_NAME}_test\nDB_USER=u';
    expect((await one('.env', file)).connection).toMatchObject({ host: 'localhost', database: 'app_test' });
  });

  it('takes a variable nobody sets for empty and says so by its name', async () => {
    const found = await one(
      '.env',
      'DB_HOST=localhost\nDB_NAME=app\nDB_USER=u\nDB_PASSWORD=secret-${SUFFIX}',
    );
    expect(found.password).toBe('secret-');
    expect(found.notes.find(({ id }) => id === 'variable-unknown')?.text).toContain('SUFFIX');
  });

  it('names the circle in which variables refer to each other, with its line', async () => {
    const { found, problems } = await text(
      '.env',
      'DB_HOST=localhost\nA=${B}\nB=x$C\nC=${A:-y}\nDB_NAME=${A}\nDB_USER=u',
    );
    expect(problems).toContainEqual({
      file: '.env',
      line: 2,
      text: 'Names refer to each other in a circle: A → B → C → A.',
    });
    expect(found).toHaveLength(1);
    expect((await text('.env', 'DB_HOST=${DB_HOST}')).problems[0]).toMatchObject({
      line: 1,
      text: 'Names refer to each other in a circle: DB_HOST → DB_HOST.',
    });
  });

  it('stops a value that grows without end', async () => {
    const lines = ['A0=xxxxxxxxxx'];
    for (let index = 1; index < 12; index += 1) lines.push(`A${index}=${`$A${index - 1}`.repeat(10)}`);
    const from = cpuTime();
    const { problems } = await text('.env', lines.join('\n'));
    expect(problems.some(({ text }) => text.includes('longer than 65536'))).toBe(true);
    expect(cpuTime(from)).toBeLessThan(1000);
  });

  it('stops a chain of names that is too long, and does not go down with it', async () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `A${index}=$A${index + 1}`);
    const { problems } = await text('.env', lines.join('\n'));
    expect(problems[0]?.text).toContain('more than 100 names');
  });

  it('tells apart a name that is one of a prototype', async () => {
    const file = '__proto__=polluted\nconstructor=x\nDB_HOST=localhost\nDB_NAME=${toString}app\nDB_USER=u';
    const found = await one('.env', file);
    expect(found.connection.database).toBe('app');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['.env.production', 'app_data-production', 'red'],
    ['.env.example', 'app_data-local', 'slate'],
    ['staging.env', 'app_data-staging', 'amber'],
  ])('names and colours what is in %s', async (file, name, color) => {
    const found = await one(file, 'DATABASE_URL=postgres://u@localhost/app_data');
    expect(found.draft).toMatchObject({ name, color });
  });

  it.each([
    'DB_CONNECTION=mysql\nDB_HOST=localhost\nDB_DATABASE=a\nDB_USERNAME=b',
    'DB_HOST=localhost\nDB_PORT=3306\nDB_DATABASE=a\nDB_USERNAME=b',
    'DATABASE_URL=mysql://a:b@localhost/c',
    'REDIS_URL=redis://localhost',
  ])('finds nothing in the settings of another database', async (file) => {
    const { found, problems } = await text('.env', file);
    expect(found).toEqual([]);
    expect(problems).toEqual([
      { file: '.env', line: null, text: 'No connection to PostgreSQL is in it, read as a .env file.' },
    ]);
  });

  it.each(['user:pa/ss@db/x', 'user:12/ss@db/x', 'user:12?ss@db/x', 'user:pa:x@db:pa/x', 'u:p@db:70000/x'])(
    'refuses the URL %s without repeating any of it',
    async (rest) => {
      const { found, problems } = await text('.env', `DATABASE_URL=postgres://${rest}`);
      expect(found).toEqual([]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ file: '.env', line: 1 });
      expect(problems[0]?.text).toMatch(/^The URL in DATABASE_URL can’t be used: /);
      expect(problems[0]?.text).not.toMatch(/ss|pa:|70000/i.test(rest) ? /\bss\b|pa:x|70000/ : /$^/);
    },
  );

  it('says on which line a quote is not closed, and reads the others', async () => {
    const { found, problems } = await text(
      '.env',
      'DATABASE_URL=postgres://u@localhost/x\nA="open\nB=1\nno assignment',
    );
    expect(found).toHaveLength(1);
    expect(problems).toEqual([
      { file: '.env', line: 2, text: 'The quote that opens on this line is not closed.' },
      { file: '.env', line: 4, text: 'This line does not read NAME=value.' },
    ]);
    const swallowed = await text('.env', 'A="open\nB="x"');
    expect(swallowed.problems[0]).toMatchObject({
      line: 1,
      text: expect.stringContaining('closes on line 2'),
    });
  });
});

describe('importing Compose files', () => {
  it('finds the PostgreSQL services with anchors, merge keys, extends, variables and a file beside it', async () => {
    const { found, problems } = await fixture('docker-compose.yml');
    expect(problems).toEqual([
      { file: 'docker-compose.yml', line: 12, text: 'Service db: DB_PASSWORD must be set and is not.' },
    ]);
    expect(
      found.map(({ from, password, draft: { connection: c } }) => [
        from,
        password,
        `${c.user}@${c.host}:${c.port}/${c.database}`,
      ]),
    ).toEqual([
      ['service db', undefined, 'edictflow@127.0.0.1:5433/edictflow'],
      ['service history', 'pa$word', 'postgres@localhost:5440/history'],
      ['service replica', 'pa$word', 'postgres@localhost:5440/replica'],
      ['service hidden', 'kept-inside', 'app@localhost:5432/orders'],
      ['service own', 'own-secret', 'own@localhost:5450/own_data'],
    ]);
    const notes = (name: string) =>
      found.find(({ from }) => from === `service ${name}`)?.notes.map(({ id }) => id);
    expect(notes('hidden')).toEqual(['port-not-published', 'companion-suggested']);
    expect(notes('own')).toEqual(['service-guessed', 'companion-suggested']);
    expect(found[0]?.draft.connection.companion).toBeUndefined();
  });

  it('takes variables from a .env file that came along', async () => {
    const read = await readFiles(
      [
        { name: '.env', content: btoa('DB_USER=eve\nDB_PASSWORD=from-env\nDB_PORT=6000\n') },
        {
          name: 'compose.yaml',
          content: btoa(
            'services:\n  db:\n    image: postgis/postgis\n    environment: [ "POSTGRES_USER=${DB_USER}", DB_PASSWORD, "POSTGRES_PASSWORD=$DB_PASSWORD" ]\n    ports: ["${DB_PORT}:5432"]\n',
          ),
        },
      ],
      undefined,
      '/nowhere',
    );
    const compose = read.found.find(({ kind }) => kind === 'compose');
    expect(compose).toMatchObject({
      password: 'from-env',
      draft: { connection: { user: 'eve', port: 6000 } },
    });
  });

  it.each([
    ['"5433:5432"', 'localhost:5433'],
    ['127.0.0.1:5433:5432', '127.0.0.1:5433'],
    ['"0.0.0.0:5433:5432/tcp"', 'localhost:5433'],
    ['"[::1]:5433:5432"', '::1:5433'],
    ['"10.0.0.5:5433:5432"', '10.0.0.5:5433'],
    ['"5430-5435:5430-5435"', 'localhost:5432'],
    ['"6000-6002:5431-5433"', 'localhost:6001'],
    ['{ target: 5432, published: 5433, host_ip: 127.0.0.1 }', '127.0.0.1:5433'],
    ['"5432"', 'not published'],
    ['"5433:5432/udp"', 'not published'],
    ['"8080:80"', 'not published'],
    ['"5433-5440:5432"', 'not published'],
  ])('reads the port %s', async (port, expected) => {
    const found = await one(
      'compose.yml',
      `services:\n  db:\n    image: postgres\n    ports:\n      - ${port}\n`,
    );
    const { host, port: number } = found.connection;
    if (expected === 'not published') expect(found.noteIds).toContain('port-not-published');
    else {
      expect(`${host}:${number}`).toBe(expected);
      expect(found.noteIds).not.toContain('port-not-published');
    }
  });

  it.each([
    ['postgres:16-alpine', true],
    ['docker.io/library/postgres', true],
    ['bitnami/postgresql:16', true],
    ['pgvector/pgvector:pg16', true],
    ['supabase/postgres:15.1', true],
    ['ghcr.io/cloudnative-pg/postgresql@sha256:abc', true],
    ['localhost:5000/postgis:latest', true],
    ['postgrest/postgrest', false],
    ['prometheuscommunity/postgres-exporter', false],
    ['edoburu/pgbouncer', false],
    ['mysql:8', false],
  ])('says of the image %s whether it is PostgreSQL: %s', async (image, is) => {
    const { found } = await text(
      'compose.yml',
      `services:\n  x:\n    image: ${image}\n    environment: { POSTGRES_PASSWORD: a }\n`,
    );
    expect(found.length === 1).toBe(is);
  });

  it.each([
    ['a duplicate key', 'services:\n  db:\n    image: postgres\n    image: secret-value\n', 4, /twice/],
    ['a tab', 'services:\n  db:\n\timage: secret-value\n', 3, /tab/i],
    ['an alias without anchor', 'services:\n  db: *secret-value\n', 2, /anchor/],
    ['an open bracket', 'services:\n  db: [secret-value\n', 3, /missing|indentation/],
    ['a second document', 'services: {}\n---\nsecret-value: {}\n', 2, /second document/],
    ['a list in place of services', 'services:\n  - secret-value\n', 1, /no services/],
    [
      'services that extend each other',
      'services:\n  a:\n    extends: b\n  b:\n    extends: { service: a }\n',
      2,
      /circle: a → b → a/,
    ],
    [
      'a required variable',
      'services:\n  db:\n    image: ${POSTGRES_IMAGE:?secret-value}\n',
      2,
      /POSTGRES_IMAGE must be set/,
    ],
    [
      'a stray dollar',
      'services:\n  db:\n    image: postgres\n    environment: { POSTGRES_USER: "${secret-value" }\n',
      2,
      /not closed/,
    ],
  ])('says on which line %s is, without quoting', async (_, file, line, expected) => {
    const { problems } = await text('compose.yml', file, 'compose');
    expect(problems[0]).toMatchObject({ file: 'compose.yml', line });
    expect(problems[0]?.text).toMatch(expected);
    expect(JSON.stringify(problems)).not.toContain('secret-value');
  });

  it('stops aliases and merge keys that multiply', async () => {
    const levels = (make: (before: string) => string): string => {
      const lines = ['x0: &x0 { a: 1, b: 2, c: 3 }'];
      for (let index = 1; index < 30; index += 1)
        lines.push(`x${index}: &x${index} ${make(`*x${index - 1}`)}`);
      return `${lines.join('\n')}\nservices: *x29\n`;
    };
    const from = cpuTime();
    for (const file of [
      levels((before) => `[${Array(9).fill(before)}]`),
      levels((before) => `{ <<: [${Array(9).fill(before)}] }`),
    ]) {
      const { problems } = await text('compose.yml', file);
      expect(problems[0]?.text).toMatch(/attack/);
    }
    const own = await text('compose.yml', 'services: &a\n  db: [*a]\n');
    expect(own.problems[0]?.text).toMatch(/nested|anchor/);
    expect(cpuTime(from)).toBeLessThan(5000);
  });

  it('does not go down with YAML nested 100,000 deep', async () => {
    for (const file of [
      '['.repeat(100_000),
      `services:\n${'{a: '.repeat(100_000)}`,
      `services: ${'- '.repeat(100_000)}x`,
    ]) {
      const { found, problems } = await text('compose.yml', file);
      expect(found).toEqual([]);
      expect(problems).toHaveLength(1);
    }
  });
});

describe('importing libpq’s files', () => {
  it('reads each service with the values it has', async () => {
    const { found, problems } = await fixture('pg_service.conf');
    expect(found).toMatchObject([
      {
        line: 2,
        from: 'service orders',
        password: 'service-secret',
        draft: {
          name: 'orders',
          connection: {
            host: 'orders.example.com',
            port: 5433,
            database: 'orders',
            user: 'reader',
            sslmode: 'verify-ca',
            parameters: { sslrootcert: '/etc/ssl/company.pem', application_name: 'reports' },
          },
        },
      },
      { from: 'service local', draft: { connection: { host: 'localhost', database: 'app' } } },
      { from: 'service directory', draft: { connection: { host: 'fallback.example.com' } } },
    ]);
    expect(problems.map(({ line, text }) => [line, text.slice(0, 30)])).toEqual([
      [16, 'A look-up in LDAP is not done.'],
      [19, 'Service orders is there alread'],
    ]);
  });

  it('reads the password file with escapes, and says which lines are for anybody', async () => {
    const { found, problems } = await fixture('pgpass');
    expect(
      found.map(({ line, password, draft: { connection: c } }) => [
        line,
        password,
        c.host,
        c.port,
        c.database,
        c.user,
      ]),
    ).toEqual([
      [2, 'pass-one', 'db.example.com', 5432, 'orders', 'reader'],
      [3, 'pass:two\\three', 'db.example.com', 5432, 'writer', 'writer'],
      [6, 'with:colons', '::1', 5433, 'app', 'ada'],
    ]);
    expect(found[1]?.notes.map(({ id }) => id)).toContain('database-guessed');
    expect(problems.map(({ line }) => line)).toEqual([4, 5, 7]);
    expect(problems[0]?.text).toContain('used when connecting anyway');
  });
});

describe('importing other programs’ files', () => {
  it('reads DBeaver’s connections with tunnel, TLS, folder and type', async () => {
    const { found, problems } = await fixture('data-sources.json');
    expect(problems).toEqual([]);
    expect(found).toMatchObject([
      {
        from: 'connection Orders, live',
        draft: {
          name: 'Orders, live',
          group: 'Customers',
          color: 'red',
          protection: 'guarded',
          connection: {
            host: 'orders.internal',
            user: 'reader',
            sslmode: 'verify-ca',
            parameters: { sslrootcert: '/etc/ssl/company.pem' },
            tunnel: {
              host: 'bastion.example.com',
              port: 2222,
              user: 'ada',
              auth: 'key',
              keyFile: '/home/ada/.ssh/id_ed25519',
              jump: 'guest@gate.example.com',
            },
          },
        },
      },
      {
        draft: {
          name: 'Reports',
          protection: 'read-only',
          connection: { host: 'reports.example.com', port: 5433, database: 'reports', sslmode: 'require' },
        },
      },
    ]);
    expect(found.every(({ password }) => password === undefined)).toBe(true);
  });

  it('reads pgAdmin’s export', async () => {
    const { found, problems } = await fixture('servers.json');
    expect(problems).toEqual([]);
    expect(found).toMatchObject([
      {
        draft: {
          name: 'Minimally Defined Server',
          group: 'Server Group 1',
          protection: 'open',
          connection: { sslmode: 'prefer' },
        },
      },
      {
        draft: {
          protection: 'guarded',
          connection: {
            host: 'host.domain.com',
            database: 'app',
            sslmode: 'verify-full',
            parameters: { connect_timeout: '10', sslrootcert: '/home/ada/root.crt' },
            tunnel: {
              host: '192.168.1.253',
              user: 'username',
              auth: 'key',
              keyFile: '/home/ada/.ssh/id_rsa',
            },
          },
        },
      },
      { draft: { connection: { parameters: { service: 'orders' }, fromService: ['host', 'database'] } } },
    ]);
    expect(JSON.stringify(found)).not.toContain('exec-secret');
  });

  it('reads DbGate’s connections and leaves encrypted passwords', async () => {
    const { found, problems } = await fixture('connections.jsonl');
    expect(problems).toEqual([]);
    expect(found).toMatchObject([
      { line: 1, draft: { name: 'Hike', connection: { host: '127.0.0.1', database: 'hike', user: 'ada' } } },
      {
        draft: {
          protection: 'read-only',
          connection: {
            sslmode: 'verify-full',
            parameters: { sslrootcert: '/etc/ssl/rds.pem' },
            tunnel: {
              host: 'bastion.example.com',
              user: 'ec2-user',
              auth: 'key',
              keyFile: '/home/ada/.ssh/id_rsa',
            },
          },
        },
      },
      {
        line: 4,
        password: 'url-secret',
        draft: { connection: { host: 'db.example.com', sslmode: 'require' } },
      },
    ]);
    expect(found[0]?.password).toBeUndefined();
  });

  it('reads Howdah’s own export and warns of the command in it', async () => {
    const { found, problems } = await fixture('team.json');
    expect(problems).toEqual([]);
    expect(found.map(({ draft }) => [draft.name, draft.protection, draft.color])).toEqual([
      ['kronos-prod', 'read-only', 'red'],
      ['orders', 'guarded', 'blue'],
    ]);
    expect(found[0]?.notes).toMatchObject([{ severity: 'warning', id: 'companion-command' }]);
    expect(found[0]?.notes[0]?.text).toContain('cloud-sql-proxy --port 5544');
  });

  const howdah = (change: object, environment: object = {}): string =>
    JSON.stringify({
      format: 'howdah environments',
      version: 1,
      environments: [
        {
          name: 'a',
          group: '',
          color: 'red',
          protection: 'open',
          connection: {
            host: 'h',
            port: 1,
            database: 'd',
            user: 'u',
            sslmode: 'prefer',
            parameters: {},
            ...environment,
          },
        },
      ],
      ...change,
    });

  it.each([
    ['a newer version', howdah({ version: 2 }), /version 2; this Howdah reads version 1/],
    ['an unknown field', howdah({ extra: 'hunter2' }), /unknown field “extra”/],
    [
      'an unknown field of a connection',
      howdah({}, { password: 'hunter2' }),
      /environments\[0\]: connection has unknown fields: “password”/,
    ],
    [
      'a secret parameter',
      howdah({}, { parameters: { sslpassword: 'hunter2' } }),
      /environments\[0\]: connection\.parameters/,
    ],
    [
      'a wrong parameter',
      howdah({}, { parameters: { connect_timeout: 'hunter2' } }),
      /connection\.parameters\.connect_timeout/,
    ],
    ['a wrong port', howdah({}, { port: 'hunter2' }), /connection\.port/],
    ['no list', howdah({ environments: { a: 'hunter2' } }), /no list/],
  ])('refuses an export with %s, naming the field', async (_, file, expected) => {
    const { found, problems } = await text('x.json', file);
    expect(found).toEqual([]);
    expect(problems[0]?.text).toMatch(expected);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});
