import type { Finding } from '../../preload/contract/environments.ts';
import {
  type Address,
  AddressProblem,
  type LooseFields,
  leaveToService,
  looksLikeUrl,
  readFields,
  readUrl,
} from './address.ts';
import { draftOf, notesOn } from './draft.ts';
import { type EnvValue, type EnvValues, envValues, readEnvFile } from './env-file.ts';
import { type Finds, mostFound, shown } from './found.ts';
import { placeKey } from './same-place.ts';
import type { TextFile } from './source.ts';

/** A connection found among variables, before those for the same place are put together. */
interface Candidate {
  address: Address;
  line: number;
  from: string[];
  hint: string;
  unknown: string[];
  /** The host was not given. */
  noHost: boolean;
}

/** Finds the connections of a `.env` file: URLs, `PG*`, `POSTGRES_*`, and `DB_*` with any beginning. */
export function readEnv(file: TextFile, finds: Finds): void {
  const values = envValues(readEnvFile(file.text, finds), finds);
  const stage = stageOfName(file.name);
  const candidates = [...urlCandidates(values, finds), ...partCandidates(values, finds)];
  for (const { address, line, from, hint, unknown, noHost } of together(candidates)) {
    finds.add({
      kind: 'env',
      line,
      from: from.join(', '),
      draft: draftOf(address.connection, { hint, stage }),
      notes: [...address.notes, ...guessedHost(noHost), ...unknownNote(unknown), ...notesOn(address)],
      ...(address.password === undefined ? {} : { password: address.password }),
    });
  }
}

/** `production` of `.env.production` and `staging` of `staging.env`; nothing of templates and plain names. */
function stageOfName(name: string): string | undefined {
  const word = /^\.env[.-]([\w-]{1,40})/i.exec(name)?.[1] ?? /^([\w-]{1,40})\.env$/i.exec(name)?.[1];
  return word && !/^(?:example|sample|template|dist|defaults?|env)$/i.test(word)
    ? word.toLowerCase()
    : undefined;
}

function unknownNote(unknown: string[]): Finding[] {
  if (unknown.length === 0) return [];
  const names = unknown
    .slice(0, 10)
    .map((name) => shown(name))
    .join(', ');
  return [
    {
      severity: 'warning',
      id: 'variable-unknown',
      text: `${unknown.length === 1 ? 'A variable is' : 'Variables are'} not set in the file and taken as empty: ${names}.`,
    },
  ];
}

function guessedHost(noHost: boolean): Finding[] {
  if (!noHost) return [];
  return [
    { severity: 'notice', id: 'host-guessed', text: 'The file gives no host; this is taken for localhost.' },
  ];
}

/** The most URLs that are read from one file: more than can be taken, as some may be the same. */
const mostUrls = 2 * mostFound;

function urlCandidates(values: EnvValues, finds: Finds): Candidate[] {
  const candidates: Candidate[] = [];
  for (const name of values.names()) {
    const value = values.get(name);
    if (!value || !looksLikeUrl(value.text)) continue;
    if (candidates.length >= mostUrls) {
      finds.fault(value.line, `There are more than ${mostUrls} URLs; from here on they are not read.`);
      break;
    }
    const beside = name.replace(/_?(?:URL|URI|DSN)$/i, '');
    const first = (...parts: string[]): EnvValue | undefined => {
      if (beside === name) return undefined;
      return parts.map((part) => values.get(`${beside}_${part}`)).find((one) => one && one.text !== '');
    };
    const user = first('USERNAME', 'USER');
    const password = first('PASSWORD', 'PASS');
    try {
      candidates.push({
        address: readUrl(value.text, { user: user?.text, password: password?.text }),
        line: value.line,
        from: [name],
        hint: beside.replace(/_?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|DATASOURCE)$/i, '').toLowerCase(),
        unknown: [...value.unknown],
        noHost: false,
      });
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      const empty =
        value.unknown.length > 0 ? ` Not set in the file: ${value.unknown.slice(0, 10).join(', ')}.` : '';
      finds.fault(value.line, `The URL in ${name} can’t be used: ${error.message}${empty}`);
    }
  }
  return candidates;
}

type Part = 'host' | 'port' | 'database' | 'user' | 'password' | 'sslmode' | 'engine';

