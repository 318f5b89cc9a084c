import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecureVersion } from 'node:tls';
import type { Connection } from '../../preload/contract/connection.ts';
import { WayProblem } from '../lib/way-problem.ts';
import { trustedAuthorities } from './authorities.ts';
import {
  type Account,
  expandHome,
  FileProblem,
  readSmallFile,
  type SmallFile,
  thisAccount,
  windowsFolder,
} from './small-file.ts';

/** What the files say, under the names of Node's `tls` options. */
export interface TlsFiles {
  /** The authorities to trust, PEM, one each; left out where nothing is verified. */
  ca?: string[];
  cert?: string;
  key?: string;
  passphrase?: string;
  crl?: string[];
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  /** `sslmode=require` with a root certificate at hand verifies as `verify-ca` does (PostgreSQL manual, "SSL Support"). */
  verifyCaBecauseOfRootCert: boolean;
}

export interface TlsFilesOptions extends Partial<Account> {
  /** Opens the key of the client's certificate (`sslpassword`). */
  clientKeyPassphrase?: string | undefined;
}

/**
 * Reads the certificate files of a connection (PostgreSQL manual, "SSL Support"; `initialize_SSL` in
 * fe-secure-openssl.c): `sslrootcert`, `sslcrl`, `sslcrldir`, `sslcert` and `sslkey`, or `root.crt`, `root.crl`,
 * `postgresql.crt` and `postgresql.key` in `~/.postgresql` (`%APPDATA%\postgresql` on Windows) where those are there.
 * All are PEM; libpq takes DER for the key too.
 *
 * Without any root certificate, `verify-ca` and `verify-full` trust the authorities that come with Node and those of
 * the system, together, where libpq refuses to connect; `sslrootcert=system` trusts the system's alone. A file that
 * was named and is missing is a problem in every mode; libpq goes on without it where it can.
 *
 * @throws {WayProblem} `certificate-file-unreadable`, or `client-key-passphrase-missing` with the question, whose
 * `of` is the key's path as the connection has it.
 */
export async function readTlsFiles(connection: Connection, options: TlsFilesOptions = {}): Promise<TlsFiles> {
  const { parameters, sslmode, host, otherHosts = [] } = connection;
  const none: TlsFiles = { verifyCaBecauseOfRootCert: false };
  // Sockets are never encrypted, and none of the files is asked for then.
  if (
    sslmode === 'disable' ||
    [host, ...otherHosts.map((one) => one.host)].every((one) => one.startsWith('/'))
  )
    return none;
  const account = { ...thisAccount(), ...options };
  const folder = windowsFolder(account) ?? join(account.home, '.postgresql');
  /** The path that is named, or the usual one; `must` says that it has to be there. */
  const place = (name: 'sslrootcert' | 'sslcert' | 'sslkey' | 'sslcrl', usual: string): Place => {
    const named = parameters[name];
    return named
      ? { path: expandHome(named, account.home), must: true }
      : { path: join(folder, usual), must: false };
  };

  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full';
  const root =
    parameters.sslrootcert === 'system'
      ? await systemAuthorities()
      : await rootOf(place('sslrootcert', 'root.crt'));
  const ca = root ?? (verifies ? (await trustedAuthorities()).every : undefined);
  const crl = ca ? await revoked(place('sslcrl', 'root.crl'), parameters, account) : undefined;
  const client =
    parameters.sslcertmode === 'disable'
      ? undefined
      : await clientOf(place('sslcert', 'postgresql.crt'), place('sslkey', 'postgresql.key'), {
          keyAsGiven: parameters.sslkey || '~/.postgresql/postgresql.key',
          passphrase: options.clientKeyPassphrase || undefined,
        });
  const maxVersion = versionOf(parameters.ssl_max_protocol_version);
  return {
    ...(ca ? { ca } : {}),
    ...(crl ? { crl } : {}),
    ...client,
    minVersion: versionOf(parameters.ssl_min_protocol_version ?? 'TLSv1.2') ?? 'TLSv1',
    ...(maxVersion ? { maxVersion } : {}),
    verifyCaBecauseOfRootCert: sslmode === 'require' && root !== undefined,
  };
}

interface Place {
  path: string;
  must: boolean;
}

