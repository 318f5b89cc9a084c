import type { Connection, SslMode } from './connection.ts';
import {
  combinationProblem,
  isHost,
  isLibpqParameter,
  isLocalHost,
  isSecretParameter,
  meantParameter,
  parameterProblem,
} from './connection-parts.ts';
import { fieldOf, UrlProblem } from './connection-problem.ts';

/** What a connection string says, with the parts it leaves out filled in. Secrets never go into settings. */
export interface ParsedUrl {
  connection: Connection;
  password?: string;
  /** `sslpassword`: what opens the client certificate's key. */
  clientKeyPassphrase?: string;
}

/** Parameters by libpq's names (`dbname`, `host`, …) as they were given; the lists of hosts and ports with their commas. */
export type Given = Map<string, string>;

const sslModes: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Hosts in one connection, as the contract has it. */
const mostHosts = 16;

/** Parameters that are secrets of their own and are handed over apart from the connection. */
const takenSecrets: readonly string[] = ['password', 'sslpassword'];

/**
 * Takes one parameter in, over an earlier one of the same name.
 *
 * `ssl=true` (JDBC's) and `requiressl=1` are `sslmode=require`, as libpq has it. Names that libpq does not know are
 * kept, for other programs read them (`schema`, `pgbouncer`), unless one that it knows was evidently meant.
 *
 * @throws {UrlProblem} for a name that can't be one, is a slip of the pen, or holds a secret. It quotes libpq's names only: what stands in
 * a name's place may be a piece of a password with an "&", "=" or blank in it.
 */
export function give(given: Given, name: string, value: string): void {
  if (name === 'ssl' && value === 'true') {
    given.set('sslmode', 'require');
    return;
  }
  if (name === 'requiressl') {
    given.set('sslmode', value.startsWith('1') ? 'require' : 'prefer');
    return;
  }
  if (!/^[A-Za-z][\w.-]{0,62}$/.test(name)) {
    throw new UrlProblem('url', "A parameter's name is letters, digits and underscores, at most 63 of them.");
  }
  if (isSecretParameter(name) && !takenSecrets.includes(name)) {
    const which = isLibpqParameter(name) ? `The parameter ${name}` : 'A parameter';
    throw new UrlProblem('url', `${which} holds a secret, which settings must not; leave it out.`);
  }
  const meant = meantParameter(name);
  if (meant)
    throw new UrlProblem(fieldOf(meant), `There is no parameter of that name; ${meant} seems to be meant.`);
  given.set(name, value);
}

/**
 * The connection that the given parameters make, by libpq's rules (PostgreSQL manual, "Database Connection Control
 * Functions"; `pqConnectOptions2` in fe-connect.c) but for the defaults: `localhost`, 5432, the user `postgres`
 * (libpq: the name of the system's account), the user's name as the database, and a TLS mode of `prefer` where
 * every host is this machine, else `verify-full`.
 *
 * @throws {UrlProblem} naming the field; the message never repeats a password.
 */
export function connectionOf(given: Given): ParsedUrl {
  const rest = new Map(given);
  const take = (name: string): string | undefined => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const password = take('password');
  const clientKeyPassphrase = take('sslpassword');
  if (rest.get('hostaddr') === '') rest.delete('hostaddr');
  const fromService = rest.has('service') ? missing(rest) : [];
  if (fromService.includes('user') && rest.get('dbname') === '') {
    throw new UrlProblem('database', 'The database is empty: name it, or leave it to the service.');
  }
  const givenMode = take('sslmode');
  const hostText = take('host') ?? '';
  const portText = take('port') ?? '';
  const user = take('user') || 'postgres';
  const database = take('dbname') || user;
  checkLength('user', user);
  checkLength('database', database);

  const addresses = rest.get('hostaddr');
  const hosts = hostsOf(hostText, addresses, fromService.includes('host'));
  if (hostText === '' && !fromService.includes('host')) rest.delete('hostaddr');
  const ports = portsOf(portText, hosts.length);
  const [first, ...others] = hosts.map((host, index) => ({ host, port: ports[index] ?? 5432 }));
  if (!first) throw new UrlProblem('host', 'There is no host.');

  const parameters = checked(rest);
  const isNear = [...hosts, ...(addresses?.split(',') ?? [])].every(
    (host) => host === '' || isLocalHost(host),
  );
  const sslmode =
    givenMode ??
    (isNear && parameters.sslrootcert !== 'system' ? ('prefer' as const) : ('verify-full' as const));
  if (!isSslMode(sslmode)) {
    throw new UrlProblem(
      'sslmode',
      `sslmode is one of ${sslModes.join(', ')}, not "${sslmode.slice(0, 40)}".`,
    );
  }
  // What the service file has still to say is checked once it has been read.
  if (fromService.length === 0) {
    const problem = combinationProblem(sslmode, hosts.length, parameters);
    if (problem) throw new UrlProblem(problem.field, problem.message);
  }

  const connection: Connection = {
    ...first,
    ...(others.length > 0 ? { otherHosts: others } : {}),
    database,
    user,
    sslmode,
    parameters,
    ...(fromService.length > 0 ? { fromService } : {}),
  };
  return {
    connection,
    ...(password ? { password } : {}),
    ...(clientKeyPassphrase ? { clientKeyPassphrase } : {}),
  };
}

