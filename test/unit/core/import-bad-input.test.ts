// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what files have in them.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPlaces } from '../../../main/imports/places.ts';
import { openPreviews } from '../../../main/imports/previews.ts';
import { type ReadFiles, readFiles } from '../../../main/imports/read-files.ts';
import { ImportKind, type ImportSource } from '../../../preload/contract/imports.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/imports');
const read = (source: ImportSource, kind?: ImportKind): Promise<ReadFiles> =>
  readFiles([source], kind, '/nowhere');
const given = (name: string, content: Buffer | string): ImportSource => ({
  name,
  content: Buffer.from(content as string).toString('base64'),
});
const problemOf = async (source: ImportSource, kind?: ImportKind): Promise<string | undefined> => {
  const { found, problems } = await read(source, kind);
  expect(found).toEqual([]);
  expect(problems.length).toBeGreaterThan(0);
  return problems[0]?.text;
};

describe('files that are no files of connections', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-imports-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);

  it('refuses a folder, a device and a FIFO without waiting for them', async () => {
    mkdirSync(at('folder'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('fifo')]);
    for (const path of [at('folder'), at('fifo'), '/dev/zero', '/dev/null']) {
      expect(await problemOf({ path })).toBe('This is a folder or a device, not a file. Choose a file.');
    }
  });

  it('refuses a path that leads nowhere, or from no certain folder', async () => {
    expect(await problemOf({ path: at('missing') })).toBe('There is no such file.');
    expect(await problemOf({ path: at('missing/deeper') })).toBe('There is no such file.');
    expect(await problemOf({ path: '.env' })).toContain('absolute');
  });

  it('reads a path below the home folder', async () => {
    writeFileSync(at('.env'), 'DATABASE_URL=postgres://u@localhost/x');
    expect((await readFiles([{ path: '~/.env' }], undefined, folder)).found).toHaveLength(1);
  });

  it('refuses a huge file by its size', async () => {
    writeFileSync(at('huge.env'), 'A=1\n');
    truncateSync(at('huge.env'), 50_000_000_000);
    const from = Date.now();
    expect(await problemOf({ path: at('huge.env') })).toContain('larger than 5 MB');
    expect(Date.now() - from).toBeLessThan(1000);
    expect(await problemOf(given('huge.env', Buffer.alloc(5_000_001, 65)))).toContain('larger than 5 MB');
  });

  it.each([
    ['an empty file', '', 'The file is empty.'],
    ['a file of blanks', ' \n\n\t', 'The file is empty.'],
    ['a file with NUL bytes', 'DATABASE_URL=postgres://u@h/x\0y', 'binary'],
    ['noise', Buffer.from([0xff, 0x01, 0x02, 0x80, 0x41, 0xc3]), 'binary'],
    ['a broken UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), 'UTF-16'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', 'a certificate'],
    ['a private key', '\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n', 'a private key'],
    ['an encrypted key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n', 'a private key'],
    ['a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519\n', 'a private key'],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@home', 'a public key'],
    ['a text', 'Dear team,\nthe password is hunter2\n', 'Neither the name nor the content'],
  ])('says that %s is what it is', async (_, content, expected) => {
    expect(await problemOf(given('x', content))).toContain(expected);
  });

  it('reads UTF-16 of both kinds', async () => {
    const text = 'DATABASE_URL=postgres://u:p%C3%A4ss@localhost/größe';
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const { found, problems } = await read(given('.env', bytes));
      expect(problems).toEqual([]);
      expect(found[0]).toMatchObject({ password: 'päss', draft: { connection: { database: 'größe' } } });
    }
  });

  it('reads Latin-1 and says that it guessed', async () => {
    const { found } = await read(
      given('.env', Buffer.from('DB_HOST=localhost\nDB_NAME=größe\nDB_USER=u', 'latin1')),
    );
    expect(found[0]?.draft.connection.database).toBe('größe');
    expect(found[0]?.notes.map(({ id }) => id)).toContain('encoding-guessed');
  });

  it('reads a file with control characters in names so that they can be shown', async () => {
    const { found } = await read(given('pg_service.conf', '[or\u001b[31mders\u202e]\nhost=localhost\n'));
    expect(found[0]?.from).toBe('service or\ufffd[31mders\ufffd');
  });

  it('is quick with 100,000 lines of any kind, and holds no more than can be taken', async () => {
    const lines = (make: (index: number) => string): string =>
      Array.from({ length: 100_000 }, (_, index) => make(index)).join('\n');
    const files: [string, string][] = [
      ['.env', lines((index) => `NAME_${index}=value`)],
      ['many.env', lines((index) => `A${index}_DB_HOST=h${index}`)],
      ['urls.env', lines((index) => `A${index}=postgres://u@h/${index}`)],
      ['broken.env', lines(() => 'nothing of that kind')],
      ['quotes.env', lines((index) => `A${index}="open`)],
      ['pgpass', lines((index) => `h${index}:5432:d:u:p`)],
      ['pg_service.conf', lines((index) => (index % 2 ? 'host=localhost' : `[s${index}]`))],
      ['connections.jsonl', lines(() => '{"engine":"mongo@dbgate-plugin-mongo"}')],
      ['compose.yml', `services:\n${lines((index) => `  s${index}: {}`)}`],
      ['servers.json', `{"Servers":{${lines((index) => `"${index}":{"Name":"${index}"},`)}"x":{}}}`],
    ];
    for (const [name, content] of files) {
      // Time of the processor: other tests run beside this one.
      const from = process.cpuUsage();
      const { found, problems } = await read(given(name, content), name === 'broken.env' ? 'env' : undefined);
      expect(process.cpuUsage(from).user / 1000, name).toBeLessThan(2000);
      expect(found.length).toBeLessThanOrEqual(500);
      expect(problems.length).toBeLessThanOrEqual(52);
    }
  });

  it('reads JSON nested 100,000 deep no further than it must', async () => {
    const deep = (start: string): string => `${start}${'[{"a":'.repeat(100_000)}`;
    for (const [name, start] of [
      ['data-sources.json', '{"connections":{"x":'],
      ['servers.json', '{"Servers":{"x":'],
      ['team.json', '{"format":"howdah environments","environments":'],
      ['connections.jsonl', '{"engine":'],
    ] as const) {
      expect(await problemOf(given(name, deep(start)))).toBe('The JSON is nested more than 100 deep.');
    }
  });

  it.each([
    ['{"connections":{\n"a":\n}}', 3, 'Something in the JSON is no value.'],
    ['{"connections":{}\n"b":1}', 2, 'A comma or a closing bracket is missing in the JSON.'],
    ['{"connections":{},\nb:1}', 2, 'A field’s name in quotes is missing in the JSON.'],
    ['{"connections":{"a"\n1}}', 2, 'A colon is missing after a field’s name in the JSON.'],
    ['{"connections":{"a":"x\n"}}', 1, 'Something in the JSON is no value.'],
    ['{"connections":{}}\n}', 2, 'Something stands after the end of the JSON.'],
    ['{"connections":{"a":{\n', 2, 'The JSON ends too early.'],
  ])('names the line on which JSON stops being JSON', async (content, line, expected) => {
    const { problems } = await read(given('data-sources.json', content));
    expect(problems).toEqual([{ file: 'data-sources.json', line, text: expected }]);
  });

  it('takes names of a prototype for names', async () => {
    const { found } = await read(
      given(
        'data-sources.json',
        '{"connections":{"__proto__":{"provider":"postgresql","configuration":{"host":"localhost"}},"constructor":{}}}',
      ),
    );
    expect(found[0]?.draft.name).toBe('__proto__');
    expect(
      await problemOf(given('servers.json', '{"Servers":{"toString":{"__proto__":{"Host":"h"}}}}')),
    ).toBeDefined();
    await read(
      given(
        'compose.yml',
        'services:\n  __proto__:\n    image: postgres\n    environment: { __proto__: x, constructor: y }\n',
      ),
    );
    expect(({} as Record<string, unknown>).provider).toBeUndefined();
  });
});

