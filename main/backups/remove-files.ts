import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../lib/fail.ts';
import { type Buckets, isBucketPath, removeFromBucket } from './buckets/index.ts';
import { type BackupFiles, manifestPath } from './files/index.ts';
import { refusing } from './refusals.ts';

export interface RemoveNeeds {
  files: BackupFiles;
  buckets: Buckets;
}

/**
 * Takes away what a backup consists of, wherever it lies, and its manifest; one that is gone already is no error. It
 * stays in the catalogue: that is for whoever calls.
 *
 * @throws INVALID when what lies there is no backup
 */
export async function removeBackup({ files, buckets }: RemoveNeeds, path: string): Promise<void> {
  if (isBucketPath(path)) await refusing('backup', () => removeFromBucket(buckets, files, path));
  else await removeFiles(path, files);
}

/** Only what a backup consists of: a folder that holds anything else stays, with that. @throws INVALID */
async function removeFiles(path: string, files: BackupFiles): Promise<void> {
  const { backup, recognised, manifest, problem } = await files.look(path);
  if (!backup.isThere) return;
  if (problem && !manifest) throw fail('INVALID', { ...problem, field: 'backup' });
  if (recognised.format === 'directory' || (manifest && manifest.files[0]?.name !== '')) {
    const names = manifest?.files.map(({ name }) => name) ?? (await membersOf(path, files));
    for (const name of names) if (!name.includes('..')) await rm(join(path, name), { force: true });
    await rmdir(path).catch(() => undefined);
  } else await rm(path, { force: true });
  await rm(manifestPath(path), { force: true });
}

/** Of a folder that pg_dump made: its table of contents names its files. */
async function membersOf(path: string, files: BackupFiles): Promise<string[]> {
  const { toc } = await files.read(path);
  const ids = (toc ?? []).map(({ id }) => `${id}.dat`);
  const blobs = ['blobs.toc', ...(toc ?? []).map(({ id }) => `blobs_${id}.toc`)];
  const data = [...ids, ...blobs].flatMap((name) =>
    ['', '.gz', '.lz4', '.zst'].map((end) => `${name}${end}`),
  );
  return [...data, 'toc.dat'];
}
