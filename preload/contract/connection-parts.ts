/** Whether a parameter's value must never be written down. */
export function isSecretParameter(name: string): boolean {
  return /pass(?!file$)|pwd|secret|token|credential|api_?key|scram_.*_key|^identity$/i.test(name);
}

/** Whether a text can be a host's name, an address, or a socket directory. A comma separates hosts, everywhere. */
export function isHost(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be refused.
  return text.startsWith('/') ? !/[,\u0000-\u001f]/.test(text) : /^[^\s@/?#,\u0000-\u001f]+$/.test(text);
}

/** Whether a host is this machine: loopback or a socket directory. */
export function isLocalHost(host: string): boolean {
  return /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/i.test(host) || host.startsWith('/');
}

/** Whether the server itself is here. A tunnel's end on this machine is none, and neither is a cloud proxy's socket. */
export function isOnThisMachine(connection: {
  host: string;
  otherHosts?: readonly { host: string }[] | undefined;
  tunnel?: object | undefined;
}): boolean {
  const { host, otherHosts = [], tunnel } = connection;
  const all = [host, ...otherHosts.map((one) => one.host)];
  return tunnel === undefined && all.every((one) => isLocalHost(one) && !one.startsWith('/cloudsql/'));
}

/** Every parameter that libpq knows (PostgreSQL 18 manual, "Parameter Key Words"; fe-connect.c). */
const libpqParameters: ReadonlySet<string> = new Set(
  (
    'service servicefile user password passfile channel_binding connect_timeout dbname host hostaddr port ' +
    'client_encoding options application_name fallback_application_name keepalives keepalives_idle ' +
    'keepalives_interval keepalives_count tcp_user_timeout sslmode sslnegotiation sslcompression sslcert sslkey ' +
    'sslcertmode sslpassword sslrootcert sslcrl sslcrldir sslsni requirepeer require_auth min_protocol_version ' +
    'max_protocol_version ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib ' +
    'gssdelegation replication target_session_attrs load_balance_hosts scram_client_key scram_server_key ' +
    'sslkeylogfile oauth_issuer oauth_client_id oauth_client_secret oauth_scope requiressl'
  ).split(' '),
);

/** Whether libpq knows a parameter of this name; names are written in lower case. */
export function isLibpqParameter(name: string): boolean {
  return libpqParameters.has(name);
}

/** What other programs call libpq's parameters. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['database', 'dbname'],
  ['username', 'user'],
  ['hostname', 'host'],
  ['server', 'host'],
]);

/** The libpq parameter that was meant by a name it doesn't know: one letter off, in capitals, or called otherwise elsewhere. */
export function meantParameter(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (libpqParameters.has(lower)) return name === lower ? undefined : lower;
  return otherNames.get(lower) ?? [...libpqParameters].find((known) => isOneOff(lower, known));
}

/** Whether one letter added, left out, changed, or swapped with the next makes the one into the other. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restOfA, restOfB] = [a.slice(at), b.slice(at)];
  return (
    restOfA.slice(1) === restOfB ||
    restOfA === restOfB.slice(1) ||
    restOfA.slice(1) === restOfB.slice(1) ||
    (restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0] && restOfA.slice(2) === restOfB.slice(2))
  );
}

/** Parameters that are fields of a connection. */
const fields: readonly string[] = ['host', 'port', 'dbname', 'user', 'sslmode'];

const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Parameters of which libpq takes only certain values. */
const choices: ReadonlyMap<string, readonly string[]> = new Map([
  ['channel_binding', ['disable', 'prefer', 'require']],
  ['target_session_attrs', ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby']],
  ['sslnegotiation', ['postgres', 'direct']],
  ['sslcertmode', ['disable', 'allow', 'require']],
  ['sslsni', ['0', '1']],
  ['gssencmode', ['disable', 'prefer', 'require']],
  ['load_balance_hosts', ['disable', 'random']],
]);

/** Parameters that are whole numbers. */
const numbers: ReadonlyMap<string, string> = new Map([
  ['connect_timeout', 'a whole number of seconds'],
  ['keepalives', '0 or 1'],
  ['keepalives_idle', 'a whole number of seconds'],
  ['keepalives_interval', 'a whole number of seconds'],
  ['keepalives_count', 'a whole number'],
  ['tcp_user_timeout', 'a whole number of milliseconds'],
]);

/** What is wrong with a parameter's value; undefined when nothing is, or when the parameter is not libpq's. */
export function parameterProblem(name: string, value: string): string | undefined {
  if (fields.includes(name)) return `${name} is a field of its own, not a parameter.`;
  const not = `, not "${value.slice(0, 40)}".`;
  const allowed = choices.get(name);
  if (allowed && !allowed.includes(value)) return `${name} is one of ${allowed.join(', ')}${not}`;
  if (name === 'ssl_min_protocol_version' || name === 'ssl_max_protocol_version') {
    if (value !== '' && tlsVersion(value) < 0) return `${name} is one of ${tlsVersions.join(', ')}${not}`;
  }
  const number = numbers.get(name);
  if (number && !isInteger(value)) return `${name} is ${number}${not}`;
  if (name === 'pool_max_conns' && !/^[1-9]\d{0,5}$/.test(value)) {
    return `pool_max_conns is a whole number from 1${not}`;
  }
  if (name === 'service' && value === '') return 'service is empty.';
  if (name === 'hostaddr' && !value.split(',').every((one) => one === '' || isAddress(one))) {
    return `hostaddr is an IP address, or several with commas between them${not}`;
  }
  return undefined;
}

/**
 * What is wrong with parameters taken together with the TLS mode and the number of hosts, as libpq has it; undefined
 * when nothing is.
 */
export function combinationProblem(
  sslmode: string,
  hosts: number,
  parameters: Readonly<Record<string, string>>,
): { field: 'sslmode' | 'host' | 'url'; message: string } | undefined {
  if (parameters.sslrootcert === 'system' && sslmode !== 'verify-full') {
    return {
      field: 'sslmode',
      message: `sslrootcert=system goes with sslmode verify-full only, not "${sslmode}": anybody can get a certificate from a public authority.`,
    };
  }
  if (parameters.sslnegotiation === 'direct' && !/^(?:require|verify-ca|verify-full)$/.test(sslmode)) {
    return {
      field: 'sslmode',
      message: `sslnegotiation=direct goes with sslmode require, verify-ca or verify-full, not "${sslmode}".`,
    };
  }
  const lowest = tlsVersion(parameters.ssl_min_protocol_version ?? 'TLSv1.2');
  const highest = tlsVersion(parameters.ssl_max_protocol_version ?? '');
  if (lowest >= 0 && highest >= 0 && lowest > highest) {
    return {
      field: 'url',
      message: 'ssl_min_protocol_version (TLSv1.2 when left out) is above ssl_max_protocol_version.',
    };
  }
  const addresses = parameters.hostaddr?.split(',').length;
  if (addresses !== undefined && addresses !== hosts) {
    return {
      field: 'host',
      message: `hostaddr has ${addresses} addresses for ${hosts} hosts; give one for each host.`,
    };
  }
  return undefined;
}

/** Where a TLS version stands among those that libpq knows, from 0; -1 for none of them. Case does not matter. */
function tlsVersion(text: string): number {
  return tlsVersions.findIndex((version) => version.toLowerCase() === text.toLowerCase());
}

/** As libpq reads numbers: strtol(3) within 32 bits, blanks around it allowed. */
function isInteger(text: string): boolean {
  const number = /^[ \t\n\v\f\r]*[+-]?\d{1,20}[ \t\n\v\f\r]*$/.test(text) ? Number(text) : Number.NaN;
  return number >= -(2 ** 31) && number < 2 ** 31;
}

function isAddress(text: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || (text.includes(':') && /^[0-9a-f:.]+(?:%[\w.-]+)?$/i.test(text))
  );
}

/** Whether a text is a connection string, a URL or `key=value` pairs, rather than a name. */
export function looksLikeConnectionString(text: string): boolean {
  return /^\s*(postgres(ql)?:\/\/|[a-z_]+\s*=)/i.test(text);
}
