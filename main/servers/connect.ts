import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import pg from 'pg';
import type { Connection, SslMode } from '../../preload/contract/environments.ts';
import { rememberOwn } from './own-sessions.ts';
import { textTypes } from './types.ts';

/** Where to go and as whom, with the password in hand. Lives in the main process only. */
export interface Address {
  connection: Connection;
  password: string | undefined;
}

export interface ConnectedClient {
  client: pg.Client;
  /** The way that worked, for the sessions that follow; false is no TLS. */
  tls: Tls;
}

/** TLS settings of a session; false is none. */
export type Tls = ConnectionOptions | false;

/** How one session is to behave. Times in ms. */
export interface SessionOptions {
  applicationName: string;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  connectTimeoutMs?: number;
  /** Called when the connection is lost outside of a statement. */
  onError?: (error: Error) => void;
}

/**
 * Opens one session, its timeouts set.
 *
 * `prefer` tries TLS first and goes on without it when the server offers none; `allow` the other way round
 * (libpq's meaning: PostgreSQL manual, "SSL Support"). The session's settings are sent as statements, not as
 * start-up parameters, which poolers refuse.
 *
 * @throws what `pg` or the system throws; `explainFailure` puts it into words.
 */
export async function connectClient(address: Address, options: SessionOptions): Promise<ConnectedClient> {
  const attempts = tlsAttempts(address.connection);
  let failure: unknown;
  for (const ssl of attempts) {
    const client = new pg.Client(clientConfig(address, options, ssl));
    // Without a listener, a server that goes away would end the process.
    client.on('error', (error) => options.onError?.(error));
    try {
      await client.connect();
      rememberOwn(client);
      await client.query(sessionSettings(options));
      return { client, tls: ssl };
    } catch (error) {
      await client.end().catch(() => undefined);
      failure = error;
      if (!tlsDecides(error, ssl)) break;
    }
  }
  throw failure;
}

/** What every session of Howdah sets for itself first. */
export function sessionSettings(options: SessionOptions): string {
  return (
    `SET statement_timeout = ${options.statementTimeoutMs}; SET lock_timeout = ${options.lockTimeoutMs}; ` +
    'SET idle_in_transaction_session_timeout = 60000'
  );
}

/** The settings of one `pg` connection; `ssl` is one of {@link tlsAttempts}. */
export function clientConfig(address: Address, options: SessionOptions, ssl: Tls): pg.ClientConfig {
  const { connection, password } = address;
  const config: pg.ClientConfig = {
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    // A function, because for an empty password pg would take PGPASSWORD, which may be for another server.
    password: () => password ?? '',
    ssl,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? connectTimeout(connection),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: textTypes,
    // Never empty, or pg would take PGOPTIONS.
    options: connection.parameters.options || ' ',
  };
  return config;
}

/** `connect_timeout` of the URL in ms (given in seconds, as libpq has it), else 10 s. */
function connectTimeout(connection: Connection): number {
  const seconds = Number(connection.parameters.connect_timeout);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) * 1000 : 10_000;
}

/** The ways to try, in order, for an sslmode. */
export function tlsAttempts(connection: Connection): Tls[] {
  if (connection.host.startsWith('/')) return [false];
  const unverified: ConnectionOptions = { rejectUnauthorized: false };
  const byMode: Record<SslMode, Tls[]> = {
    disable: [false],
    allow: [false, unverified],
    prefer: [unverified, false],
    require: [unverified],
    'verify-ca': [{ rejectUnauthorized: true, checkServerIdentity: () => undefined }],
    'verify-full': [{ rejectUnauthorized: true, checkServerIdentity }],
  };
  return byMode[connection.sslmode];
}

/** Whether the other way of `prefer` or `allow` could do better than this failure. */
function tlsDecides(error: unknown, ssl: Tls): boolean {
  const message = error instanceof Error ? error.message : '';
  if (ssl) return /does not support SSL|SSL|TLS|EPROTO/i.test(message) || refusedByHba(error);
  return refusedByHba(error);
}

/** SQLSTATE 28000: no line of pg_hba.conf lets this connection in, perhaps because of its encryption. */
function refusedByHba(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28000';
}
