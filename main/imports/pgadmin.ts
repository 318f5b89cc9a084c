import { DatabaseSync } from 'node:sqlite';
import type { Finding } from '../../preload/contract/environments.ts';
import { AddressProblem, type LooseFields, leaveToService, readFields } from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import { type Finds, shown } from './found.ts';
import { field, isObject, isTrue, readJson, textOf } from './json.ts';
import type { TextFile } from './source.ts';
import { readTunnel } from './tunnel.ts';

/** A server as pgAdmin's export has it (pgAdmin manual, "Import/Export Servers"). */
type Server = Record<string, unknown>;

/** Reads pgAdmin's export of servers. It never holds passwords. */
export function readPgadminExport({ text }: TextFile, finds: Finds): void {
  const read = readJson(text);
  if ('fault' in read) {
    finds.fault(read.fault.line, read.fault.text);
    return;
  }
  const servers = field(read.value, 'Servers');
  if (!isObject(servers)) {
    finds.fault(null, 'There are no servers in this file, so it is no export of pgAdmin.');
    return;
  }
  for (const [key, server] of Object.entries(servers)) {
    if (isObject(server)) addServer(server, finds);
    else finds.fault(null, `Server ${shown(key)} is none.`);
  }
}

/** The most servers that are read from a database. */
const mostServers = 2000;

/** Columns of pgAdmin's `server` table and the names its export has for them (pgAdmin, web/pgadmin/model). */
const columns: ReadonlyMap<string, string> = new Map([
  ['name', 'Name'],
  ['host', 'Host'],
  ['hostaddr', 'HostAddr'],
  ['port', 'Port'],
  ['maintenance_db', 'MaintenanceDB'],
  ['username', 'Username'],
  ['ssl_mode', 'SSLMode'],
  ['sslrootcert', 'SSLRootCert'],
  ['sslcert', 'SSLCert'],
  ['sslkey', 'SSLKey'],
  ['passfile', 'PassFile'],
  ['connect_timeout', 'Timeout'],
  ['connection_params', 'ConnectionParameters'],
  ['service', 'Service'],
  ['use_ssh_tunnel', 'UseSSHTunnel'],
  ['tunnel_host', 'TunnelHost'],
  ['tunnel_port', 'TunnelPort'],
  ['tunnel_username', 'TunnelUsername'],
  ['tunnel_authentication', 'TunnelAuthentication'],
  ['tunnel_identity_file', 'TunnelIdentityFile'],
]);

/** Reads the servers of `pgadmin4.db`. It is opened read-only; passwords in it are encrypted and are not asked for. */
export function readPgadminDatabase(path: string, finds: Finds): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 2000 });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON');
    // A view in their place could run for ever.
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('server', 'servergroup')")
      .all();
    if (tables.length < 2) {
      finds.fault(null, 'This SQLite database has no servers of pgAdmin in it.');
      return;
    }
    const there = database.prepare("SELECT name FROM pragma_table_info('server')").all();
    const names = there.map(({ name }) => String(name)).filter((name) => columns.has(name));
    const list = names.map((name) => `s."${name}" AS "${columns.get(name)}"`).join(', ');
    const rows = database
      .prepare(
        `SELECT ${list}, g.name AS "Group" FROM server s LEFT JOIN servergroup g ON g.id = s.servergroup_id
         ORDER BY s.id LIMIT ${mostServers}`,
      )
      .all();
    for (const row of rows) addServer(withParameters({ ...row }), finds);
  } catch {
    finds.fault(null, 'This database can’t be read: it is damaged, or another program is writing to it.');
  } finally {
    database?.close();
  }
}

/** Newer versions keep the parameters as JSON in one column. */
function withParameters(server: Server): Server {
  const text = textOf(server.ConnectionParameters);
  const read = text === undefined ? undefined : readJson(text);
  return { ...server, ConnectionParameters: read && 'value' in read ? read.value : undefined };
}

function addServer(server: Server, finds: Finds): void {
  const take = (name: string): string | undefined => textOf(field(server, name));
  const name = take('Name');
  const from = `server ${name ?? ''}`.trim();
  try {
    const given = field(server, 'ConnectionParameters');
    const parameters = new Map<string, string>();
    for (const [key, value] of Object.entries(isObject(given) ? given : {})) {
      const text = textOf(value);
      if (text !== undefined) parameters.set(key, text);
    }
    const old = {
      sslrootcert: 'SSLRootCert',
      sslcert: 'SSLCert',
      sslkey: 'SSLKey',
      passfile: 'PassFile',
      connect_timeout: 'Timeout',
    };
    for (const [key, column] of Object.entries(old)) {
      const text = take(column);
      if (text !== undefined && !parameters.has(key)) parameters.set(key, text);
    }
    const sslmode = parameters.get('sslmode') ?? take('SSLMode');
    const hostaddr = parameters.get('hostaddr') ?? take('HostAddr');
    for (const key of ['sslmode', 'hostaddr', 'host', 'port', 'dbname', 'user']) parameters.delete(key);
    const loose: LooseFields = {
      host: take('Host') ?? hostaddr,
      port: take('Port'),
      database: take('MaintenanceDB'),
      user: take('Username') ?? take('SharedUsername'),
      sslmode,
      parameters,
      tunnel: isTrue(field(server, 'UseSSHTunnel')) ? tunnelOf(server, take) : undefined,
    };
    const service = take('Service');
    if (!loose.host && !service) throw new AddressProblem('it has no host.');
    const address = readFields(loose);
    const connection = service ? leaveToService(address.connection, service, loose) : address.connection;
    finds.add({
      kind: 'pgadmin',
      line: null,
      from,
      draft: draftOf(connection, { name, group: take('Group') }),
      notes: [...address.notes, ...commandNote(take), ...notesOn({ connection })],
    });
  } catch (error) {
    if (!(error instanceof AddressProblem)) throw error;
    finds.fault(null, `${shown(from, 120)} can’t be used: ${error.message}`);
  }
}

function tunnelOf(server: Server, take: (name: string) => string | undefined) {
  return readTunnel({
    host: take('TunnelHost'),
    port: take('TunnelPort'),
    user: take('TunnelUsername'),
    auth: isTrue(field(server, 'TunnelAuthentication')) ? 'key' : 'password',
    keyFile: take('TunnelIdentityFile'),
  });
}

function commandNote(take: (name: string) => string | undefined): Finding[] {
  if (take('PasswordExecCommand') === undefined) return [];
  return [
    {
      severity: 'notice',
      id: 'password-elsewhere',
      text: 'pgAdmin gets the password from a command, which Howdah does not run.',
    },
  ];
}
