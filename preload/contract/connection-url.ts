import type { Connection } from './connection.ts';
import { connectionOf, type Given, give, givenOf, type ParsedUrl } from './connection-given.ts';
import { printKeywords, readKeywords } from './connection-keywords.ts';
import { fieldOf, UrlProblem } from './connection-problem.ts';

export type { ParsedUrl } from './connection-given.ts';
export { isLocalHost, isOnThisMachine } from './connection-parts.ts';
export { UrlProblem } from './connection-problem.ts';

/** The longest connection string that is looked at, in characters. */
const longestUrl = 10_240;

/**
 * Reads both forms of a connection string (PostgreSQL manual, "Connection Strings"):
 * `postgres://user:password@host:port,host2:port2/database?parameter=value` and `host=… port=… dbname=…`.
 *
 * The meaning is libpq's, in its newest version. What is left out gets the defaults of {@link connectionOf}, or is
 * noted in `fromService` where a service is named. No tunnel and no companion come out of a connection string.
 *
 * It differs where libpq would let a piece of a password into settings or messages (a host or a database with an "@" in
 * it), keeps parameters that libpq doesn't know, and wants UTF-8 in percent-encoding.
 *
 * @throws {UrlProblem} naming the field; the message never repeats a password.
 */
export function parseConnectionUrl(text: string): ParsedUrl {
  if (text.length > longestUrl) {
    throw new UrlProblem('url', `The URL is longer than ${longestUrl} characters.`);
  }
  const wellFormed = text.toWellFormed();
  const trimmed = wellFormed.trim();
  const scheme = /^([a-z][\w+.:-]*):\/\//i.exec(trimmed);
  if (!scheme) {
    // Untrimmed: an escaped blank may be the last character.
    if (trimmed.includes('=')) return connectionOf(readKeywords(wellFormed));
    throw new UrlProblem(
      'url',
      'A connection URL reads postgres://user@host:5432/database, a connection string host=… port=5432 dbname=… user=…',
    );
  }
  if (!/^postgres(?:ql)?$/i.test(scheme[1] ?? '')) {
    throw new UrlProblem(
      'url',
      'A connection URL begins with postgres:// or postgresql://, as in postgres://user@host:5432/database.',
    );
  }
  return connectionOf(readUri(trimmed.slice(scheme[0].length)));
}

/**
 * Prints a connection as a URL that {@link parseConnectionUrl} reads back to the same connection. Without passwords,
 * tunnel and companion.
 */
export function printConnectionUrl(connection: Connection): string {
  const given = givenOf(connection);
  const take = (name: string): string | undefined => {
    const value = given.get(name);
    given.delete(name);
    return value;
  };
  const user = take('user');
  const database = take('dbname');
  const sslmode = take('sslmode');
  const authority = authorityOf(connection);
  if (authority !== undefined) {
    take('host');
    take('port');
  }
  const host = take('host');
  const port = take('port');
  // Not URLSearchParams: it writes a space as "+", which libpq takes for a plus sign.
  const query = [...Object.entries({ host, port, sslmode }), ...given]
    .flatMap(([name, value]) => (value === undefined ? [] : [`${encode(name)}=${encode(value)}`]))
    .join('&');
  return [
    'postgresql://',
    user === undefined ? '' : `${encode(user)}@`,
    authority ?? '',
    `/${encode(database ?? '')}`,
    query === '' ? '' : `?${query}`,
  ].join('');
}

/** Prints a connection as `host=… port=…`, for psql and whatever else stands on libpq. Without passwords, tunnel and companion. */
export function printConninfo(connection: Connection): string {
  return printKeywords(givenOf(connection));
}

/**
 * Where a connection goes, for display: `host:port`, several with commas between, `[::1]:5432`, a socket's directory
 * (its path when the port is not 5432), or `service=name` where the service file says it.
 */
export function addressText({
  host,
  port,
  otherHosts = [],
  parameters,
  fromService,
}: Pick<Connection, 'host' | 'port' | 'otherHosts' | 'parameters' | 'fromService'>): string {
  if (fromService?.includes('host')) return `service=${parameters.service ?? ''}`;
  return [{ host, port }, ...otherHosts].map((one) => placeText(one.host, one.port)).join(', ');
}

