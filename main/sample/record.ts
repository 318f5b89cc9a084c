import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRoot, reachableParent } from './account.ts';
import { SampleError } from './errors.ts';
import type { Account } from './processes.ts';
import type { BinariesSource } from './types.ts';

/** What Howdah remembers of its sample server, in `<dataFolder>/sample/sample.json` (owner only). */
export interface SampleRecord {
  format: 1;
  /** False while it is being made: whatever is found then is thrown away and made anew. */
  complete: boolean;
  /** The folder of the cluster: data, logs, sockets. */
  home: string;
  port: number;
  user: string;
  password: string;
  major: number;
  serverVersion: string;
  bin: string;
  source: BinariesSource;
  /** The account that the postmaster runs under when we are root. */
  account?: Account;
  /** Digest of the sample systems' files it was made from. */
  assets: string;
  /** When it was made, ms since 1970, and the SHA-256 of the SQL files that were run for it, by system and path. */
  loaded?: { at: number; files: Record<string, Record<string, string>> };
}

/** The folder of the sample's own files within the data folder. */
export function sampleFolder(dataFolder: string): string {
  return join(resolve(dataFolder), 'sample');
}

/** The parts of a cluster's folder. */
export function parts(home: string): { data: string; log: string; sockets: string; binaries: string } {
  return {
    data: join(home, 'data'),
    log: join(home, 'log'),
    sockets: join(home, 'run'),
    binaries: join(home, 'pgsql'),
  };
}

/**
 * Where a cluster is made: within the data folder; for root in a folder that the server's account can reach, under
 * a name that follows from the data folder (root's own home lets nobody through).
 */
export async function homeFor(dataFolder: string): Promise<string> {
  if (!isRoot()) return join(sampleFolder(dataFolder), 'cluster');
  const parent = await reachableParent(['/var/lib', tmpdir(), '/var/tmp']);
  if (!parent) {
    throw new SampleError(
      'sample-no-account',
      'The sample server can’t be made.',
      'PostgreSQL refuses to run as root, and no folder was found that an unprivileged account can reach.',
      'Start Howdah as an ordinary user.',
    );
  }
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 12);
  return join(parent, `howdah-sample-${name}`);
}

/** Reads the record; undefined when there is none, or none that can be made sense of. */
export async function readRecord(dataFolder: string): Promise<SampleRecord | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(recordFile(dataFolder), 'utf8'));
    return isRecord(found) ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the record aside, flushes it, and puts it in place. */
export async function writeRecord(dataFolder: string, record: SampleRecord): Promise<void> {
  const file = recordFile(dataFolder);
  await mkdir(sampleFolder(dataFolder), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomUUID()}`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(aside, 0o600);
  await rename(aside, file);
}

export async function removeRecord(dataFolder: string): Promise<void> {
  await rm(recordFile(dataFolder), { force: true });
}

function recordFile(dataFolder: string): string {
  return join(sampleFolder(dataFolder), 'sample.json');
}

function isRecord(value: unknown): value is SampleRecord {
  if (typeof value !== 'object' || value === null) return false;
  const has = value as Record<string, unknown>;
  const texts = ['home', 'user', 'password', 'serverVersion', 'bin', 'source', 'assets'];
  return (
    has.format === 1 &&
    typeof has.complete === 'boolean' &&
    typeof has.port === 'number' &&
    typeof has.major === 'number' &&
    texts.every((name) => typeof has[name] === 'string')
  );
}
