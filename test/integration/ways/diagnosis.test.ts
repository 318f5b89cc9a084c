import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../preload/contract/connection.ts';
import type { TestResult } from '../../../preload/contract/environments.ts';
import { howdah as cli } from '../../support/cli.ts';
import { openTestConsole, type TestConsole } from '../../support/console.ts';
import { freePort, startPostgres, type TestServer } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions } from '../../support/server-versions.ts';
import { startSilentHost } from '../../support/silent-host.ts';

let howdah: TestConsole;
beforeAll(async () => {
  howdah = await openTestConsole({ connect: false });
});
afterAll(async () => {
  await howdah?.remove();
});

const to = (port: number, more: Partial<Connection> = {}): Connection => ({
  host: '127.0.0.1',
  port,
  database: 'postgres',
  user: 'postgres',
  sslmode: 'disable',
  parameters: {},
  ...more,
});

const testing = (connection: Connection, password: string | null = 'postgres'): Promise<TestResult> =>
  howdah.client.environments.test({
    connection,
    ...(password === null ? {} : { password: { password, remember: false } }),
  });

/** The cause, after a look at what every diagnosis must have. */
const causeOf = async (connection: Connection, password?: string | null): Promise<string | undefined> => {
  const result = await testing(connection, password);
  const { problem, steps } = result;
  if (!problem) return undefined;
  expect(result.good).toBe(false);
  expect(problem.what).toMatch(/\.$/);
  expect(problem.why).not.toBe('');
  expect(problem.next).not.toBe('');
  const failed = steps.findIndex(({ outcome }) => outcome === 'bad');
  expect(failed).toBeGreaterThanOrEqual(0);
  expect(steps.slice(0, failed).every(({ outcome }) => outcome === 'good')).toBe(true);
  expect(steps.slice(failed + 1).every(({ outcome }) => outcome === 'skipped')).toBe(true);
  return `${problem.cause} at ${steps[failed]?.step}`;
};

describe('the way to a server, before there is PostgreSQL', () => {
  const listeners: Server[] = [];
  const listen = (onConnection: Parameters<typeof createServer>[1]): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer({}, onConnection);
      listeners.push(server);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  afterAll(() => {
    for (const server of listeners) server.close();
  });

  it('says when nothing listens', async () => {
    expect(await causeOf(to(await freePort()))).toBe('nothing-listening at port');
  });

  it('says when there is no socket, and when its folder is closed to this account', async () => {
    expect(await causeOf(to(5432, { host: '/nonexistent/folder' }))).toBe('nothing-listening at port');
  });

  it('says when the name is unknown', async () => {
    expect(await causeOf(to(5432, { host: 'no-such-host.invalid' }))).toBe('name-not-found at name');
  });

  it('says when a host does not answer at all', async () => {
    const silent = await startSilentHost();
    try {
      const connection = to(silent.port, { parameters: { connect_timeout: '2' } });
      expect(await causeOf(connection)).toBe('host-silent at port');
    } finally {
      silent.stop();
    }
  });

  it('says when something takes connections and never speaks', async () => {
    const port = await listen((socket) => socket.on('error', () => undefined));
    for (const sslmode of ['disable', 'require'] as const) {
      expect(await causeOf(to(port, { sslmode, parameters: { connect_timeout: '2' } }))).toBe(
        'server-silent at port',
      );
    }
  });

  it.each([
    [
      'a web server',
      (socket: import('node:net').Socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    ],
    ['an SSH server', (socket: import('node:net').Socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'MySQL',
      (socket: import('node:net').Socket) => socket.write(Buffer.from('4a0000000a382e302e333600', 'hex')),
    ],
    [
      'Redis',
      (socket: import('node:net').Socket) =>
        socket.once('data', () => socket.end('-ERR unknown command\r\n')),
    ],
  ])('says when %s is on that port', async (_, greet) => {
    const port = await listen((socket) => {
      socket.on('error', () => undefined);
      greet(socket);
    });
    for (const sslmode of ['disable', 'prefer', 'require'] as const) {
      expect(await causeOf(to(port, { sslmode, parameters: { connect_timeout: '3' } }))).toBe(
        'not-postgresql at port',
      );
    }
  });

  it('says when the connection is closed without a word', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await causeOf(to(port))).toBe('connection-lost at authentication');
  });

  it('says what went wrong without TLS, where TLS was only preferred and is not offered', async () => {
    // It has no TLS, and is gone when it is asked without.
    const going = (): Promise<number> =>
      listen((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          listeners.at(-1)?.close();
          socket.write('N');
        });
      });
    expect(await causeOf(to(await going(), { sslmode: 'prefer' }))).toMatch(/^nothing-listening at/);
    expect(await causeOf(to(await going(), { sslmode: 'require' }))).toBe('tls-not-offered at tls');
  });
});

