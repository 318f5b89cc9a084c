import {
  type Connection,
  type HostPort,
  SslMode,
  type serviceFields,
  type Tunnel,
} from '../../preload/contract/connection.ts';
import { isLibpqParameter, isSecretParameter } from '../../preload/contract/connection-parts.ts';
import { isLocalHost, parseConnectionUrl, UrlProblem } from '../../preload/contract/connection-url.ts';
import type { Finding } from '../../preload/contract/environments.ts';

/** Where a connection goes, as a file says it, with what Howdah made of it. */
export interface Address {
  connection: Connection;
  password?: string;
  notes: Finding[];
}

/** Why an address can't be used; never quotes the address. */
export class AddressProblem extends Error {
  override name = 'AddressProblem';
}

/** Fields as files have them: any may be missing or empty. */
export interface LooseFields {
  host?: string | undefined;
  port?: string | undefined;
  database?: string | undefined;
  user?: string | undefined;
  password?: string | undefined;
  sslmode?: string | undefined;
  parameters?: Iterable<readonly [name: string, value: string]> | undefined;
  tunnel?: Tunnel | undefined;
}

const notice = (id: string, text: string): Finding => ({ severity: 'notice', id, text });

/** Schemes of connection URLs of PostgreSQL in frameworks' settings, a driver's name behind a plus left aside. */
const urlPattern =
  /^(?:jdbc:)?(?:postgres|postgresql|postgis|pgsql|psql|pdo-pgsql)(?:\+[a-z0-9_]{1,40})?:(?:\/\/)?/i;

/** Whether a value is meant as the address of a PostgreSQL server: a URL, or libpq's `host=… dbname=…`. */
export function looksLikeUrl(value: string): boolean {
  if (isConninfo(value)) return true;
  const start = urlPattern.exec(value.trim())?.[0];
  return start !== undefined && (start.endsWith('//') || /^jdbc:/i.test(start));
}

function isConninfo(value: string): boolean {
  return (
    /^\s*[a-z_]+\s*=/.test(value) &&
    /(?:^|\s)host\s*=/.test(value) &&
    /(?:^|\s)(?:dbname|user)\s*=/.test(value)
  );
}

/** Reads `host=… dbname=… user=…` (PostgreSQL manual, "Keyword/Value Connection Strings"). @throws {AddressProblem} */
function readConninfo(value: string): Address {
  const { connection, password } = parsed(value);
  const all = Object.entries(connection.parameters);
  // A blank in a bare password makes a parameter of what comes after it.
  const kept = all.filter(([name]) => isLibpqParameter(name) || name === 'pool_max_conns');
  const notes = droppedNote([], all.length - kept.length);
  if (!/(?:^|\s)sslmode\s*=/.test(value)) notes.push(...sslModeNote(connection));
  return {
    connection: { ...connection, parameters: Object.fromEntries(kept) },
    notes,
    ...(password ? { password } : {}),
  };
}

function parsed(text: string): ReturnType<typeof parseConnectionUrl> {
  try {
    return parseConnectionUrl(text);
  } catch (error) {
    if (error instanceof UrlProblem) throw new AddressProblem(fieldInWords(error.field));
    throw error;
  }
}

/**
 * Reads a connection URL in any of the spellings of {@link looksLikeUrl}. Parameters that are not libpq's are dropped
 * with a note. `fill` gives user and password for a URL without them, as Spring and others have it.
 *
 * @throws {AddressProblem}
 */
export function readUrl(
  value: string,
  fill: { user?: string | undefined; password?: string | undefined } = {},
): Address {
  if (isConninfo(value)) return readConninfo(value);
  const trimmed = value.trim();
  const start = urlPattern.exec(trimmed)?.[0] ?? '';
  const isJdbc = /^jdbc:/i.test(start);
  let rest = trimmed.slice(start.length);
  // jdbc:postgresql:database and jdbc:postgresql:/ leave the host out.
  if (!start.endsWith('//')) rest = `/${rest.replace(/^\//, '')}`;
  const [, authority = '', path = '', search = ''] = /^([^/?]*)([^?]*)(?:\?([\s\S]*))?$/.exec(rest) ?? [];
  // A password with a bare "/" or "?" would otherwise be cut in two, and one half be shown as a database's name.
  if (
    !authority.includes('@') &&
    /@/.test(path + search.replace(/=[^&]*/g, (text) => (isJdbc ? '' : text)))
  ) {
    throw new AddressProblem(fieldInWords('host'));
  }
  const notes: Finding[] = [];
  const parameters = readSearch(search, isJdbc, notes);
  if (!authority.includes('@') && !parameters.has('user') && fill.user) parameters.set('user', fill.user);
  if (!/:[^@]*@/.test(authority) && !parameters.has('password') && fill.password) {
    parameters.set('password', fill.password);
  }
  const query = [...parameters].map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  const { connection, password } = parsed(`postgresql://${authority}${path}${query ? `?${query}` : ''}`);
  if (!parameters.has('sslmode')) notes.push(...sslModeNote(connection));
  return { connection, notes, ...(password ? { password } : {}) };
}

