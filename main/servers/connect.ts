import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import pg from 'pg';
import type { Connection, SslMode } from '../../preload/contract/connection.ts';
import type { Dial } from '../lib/dial.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { type Attempt, ConnectFailure } from './connect-failure.ts';
import { DialedStream } from './dialed-stream.ts';
import { type ClientConfig, HowdahClient } from './howdah-client.ts';
import { observe } from './observe.ts';
import { rememberOwn } from './own-sessions.ts';
import { dropAfter, endSoon } from './patience.ts';
import { secureContextOf } from './secure-contexts.ts';
import { dialHere, placeOf, type Target, targetsOf } from './targets.ts';
import { readTlsFiles } from './tls-files.ts';
import { textTypes } from './types.ts';

/** Where to go and as whom, with the secrets in hand. Lives in the main process only. */
export interface Address {
  connection: Connection;
  password: string | undefined;
  /** Passwords by place (see `placeOf`), where the password file has them for several hosts. */
  passwordAt?: ReadonlyMap<string, string> | undefined;
  /** Why the password file was left aside, where it was. */
  passwordNote?: string | undefined;
  /** Opens the key of the client's certificate (`sslkey`). */
  clientKeyPassphrase?: string | undefined;
  /** The way through a tunnel; a plain connection from here when there is none. */
  dial?: Dial | undefined;
  /** Finds the addresses of a name in place of the system, for tests of what happens when they change. */
  resolve?: Resolve | undefined;
  /** Why the way there has broken, where the tunnel or the companion knows. */
  brokenBecause?: (() => WayProblem | undefined) | undefined;
}

/** The addresses of a host's name, as text. */
export type Resolve = (host: string) => Promise<string[]>;

export interface ConnectedClient {
  client: pg.Client;
  /** The way that worked, for the sessions that follow. */
  way: SessionWay;
  /** How the attempt that succeeded went. */
  attempt: Attempt;
}

/** What the first session found out, for those that follow it to the same server. */
export interface SessionWay {
  target: Target;
  tls: Tls;
  /** A pooler stands in between: what a session sets there would be set for others too. */
  pooled: boolean;
}

/** TLS settings of a session; false is none. */
export type Tls = ConnectionOptions | false;

/** How one session is to behave. Times in ms. */
export interface SessionOptions {
  applicationName: string;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  connectTimeoutMs?: number;
  /** Ends the attempt. */
  signal?: AbortSignal | undefined;
  /** Called when the connection is lost outside of a statement. */
  onError?: (error: Error) => void;
}

/** The oldest server that Howdah knows. */
export const oldestMajor = 12;

/**
 * Opens one session on the first of the hosts that is reached and is of the wanted kind (`target_session_attrs`).
 *
 * `prefer` tries TLS first and goes on without it when the server offers none; `allow` the other way round
 * (libpq's meaning: PostgreSQL manual, "SSL Support"). After a refusal of who we are no other host is tried. The
 * session's settings are sent as statements, not as start-up parameters, which poolers refuse; and behind a pooler
 * not at all, because they would stay for whoever gets its session next: see {@link SessionWay}.
 *
 * @throws {ConnectFailure} which `explainFailure` puts into words, or a WayProblem of the certificate files.
 */
export async function connectClient(address: Address, options: SessionOptions): Promise<ConnectedClient> {
  const { connection } = address;
  const ways = await tlsAttempts(address);
  const targets = targetsOf(connection);
  const wanted = connection.parameters.target_session_attrs ?? 'any';
  const passes = wanted === 'prefer-standby' ? ['standby', 'any'] : [wanted];
  const attempts: Attempt[] = [];
  for (const pass of passes) {
    for (const target of targets) {
      const order = waysTo(target, ways);
      for (const tls of order) {
        const attempt: Attempt = {
          target,
          tls: tls !== false,
          reached: false,
          firstBytes: undefined,
          error: undefined,
          marks: {},
        };
        options.signal?.throwIfAborted();
        try {
          return await openSession(address, options, { target, tls, wanted: pass, attempt });
        } catch (error) {
          options.signal?.throwIfAborted();
          attempt.error = error;
          // Where TLS is only preferred, that there is none is an answer, and what comes without it tells.
          if (isNotOffered(error) && tls !== order.at(-1)) continue;
          attempts.push(attempt);
          if (isFinal(error)) throw new ConnectFailure(attempts, attempt);
          if (!tlsDecides(error, tls)) break;
        }
      }
      const last = attempts.at(-1);
      if (last && refusedByHba(last.error)) throw new ConnectFailure(attempts, last);
    }
  }
  const telling = mostTelling(attempts);
  if (!telling) throw new Error('There is no host to connect to.');
  throw new ConnectFailure(attempts, telling);
}

