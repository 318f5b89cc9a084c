import type { PeerCertificate } from 'node:tls';
import type { ConnectionCause } from '../../preload/contract/causes.ts';
import type { Connection, HostPort } from '../../preload/contract/connection.ts';

/** A failure that was recognised, in words. */
export interface Known {
  cause: ConnectionCause;
  what: string;
  why: string;
  next: string;
  /** Shows the cause or mends it. */
  command?: string;
  /** Whether trying again by itself can help and does no harm. */
  retry: boolean;
}

/** What the words about a failure are made of. */
export interface Circumstances {
  connection: Connection;
  target: HostPort;
  /** `host:port` or the socket's path. */
  place: string;
  passwordKnown: boolean;
  /** Whether the attempt spoke TLS. */
  tls: boolean;
  /** Whether a connection was made at all. */
  reached: boolean;
  firstBytes: Buffer | undefined;
  /** What the server showed of itself in TLS. */
  certificate: PeerCertificate | undefined;
}

/** The role, the database and the place as `psql` takes them on a command line, quoted for a POSIX shell. */
export function psql({ connection, target }: Circumstances, rest = ''): string {
  const { user, database } = connection;
  return `psql -h ${shell(target.host)} -p ${target.port} -U ${shell(user)} -d ${shell(database)}${rest}`;
}

/** A word of a POSIX shell's command line. A leading `~/` stays the account's home. */
export function shell(text: string): string {
  if (text.startsWith('~/')) return `~/${shell(text.slice(2))}`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