describe('a server that refuses', () => {
  let server: TestServer;
  const folders: string[] = [];
  const ownFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-test-'));
    folders.push(folder);
    return folder;
  };
  beforeAll(async () => {
    server = await startPostgres();
    await server.query("CREATE ROLE ada LOGIN PASSWORD 'lovelace'");
    await server.query("CREATE ROLE nobody_in NOLOGIN PASSWORD 'x'");
    await server.query("CREATE ROLE mailer LOGIN PASSWORD 'mailer' CONNECTION LIMIT 1");
    await server.query('CREATE DATABASE closed_to_all');
    await server.query('REVOKE CONNECT ON DATABASE closed_to_all FROM PUBLIC');
    await server.query('CREATE DATABASE narrow CONNECTION LIMIT 1');
  });
  afterAll(async () => {
    await server?.remove();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const standard = ['host all all 127.0.0.1/32 scram-sha-256', 'local all all peer'];

  it('lets a good connection through and says what the role may see and do', async () => {
    const result = await testing(to(server.port));
    expect(result).toMatchObject({ done: true, good: true, server: { pooled: false, role: 'primary' } });
    expect(result.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'name good',
      'port good',
      'tls good',
      'authentication good',
      'database good',
      'privileges good',
      'visibility good',
    ]);
    const ada = await testing(to(server.port, { user: 'ada' }), 'lovelace');
    expect(ada.steps.find(({ step }) => step === 'privileges')?.detail).toContain('An ordinary role');
    expect(ada.steps.find(({ step }) => step === 'visibility')?.detail).toContain('Limited visibility');
  });

  it('tells a wrong password from one that is missing', async () => {
    expect(await causeOf(to(server.port), 'nope')).toBe('password-wrong at authentication');
    expect(await causeOf(to(server.port), null)).toBe('password-missing at authentication');
    await server.hba(['host all all 127.0.0.1/32 password', ...standard]);
    expect(await causeOf(to(server.port), null)).toBe('password-missing at authentication');
    await server.hba(['host all all 127.0.0.1/32 md5', ...standard]);
    expect(await causeOf(to(server.port), null)).toBe('password-missing at authentication');
    await server.hba(standard);
  });

  it('says when the database is not there, closed, or forbidden', async () => {
    expect(await causeOf(to(server.port, { database: 'nope' }))).toBe('no-such-database at database');
    expect(await causeOf(to(server.port, { database: 'template0' }))).toBe('database-closed at database');
    expect(await causeOf(to(server.port, { user: 'ada', database: 'closed_to_all' }), 'lovelace')).toBe(
      'no-connect-privilege at database',
    );
  });

  it('says when the role is not there or may not log in, where the server tells', async () => {
    await server.hba(['host all all 127.0.0.1/32 trust']);
    expect(await causeOf(to(server.port, { user: 'nosuch' }))).toBe('no-such-role at authentication');
    expect(await causeOf(to(server.port, { user: 'nobody_in' }))).toBe(
      'role-may-not-log-in at authentication',
    );
    await server.hba(standard);
  });

  it('says when no line of pg_hba.conf fits, or one rejects', async () => {
    await server.hba(['host all ada 127.0.0.1/32 scram-sha-256']);
    expect(await causeOf(to(server.port))).toBe('no-hba-line at authentication');
    await server.hba(['host all all 127.0.0.1/32 reject']);
    expect(await causeOf(to(server.port))).toBe('no-hba-line at authentication');
    await server.hba(['host all all 127.0.0.1/32 scram-sha-256', 'local all all peer']);
  });

  it('says when peer or ident refuses', async () => {
    expect(await causeOf(to(server.port, { host: server.socketFolder, user: 'ada' }))).toBe(
      'peer-refused at authentication',
    );
    await server.hba(['host all all 127.0.0.1/32 ident']);
    expect(await causeOf(to(server.port))).toBe('ident-refused at authentication');
    await server.hba(standard);
  });

  it('says when another method of authentication refuses', async () => {
    // Nobody answers at that LDAP server, so whoever comes is refused.
    await server.hba(['host all all 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=1 ldapprefix="cn="']);
    expect(await causeOf(to(server.port))).toBe('authentication-refused at authentication');
    await server.hba(standard);
  });

  it('says when this account may not use the socket', async () => {
    chmodSync(join(server.socketFolder, `.s.PGSQL.${server.port}`), 0o000);
    // Root may do everything, unless it gives that right away.
    const isRoot = process.getuid?.() === 0;
    const rights = '-dac_override,-dac_read_search';
    const { code, stdout } = await cli(
      [
        'environments',
        'test',
        `postgres://postgres@/postgres?host=${encodeURIComponent(server.socketFolder)}&port=${server.port}`,
        '--json',
      ],
      {
        dataFolder: ownFolder(),
        under: isRoot ? ['setpriv', `--bounding-set=${rights}`, `--inh-caps=${rights}`] : [],
      },
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ cause: 'socket-not-permitted' });
    chmodSync(join(server.socketFolder, `.s.PGSQL.${server.port}`), 0o777);
  });

  it('says who has no free connection: the role, the database', async () => {
    const held = await server.connect({ user: 'mailer', password: 'mailer' });
    expect(await causeOf(to(server.port, { user: 'mailer' }), 'mailer')).toBe(
      'too-many-connections-of-role at authentication',
    );
    await held.end();
    const other = await server.connect({ database: 'narrow', user: 'ada', password: 'lovelace' });
    expect(await causeOf(to(server.port, { user: 'ada', database: 'narrow' }), 'lovelace')).toBe(
      'too-many-connections-of-database at database',
    );
    await other.end();
  });

  it('says when a pooled role of the server is asked for another kind of server', async () => {
    const standby = to(server.port, { parameters: { target_session_attrs: 'standby' } });
    expect(await causeOf(standby)).toBe('wrong-role-of-server at database');
  });

  it('flags a password that everybody knows on anything but loopback', async () => {
    const near = await testing(to(server.port));
    expect(near.findings.map(({ id }) => id)).not.toContain('password-known');
    // The same server under a name that is not this machine's, as far as a name tells.
    const far = await testing(
      to(server.port, { host: 'db.example.test', parameters: { hostaddr: '127.0.0.1' } }),
    );
    expect(far.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['password-known', 'not-encrypted']),
    );
  });

  it('never tells a password in what it says', async () => {
    const secret = 'Xk9-unspeakable-secret';
    const texts: string[] = [];
    for (const connection of [
      to(server.port),
      to(server.port, { user: 'ada' }),
      to(server.port, { database: 'nope' }),
      to(await freePort()),
    ]) {
      texts.push(JSON.stringify(await testing(connection, secret)));
    }
    expect(texts.join('\n')).not.toContain('unspeakable');
  });
});

