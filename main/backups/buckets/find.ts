import type { Backup } from '../../../preload/contract/backups.ts';
import { type BackupFiles, backupOfManifest, isManifestName } from '../files/index.ts';

import type { BucketClient } from './client.ts';
import { manifestAt } from './fetched.ts';
import type { Buckets } from './open-buckets.ts';
import { peek } from './peek.ts';

const bounds = { objects: 50_000, backups: 5_000, peeks: 200, atOnce: 8 };

type Listed = { key: string; bytes: number; at: number };

/** Backups in a bucket, by their manifests; what others have put there, by its content. @throws BackupFailure */
export async function findInBucket(
  buckets: Buckets,
  files: BackupFiles,
  folder: string,
  signal?: AbortSignal,
): Promise<Backup[]> {
  const { place, key } = await buckets.target(folder, { isFolder: true });
  const client = await buckets.client(place);
  const from = key === '' || key.endsWith('/') ? key : `${key}/`;
  const listed: Listed[] = [];
  for await (const one of client.list(from, signal)) {
    listed.push(one);
    if (listed.length >= bounds.objects) break;
  }
  const shown = (whole: string): string => `s3://${place.name}/${whole.slice(place.prefix.length)}`;
  const made = await byManifests(client, listed, shown, signal);
  const known = new Set(made.map((one) => one.path));
  const others = strangers(listed, (whole) => known.has(shown(whole)));
  const found = await shared(others.slice(0, bounds.peeks), async ({ key, isFolder, bytes, at }) => {
    const { backup, recognised } = await peek(client, files, { key, isFolder }, signal);
    if (recognised.format === 'unknown' && !recognised.encryption) return undefined;
    const hasTime = backup.madeBy === 'howdah' || backup.toolVersion !== null;
    return { ...backup, path: shown(key), bytes, at: hasTime ? backup.at : at };
  });
  return [...made, ...found].sort((a, b) => b.at - a.at);
}

async function byManifests(
  client: BucketClient,
  listed: readonly Listed[],
  shown: (key: string) => string,
  signal: AbortSignal | undefined,
): Promise<Backup[]> {
  const keys = new Set(listed.map(({ key }) => key));
  const folders = new Set(listed.map(({ key }) => folderOf(key)));
  const manifests = listed.filter(({ key }) => isManifestName(key)).slice(0, bounds.backups);
  return await shared(manifests, async ({ key }) => {
    const of = key.slice(0, -'.howdah.json'.length);
    if (!keys.has(of) && !folders.has(of)) return undefined;
    const manifest = await manifestAt(client, of, signal);
    const verification = { level: 'none', state: 'unproven', at: null, said: [] } as const;
    return manifest && backupOfManifest(shown(of), manifest.is, { ...verification, said: [] });
  });
}

/** What belongs to none that is known: single objects, and folders with a table of contents. */
function strangers(
  listed: readonly Listed[],
  isKnown: (key: string) => boolean,
): (Listed & { isFolder: boolean })[] {
  const folders = new Map<string, Listed & { isFolder: boolean }>();
  for (const { key, at } of listed)
    if (key.endsWith('/toc.dat'))
      folders.set(folderOf(key), { key: folderOf(key), bytes: 0, at, isFolder: true });
  const single: (Listed & { isFolder: boolean })[] = [];
  for (const one of listed) {
    const folder = folders.get(folderOf(one.key));
    if (folder) folder.bytes += one.bytes;
    else if (one.bytes > 0 && !isManifestName(one.key) && !isKnown(one.key) && !isKnown(folderOf(one.key)))
      single.push({ ...one, isFolder: false });
  }
  return [...[...folders.values()].filter(({ key }) => !isKnown(key)), ...single];
}

const folderOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('/')));

async function shared<T, R>(all: readonly T[], work: (one: T) => Promise<R | undefined>): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) {
      const result = await work(all[at] as T);
      if (result !== undefined) done.push(result);
    }
  };
  await Promise.all(Array.from({ length: bounds.atOnce }, worker));
  return done;
}
