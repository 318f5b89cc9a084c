import type { Connection, TypedSecret } from '../../preload/contract/connection.ts';
import {
  companionFields,
  type FormState,
  isKnown,
  type KnownParameter,
  knownParameters,
  serviceFields,
  tunnelFields,
} from './form-fields.ts';
import { isPort, printHosts, readHosts } from './form-hosts.ts';

type ConnectionState = Pick<
  FormState,
  'host' | 'port' | 'database' | 'user' | 'sslmode' | 'parameters' | 'extra' | 'tunnel' | 'companion'
>;

/** The fields that say a connection. Those that a service file gives are empty. */
export function fieldsOf(connection: Connection): ConnectionState {
  const { host, port, otherHosts = [], database, user, sslmode, fromService = [] } = connection;
  const given = {
    ...printHosts([{ host, port }, ...otherHosts]),
    database,
    user,
    sslmode,
  };
  const empty = Object.fromEntries(fromService.map((field) => [field, '' as const]));
  const entries = Object.entries(connection.parameters);
  return {
    ...given,
    ...empty,
    parameters: {
      ...noParameters(),
      ...Object.fromEntries(entries.filter(([name]) => isKnown(name))),
    },
    extra: entries.filter(([name]) => !isKnown(name)).map(([name, value]) => ({ name, value })),
    tunnel: tunnelFields(connection.tunnel),
    companion: companionFields(connection.companion),
  };
}

/** Every parameter that has a field of its own, not given. */
export function noParameters(): Record<KnownParameter, string> {
  return Object.fromEntries(knownParameters.map((name) => [name, ''])) as Record<KnownParameter, string>;
}

/** What stands for a field that only the service file knows (libpq's own defaults). */
const defaults = {
  host: 'localhost',
  port: '5432',
  database: 'postgres',
  user: 'postgres',
  sslmode: 'prefer',
} as const;

/** The connection that the fields make; undefined while they make none. */
export function connectionOf(state: ConnectionState): Connection | undefined {
  const parameters = parametersOf(state);
  const fromService = parameters.service ? serviceFields.filter((field) => state[field].trim() === '') : [];
  const filled = { ...state };
  for (const field of fromService) Object.assign(filled, { [field]: defaults[field] });
  const { database, user, sslmode } = filled;
  const [first, ...otherHosts] = readHosts(filled.host, filled.port) ?? [];
  const tunnel = tunnelOf(state);
  const companion = companionOf(state);
  if (!first || database === '' || user === '' || sslmode === '') return undefined;
  if (tunnel === 'incomplete' || companion === 'incomplete') return undefined;
  return {
    ...first,
    ...(otherHosts.length > 0 ? { otherHosts } : {}),
    database,
    user,
    sslmode,
    parameters,
    ...(fromService.length > 0 ? { fromService } : {}),
    ...(tunnel ? { tunnel } : {}),
    ...(companion ? { companion } : {}),
  };
}

function parametersOf({ parameters, extra }: ConnectionState): Record<string, string> {
  const known = Object.entries(parameters)
    .map(([name, value]) => [name, name === 'options' ? value : value.trim()] as const)
    .filter(([, value]) => value !== '');
  const further = extra
    .map(({ name, value }) => [name.trim(), value] as const)
    .filter(([name]) => name !== '');
  return Object.fromEntries([...known, ...further]);
}

function tunnelOf({ tunnel }: ConnectionState): Connection['tunnel'] | 'incomplete' {
  if (!tunnel.on) return undefined;
  const host = tunnel.host.trim();
  const port = tunnel.port.trim();
  if (host === '' || (port !== '' && !isPort(port))) return 'incomplete';
  const takesKey = tunnel.auth === 'auto' || tunnel.auth === 'key';
  return {
    host,
    ...(port === '' ? {} : { port: Number(port) }),
    ...given('user', tunnel.user),
    auth: tunnel.auth,
    ...(takesKey ? given('keyFile', tunnel.keyFile) : {}),
    ...given('jump', tunnel.jump),
  };
}

function companionOf({ companion }: ConnectionState): Connection['companion'] | 'incomplete' {
  if (!companion.on) return undefined;
  const command = companion.command.trim();
  const timeoutSeconds = readSeconds(companion.timeout);
  if (command === '' || timeoutSeconds === undefined) return 'incomplete';
  return {
    command,
    ...given('folder', companion.folder),
    ...given('waitFor', companion.waitFor),
    timeoutSeconds,
    ...given('stop', companion.stop),
  };
}

/** A companion's time to get ready, in seconds; undefined when it is none. */
export function readSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  const seconds = /^\d{1,3}$/.test(trimmed) ? Number(trimmed) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}

function given<Name extends string>(name: Name, text: string): { [K in Name]?: string } {
  const trimmed = text.trim();
  return (trimmed === '' ? {} : { [name]: trimmed }) as { [K in Name]?: string };
}

/** Of the secrets that were typed, those that this connection has a use for. */
export function secretsFor(connection: Connection, secrets: readonly TypedSecret[]): TypedSecret[] {
  return secrets.filter(({ kind }) =>
    kind === 'client-key-passphrase' ? connection.parameters.sslkey : connection.tunnel,
  );
}

/** The secrets with one more, in the place of an earlier one for the same. */
export function withSecret(secrets: readonly TypedSecret[], secret: TypedSecret): TypedSecret[] {
  return [...secrets.filter(({ kind, of }) => kind !== secret.kind || of !== secret.of), secret];
}