const parts: ReadonlyMap<string, Part> = new Map(
  Object.entries({
    host: 'HOST HOSTNAME HOST_NAME SERVER ADDRESS',
    port: 'PORT PORT_NUMBER',
    database: 'NAME DB DATABASE DBNAME DB_NAME DATABASE_NAME',
    user: 'USER USERNAME USER_NAME LOGIN',
    password: 'PASSWORD PASS PWD USER_PASSWORD',
    sslmode: 'SSLMODE SSL_MODE',
    engine: 'ENGINE TYPE DRIVER DIALECT CONNECTION CLIENT ADAPTER',
  }).flatMap(([part, names]) => names.split(' ').map((name) => [name, part as Part] as const)),
);

/** libpq's variables beside those of its fields (PostgreSQL manual, "Environment Variables"). */
const libpqVariables: ReadonlyMap<string, string> = new Map([
  ['PGHOSTADDR', 'hostaddr'],
  ['PGSERVICE', 'service'],
  ['PGPASSFILE', 'passfile'],
  ['PGOPTIONS', 'options'],
  ['PGAPPNAME', 'application_name'],
  ['PGCONNECT_TIMEOUT', 'connect_timeout'],
  ['PGCLIENTENCODING', 'client_encoding'],
  ['PGTARGETSESSIONATTRS', 'target_session_attrs'],
  ['PGLOADBALANCEHOSTS', 'load_balance_hosts'],
  ['PGCHANNELBINDING', 'channel_binding'],
  ['PGREQUIREAUTH', 'require_auth'],
  ['PGSSLROOTCERT', 'sslrootcert'],
  ['PGSSLCERT', 'sslcert'],
  ['PGSSLKEY', 'sslkey'],
  ['PGSSLCRL', 'sslcrl'],
  ['PGSSLNEGOTIATION', 'sslnegotiation'],
  ['PGSSLMINPROTOCOLVERSION', 'ssl_min_protocol_version'],
  ['PGSSLMAXPROTOCOLVERSION', 'ssl_max_protocol_version'],
  ['PGGSSENCMODE', 'gssencmode'],
  ['PGKRBSRVNAME', 'krbsrvname'],
]);

interface Group {
  prefix: string;
  family: 'PG' | 'POSTGRES' | 'DB';
  /** The variables' common beginning, for a person: `CONFIG_DB_*`. */
  label: string;
  line: number;
  fields: Map<Part, EnvValue>;
  parameters: Map<string, string>;
}

function partCandidates(values: EnvValues, finds: Finds): Candidate[] {
  const groups = new Map<string, Group>();
  for (const name of values.names()) {
    const place = placeOf(name);
    const value = place && values.get(name);
    if (!place || !value || value.text === '') continue;
    const key = `${place.prefix.toUpperCase()} ${place.family}`;
    const { prefix, family, label } = place;
    const group = groups.get(key) ?? {
      prefix,
      family,
      label,
      line: value.line,
      fields: new Map(),
      parameters: new Map(),
    };
    groups.set(key, group);
    group.line = Math.min(group.line, value.line);
    if (place.parameter) group.parameters.set(place.parameter, value.text);
    else if (place.part && !group.fields.has(place.part)) group.fields.set(place.part, value);
  }
  const candidates: Candidate[] = [];
  for (const group of groups.values()) {
    if (!isPostgres(group)) continue;
    try {
      candidates.push(toCandidate(group));
    } catch (error) {
      if (!(error instanceof AddressProblem)) throw error;
      finds.fault(group.line, `${group.label} can’t be used: ${error.message}`);
    }
  }
  return candidates;
}

