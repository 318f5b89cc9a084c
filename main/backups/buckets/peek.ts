import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupFiles, ReadBackup } from '../files/index.ts';
import { makePrivateFolder, removePrivateFolder } from '../programs/index.ts';
import { localName } from './address.ts';
import type { BucketClient } from './client.ts';

/** Bytes that tell what something is. */
const shortLook = 256 * 1024;

/** A short look at something that others have put into a bucket: its first bytes are fetched, of a folder its contents. */
export async function peek(
  client: BucketClient,
  files: BackupFiles,
  { key, isFolder }: { key: string; isFolder: boolean },
  signal?: AbortSignal,
): Promise<ReadBackup> {
  const folder = await makePrivateFolder();
  try {
    const path = join(folder, localName(key));
    if (isFolder) await mkdir(path);
    const from = isFolder
      ? client.read(`${key}/toc.dat`, { signal })
      : client.read(key, { signal, first: shortLook });
    await pipeline(from, createWriteStream(isFolder ? join(path, 'toc.dat') : path, { mode: 0o600 }));
    return await files.look(path, { ...(signal ? { signal } : {}) });
  } finally {
    await removePrivateFolder(folder);
  }
}
