import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Account, run } from './processes.ts';
import type { BinariesSource } from './types.ts';

/** A folder with PostgreSQL's server programs. */
export interface Binaries {
  bin: string;
  major: number;
  /** For example `15.20`. */
  version: string;
  source: BinariesSource;
}

/** Who is to run the programs, and where. */
export interface PlaceOptions {
  /** The account that must be able to run them. */
  account?: Account | undefined;
  /** Where embedded binaries are copied to when that account can't reach them. */
  copyTo: string;
  signal?: AbortSignal | undefined;
}

export const EXE = process.platform === 'win32' ? '.exe' : '';

export async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What `<file> --version` says, such as `15.20`; undefined when it can't be run as `account`. */
export async function versionOf(
  file: string,
  account?: Account,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (!(await isProgram(file))) return undefined;
  try {
    const said = await run(file, ['--version'], { account, cwd: dirname(file), signal, timeout: 10_000 });
    return /\) (\d+(?:\.\d+|devel|beta\d+|rc\d+))/.exec(said)?.[1];
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
