import { open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where files of this account are looked for. */
export interface Account {
  /** Its home directory. */
  home: string;
  /** Variables of the environment: `PGSERVICEFILE`, `PGPASSFILE`, `APPDATA`, … */
  env: Record<string, string | undefined>;
}

/** The account that Howdah runs as. */
export function thisAccount(): Account {
  return { home: process.env.HOME || homedir(), env: process.env };
}

/** A file that can't be read, with the reason in words. */
export class FileProblem extends Error {
  override name = 'FileProblem';
  /** Whether there is no such file, as opposed to one that can't be read. */
  readonly missing: boolean;
  constructor(message: string, missing = false) {
    super(message);
    this.missing = missing;
  }
}

/** The largest file that is read, in bytes: far beyond what these files are. */
const largest = 1_000_000;

export interface SmallFile {
  bytes: Buffer;
  /** Owner (uid) and permission bits. */
  owner: number;
  mode: number;
}

/**
 * Reads a file of at most 1 MB whole.
 *
 * @throws {FileProblem} when it is missing, is no plain file (a pipe would be waited on for ever), too large, or this
 * account may not read it.
 */
export async function readSmallFile(path: string): Promise<SmallFile> {
  try {
    // Before opening: opening a pipe waits for its writer.
    if (!(await stat(path)).isFile()) throw new FileProblem('it is not a plain file');
    const file = await open(path, 'r');
    try {
      const { size, uid, mode } = await file.stat();
      if (size > largest) throw new FileProblem(`it is larger than ${largest / 1_000_000} MB`);
      return { bytes: await file.readFile(), owner: uid, mode: mode & 0o7777 };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FileProblem('there is no such file', true);
    if (code === 'EACCES' || code === 'EPERM') throw new FileProblem('this account may not read it');
    throw new FileProblem(`it can't be read (${String(code ?? 'unknown reason')})`);
  }
}

/** Bytes as text: UTF-8, without a byte order mark. */
export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** `~` and `~/…` are this account's home; libpq leaves that to the shell. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** libpq's own folder on Windows; undefined elsewhere. */
export function windowsFolder(
  { env }: Account,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  return platform === 'win32' && env.APPDATA ? join(env.APPDATA, 'postgresql') : undefined;
}