async function rootOf(place: Place): Promise<string[] | undefined> {
  const file = await readPlace(place, 'root certificate');
  return file && certificatesIn(file.bytes, place.path, 'root certificate');
}

/** libpq leaves aside a missing list without a word; Howdah does so only for the usual one. */
async function revoked(
  place: Place,
  parameters: Connection['parameters'],
  { home }: Account,
): Promise<string[] | undefined> {
  const what = 'certificate revocation list';
  const folder = parameters.sslcrldir ? expandHome(parameters.sslcrldir, home) : undefined;
  // As libpq: with a folder named, the usual file is not looked for.
  const file = folder && !place.must ? undefined : await readPlace(place, what);
  const files = file ? [{ path: place.path, bytes: file.bytes }] : [];
  if (folder) {
    const names = await readdir(folder).catch(() => {
      throw unreadable(folder, what, "the folder can't be listed");
    });
    // OpenSSL's names in such a folder: a hash of the issuer, and "r" with a number.
    for (const name of names.filter((one) => /^[0-9a-f]{8}\.r\d+$/i.test(one)).sort()) {
      const path = join(folder, name);
      const read = await readPlace({ path, must: true }, what);
      if (read) files.push({ path, bytes: read.bytes });
    }
  }
  if (files.length === 0) return undefined;
  return files.flatMap(({ path, bytes }) => {
    const lists = blocksOf(bytes.toString('latin1'), ['X509 CRL']);
    if (lists.length === 0) throw unreadable(path, what, whatItIs(bytes, what));
    return lists;
  });
}

async function clientOf(
  certPlace: Place,
  keyPlace: Place,
  secret: { keyAsGiven: string; passphrase: string | undefined },
): Promise<Pick<TlsFiles, 'cert' | 'key' | 'passphrase'>> {
  const certFile = await readPlace(certPlace, 'client certificate');
  if (!certFile) return {};
  const chain = certificatesIn(certFile.bytes, certPlace.path, 'client certificate');
  // A certificate is of no use without its key.
  const keyFile = await readPlace({ ...keyPlace, must: true }, 'private key');
  if (!keyFile) return {};
  checkPermissions(keyFile, keyPlace.path);
  const { pem, encrypted, parsed } = keyIn(keyFile.bytes, keyPlace.path, secret);
  if (!belongTogether(chain[0] ?? '', parsed)) {
    throw unreadable(
      keyPlace.path,
      'private key',
      `it does not belong to the certificate in ${certPlace.path}`,
    );
  }
  return {
    cert: chain.join('\n'),
    key: pem,
    ...(encrypted && secret.passphrase !== undefined ? { passphrase: secret.passphrase } : {}),
  };
}

/** As libpq: the owner alone may read it, or, where root owns it, a group too. */
function checkPermissions({ owner, mode }: SmallFile, path: string): void {
  if (process.platform === 'win32') return;
  if ((mode & (owner === 0 ? 0o037 : 0o077)) === 0) return;
  throw unreadable(
    path,
    'private key',
    `others than its owner may read or write it (its permissions are ${mode.toString(8).padStart(4, '0')})`,
    { next: 'Take the permissions away.', command: `chmod 600 ${shellWord(path)}` },
  );
}

function keyIn(
  bytes: Buffer,
  path: string,
  { keyAsGiven, passphrase }: { keyAsGiven: string; passphrase: string | undefined },
): { pem: string; encrypted: boolean; parsed: KeyObject } {
  const pem = blocksOf(bytes.toString('latin1'), [
    'PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
  ])[0];
  if (pem === undefined) throw unreadable(path, 'private key', whatItIs(bytes, 'private key'));
  const encrypted = pem.includes('BEGIN ENCRYPTED') || pem.includes('Proc-Type: 4,ENCRYPTED');
  if (encrypted && passphrase === undefined) throw passphraseProblem(path, keyAsGiven, false);
  try {
    return {
      pem,
      encrypted,
      parsed: createPrivateKey({ key: pem, ...(encrypted && passphrase ? { passphrase } : {}) }),
    };
  } catch {
    // Not passed on as the cause: it may know more of the key than messages should.
    if (encrypted) throw passphraseProblem(path, keyAsGiven, true);
    throw unreadable(path, 'private key', 'it is damaged');
  }
}

function belongTogether(certificate: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(key);
  } catch {
    return false;
  }
}

