import { lookup } from 'node:dns/promises';
import { connect as connectSocket } from 'node:net';
import type pg from 'pg';
import type { Explanation } from '../../preload/contract/common.ts';
import type { Connection, HostPort } from '../../preload/contract/connection.ts';
import { isOnThisMachine } from '../../preload/contract/connection-url.ts';
import type { Finding, TestResult } from '../../preload/contract/environments.ts';
import { knownPassword } from '../lib/known-password.ts';
import { WayProblem } from '../lib/way-problem.ts';
import {
  type Address,
  ConnectFailure,
  connectClient,
  connectTimeout,
  type Diagnosis,
  diagnose,
  dropAfter,
  endSoon,
  placeOf,
  readFacts,
} from '../servers/index.ts';
import { connectionFindings } from './findings.ts';
import { poolingMode } from './pooling.ts';
import privilegesSql from './privileges.sql?raw';
import visibilitySql from './visibility.sql?raw';
import { Path, type StepName } from './walk-path.ts';
import type { Way } from './way.ts';

/** How long the questions after connecting may take, ms. */
const questionsMs = 10_000;

/**
 * Walks the way to a server: companion, tunnel, name, port, TLS, authentication, database, privileges, and what the
 * role may see there. Gives the result so far after each step, the last one with `done`. Never throws for a server's
 * fault: the result names the failing step, its cause and what to do. Ends early, and closes the way, with `signal`.
 */
export async function* walk(
  way: Way,
  connection: Connection,
  signal: AbortSignal | undefined,
): AsyncGenerator<TestResult, void, void> {
  const stop = new AbortController();
  const ended = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let wake: () => void = () => undefined;
  let changed = false;
  const path = new Path(connection, () => {
    changed = true;
    wake();
  });
  const walking = follow(way, path, ended)
    .catch((error: unknown) => path.fail(unforeseen(error)))
    .finally(() => path.finish());
  try {
    let told = false;
    while (!told && !ended.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          ended.addEventListener('abort', () => resolve(), { once: true });
        });
        if (ended.aborted) return;
      }
      changed = false;
      // One who reads slowly skips steps on the way, never the end.
      told = path.result.done;
      yield structuredClone(path.result);
    }
  } finally {
    stop.abort();
    await Promise.race([walking, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
    await way.close();
  }
}

/** A test is made once: nothing tries again by itself after it. */
function forATest({ problem, ask }: Pick<Diagnosis, 'problem' | 'ask'>): Pick<Diagnosis, 'problem' | 'ask'> {
  const next = problem.next.replace(/\s*Howdah (?:tries|connects) again by itself\./g, '').trim();
  return { problem: { ...problem, next: next || 'Test again.' }, ask };
}

/** Where an attempt ended whose cause alone does not tell: before there was a connection, or in the midst of TLS. */
function stepOf(error: unknown): StepName | undefined {
  if (!(error instanceof ConnectFailure)) return undefined;
  const { reached, tls, marks } = error.attempt;
  if (!reached) return 'port';
  return tls && marks.encrypted === undefined ? 'tls' : undefined;
}

async function follow(way: Way, path: Path, signal: AbortSignal): Promise<void> {
  let address: Address;
  try {
    address = await way.open(signal, {
      begin: (step) => path.begin(step),
      done: (step, detail) => path.done(step, detail),
    });
  } catch (error) {
    if (!(error instanceof WayProblem)) throw error;
    path.fail(forATest({ problem: error.explanation, ask: error.ask }));
    return;
  }
  try {
    await toTheServer(address, path, signal);
  } catch (error) {
    const encrypted = error instanceof ConnectFailure ? error.attempt.tls : undefined;
    if (encrypted !== undefined) path.tell('tls', encryption(encrypted, address.connection));
    path.fail(forATest(await diagnose(error, address)), stepOf(error));
  }
}

async function toTheServer(address: Address, path: Path, signal: AbortSignal): Promise<void> {
  const { connection } = address;
  const hosts: HostPort[] = [
    { host: connection.host, port: connection.port },
    ...(connection.otherHosts ?? []),
  ];
  path.begin('name');
  path.done('name', await resolveNames(hosts, address));
  path.begin('port');
  path.done('port', await knockAll(hosts, address, signal));
  path.begin('tls');
  const from = performance.now();
  const { client, way, attempt } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs: 5000,
    lockTimeoutMs: 500,
    signal,
  });
  const release = dropAfter(client, questionsMs, signal);
  try {
    const { reached = from, encrypted = reached, accepted = encrypted } = attempt.marks;
    path.done('tls', encryption(way.tls !== false, connection), encrypted - reached);
    path.done('authentication', `Accepted as "${connection.user}".`, accepted - encrypted);
    path.begin('database');
    const server = await readFacts(client, way);
    path.result.server = server;
    const at = hosts.length > 1 ? `, at ${placeOf(way.target)}` : '';
    path.done(
      'database',
      `PostgreSQL ${server.version}, ${server.role}, "${server.database}"${at}.`,
      performance.now() - accepted,
    );
    path.begin('privileges');
    path.done('privileges', await privileges(client));
    path.begin('visibility');
    path.done('visibility', await visibility(client));
    path.result.findings = [
      ...connectionFindings({ ...server, pooled: false }, connection, {
        passwordKnown: knownPassword(address.password, connection) !== undefined,
      }),
      ...encryptionFindings(way.tls !== false, connection),
      ...(server.pooled ? [await poolerFinding(client, address, signal)] : []),
    ];
  } finally {
    release();
    await endSoon(client);
  }
}

function encryption(encrypted: boolean, { sslmode, host }: Connection): string {
  if (encrypted) return `Encrypted (sslmode ${sslmode}).`;
  return host.startsWith('/') ? 'A socket of this machine: not encrypted.' : 'Not encrypted.';
}