/** What is wrong, by the field alone: the parser's own message may repeat a piece of a password cut wrongly. */
function fieldInWords(field: string): string {
  switch (field) {
    case 'host':
      return 'its host can’t be read. In a user or password "@" is written %40, "/" %2F, "?" %3F and "#" %23.';
    case 'port':
      return 'its port is no number from 1 to 65535. In a user or password ":" is written %3A and "/" %2F.';
    case 'sslmode':
      return `its sslmode is none of ${SslMode.options.join(', ')}, or does not go with the other parameters.`;
    case 'database':
    case 'user':
      return `its ${field} can’t be read. A "%" is written %25.`;
    default:
      return 'it does not read postgres://user@host:5432/database. In a password "%" is written %25, "#" %23 and "/" %2F.';
  }
}

/** Parameters of other programs: what they mean in libpq's words, or nothing. */
const translations: ReadonlyMap<string, string> = new Map([
  ['applicationname', 'application_name'],
  ['connecttimeout', 'connect_timeout'],
  ['logintimeout', 'connect_timeout'],
  ['username', 'user'],
  ['databasename', 'dbname'],
]);

/** Parameters that programs are known to add, which may be named: nothing of a password cut wrongly is among them. */
const nameable = new Set(
  (
    'schema currentschema connection_limit pool_timeout pgbouncer socket_timeout statement_cache_size sslaccept ' +
    'sslidentity pool pool_size max_overflow timeout encoding charset prepared_statements prepare_threshold ' +
    'preparethreshold serverversion max_conns min_conns pool_min_conns pool_max_conn_lifetime ' +
    'pool_max_conn_idle_time pool_health_check_period default_query_exec_mode statement_timeout ssl sslfactory ' +
    'stringtype rewritebatchedinserts  loggerlevel tcpkeepalive binarytransfer ' +
    'conn_max_age uselibpqcompat supa pooler workaround single_use_connections targetservertype ' +
    'command_timeout server_settings prepared_statement_cache_size async_fallback directurl'
  )
    .toLowerCase()
    .split(' '),
);

function readSearch(search: string, isJdbc: boolean, notes: Finding[]): Map<string, string> {
  const kept = new Map<string, string>();
  const dropped = new Set<string>();
  let unnamed = 0;
  for (const pair of search.split('&')) {
    if (!pair) continue;
    const equals = pair.indexOf('=');
    const given = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1));
    const name = translations.get(given.toLowerCase()) ?? given;
    if (name === 'ssl') readSslFlag(value, isJdbc, kept, notes);
    else if (name === 'sslmode') readSslMode(value, kept, notes);
    else if (name === 'password' || name === 'pool_max_conns') kept.set(name, value);
    else if (equals > 0 && isLibpqParameter(name) && !isSecretParameter(name)) kept.set(name, value);
    else if (nameable.has(given.toLowerCase())) dropped.add(given);
    else unnamed += 1;
  }
  notes.push(...droppedNote([...dropped], unnamed));
  return kept;
}

/** A note on parameters that mean nothing to PostgreSQL; those in `unnamed` are only counted. */
export function droppedNote(dropped: string[], unnamed: number): Finding[] {
  if (dropped.length === 0 && unnamed === 0) return [];
  const others = unnamed > 0 ? [`${unnamed} ${unnamed === 1 ? 'other' : 'others'}`] : [];
  return [
    notice(
      'parameters-dropped',
      `Parameters that are not PostgreSQL’s, or that hold a secret, are left out: ${[...dropped.slice(0, 20), ...others].join(', ')}.`,
    ),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressProblem(fieldInWords('url'));
  }
}

/** `ssl=true` is `verify-full` for pgJDBC and `require` for libpq; asyncpg has libpq's modes under this name. */
function readSslFlag(value: string, isJdbc: boolean, kept: Map<string, string>, notes: Finding[]): void {
  if (kept.has('sslmode')) return;
  const on = value === '' || value === 'true' || value === '1' || value === 'on';
  const off = value === 'false' || value === '0' || value === 'off';
  const mode = on ? (isJdbc ? 'verify-full' : 'require') : off ? 'prefer' : undefined;
  if (mode) {
    kept.set('sslmode', mode);
    notes.push(
      notice('sslmode-guessed', `TLS is switched ${on ? 'on' : 'off'} by ssl=, taken as sslmode ${mode}.`),
    );
  } else readSslMode(value, kept, notes);
}

