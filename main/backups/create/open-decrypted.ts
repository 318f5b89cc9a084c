import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Explanation } from '../../../preload/contract/common.ts';
import { makePrivateFolder, removePrivateFolder } from '../programs/index.ts';
import { type Key, SealBroken } from './age.ts';
import { BackupFailure } from './failure.ts';
import { fileSource, runFileTask } from './file-thread.ts';
import { identityName } from './seal-folder.ts';

export interface OpenOptions {
  signal?: AbortSignal | undefined;
  /** Bytes of the encrypted files dealt with since the last call. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Where the opened copy is put, in a folder for this account alone; the system's for temporary files unless given. */
  parent?: string | undefined;
}

/** An encrypted backup as it was before. */
export interface Decrypted {
  /** Of the file or folder in the clear. */
  path: string;
  /** Removes it. */
  close(): Promise<void>;
}

/**
 * Opens an encrypted backup into a folder that only this account can read, and takes it away again with `close`; what a
 * console that died has left there goes with the next one's. All of it is proven to be what was written.
 *
 * @throws BackupFailure `key-wrong`, `backup-damaged` or `not-encrypted`; the system's error; the signal's reason
 */
export async function openDecrypted(path: string, key: Key, options: OpenOptions = {}): Promise<Decrypted> {
  const { signal, onBytes } = options;
  const folder = await makePrivateFolder(options.parent);
  try {
    const bare = basename(path).replace(/\.age$/, '');
    const to = join(folder, bare);
    if ((await lstat(path)).isDirectory()) {
      const inner = await keyOfFolder(path, key, signal);
      // Under another name until all is there.
      const aside = join(folder, '.opening');
      await mkdir(aside, { mode: 0o700 });
      const names = (await readdir(path)).filter((name) => name.endsWith('.age') && name !== identityName);
      if (names.length === 0) throw new SealBroken('no-age', 'The folder holds no encrypted files.');
      const files = names.map((name) => ({
        from: join(path, name),
        to: join(aside, name.slice(0, -'.age'.length)),
      }));
      await runFileTask({ kind: 'open', files, key: inner }, { signal, onBytes });
      await rename(aside, to);
    } else await runFileTask({ kind: 'open', files: [{ from: path, to }], key }, { signal, onBytes });
    return { path: to, close: () => removePrivateFolder(folder) };
  } catch (error) {
    await removePrivateFolder(folder);
    throw wordsFor(error, path);
  }
}

async function keyOfFolder(path: string, key: Key, signal: AbortSignal | undefined): Promise<Key> {
  if (!('passphrase' in key)) return key;
  const identity = await text(
    fileSource({ kind: 'source', from: join(path, identityName), key }, { signal }),
  );
  return { identity: identity.trim() };
}

function wordsFor(error: unknown, path: string): unknown {
  if (!(error instanceof SealBroken)) return error;
  const words: Record<SealBroken['why'], Explanation> = {
    'wrong-key': {
      cause: 'key-wrong',
      what: `${path} is not opened by this key or passphrase.`,
      why: 'It was encrypted with another one, or its header is damaged.',
      next: 'Give the passphrase or the key that it was made with.',
    },
    damaged: {
      cause: 'backup-damaged',
      what: `${path} is damaged.`,
      why: 'What it holds is not what was written: changed, or cut off.',
      next: 'Use another backup, or another copy of this one.',
    },
    'no-age': {
      cause: 'not-encrypted',
      what: `${path} is not encrypted as Howdah does it.`,
      why: 'It is no file of the age format, nor a folder of such files.',
      next: 'Use it without a key.',
    },
  };
  return new BackupFailure(words[error.why]);
}
