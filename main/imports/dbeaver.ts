import type { Tunnel } from '../../preload/contract/connection.ts';
import type { EnvironmentDraft } from '../../preload/contract/environments.ts';
import { type Address, AddressProblem, looksLikeUrl, readFields, readUrl } from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import { type Finds, shown } from './found.ts';
import { field, isObject, isTrue, readJson, textOf } from './json.ts';
import type { TextFile } from './source.ts';
import { readTunnel } from './tunnel.ts';

/**
 * Reads DBeaver's `data-sources.json` (DBeaver, DataSourceSerializerModern): PostgreSQL's connections with their
 * folders, types, SSH and SSL handlers. Passwords are in another file, which is not read.
 */
export function readDbeaver({ text }: TextFile, finds: Finds): void {
  const read = readJson(text);
  if ('fault' in read) {
    finds.fault(read.fault.line, read.fault.text);
    return;
  }
  const connections = field(read.value, 'connections');
  if (!isObject(connections)) {
    finds.fault(null, 'There are no connections in this file, so it is not DBeaver’s data-sources.json.');
    return;
  }
  for (const [id, connection] of Object.entries(connections)) {
    const provider = textOf(field(connection, 'original-provider')) ?? textOf(field(connection, 'provider'));
    if (provider !== 'postgresql') continue;
    const name = textOf(field(connection, 'name')) ?? id;
    try {
      const address = addressOf(field(connection, 'configuration'), read.value);
      finds.add({
        kind: 'dbeaver',
        line: null,
        from: `connection ${name}`,
        draft: draftFor(connection, address, name),
        notes: [...address.notes, ...notesOn(address)],
        ...(address.password === undefined ? {} : { password: address.password }),
      });
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      finds.fault(null, `Connection ${shown(name)} can’t be used: ${error.message}`);
    }
  }
}

/** Folder, connection type and the read-only flag become group, colour and protection. */
function draftFor(connection: unknown, address: Address, name: string): EnvironmentDraft {
  const draft = draftOf(address.connection, { name, group: textOf(field(connection, 'folder')) });
  const type = textOf(field(field(connection, 'configuration'), 'type'));
  if (type === 'prod') {
    draft.color = 'red';
    draft.protection = 'guarded';
  } else if (type === 'test') draft.color = 'amber';
  if (isTrue(field(connection, 'read-only'))) draft.protection = 'read-only';
  return draft;
}

function addressOf(configuration: unknown, file: unknown): Address {
  const take = (name: string): string | undefined => textOf(field(configuration, name));
  const user = take('user') ?? textOf(field(field(configuration, 'auth-properties'), 'user'));
  const password = take('password');
  const tunnel = tunnelOf(handlerOf(configuration, file, 'ssh_tunnel'));
  const ssl = handlerOf(configuration, file, 'postgre_ssl');
  const url = take('url');
  const byUrl = take('configurationType') === 'URL' || take('host') === undefined;
  if (byUrl && url !== undefined) {
    if (!looksLikeUrl(url)) throw new AddressProblem('its URL is not one of PostgreSQL.');
    const address = readUrl(url, { user, password });
    const connection = { ...address.connection, ...(tunnel ? { tunnel } : {}) };
    const sslFields = readSsl(ssl, configuration);
    if (!sslFields.sslmode) return { ...address, connection };
    const checked = readFields({ ...sslFields, host: 'localhost' });
    const parameters = { ...connection.parameters, ...checked.connection.parameters };
    return {
      ...address,
      connection: { ...connection, sslmode: checked.connection.sslmode, parameters },
      notes: address.notes.filter(({ id }) => id !== 'sslmode-guessed'),
    };
  }
  const host = take('host');
  if (host === undefined) throw new AddressProblem('it has no host.');
  return readFields({
    host,
    port: take('port'),
    database: take('database'),
    user,
    password,
    tunnel,
    ...readSsl(ssl, configuration),
  });
}

/** A handler of the connection itself, or of the network profile it names; undefined when it is switched off. */
function handlerOf(configuration: unknown, file: unknown, id: string): unknown {
  const own = field(field(configuration, 'handlers'), id);
  const profile = field(
    field(file, 'network-profiles'),
    textOf(field(configuration, 'config-profile')) ?? '',
  );
  const handler = own ?? field(field(profile, 'handlers'), id);
  return isTrue(field(handler, 'enabled')) ? handler : undefined;
}

function tunnelOf(handler: unknown): Tunnel | undefined {
  if (handler === undefined) return undefined;
  const properties = field(handler, 'properties');
  const take = (name: string): string | undefined => textOf(field(properties, name));
  const kind = take('authType');
  return readTunnel({
    host: take('host'),
    port: take('port'),
    user: textOf(field(handler, 'user')) ?? take('user'),
    auth:
      kind === 'PUBLIC_KEY' ? 'key' : kind === 'AGENT' ? 'agent' : kind === 'PASSWORD' ? 'password' : 'auto',
    keyFile: take('keyPath'),
    jump: jumpsOf(take),
  });
}

/** Jump servers are numbered from 0, `jumpServer0.host`; older versions had one at most. */
function jumpsOf(take: (name: string) => string | undefined): string | undefined {
  const jumps: string[] = [];
  for (let index = 0; index < 10; index += 1) {
    const of = (name: string): string | undefined => take(`jumpServer${index}.${name}`);
    const host = of('host');
    if (!host || of('enabled') === 'false') break;
    const user = of('user') ?? of('name');
    const port = of('port');
    jumps.push(`${user ? `${user}@` : ''}${host}${port && port !== '22' ? `:${port}` : ''}`);
  }
  return jumps.length > 0 ? jumps.join(',') : undefined;
}

/** The SSL handler first, then the driver's own properties. */
function readSsl(
  handler: unknown,
  configuration: unknown,
): { sslmode?: string | undefined; parameters: [string, string][] } {
  const tab = field(handler, 'properties');
  const driver = field(configuration, 'properties');
  const first = (...values: unknown[]): string | undefined =>
    values.map(textOf).find((one) => one !== undefined);
  const files: [string, string | undefined][] = [
    [
      'sslrootcert',
      first(field(tab, 'ssl.ca.cert'), field(tab, 'sslRootCert'), field(driver, 'sslrootcert')),
    ],
    ['sslcert', first(field(tab, 'ssl.client.cert'), field(tab, 'clientCert'), field(driver, 'sslcert'))],
    ['sslkey', first(field(tab, 'ssl.client.key'), field(tab, 'clientKey'), field(driver, 'sslkey'))],
  ];
  return {
    sslmode: first(
      field(tab, 'sslMode'),
      field(driver, 'sslmode'),
      handler === undefined ? undefined : 'prefer',
    ),
    parameters: files.filter((pair): pair is [string, string] => pair[1] !== undefined),
  };
}