function placeText(host: string, port: number): string {
  if (host.startsWith('/')) return port === 5432 ? host : `${host.replace(/\/$/, '')}/.s.PGSQL.${port}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The hosts as they stand in a URL; undefined when they can't, as with a socket directory. */
function authorityOf({ host, port, otherHosts = [], fromService = [] }: Connection): string | undefined {
  const hosts = fromService.includes('host') ? [] : [{ host, port }, ...otherHosts];
  if (hosts.some((one) => one.host.startsWith('/'))) return undefined;
  const withPort = !fromService.includes('port');
  // Commas alone are ports too: empty ones.
  if (hosts.length > 1 && !withPort) return undefined;
  if (hosts.length === 0) return withPort ? `:${port}` : '';
  return hosts.map((one) => `${inAuthority(one.host)}${withPort ? `:${one.port}` : ''}`).join(',');
}

function inAuthority(host: string): string {
  return host.includes(':') ? `[${host.split(':').map(encode).join(':')}]` : encode(host);
}

/** Percent-encodes; what is not well-formed Unicode becomes U+FFFD, for there is no other way to write it. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Reads a URL after its scheme, as `conninfo_uri_parse_options` in fe-connect.c does. A "#" is a character like others. */
function readUri(text: string): Given {
  const given: Given = new Map();
  const giveDecoded = (name: string, raw: string): void => {
    if (raw !== '') give(given, name, decode(raw, fieldOf(name)));
  };
  const at = /[@/]/.exec(text);
  const hasUser = at?.[0] === '@';
  let rest = text;
  if (at && hasUser) {
    const userinfo = text.slice(0, at.index);
    const colon = userinfo.indexOf(':');
    giveDecoded('user', colon < 0 ? userinfo : userinfo.slice(0, colon));
    if (colon >= 0) giveDecoded('password', userinfo.slice(colon + 1));
    rest = text.slice(at.index + 1);
  }
  const { hosts, ports, end } = readAuthority(rest);
  const query = rest.indexOf('?', end);
  const path = rest.slice(end + 1, query < 0 ? undefined : query);
  if (rest[end] === '/' && path.includes('@')) {
    // libpq takes it for the database's name; settings would hold a part of a password.
    throw new UrlProblem(
      'url',
      'A "/" in the user or the password is written %2F, and an "@" in the name of a database %40.',
    );
  }
  giveDecoded('host', hosts);
  giveDecoded('port', ports);
  if (rest[end] === '/') giveDecoded('dbname', path);
  if (query >= 0) readQuery(given, rest.slice(query + 1));
  return given;
}

/** The hosts and the ports, each with commas between, not decoded yet, and where the authority ends. */
function readAuthority(text: string): { hosts: string; ports: string; end: number } {
  const hosts: string[] = [];
  const ports: string[] = [];
  for (let at = 0; ; at += 1) {
    const bracketed = text[at] === '[';
    const close = bracketed ? text.indexOf(']', at) : -1;
    if (bracketed && (close < 0 || close === at + 1 || !/^[:/?,]?$/.test(text[close + 1] ?? ''))) {
      throw new UrlProblem('host', 'An IPv6 address stands in brackets, as in [::1]:5432.');
    }
    const hostEnd = bracketed ? close + 1 : endOf(text, at, ':/?,');
    hosts.push(bracketed ? text.slice(at + 1, close) : text.slice(at, hostEnd));
    at = hostEnd;
    if (text[at] === ':') {
      const portEnd = endOf(text, at, '/?,');
      ports.push(text.slice(at + 1, portEnd));
      at = portEnd;
    } else {
      ports.push('');
    }
    if (text[at] !== ',') {
      const anyPort = ports.some((port) => port !== '');
      return { hosts: hosts.join(','), ports: ports.length > 1 || anyPort ? ports.join(',') : '', end: at };
    }
  }
}

/** The place of the next of some characters, or the end. */
function endOf(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length && !characters.includes(text.charAt(at))) at += 1;
  return at;
}

function readQuery(given: Given, search: string): void {
  const pairs = search.split('&');
  // One "&" may end it.
  if (pairs.at(-1) === '') pairs.pop();
  for (const pair of pairs) {
    const [name = '', value, ...more] = pair.split('=');
    if (value === undefined) {
      throw new UrlProblem('url', 'Each parameter after "?" reads name=value; "&" stands between them.');
    }
    if (more.length > 0) {
      throw new UrlProblem('url', 'A "=" in the value of a parameter is written %3D, an "&" %26.');
    }
    const key = decode(name, 'url');
    give(given, key, decode(value, fieldOf(key)));
  }
}

/** Spaces around are nothing, one within is refused (libpq since 18: before, it was taken as it is). "+" is a plus sign. */
function decode(text: string, field: UrlProblem['field']): string {
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === ' ') from += 1;
  while (to > from && text[to - 1] === ' ') to -= 1;
  const bare = text.slice(from, to);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be refused.
  if (/[\u0000-\u0020]/.test(bare)) throw new UrlProblem(field, 'A space in the URL is written %20.');
  let decoded: string;
  try {
    decoded = decodeURIComponent(bare);
  } catch {
    throw new UrlProblem(
      field,
      'A "%" in the URL must be followed by two hexadecimal digits, in UTF-8; write % itself as %25.',
    );
  }
  if (decoded.includes('\u0000'))
    throw new UrlProblem(field, 'The URL holds %00, which nothing can be named.');
  return decoded;
}