/** What should be known about the encryption of a server elsewhere; a tunnel encrypts the way already. */
function encryptionFindings(encrypted: boolean, connection: Connection): Finding[] {
  const { host, tunnel, companion } = connection;
  // A proxy's socket and a companion's port end on this machine; what is beyond them is theirs to encrypt.
  if (isOnThisMachine(connection) || host.startsWith('/') || tunnel || companion) return [];
  if (!encrypted) {
    return [
      {
        severity: 'warning',
        id: 'not-encrypted',
        text: 'Nothing is encrypted: whoever is on the way can read and change everything. sslmode verify-full prevents it.',
      },
    ];
  }
  if (connection.sslmode.startsWith('verify')) return [];
  return [
    {
      severity: 'notice',
      id: 'certificate-not-checked',
      text: `Encrypted, but who answers is not checked (sslmode ${connection.sslmode}). verify-full checks it.`,
    },
  ];
}

async function poolerFinding(client: pg.Client, address: Address, signal: AbortSignal): Promise<Finding> {
  const mode = await poolingMode(client, address, signal).catch(() => undefined);
  if (mode !== 'transaction') {
    return {
      severity: 'notice',
      id: 'behind-pooler',
      text: 'A pooler stands in between. It was not seen to share sessions between clients: session mode, or too little traffic to tell.',
    };
  }
  return {
    severity: 'warning',
    id: 'pooler-transaction-mode',
    text:
      'A pooler in transaction mode stands in between. Behind it session settings, advisory locks, LISTEN, temporary ' +
      'tables, prepared statements and cursors WITH HOLD do not work as expected: migrations, dumps and the SQL ' +
      'workbench need the server’s direct address.',
  };
}

async function privileges(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ superuser: boolean; may_create: boolean; roles: string[] }>(
    privilegesSql,
  );
  const { superuser = false, may_create: mayCreate = false, roles = [] } = rows[0] ?? {};
  if (superuser) return 'Superuser.';
  const member = roles.length > 0 ? `Has the rights of ${roles.join(', ')}` : 'An ordinary role';
  return `${member}; ${mayCreate ? 'may' : 'may not'} create schemas here.`;
}

async function visibility(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ sees_all: boolean }>(visibilitySql);
  return rows[0]?.sees_all
    ? 'Sees all sessions.'
    : "Limited visibility: the state of other roles' sessions is hidden. GRANT pg_monitor would show it.";
}

async function resolveNames(hosts: HostPort[], { dial, resolve, connection }: Address): Promise<string> {
  if (dial) return 'Resolved at the far end of the tunnel.';
  if (connection.parameters.hostaddr) return `${connection.parameters.hostaddr} (hostaddr).`;
  const answers = await Promise.allSettled(
    hosts.map(async ({ host }) => {
      if (host.startsWith('/')) return 'a socket directory';
      const found = resolve
        ? await resolve(host)
        : (await lookup(host, { all: true })).map(({ address }) => address);
      return found.join(', ');
    }),
  );
  return summary(hosts, answers, 'name not found');
}

async function knockAll(hosts: HostPort[], address: Address, signal: AbortSignal): Promise<string> {
  const answers = await Promise.allSettled(
    hosts.map(async (target) => {
      await knock(target, address, signal);
      return 'something listens';
    }),
  );
  return summary(hosts, answers, 'no');
}

/** One line of what each host answered. @throws the first failure when none did well. */
function summary(hosts: HostPort[], answers: PromiseSettledResult<string>[], bad: string): string {
  const good = answers.some(({ status }) => status === 'fulfilled');
  const failed = answers.find((one) => one.status === 'rejected');
  if (!good && failed) throw failed.reason;
  const texts = answers.map((one) => (one.status === 'fulfilled' ? one.value : bad));
  if (texts.length === 1) return `${(texts[0] ?? '').charAt(0).toUpperCase()}${(texts[0] ?? '').slice(1)}.`;
  return `${hosts.map((host, index) => `${placeOf(host)}: ${texts[index]}`).join('; ')}.`;
}

/** Opens and closes a connection without a word. */
async function knock(target: HostPort, address: Address, signal: AbortSignal): Promise<void> {
  const knockMs = connectTimeout(address.connection);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(knockMs)]);
  if (address.dial) {
    (await address.dial(target, patience)).destroy();
    return;
  }
  const { host, port } = target;
  const found = address.resolve && !host.startsWith('/') ? (await address.resolve(host))[0] : host;
  const socket = connectSocket(
    host.startsWith('/')
      ? { path: `${host}/.s.PGSQL.${port}` }
      : { host: address.connection.parameters.hostaddr?.split(',')[0] ?? found ?? host, port },
  );
  await new Promise<void>((resolve, reject) => {
    const late = (): void => {
      const silent = Object.assign(new Error(`No answer within ${knockMs / 1000} s.`), { code: 'ETIMEDOUT' });
      const attempt = { target, tls: false, reached: false, firstBytes: undefined, error: silent, marks: {} };
      reject(new ConnectFailure([attempt], attempt));
    };
    patience.addEventListener('abort', late, { once: true });
    socket.once('connect', () => resolve());
    socket.once('error', (error) => {
      const attempt = { target, tls: false, reached: false, firstBytes: undefined, error, marks: {} };
      reject(new ConnectFailure([attempt], attempt));
    });
  }).finally(() => socket.destroy());
}

function unforeseen(error: unknown): { problem: Explanation; ask: undefined } {
  const why = error instanceof Error ? error.message : String(error);
  return {
    problem: {
      cause: 'other',
      what: 'The test could not be carried out.',
      why,
      next: 'The message is shown whole; please report it if it comes again.',
    },
    ask: undefined,
  };
}