/** The parameters that make a connection, the other way round; what a service file gives is left out. */
export function givenOf(connection: Connection): Given {
  const { host, port, otherHosts = [], database, user, sslmode, parameters, fromService = [] } = connection;
  const hosts = [{ host, port }, ...otherHosts];
  const given: Given = new Map();
  if (!fromService.includes('host')) given.set('host', hosts.map((one) => one.host).join(','));
  if (!fromService.includes('port')) {
    const same = hosts.every((one) => one.port === port);
    given.set('port', same ? String(port) : hosts.map((one) => one.port).join(','));
  }
  if (!fromService.includes('user')) given.set('user', user);
  if (!fromService.includes('database')) given.set('dbname', database);
  if (!fromService.includes('sslmode')) given.set('sslmode', sslmode);
  for (const [name, value] of Object.entries(parameters)) {
    // Spellings of sslmode, which has been given.
    if ((name === 'ssl' && value === 'true') || name === 'requiressl') continue;
    given.set(name, value);
  }
  return given;
}

/** PostgreSQL's longest name. */
function checkLength(field: 'user' | 'database', name: string): void {
  if (name.length > 63) throw new UrlProblem(field, `The name of the ${field} is longer than 63 characters.`);
}

/** The fields that were left out. An empty one was given, and stands for its default. */
function missing(given: Given): NonNullable<Connection['fromService']> {
  const names = { host: 'host', port: 'port', database: 'dbname', user: 'user', sslmode: 'sslmode' } as const;
  return (Object.keys(names) as (keyof typeof names)[]).filter((field) => !given.has(names[field]));
}

function hostsOf(text: string, addresses: string | undefined, fromService: boolean): string[] {
  const names = text.split(',');
  const numeric = fromService ? [] : (addresses?.split(',') ?? []);
  const count = text === '' ? Math.max(numeric.length, 1) : names.length;
  if (count > mostHosts) throw new UrlProblem('host', `More than ${mostHosts} hosts are too many.`);
  return Array.from({ length: count }, (_, index) => {
    const host = names[index] || numeric[index] || 'localhost';
    if (!isHost(host)) {
      throw new UrlProblem(
        'host',
        'The host is not one. An "@" in the user or the password is written %40, a "/" %2F.',
      );
    }
    return host;
  });
}

function portsOf(text: string, hosts: number): number[] {
  const ports = text.split(',').map(readPort);
  if (ports.length === 1) return Array.from({ length: hosts }, () => ports[0] ?? 5432);
  if (ports.length !== hosts) {
    throw new UrlProblem(
      'port',
      `There are ${ports.length} ports for ${hosts} ${hosts === 1 ? 'host' : 'hosts'}; give one port for all hosts, or one for each.`,
    );
  }
  return ports;
}

/** Never quotes what stands there: it is the password where a "/" in it was not written %2F. */
function readPort(text: string): number {
  if (text === '') return 5432;
  const port = /^[ \t\n\v\f\r]*\+?\d{1,20}[ \t\n\v\f\r]*$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65535)) {
    throw new UrlProblem('port', 'Port must be a whole number from 1 to 65535.');
  }
  return port;
}

function checked(rest: Given): Record<string, string> {
  for (const [name, value] of rest) {
    const problem = parameterProblem(name, value);
    if (problem) throw new UrlProblem(fieldOf(name), problem);
    if (value.length > 4096) throw new UrlProblem(fieldOf(name), `${name} is longer than 4096 characters.`);
  }
  return Object.fromEntries(rest);
}

function isSslMode(text: string): text is SslMode {
  return sslModes.includes(text);
}
