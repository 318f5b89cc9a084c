import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { matchesList } from './patterns.ts';
import { systemFolder } from './places.ts';
import { readRegularFile } from './read-text.ts';

export type Verdict =
  | { verdict: 'known' }
  | { verdict: 'unknown' }
  | { verdict: 'changed'; file: string; line: number }
  | { verdict: 'revoked'; file: string; line: number };

/** Files in place of the usual ones, as `UserKnownHostsFile` and `GlobalKnownHostsFile` name them. */
export interface KnownHostsPlaces {
  user?: string[] | undefined;
  global?: string[] | undefined;
}

/** The host keys that are known (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). Read anew at each question. */
export interface KnownHosts {
  /** `changed` only when another key of the same type is known; a host known by other types alone is `unknown`. */
  check(host: string, port: number, key: Buffer, places?: KnownHostsPlaces): Verdict;
  /** Types of the keys known for a host, such as `ssh-ed25519`, so that one of them can be asked for. */
  knownTypes(host: string, port: number, places?: KnownHostsPlaces): string[];
  /**
   * Adds a key to the own file, the only one that is ever written.
   *
   * @param hostPort `host:port`, an IPv6 address in brackets.
   * @throws Error when the name could not be written as one plain entry, or the key is not of that type.
   */
  trust(hostPort: string, type: string, keyBase64: string): void;
  files: string[];
}

export interface KnownHostsOptions {
  /** Howdah's own file. */
  ownFile: string;
  home?: string;
  /** The system's folder of OpenSSH, `/etc/ssh`. */
  systemFolder?: string;
}

/** Longer lines hold no key that anybody uses, in characters. */
const LONGEST_LINE = 64 * 1024;

export function openKnownHosts({
  ownFile,
  home = homedir(),
  systemFolder: system = systemFolder(),
}: KnownHostsOptions): KnownHosts {
  const user = [join(home, '.ssh', 'known_hosts'), join(home, '.ssh', 'known_hosts2')];
  const global = [join(system, 'ssh_known_hosts'), join(system, 'ssh_known_hosts2')];
  const filesOf = (places?: KnownHostsPlaces): string[] => [
    ...new Set([ownFile, ...(places?.user ?? user), ...(places?.global ?? global)]),
  ];

  function* entriesFor(name: string, places?: KnownHostsPlaces): Generator<Entry> {
    for (const file of filesOf(places)) {
      for (const entry of readEntries(file)) if (entryIsFor(entry.hosts, name)) yield entry;
    }
  }

  return {
    files: filesOf(),

    check(host, port, key, places) {
      const type = keyType(key);
      const name = nameIn(host, port);
      let known = false;
      let changed: Entry | undefined;
      for (const entry of entriesFor(name, places)) {
        const same = entry.key.equals(key);
        if (entry.revoked) {
          if (same) return { verdict: 'revoked', file: entry.file, line: entry.line };
        } else if (same) {
          known = true;
        } else if (keyType(entry.key) === type) {
          changed ??= entry;
        }
      }
      if (known) return { verdict: 'known' };
      if (changed) return { verdict: 'changed', file: changed.file, line: changed.line };
      // As OpenSSH has it: a key known for the host without its port is good for another port, too.
      if (port !== 22) {
        const plain = [...entriesFor(host.toLowerCase(), places)].filter((entry) => entry.key.equals(key));
        const revoked = plain.find((entry) => entry.revoked);
        if (revoked) return { verdict: 'revoked', file: revoked.file, line: revoked.line };
        if (plain.length > 0) return { verdict: 'known' };
      }
      return { verdict: 'unknown' };
    },

    knownTypes(host, port, places) {
      const types = (name: string): string[] =>
        [...entriesFor(name, places)].filter((entry) => !entry.revoked).map((entry) => keyType(entry.key));
      const named = types(nameIn(host, port));
      return [...new Set(named.length > 0 || port === 22 ? named : types(host.toLowerCase()))];
    },

    trust(hostPort, type, keyBase64) {
      const { host, port } = splitHostPort(hostPort);
      const key = Buffer.from(keyBase64, 'base64');
      if (keyType(key) !== type || !/^[\w@.-]+$/.test(type)) {
        throw new Error(`The host key of ${hostPort} is not a key of type ${type}.`);
      }
      const before = readRegularFile(ownFile)?.toString('utf8') ?? '';
      const gap = before === '' || before.endsWith('\n') ? '' : '\n';
      const line = `${nameIn(host, port)} ${type} ${key.toString('base64')}\n`;
      if (before.includes(line)) return;
      writeAside(ownFile, `${before}${gap}${line}`);
    },
  };
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a public key in SSH's wire format names (RFC 4253, 6.6); empty when it is none. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && length <= key.length - 4 ? key.toString('latin1', 4, 4 + length) : '';
}

/** A host as known_hosts writes it: `[host]:port`, or the bare host on port 22. */
export function nameIn(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** `host:port`, brackets around an IPv6 address. */
export function hostPortOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function splitHostPort(hostPort: string): { host: string; port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(hostPort);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3]);
  // What would be more than one plain name in the file: patterns, lists, hashes, marks, comments.
  if (!host || !/^[^\s*?!,|@#[\]\p{Cc}]+$/u.test(host) || !(port >= 1 && port <= 65535)) {
    throw new Error(`"${hostPort.slice(0, 100)}" is no host and port.`);
  }
  return { host, port };
}

interface Entry {
  hosts: string;
  key: Buffer;
  revoked: boolean;
  file: string;
  /** From 1. */
  line: number;
}

/** The keys of one file. What is malformed, or a certificate authority's, is passed over. */
function* readEntries(file: string): Generator<Entry> {
  let text: string;
  try {
    text = readRegularFile(file)?.toString('utf8') ?? '';
  } catch {
    // OpenSSH goes on without it, too: what is not known is asked.
    return;
  }
  let line = 0;
  for (const raw of text.split('\n')) {
    line += 1;
    if (raw.length > LONGEST_LINE) continue;
    const words = raw.trim().split(/[ \t]+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    if (marker !== undefined && marker !== '@revoked') continue;
    const [hosts, type, base64] = words;
    if (!hosts || hosts.startsWith('#') || !type || !base64) continue;
    const key = Buffer.from(base64, 'base64');
    if (keyType(key) !== type) continue;
    yield { hosts, key, revoked: marker === '@revoked', file, line };
  }
}

function entryIsFor(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return hashedIsFor(hosts, name);
  return matchesList(name, hosts.toLowerCase().split(','));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt. */
function hashedIsFor(hosts: string, name: string): boolean {
  const [, , salt, hash] = hosts.split('|');
  if (!salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function writeAside(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.new`;
  try {
    const open = openSync(aside, 'w', 0o600);
    try {
      writeFileSync(open, text);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
