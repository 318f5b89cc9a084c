import type { Finding } from '../../preload/contract/environments.ts';
import { type Address, AddressProblem, looksLikeUrl, readFields, readUrl } from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import { type Finds, shown } from './found.ts';
import { field, isTrue, readJson, textOf } from './json.ts';
import type { TextFile } from './source.ts';
import { readTunnel } from './tunnel.ts';

/** Reads DbGate's `connections.jsonl`, a connection a line (DbGate, packages/api). Encrypted passwords are not read. */
export function readDbgate({ text }: TextFile, finds: Finds): void {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const read = readJson(line);
    if ('fault' in read) {
      finds.fault(index + 1, read.fault.text);
      continue;
    }
    const take = (name: string): string | undefined => textOf(field(read.value, name));
    const engine = take('engine');
    if (engine === undefined || !/^postgres@/.test(engine)) continue;
    const name = take('displayName');
    try {
      const address = addressOf(read.value, take);
      const draft = draftOf(address.connection, { name, group: take('parent') });
      if (isTrue(field(read.value, 'isReadOnly'))) draft.protection = 'read-only';
      finds.add({
        kind: 'dbgate',
        line: index + 1,
        from: name ? `connection ${name}` : `line ${index + 1}`,
        draft,
        notes: [...address.notes, ...notesOn(address)],
        ...(address.password === undefined ? {} : { password: address.password }),
      });
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      finds.fault(
        index + 1,
        `${name ? `Connection ${shown(name)}` : 'This connection'} can’t be used: ${error.message}`,
      );
    }
  }
}

function addressOf(value: unknown, take: (name: string) => string | undefined): Address {
  const tunnel = isTrue(field(value, 'useSshTunnel')) ? tunnelOf(take) : undefined;
  const stored = take('password');
  // What DbGate encrypts begins with crypt:.
  const password = stored?.startsWith('crypt:') ? undefined : stored;
  const url = take('databaseUrl');
  if (isTrue(field(value, 'useDatabaseUrl')) && url !== undefined) {
    if (!looksLikeUrl(url)) throw new AddressProblem('its URL is not one of PostgreSQL.');
    const address = readUrl(url);
    return tunnel ? { ...address, connection: { ...address.connection, tunnel } } : address;
  }
  const host = take('authType') === 'socket' ? (take('socketPath') ?? '/var/run/postgresql') : take('server');
  if (host === undefined) throw new AddressProblem('it has no host.');
  const ssl = sslOf(value, take);
  const address = readFields({
    host,
    port: take('port'),
    database: take('defaultDatabase') ?? take('database'),
    user: take('user'),
    password,
    sslmode: ssl.sslmode,
    parameters: ssl.parameters,
    tunnel,
  });
  return { ...address, notes: [...address.notes, ...ssl.notes] };
}

function tunnelOf(take: (name: string) => string | undefined) {
  const mode = take('sshMode');
  return readTunnel({
    host: take('sshHost'),
    port: take('sshPort'),
    user: take('sshLogin'),
    auth: mode === 'keyFile' ? 'key' : mode === 'agent' ? 'agent' : 'password',
    keyFile: take('sshKeyfile'),
    jump: take('sshBastionHost'),
  });
}

/** DbGate checks certificates only when it has been given one, and is told to. */
function sslOf(value: unknown, take: (name: string) => string | undefined) {
  if (!isTrue(field(value, 'useSsl'))) return { sslmode: undefined, parameters: [], notes: [] };
  const files = [
    ['sslrootcert', take('sslCaFile')],
    ['sslcert', take('sslCertFile')],
    ['sslkey', take('sslKeyFile')],
  ] as const;
  const parameters = files.filter(
    (pair): pair is (typeof files)[number] & [string, string] => pair[1] !== undefined,
  );
  const checks = parameters.length > 0 && isTrue(field(value, 'sslRejectUnauthorized'));
  const sslmode = checks ? 'verify-full' : 'require';
  const note: Finding = {
    severity: 'notice',
    id: 'sslmode-guessed',
    text: `DbGate’s SSL switches come to sslmode ${sslmode}.`,
  };
  return { sslmode, parameters, notes: [note] };
}