/** Which connection a variable belongs to, and what it says of it. */
function placeOf(
  name: string,
): (Pick<Group, 'prefix' | 'family' | 'label'> & { part?: Part; parameter?: string }) | undefined {
  const upper = name.toUpperCase();
  const libpq = /^((?:.*_)?)(PG[A-Z_]+)$/.exec(upper);
  const parameter = libpq && libpqVariables.get(libpq[2] ?? '');
  if (libpq && parameter) {
    const prefix = libpq[1] ?? '';
    return { prefix, family: 'PG', label: `${prefix}PG*`, parameter };
  }
  const match =
    /^((?:.*?_)?)(POSTGRES|POSTGRESQL|PG|PSQL|DB|DATABASE)(_{0,2})(HOST|SERVER|ADDRESS|PORT|NAME|DB|DATABASE|USER|LOGIN|PASS|PWD|SSL|ENGINE|TYPE|DRIVER|DIALECT|CONNECTION|CLIENT|ADAPTER)([A-Z_]*)$/.exec(
      upper,
    );
  if (!match) return undefined;
  const [, prefix = '', word = '', dash = '', start = '', end = ''] = match;
  const part = parts.get(start + end);
  if (!part) return undefined;
  const family =
    word === 'DB' || word === 'DATABASE' ? 'DB' : word === 'PG' || word === 'PSQL' ? 'PG' : 'POSTGRES';
  return { prefix, family, label: `${name.slice(0, prefix.length + word.length + dash.length)}*`, part };
}

/** Ports of other databases’ servers. */
const othersPorts = new Set([
  '3306',
  '33060',
  '1433',
  '1521',
  '27017',
  '6379',
  '9042',
  '8123',
  '9000',
  '26257',
]);

function isPostgres({ family, fields, parameters }: Group): boolean {
  const engine = fields.get('engine')?.text.toLowerCase();
  if (engine !== undefined && !/postgres|pgsql|^pg$|postgis|psycopg|cockroach/.test(engine)) return false;
  const has = (part: Part): boolean => fields.has(part);
  if (parameters.has('service')) return true;
  if (family === 'DB') {
    if (engine === undefined && othersPorts.has(fields.get('port')?.text ?? '')) return false;
    return (has('host') && (has('database') || has('user'))) || (has('database') && has('user'));
  }
  return has('host') || has('database') || (has('user') && has('password')) || parameters.has('hostaddr');
}

function toCandidate({ prefix, label, line, fields, parameters }: Group): Candidate {
  const service = parameters.get('service');
  const address = parameters.get('hostaddr');
  const host = fields.get('host')?.text ?? address;
  const others = [...parameters].filter(
    ([name]) => name !== 'service' && (name !== 'hostaddr' || fields.has('host')),
  );
  const loose: LooseFields = {
    host,
    port: fields.get('port')?.text,
    database: fields.get('database')?.text,
    user: fields.get('user')?.text,
    password: fields.get('password')?.text,
    sslmode: fields.get('sslmode')?.text,
    parameters: others,
  };
  const read = readFields(loose);
  const connection = service ? leaveToService(read.connection, service, loose) : read.connection;
  return {
    address: { ...read, connection },
    line,
    from: [label],
    hint: service ?? prefix.replace(/_+$/, '').toLowerCase(),
    unknown: [...new Set([...fields.values()].flatMap(({ unknown }) => unknown))],
    noHost: host === undefined && service === undefined,
  };
}

/**
 * Puts together what goes to the same place as the same role: a URL and its parts, and the variables a container is
 * made with, which give no host, with those of the program that uses it.
 */
function together(candidates: Candidate[]): Candidate[] {
  const byPlace = new Map<string, Candidate>();
  /** By database and role, the first of each. */
  const byRole = new Map<string, Candidate>();
  const withHostFirst = [
    ...candidates.filter(({ noHost }) => !noHost),
    ...candidates.filter(({ noHost }) => noHost),
  ];
  for (const one of withHostFirst) {
    const { connection } = one.address;
    const place = placeKey(connection);
    const role = JSON.stringify([connection.database, connection.user]);
    const known = byPlace.get(place) ?? (one.noHost ? byRole.get(role) : undefined);
    if (known) {
      putTogether(known, one);
      continue;
    }
    byPlace.set(place, one);
    if (!byRole.has(role)) byRole.set(role, one);
  }
  return [...byPlace.values()].sort((a, b) => a.line - b.line);
}

function putTogether(known: Candidate, one: Candidate): void {
  const { password } = one.address;
  known.from.push(...one.from.filter((label) => !known.from.includes(label)));
  if (password === undefined || password === known.address.password) return;
  if (known.address.password === undefined) {
    known.address.password = password;
    return;
  }
  known.address.notes.push({
    severity: 'warning',
    id: 'password-differs',
    text: `${one.from.join(', ')} has another password for the same place; the one of ${known.from[0]} is taken.`,
  });
}
