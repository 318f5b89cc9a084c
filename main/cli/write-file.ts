import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CallProblem } from './run.ts';

/**
 * Writes pieces of text into a file: aside, flushed, then put in place, so that what was there before stays whole until
 * all of it is written.
 *
 * @throws CallProblem where it can’t be written; whatever the pieces throw
 */
export async function writeFileAside(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const aside = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.partial`);
  const handle = await open(aside, 'wx', 0o666).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(file, error);
  });
  try {
    try {
      for await (const piece of pieces) await handle.write(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') {
      throw unwritable(file, error as NodeJS.ErrnoException);
    }
    throw error;
  }
}

function unwritable(file: string, { code, message }: NodeJS.ErrnoException): CallProblem {
  const whys: Record<string, string> = {
    ENOENT: 'its folder is not there',
    EACCES: 'this account may not write there',
    EROFS: 'the disk can only be read',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is a file',
    ENOSPC: 'the disk is full',
  };
  return new CallProblem(`${file} can’t be written: ${whys[code ?? ''] ?? message}.`);
}