interface SessionPlan {
  target: Target;
  tls: Tls;
  wanted: string;
  attempt: Attempt;
}

async function openSession(
  address: Address,
  options: SessionOptions,
  { target, tls, wanted, attempt }: SessionPlan,
): Promise<ConnectedClient> {
  const client = new HowdahClient(clientConfig(address, options, { target, tls }));
  // Without a listener, a server that goes away would end the process.
  client.on('error', (error) => options.onError?.(error));
  const seen = observe(client, attempt);
  // A server may fall silent after any message, not only before the first, which is all that `pg` watches for.
  const limit = options.connectTimeoutMs ?? connectTimeout(address.connection);
  const release = dropAfter(client, limit, options.signal);
  try {
    await client.connect();
    if (seen.major() !== undefined && (seen.major() ?? 0) < oldestMajor) throw tooOld(target, seen.version());
    rememberOwn(client);
    const pooled = await isPooled(client);
    if (!pooled) await client.query(sessionSettings(options));
    await checkWanted(client, wanted, target);
    release();
    return { client, way: { target, tls, pooled }, attempt };
  } catch (error) {
    release();
    await endSoon(client);
    throw client.refusal ?? (isBareEnd(error) ? seen.streamError() : undefined) ?? error;
  }
}

/** What every session of Howdah sets for itself first. */
export function sessionSettings(
  options: Pick<SessionOptions, 'statementTimeoutMs' | 'lockTimeoutMs'>,
): string {
  return (
    `SET statement_timeout = ${options.statementTimeoutMs}; SET lock_timeout = ${options.lockTimeoutMs}; ` +
    'SET idle_in_transaction_session_timeout = 60000'
  );
}

/** The same for one transaction: behind a pooler nothing else may be set. */
export function transactionSettings(
  options: Pick<SessionOptions, 'statementTimeoutMs' | 'lockTimeoutMs'>,
): string {
  return `SET LOCAL statement_timeout = ${options.statementTimeoutMs}; SET LOCAL lock_timeout = ${options.lockTimeoutMs}`;
}

/** The settings of one `pg` connection to one of the hosts. */
export function clientConfig(
  address: Address,
  options: SessionOptions,
  { target, tls }: Pick<SessionWay, 'target' | 'tls'>,
): ClientConfig {
  const { connection, password } = address;
  const { parameters } = connection;
  const dial = address.dial ?? dialHere(target, address.resolve);
  const config: ClientConfig = {
    host: target.host,
    port: target.port,
    database: connection.database,
    user: connection.user,
    // A function, because for an empty password pg would take PGPASSWORD, which may be for another server.
    password: () => address.passwordAt?.get(placeOf(target)) ?? password ?? '',
    ssl: tls,
    sslnegotiation: tls && parameters.sslnegotiation === 'direct' ? 'direct' : 'postgres',
    enableChannelBinding: tls !== false && parameters.channel_binding !== 'disable',
    requireChannelBinding: parameters.channel_binding === 'require',
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? connectTimeout(connection),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: textTypes,
    options: parameters.options ?? '',
  };
  if (dial) config.stream = () => new DialedStream(dial, target) as never;
  return config;
}

/** `connect_timeout` in ms (given in seconds; libpq takes 1 for 2), else 10 s. */
export function connectTimeout(connection: Connection): number {
  const seconds = Number(connection.parameters.connect_timeout);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.max(seconds, 2), 120) * 1000 : 10_000;
}

/**
 * The ways to try, in order, for an sslmode.
 *
 * @throws WayProblem when a certificate's file can't be used.
 */