describe('a server that is not ready', () => {
  const servers: TestServer[] = [];
  const make = async (options: Parameters<typeof startPostgres>[0]): Promise<TestServer> => {
    const server = await startPostgres(options);
    servers.push(server);
    return server;
  };
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.remove()));
  });
  const soon = async (port: number, wanted: string): Promise<void> => {
    const until = Date.now() + 15_000;
    let seen: string | undefined;
    while (Date.now() < until) {
      seen = (await testing(to(port, { parameters: { connect_timeout: '3' } }))).problem?.cause;
      if (seen === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(seen).toBe(wanted);
  };

  it('says when every slot of the server is taken', async () => {
    const server = await make({
      settings: { max_connections: 4, superuser_reserved_connections: 0, max_wal_senders: 0 },
    });
    const held = await Promise.all([1, 2, 3, 4].map(() => server.connect()));
    expect(await causeOf(to(server.port))).toBe('too-many-connections at database');
    await Promise.all(held.map((client) => client.end()));
  });

  it('says when it starts up', async () => {
    // It waits for the history of a timeline before anything else, and the command takes its time.
    const server = await make({ start: false, settings: { restore_command: 'sleep 60' } });
    server.write('recovery.signal', '');
    server.launch();
    await soon(server.port, 'starting-up');
    expect(await causeOf(to(server.port))).toBe('starting-up at database');
    server.signal('SIGQUIT');
  });

  it('says when it is in recovery', async () => {
    const server = await make({ start: false, settings: { hot_standby: 'off' } });
    server.write('standby.signal', '');
    server.launch();
    await soon(server.port, 'in-recovery');
    expect(await causeOf(to(server.port))).toBe('in-recovery at database');
  });

  it('says when it shuts down', async () => {
    const server = await make({});
    await server.connect();
    server.signal('SIGTERM');
    await soon(server.port, 'shutting-down');
    expect(await causeOf(to(server.port))).toBe('shutting-down at database');
  });

  it('says when a standby is where a primary was asked for', async () => {
    const server = await make({});
    await server.stop();
    server.write('standby.signal', '');
    await server.start();
    const result = await testing(to(server.port, { parameters: { target_session_attrs: 'primary' } }));
    expect(result.problem).toMatchObject({ cause: 'wrong-role-of-server' });
    expect(result.problem?.what).toContain('standby');
    expect((await testing(to(server.port))).server?.role).toBe('standby');
  });

  it.skipIf(!hasServerVersions)(
    'says when it is older than what Howdah knows',
    async () => {
      const server = await make({ binaries: binariesOf(11) });
      const result = await testing(to(server.port));
      expect(result.problem).toMatchObject({ cause: 'server-too-old' });
      expect(result.problem?.what).toContain('PostgreSQL 11.22');
    },
    180_000,
  );
});

