import { isHost, isSecretParameter } from './connection-parts.ts';
import type { Connection, SslMode } from './environments.ts';

/** What a connection URL says, with the parts it leaves out left out. The password never goes into settings. */
export interface ParsedUrl {
  connection: Connection;
  password?: string;
}

/** A URL that could not be read; `field` is the field it concerns, `message` says what is wrong and what is expected. */
export class UrlProblem extends Error {
  override name = 'UrlProblem';
  readonly field: 'url' | 'host' | 'port' | 'database' | 'user' | 'sslmode';
  constructor(field: UrlProblem['field'], message: string) {
    super(message);
    this.field = field;
  }
}

const sslModes: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** The longest URL that is looked at, in characters. */
const longestUrl = 10_240;

/**
 * Reads `postgres://user:password@host:port/database?parameter=value` (PostgreSQL manual, "Connection URIs").
 *
 * A socket directory may stand as the `host` parameter. Parts left out get libpq's defaults, except the
 * TLS mode: `verify-full` for a remote host, `prefer` on loopback and sockets.
 *
 * @throws {UrlProblem} naming the field; the message never repeats a password.
 */
export function parseConnectionUrl(text: string): ParsedUrl {
  const trimmed = text.trim();
  if (trimmed.length > longestUrl) {
    throw new UrlProblem('url', `The URL is longer than ${longestUrl} characters.`);
  }
  const match = /^(postgres(?:ql)?):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(
    trimmed,
  );
  if (!match) {
    throw new UrlProblem('url', 'A connection URL reads postgres://user@host:5432/database.');
  }
  const [, , userinfo = '', authority = '', path = '', search = ''] = match;
  const [user, password] = splitUserinfo(userinfo);
  const { host, port } = splitAuthority(authority);
  const parameters = readParameters(search);
  const take = (name: string): string | undefined => {
    const value = parameters[name];
    delete parameters[name];
    return value;
  };

  const finalHost = take('host') ?? (host || 'localhost');
  const finalUser = take('user') ?? user;
  const finalPassword = take('password') ?? password;
  const database = take('dbname') ?? decode(path, 'database');
  const portText = take('port') ?? port;
  const sslmode = take('sslmode');
  if (sslmode !== undefined && !sslModes.includes(sslmode)) {
    throw new UrlProblem('sslmode', `sslmode is one of ${sslModes.join(', ')}, not "${sslmode}".`);
  }
  if (!isHost(finalHost)) {
    throw new UrlProblem(
      'host',
      'The host is not one. An "@" in the user or the password is written %40, a "/" %2F.',
    );
  }
  const effectiveUser = finalUser || 'postgres';
  const parsed: ParsedUrl = {
    connection: {
      host: finalHost,
      port: parsePort(portText),
      database: database || effectiveUser,
      user: effectiveUser,
      sslmode: (sslmode as SslMode | undefined) ?? (isLocalHost(finalHost) ? 'prefer' : 'verify-full'),
      parameters,
    },
  };
  if (finalPassword) parsed.password = finalPassword;
  return parsed;
}

/** Prints a connection as a URL that {@link parseConnectionUrl} reads back to the same fields. No password. */
export function printConnectionUrl(connection: Connection): string {
  const { host, port, database, user, sslmode, parameters } = connection;
  const isSocket = host.startsWith('/');
  const inAuthority = isSocket ? '' : host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  // Not URLSearchParams: it writes a space as "+", which libpq takes for a plus sign.
  const pairs = [...(isSocket ? [['host', host]] : []), ['sslmode', sslmode], ...Object.entries(parameters)];
  const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  return `postgresql://${encodeURIComponent(user)}@${inAuthority}:${port}/${encodeURIComponent(database)}?${query}`;
}

/** Whether a host is this machine: loopback or a socket directory. */
export function isLocalHost(host: string): boolean {
  return host === 'localhost' || host.startsWith('/') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function splitUserinfo(userinfo: string): [user: string, password: string | undefined] {
  const colon = userinfo.indexOf(':');
  if (colon < 0) return [decode(userinfo, 'user'), undefined];
  return [decode(userinfo.slice(0, colon), 'user'), decode(userinfo.slice(colon + 1), 'url')];
}

function splitAuthority(authority: string): { host: string; port: string | undefined } {
  if (authority.includes(',')) {
    throw new UrlProblem(
      'host',
      'Several hosts in one URL are not supported yet; give the one to connect to.',
    );
  }
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::(.*))?$/.exec(authority);
  if (!match) throw new UrlProblem('host', 'An IPv6 address stands in brackets, as in [::1]:5432.');
  return { host: match[1] ?? decode(match[2] ?? '', 'host'), port: match[3] || undefined };
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 5432;
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65535)) {
    throw new UrlProblem('port', `Port must be a whole number from 1 to 65535, not "${text.slice(0, 20)}".`);
  }
  return port;
}

function readParameters(search: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const pair of search.split('&')) {
    if (!pair) continue;
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UrlProblem('url', 'Each parameter after "?" reads name=value.');
    const name = decode(pair.slice(0, equals), 'url');
    if (name !== 'password' && isSecretParameter(name)) {
      throw new UrlProblem(
        'url',
        `The parameter ${name} holds a secret, which settings must not; leave it out.`,
      );
    }
    parameters[name] = decode(pair.slice(equals + 1), 'url');
  }
  return parameters;
}

function decode(text: string, field: UrlProblem['field']): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UrlProblem(
      field,
      'A "%" in the URL must be followed by two hexadecimal digits; write % itself as %25.',
    );
  }
}
