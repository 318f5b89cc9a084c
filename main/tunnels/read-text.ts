import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Neither a configuration nor a list of known hosts is larger than this, in bytes. */
export const LARGEST_FILE = 16 * 1024 * 1024;

/** A file that is there but can't be used, in words that follow its name: `is a folder`. */
export class UnusableFile extends Error {
  override name = 'UnusableFile';
}

/**
 * A regular file's content; undefined when there is none. A pipe is not waited for.
 *
 * @throws UnusableFile when it may not be read, is no regular file, or is larger than `largest` bytes.
 */
export function readRegularFile(path: string, largest = LARGEST_FILE): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES' || code === 'EPERM') throw new UnusableFile('may not be read by this account');
    if (code === 'EISDIR') throw new UnusableFile('is a folder');
    throw new UnusableFile(`can't be read (${String(code ?? error)})`);
  }
  try {
    const about = fstatSync(file);
    if (about.isDirectory()) throw new UnusableFile('is a folder');
    if (!about.isFile()) throw new UnusableFile('is no regular file');
    if (about.size > largest) throw new UnusableFile(`is too large (${about.size} bytes)`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