export async function tlsAttempts(address: Address): Promise<Tls[]> {
  const { connection } = address;
  if (connection.sslmode === 'disable') return [false];
  const files = await readTlsFiles(connection, {
    clientKeyPassphrase: address.clientKeyPassphrase,
  });
  const { verifyCaBecauseOfRootCert, ...given } = files;
  const shared: ConnectionOptions = {
    secureContext: secureContextOf(
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ),
  };
  const unverified: ConnectionOptions = { ...shared, rejectUnauthorized: false };
  const authority: ConnectionOptions = {
    ...shared,
    rejectUnauthorized: true,
    checkServerIdentity: () => undefined,
  };
  const byMode: Record<SslMode, Tls[]> = {
    disable: [false],
    allow: [false, unverified],
    prefer: [unverified, false],
    // libpq: with a root certificate at hand, `require` checks the chain as `verify-ca` does.
    require: [verifyCaBecauseOfRootCert ? authority : unverified],
    'verify-ca': [authority],
    'verify-full': [{ ...shared, rejectUnauthorized: true, checkServerIdentity }],
  };
  return byMode[connection.sslmode];
}

/** A socket of this machine, or of the tunnel's far end, is never encrypted. */
function waysTo(target: Target, ways: Tls[]): Tls[] {
  return target.host.startsWith('/') ? [false] : ways;
}

/** Whether something between here and the server hands sessions on: the greeting and the session name different backends. */
async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== (client as pg.Client & { processID?: number | null }).processID;
}

async function checkWanted(client: pg.Client, wanted: string, target: Target): Promise<void> {
  if (wanted === 'any') return;
  const { rows } = await client.query<{ standby: boolean; read_only: boolean }>(
    "SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only",
  );
  const { standby = false, read_only: readOnly = false } = rows[0] ?? {};
  const good =
    wanted === 'primary'
      ? !standby
      : wanted === 'standby' || wanted === 'prefer-standby'
        ? standby
        : wanted === 'read-write'
          ? !readOnly
          : readOnly;
  if (good) return;
  throw new WayProblem(
    {
      cause: 'wrong-role-of-server',
      what: `${placeOf(target)} is a ${standby ? 'standby' : readOnly ? 'read-only server' : 'primary'}.`,
      why: `target_session_attrs=${wanted} asks for another kind of server.`,
      next: 'Name the other server too, as host1,host2, or take target_session_attrs away. Howdah tries again by itself.',
      command: 'SELECT pg_is_in_recovery();',
    },
    { retry: true },
  );
}

function tooOld(target: Target, version: string): WayProblem {
  return new WayProblem({
    cause: 'server-too-old',
    what: `${placeOf(target)} runs PostgreSQL ${version}.`,
    why: `Howdah reads the views of PostgreSQL ${oldestMajor} and later; older ones have others.`,
    next: 'Upgrade the server: PostgreSQL 11 has had no fixes since November 2023.',
    command: 'SHOW server_version;',
  });
}

/** `pg` may hear that the connection ended before it hears why. */
function isBareEnd(error: unknown): boolean {
  return error instanceof Error && /^Connection terminated/.test(error.message);
}

const isNotOffered = (error: unknown): boolean =>
  error instanceof Error && /does not support SSL/i.test(error.message);

/** Whether the other way of `prefer` or `allow` could do better than this failure. */
function tlsDecides(error: unknown, tls: Tls): boolean {
  if (error instanceof WayProblem) return false;
  const message = error instanceof Error ? error.message : '';
  if (tls) return /SSL|TLS|EPROTO/i.test(message) || refusedByHba(error);
  return refusedByHba(error);
}

/** SQLSTATE 28000: no line of pg_hba.conf lets this connection in, perhaps because of its encryption. */
function refusedByHba(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28000';
}

/** libpq: once a server has said what it thinks of us, the next host is not asked. */
function isFinal(error: unknown): boolean {
  if (error instanceof WayProblem) return error.explanation.cause === 'channel-binding-unavailable';
  return error instanceof pg.DatabaseError && /^(28P01|3D000|42501)$/.test(error.code ?? '');
}

/** Of several failures the one that came furthest: a server that answered before one that did not. */
function mostTelling(attempts: readonly Attempt[]): Attempt | undefined {
  const rank = ({ error, reached }: Attempt): number =>
    error instanceof WayProblem ? 3 : error instanceof pg.DatabaseError ? 4 : reached ? 2 : 1;
  return attempts.reduce<Attempt | undefined>(
    (best, one) => (best === undefined || rank(one) > rank(best) ? one : best),
    undefined,
  );
}
