import { BackupFailure } from '../create/failure.ts';
import { isDefaultName } from '../naming.ts';
import type { BucketClient, OpenUpload } from './client.ts';
import type { BucketTarget } from './target.ts';

const dayMs = 86_400_000;

/** Of a directory's members, as pg_dump and the encryption call them. */
const member = /^(?:toc\.dat|\d+\.dat|blobs(?:_\d+)?\.toc|blob_\d+\.dat)(?:\.gz|\.zst|\.lz4)?(?:\.age)?$/;

/**
 * Ends uploads that a run of another machine has left: of keys as Howdah makes them by itself, below the place's prefix,
 * begun more than a day ago, and without a part since. Those of a backup whose key somebody chose look like anybody's, and
 * stay. It never fails: what can't be looked for or ended is told, and tried again by the next run.
 *
 * @returns what was done, a line for the log each
 */
export async function endAbandoned(
  client: BucketClient,
  { place, writes }: Pick<BucketTarget, 'place' | 'writes'>,
  signal?: AbortSignal,
  now: number = Date.now(),
): Promise<string[]> {
  const said: string[] = [];
  try {
    for await (const one of client.openUploads(place.prefix, signal)) {
      if (now - one.at < dayMs || !hasOwnKey(one.key, place.prefix) || writes.isKnown(place.id, one.key))
        continue;
      said.push(...(await endOne(client, one, now, signal)));
    }
  } catch (error) {
    signal?.throwIfAborted();
    said.push(`Uploads that were left long ago could not be looked for: ${wordsOf(error)}`);
  }
  return said;
}

async function endOne(
  client: BucketClient,
  { key, upload, at }: OpenUpload,
  now: number,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const begun = new Date(at).toISOString();
  try {
    const newest = await client.newestPart(key, upload, signal);
    // A large one may be under way for days, on another machine.
    if (newest !== undefined && now - newest < dayMs) return [];
    await client.abort(key, upload);
    return [`Ended an upload to ${key} that was begun ${begun} and left.`];
  } catch (error) {
    signal?.throwIfAborted();
    return [`An upload to ${key}, begun ${begun} and left, could not be ended: ${wordsOf(error)}`];
  }
}

/** Whether a key, with the prefix, is one that Howdah gives to a backup or to a member of one. */
export function hasOwnKey(key: string, prefix: string): boolean {
  if (!key.startsWith(prefix)) return false;
  const [last = '', folder = ''] = key.slice(prefix.length).split('/').reverse();
  return isDefaultName(last) || (member.test(last) && isDefaultName(folder));
}

const wordsOf = (error: unknown): string =>
  error instanceof BackupFailure
    ? error.problem.what
    : error instanceof Error
      ? error.message
      : String(error);