function readSslMode(value: string, kept: Map<string, string>, notes: Finding[]): void {
  const { mode, guessed } = toSslMode(value);
  kept.set('sslmode', mode);
  if (guessed) {
    notes.push(notice('sslmode-guessed', `The file’s sslmode is not libpq’s; ${mode} comes closest.`));
  }
}

/** libpq's mode for any program's spelling. @throws {AddressProblem} */
export function toSslMode(value: string): { mode: SslMode; guessed: boolean } {
  const wanted = value.trim().toLowerCase().replaceAll('_', '-');
  const own = SslMode.safeParse(wanted);
  if (own.success) return { mode: own.data, guessed: false };
  const others: Record<string, SslMode> = {
    'no-verify': 'require',
    required: 'require',
    preferred: 'prefer',
    disabled: 'disable',
    verifyca: 'verify-ca',
    verifyfull: 'verify-full',
    'verify-identity': 'verify-full',
  };
  const mode = Object.hasOwn(others, wanted) ? others[wanted] : undefined;
  if (!mode) throw new AddressProblem(fieldInWords('sslmode'));
  return { mode, guessed: true };
}

/**
 * Puts fields together; what is missing gets libpq's defaults, and the TLS mode a new environment has.
 *
 * @throws {AddressProblem}
 */
export function readFields(fields: LooseFields): Address {
  const notes: Finding[] = [];
  const hosts = readHosts(fields.host || 'localhost', fields.port);
  const [first = { host: 'localhost', port: 5432 }, ...otherHosts] = hosts;
  const user = fields.user || 'postgres';
  const parameters = new Map<string, string>();
  const dropped: string[] = [];
  for (const [name, value] of fields.parameters ?? []) {
    if (value === '') continue;
    if ((isLibpqParameter(name) && !isSecretParameter(name)) || name === 'pool_max_conns')
      parameters.set(name, value);
    else dropped.push(name);
  }
  notes.push(...droppedNote(dropped, 0));
  const given = fields.sslmode ? toSslMode(fields.sslmode) : undefined;
  if (given?.guessed) {
    notes.push(notice('sslmode-guessed', `The file’s sslmode is not libpq’s; ${given.mode} comes closest.`));
  }
  const allLocal = hosts.every(({ host }) => isLocalHost(host)) && !fields.tunnel;
  const connection: Connection = {
    ...first,
    ...(otherHosts.length > 0 ? { otherHosts } : {}),
    database: fields.database || user,
    user,
    sslmode: given?.mode ?? (allLocal ? 'prefer' : 'verify-full'),
    parameters: Object.fromEntries(parameters),
    ...(fields.tunnel ? { tunnel: fields.tunnel } : {}),
  };
  if (!given) notes.push(...sslModeNote(connection));
  return { connection, notes, ...(fields.password ? { password: fields.password } : {}) };
}

/** Marks fields that the file leaves to a service of `pg_service.conf`. */
export function leaveToService(connection: Connection, service: string, fields: LooseFields): Connection {
  const names: (typeof serviceFields)[number][] = ['host', 'port', 'database', 'user', 'sslmode'];
  const missing = names.filter((name) => !fields[name]);
  return { ...connection, parameters: { ...connection.parameters, service }, fromService: missing };
}

function readHosts(host: string, port: string | undefined): HostPort[] {
  const hosts = host.split(',').map((one) => one.trim() || 'localhost');
  const ports = (port ?? '').split(',').map((one) => readPort(one.trim()));
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new AddressProblem('it has another number of ports than of hosts.');
  }
  return hosts.map((one, index) => ({
    host: /^\[.*\]$/.test(one) ? one.slice(1, -1) : one,
    port: ports[ports.length > 1 ? index : 0] ?? 5432,
  }));
}

/** A port as text; 5432 when there is none. @throws {AddressProblem} */
export function readPort(text: string): number {
  if (text === '') return 5432;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65535)) throw new AddressProblem('its port is no number from 1 to 65535.');
  return port;
}

function sslModeNote({ sslmode }: Connection): Finding[] {
  if (sslmode !== 'verify-full') return [];
  return [
    notice(
      'sslmode-guessed',
      'The file gives no sslmode. This is not on this machine, so it starts with verify-full: TLS with a certificate that is checked.',
    ),
  ];
}
