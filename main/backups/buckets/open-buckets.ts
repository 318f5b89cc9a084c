import { join } from 'node:path';
import type { Secrets } from '../../secrets/index.ts';
import type { Store } from '../../store/index.ts';
import { bucketAddress } from './address.ts';
import { type BucketClient, openBucket } from './client.ts';
import { type FetchedCopies, openFetched } from './fetched.ts';
import { openSavedBuckets, type SavedBucket, type SavedBuckets } from './saved.ts';
import type { BucketTarget } from './target.ts';
import { openBucketWrites } from './writes.ts';

/** The buckets that backups lie in. */
export interface Buckets {
  saved: SavedBuckets;
  /** @throws BackupFailure for a path that can't be, or a place that is not known */
  target(path: string, options?: { isFolder?: boolean }): Promise<BucketTarget>;
  /** One client for each bucket, as long as nothing about it changes. */
  client(place: SavedBucket): Promise<BucketClient>;
  fetched: FetchedCopies;
  close(): Promise<void>;
}

export function openBuckets({
  store,
  secrets,
  dataFolder,
}: {
  store: Store;
  secrets: Secrets;
  dataFolder: string;
}): Buckets {
  const saved = openSavedBuckets(store, secrets);
  const writes = openBucketWrites(store);
  const fetched = openFetched(join(dataFolder, 'fetched'));
  const clients = new Map<number, { of: string; client: Promise<BucketClient> }>();
  return {
    saved,
    fetched,
    target: async (path, { isFolder = false } = {}) => {
      const { name, key } = bucketAddress(path, { isFolder });
      const place = await saved.byName(name);
      const whole = key === '' ? place.prefix : place.prefix + key;
      const shown = `s3://${place.name}/${key}`;
      return { place, key: whole, path: shown, writes, aside: join(dataFolder, 'uploads') };
    },
    client: async ({ id, spec }) => {
      const of = JSON.stringify(spec);
      const known = clients.get(id);
      if (known?.of === of) return await known.client;
      const client = openBucket(spec);
      clients.set(id, { of, client });
      return await client;
    },
    close: async () => {
      await fetched.close();
      for (const { client } of clients.values()) (await client.catch(() => undefined))?.close();
    },
  };
}