function certificatesIn(bytes: Buffer, path: string, what: string): string[] {
  const found = blocksOf(bytes.toString('latin1'), [
    'CERTIFICATE',
    'TRUSTED CERTIFICATE',
    'X509 CERTIFICATE',
  ]);
  if (found.length === 0) throw unreadable(path, what, whatItIs(bytes, what));
  for (const [index, certificate] of found.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw unreadable(
        path,
        what,
        `its ${index === 0 ? 'certificate' : `certificate ${index + 1}`} is damaged`,
      );
    }
  }
  return found;
}

/** The PEM blocks of some kinds in a text (RFC 7468), whatever stands between them. */
function blocksOf(text: string, kinds: readonly string[]): string[] {
  const blocks: string[] = [];
  const begin = '-----BEGIN ';
  for (let at = text.indexOf(begin); at >= 0; ) {
    const kind = text.slice(at + begin.length, text.indexOf('-----', at + begin.length));
    const end = `-----END ${kind}-----`;
    const close = text.indexOf(end, at);
    if (close < 0) break;
    if (kinds.includes(kind)) blocks.push(text.slice(at, close + end.length));
    at = text.indexOf(begin, close);
  }
  return blocks;
}

/** What a file is that is not what it should be. */
function whatItIs(bytes: Buffer, wanted: string): string {
  const text = bytes.toString('latin1');
  if (text.trim() === '') return 'it is empty';
  if (/-----BEGIN OPENSSH PRIVATE KEY-----/.test(text)) return 'it is a key of SSH, not of TLS';
  const cutOff = 'it is cut off: the line "-----END …" is missing';
  if (/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/.test(text)) {
    return wanted === 'private key' ? cutOff : 'it is a private key';
  }
  if (/-----BEGIN [A-Z0-9 ]{0,20}CERTIFICATE-----/.test(text)) {
    return wanted.endsWith('certificate') ? cutOff : 'it is a certificate';
  }
  if (/-----BEGIN [A-Z ]{0,20}CERTIFICATE REQUEST-----/.test(text)) {
    return 'it is a request for a certificate';
  }
  if (text.includes('-----BEGIN ')) return 'it is PEM of another kind, or cut off';
  // A sequence in DER: certificates, keys and PKCS#12 all begin with it.
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80) {
    return 'it is binary (DER or PKCS#12), and PEM is needed; openssl converts it';
  }
  return 'it is not PEM: there is no line "-----BEGIN …"';
}

async function readPlace({ path, must }: Place, what: string): Promise<SmallFile | undefined> {
  try {
    return await readSmallFile(path);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    if (error.missing && !must) return undefined;
    throw unreadable(path, what, error.message);
  }
}

async function systemAuthorities(): Promise<string[]> {
  const { system } = await trustedAuthorities();
  if (system.length > 0) return system;
  throw new WayProblem({
    cause: 'certificate-file-unreadable',
    what: 'The system has no certificates of authorities.',
    why: 'sslrootcert=system trusts those of the system, and there are none.',
    next: "Install the system's package of authorities (ca-certificates), or name a file with sslrootcert.",
  });
}

function versionOf(text: string | undefined): SecureVersion | undefined {
  const versions: SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  return versions.find((version) => version.toLowerCase() === text?.toLowerCase());
}

function passphraseProblem(path: string, of: string, wasWrong: boolean): WayProblem {
  return new WayProblem(
    {
      cause: 'client-key-passphrase-missing',
      what: wasWrong
        ? `The passphrase does not open the key ${path}.`
        : `The key ${path} is protected by a passphrase.`,
      why: "The key of the client's certificate is encrypted.",
      next: wasWrong ? 'Type the passphrase of this key again.' : 'Type the passphrase of this key.',
    },
    { ask: { kind: 'secret', secret: 'client-key-passphrase', of, wasWrong } },
  );
}

function unreadable(
  path: string,
  what: string,
  why: string,
  mend: { next?: string; command?: string } = {},
): WayProblem {
  return new WayProblem({
    cause: 'certificate-file-unreadable',
    what: `The ${what} ${path} can't be used.`,
    why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    next: mend.next ?? `Give the path of a ${what} in PEM form.`,
    ...(mend.command ? { command: mend.command } : {}),
  });
}

/** A word of a POSIX shell's command line. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