describe('pgAdmin’s database', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-imports-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const make = (name: string, sql: string): string => {
    const path = join(folder, name);
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    return path;
  };
  const old = `
    CREATE TABLE servergroup (id INTEGER PRIMARY KEY, user_id INTEGER, name TEXT);
    CREATE TABLE server (id INTEGER PRIMARY KEY, user_id INTEGER, servergroup_id INTEGER, name TEXT, host TEXT,
      hostaddr TEXT, port INTEGER, maintenance_db TEXT, username TEXT, password TEXT, ssl_mode TEXT, sslrootcert TEXT,
      service TEXT, connect_timeout INTEGER, use_ssh_tunnel INTEGER, tunnel_host TEXT, tunnel_port TEXT,
      tunnel_username TEXT, tunnel_authentication INTEGER, tunnel_identity_file TEXT, tunnel_password TEXT);
    INSERT INTO servergroup VALUES (1, 1, 'Live');
    INSERT INTO server VALUES (1, 1, 1, 'orders', 'orders.internal', NULL, 5433, 'orders', 'ada', 'ENCRYPTED-SECRET',
      'verify-ca', '/ca.pem', NULL, 10, 1, 'bastion', '2222', 'tess', 1, '/id_rsa', 'ENCRYPTED-SECRET');`;
  const modern = `
    CREATE TABLE servergroup (id INTEGER PRIMARY KEY, user_id INTEGER, name TEXT);
    CREATE TABLE server (id INTEGER PRIMARY KEY, servergroup_id INTEGER, name TEXT, host TEXT, port INTEGER,
      maintenance_db TEXT, username TEXT, connection_params TEXT, use_ssh_tunnel INTEGER);
    INSERT INTO servergroup VALUES (1, 1, 'Servers');
    INSERT INTO server VALUES (1, 1, 'local', 'localhost', 5432, 'postgres', 'postgres',
      '{"sslmode": "prefer", "connect_timeout": 10}', 0);`;

  it('is read with groups and tunnels, without its passwords, and stays as it was', async () => {
    const path = make('pgadmin4.db', old);
    const before = readFileSync(path);
    const { found, problems } = await read({ path });
    expect(problems).toEqual([]);
    expect(found).toMatchObject([
      {
        kind: 'pgadmin',
        from: 'server orders',
        draft: {
          name: 'orders',
          group: 'Live',
          connection: {
            host: 'orders.internal',
            port: 5433,
            sslmode: 'verify-ca',
            parameters: { sslrootcert: '/ca.pem', connect_timeout: '10' },
            tunnel: { host: 'bastion', port: 2222, user: 'tess', auth: 'key', keyFile: '/id_rsa' },
          },
        },
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('ENCRYPTED-SECRET');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['pgadmin4.db']);
  });

  it('is read as newer versions have it', async () => {
    const { found } = await read({ path: make('modern.db', modern) });
    expect(found[0]?.draft.connection).toMatchObject({
      sslmode: 'prefer',
      parameters: { connect_timeout: '10' },
    });
  });

  it('is refused when it is another program’s, a view, damaged, of another kind, or no file of this machine', async () => {
    expect(await problemOf({ path: make('other.db', 'CREATE TABLE moz_places (id INTEGER)') })).toContain(
      'no servers of pgAdmin',
    );
    const endless =
      'CREATE TABLE servergroup (id); CREATE VIEW server AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id, n AS name FROM r';
    expect(await problemOf({ path: make('view.db', endless) })).toContain('no servers of pgAdmin');
    const path = make('whole.db', old);
    expect(await problemOf({ path }, 'env')).toContain('SQLite database, not a .env file');
    expect(await problemOf(given('pgadmin4.db', readFileSync(path)))).toContain('by its path only');
    const damaged = join(folder, 'damaged.db');
    writeFileSync(damaged, Buffer.concat([readFileSync(path).subarray(0, 100), Buffer.alloc(8000, 0x5a)]));
    expect(await problemOf({ path: damaged })).toContain('damaged');
  });
});

describe('secrets', () => {
  const secret = 'hunTer2-Xq';
  /** Each file with its secrets, cut off or spoilt at many places. */
  const spoilt = (content: string): string[] => {
    const variants = [content];
    for (let cut = 1; cut < 30; cut += 1)
      variants.push(content.slice(0, Math.floor((content.length * cut) / 30)));
    for (const [from, to] of [
      ['"', ''],
      ['"', '""'],
      [':', ';'],
      [':', ''],
      ['=', ':'],
      ['=', '= ='],
      ['{', ''],
      ['}', '}}'],
      ['\n', ' '],
      ['@', '@@'],
      ['/', '?'],
      ['\n', '\n\t'],
      [',', ''],
      ['$', '${'],
      ['#', '"'],
      ['-', '*'],
      ['p', '&p '],
      [secret, `x/${secret}`],
      [secret, `x?${secret}`],
      [secret, `x:${secret}@y`],
      [secret, `12/${secret}@y`],
      [secret, `%${secret}`],
      [secret, `"${secret}`],
      [secret, `\${${secret}`],
    ] as const) {
      variants.push(content.replace(from, to), content.replaceAll(from, to));
    }
    return variants;
  };
  const files: [string, string][] = [
    [
      '.env',
      `export A_URL="postgres://u:${secret}@db.example.com:5432/x?sslmode=require"\nDB_HOST=h\nDB_NAME=n\nDB_USER=u\nDB_PASSWORD='${secret}'\nPGPASSWORD=${secret}\nPGHOST=h2\nB_URL=jdbc:postgresql://h/x?user=u&password=${secret}\n`,
    ],
    [
      'compose.yml',
      `services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: "${secret}"\n    ports: ["5432:5432"]\n  other:\n    image: postgres\n    environment:\n      - POSTGRES_PASSWORD=${secret}\n`,
    ],
    ['pg_service.conf', `[db]\nhost=h\nuser=u\npassword=${secret}\nsslpassword=${secret}\n`],
    ['pgpass', `h:5432:d:u:${secret}\n`],
    [
      'data-sources.json',
      `{"connections":{"a":{"provider":"postgresql","name":"n","configuration":{"host":"h","port":"1","user":"u","password":"${secret}","url":"jdbc:postgresql://h/d?password=${secret}"}}}}`,
    ],
    [
      'servers.json',
      `{"Servers":{"1":{"Name":"n","Host":"h","Port":1,"Username":"u","Password":"${secret}","TunnelPassword":"${secret}","ConnectionParameters":{"sslmode":"prefer","sslpassword":"${secret}","password":"${secret}"}}}}`,
    ],
    [
      'connections.jsonl',
      `{"engine":"postgres@dbgate-plugin-postgres","server":"h","port":1,"user":"u","password":"${secret}","sshPassword":"${secret}"}\n{"engine":"postgres@dbgate-plugin-postgres","useDatabaseUrl":true,"databaseUrl":"postgres://u:${secret}@h/d"}`,
    ],
    [
      'team.json',
      `{"format":"howdah environments","version":1,"environments":[{"name":"n","group":"","color":"red","protection":"open","connection":{"host":"h","port":1,"database":"d","user":"u","sslmode":"prefer","parameters":{"password":"${secret}"}}}]}`,
    ],
  ];

  it.each(files)(
    'in a malformed %s are in no problem and in nothing that is shown',
    async (name, content) => {
      const previews = openPreviews();
      let looked = 0;
      for (const variant of spoilt(content)) {
        for (const kind of [undefined, ...ImportKind.options]) {
          const preview = previews.keep(await read(given(name, variant), kind), []);
          const shown = JSON.stringify([preview.problems, preview.candidates]);
          expect(shown.includes(secret), `${kind ?? 'by itself'}: ${variant}\n${shown}`).toBe(false);
          previews.drop(preview.id);
          looked += 1;
        }
      }
      expect(looked).toBeGreaterThan(500);
    },
  );
});

describe('usual places', () => {
  it('are told when a file is there, by the system’s own rules', async () => {
    const home = mkdtempSync(join(tmpdir(), 'howdah-home-'));
    try {
      const put = (path: string): string => {
        const whole = join(home, path);
        mkdirSync(join(whole, '..'), { recursive: true });
        writeFileSync(whole, 'x');
        return whole;
      };
      const places = (platform: NodeJS.Platform, env = {}) => findPlaces({ home, platform, env });
      expect((await places('linux')).filter(({ path }) => path.startsWith(home))).toEqual([]);
      const pgpass = put('.pgpass');
      const dbeaver = put('.local/share/DBeaverData/workspace6/General/.dbeaver/data-sources.json');
      const pgadmin = put('.pgadmin/pgadmin4.db');
      const dbgate = put('.dbgate/connections.jsonl');
      const service = put('own/services.conf');
      mkdirSync(join(home, '.pg_service.conf'));
      const found = await places('linux', { PGSERVICEFILE: service, PGPASSFILE: pgpass });
      expect(found.filter(({ path }) => path.startsWith(home))).toEqual([
        { kind: 'pgpass', path: pgpass, label: 'Password file' },
        { kind: 'service', path: service, label: 'Connection service file' },
        { kind: 'dbeaver', path: dbeaver, label: 'DBeaver' },
        { kind: 'pgadmin', path: pgadmin, label: 'pgAdmin 4' },
        { kind: 'dbgate', path: dbgate, label: 'DbGate' },
      ]);
      const mac = put('Library/DBeaverData/workspace6/General/.dbeaver/data-sources.json');
      expect((await places('darwin')).map(({ path }) => path)).toContain(mac);
      const windows = put('AppData/Roaming/postgresql/pgpass.conf');
      expect((await places('win32')).map(({ path }) => path)).toContain(windows);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

it('keeps every fixture readable by its name alone', async () => {
  for (const name of readdirSync(fixtures)) {
    const { found } = await read({ path: join(fixtures, name) });
    expect(found.length, name).toBeGreaterThan(0);
  }
});
