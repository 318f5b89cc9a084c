import { BackupFailure } from '../create/failure.ts';
import { type BackupFiles, manifestPath } from '../files/index.ts';
import { manifestAt } from './fetched.ts';
import type { Buckets } from './open-buckets.ts';
import { peek } from './peek.ts';

/**
 * Takes a backup out of its bucket: the manifest first, because without it nothing there is called a backup, then only
 * what it names. What lies there without one is looked at before.
 *
 * @throws BackupFailure when it is no backup, or the bucket does not let it go
 */
export async function removeFromBucket(buckets: Buckets, files: BackupFiles, path: string): Promise<void> {
  const { place, key } = await buckets.target(path);
  const client = await buckets.client(place);
  const manifest = await manifestAt(client, key);
  if (manifest) {
    await client.remove(manifestPath(key));
    for (const { name } of manifest.is.files) await client.remove(name === '' ? key : `${key}/${name}`);
    return;
  }
  if (await client.head(key)) {
    const { problem } = await peek(client, files, { key, isFolder: false });
    // Of a few bytes it can't be told whether it is whole, only whether it is one.
    if (problem && problem.cause !== 'backup-cut') throw new BackupFailure(problem);
    await client.remove(key);
  } else if (await client.head(`${key}/toc.dat`)) {
    const members = /^(toc\.dat|blobs(_\d+)?\.toc|(blob_)?\d+\.dat)(\.(gz|lz4|zst))?$/;
    for await (const one of client.list(`${key}/`))
      if (members.test(one.key.slice(key.length + 1))) await client.remove(one.key);
  }
  if (await client.head(manifestPath(key))) await client.remove(manifestPath(key));
}