describe('a walk that is followed', () => {
  it('goes where the form says, not where the environment is saved', async () => {
    const [saved, typed] = [await freePort(), await freePort()];
    const draft = { name: 'edited', group: '', color: 'blue', protection: 'open' } as const;
    await howdah.client.environments.add({ draft: { ...draft, connection: to(saved) }, connect: false });
    const result = await howdah.client.environments.test({ environment: 'edited', connection: to(typed) });
    expect(result.problem?.what).toContain(String(typed));
    const kept = await howdah.client.environments.test({ environment: 'edited' });
    expect(kept.problem?.what).toContain(String(saved));
  });

  it('tells every step as it goes, and the end to one who reads slowly', async () => {
    const connection = to(await freePort());
    const fast: TestResult[] = [];
    for await (const result of await howdah.client.environments.walk({ connection })) fast.push(result);
    expect(fast.length).toBeGreaterThan(1);
    expect(fast.map(({ done }) => done)).toEqual([...fast.slice(1).map(() => false), true]);

    const slow: TestResult[] = [];
    for await (const result of await howdah.client.environments.walk({ connection })) {
      slow.push(result);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(slow.at(-1)).toMatchObject({ done: true, good: false, problem: { cause: 'nothing-listening' } });
  });

  it('ends when the one who follows it goes away', async () => {
    const silent = await startSilentHost();
    try {
      const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
      const walk = await howdah.client.environments.walk({ connection: to(silent.port) });
      const following = walk[Symbol.asyncIterator]();
      await following.next();
      await following.return?.(undefined);
      const now = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
      await expect.poll(now, { timeout: 5000 }).toBeLessThanOrEqual(before);
    } finally {
      silent.stop();
    }
  });
});
