import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Explanation } from '../../../preload/contract/common.ts';
import { BackupFailure } from '../create/failure.ts';
import { openBucket } from './client.ts';
import { bucketProblem } from './problems.ts';
import type { BucketSpec } from './spec.ts';

/** Writes, reads and removes one small object. The answer is what is wrong; undefined: nothing. */
export async function tryPlace(spec: BucketSpec, prefix: string): Promise<Explanation | undefined> {
  const client = await openBucket(spec, { attempts: 2 });
  const key = `${prefix}howdah-test-${randomUUID()}`;
  const body = Buffer.from('Howdah was here, and should have taken this away again.\n');
  let isThere = false;
  try {
    await client.put(key, body, 'test');
    isThere = true;
    const back = await buffer(client.read(key));
    const about = await client.head(key);
    await client.remove(key).catch((error: unknown) => {
      throw error instanceof BackupFailure && error.problem.cause === 'bucket-denied'
        ? stuck(key, error)
        : error;
    });
    isThere = false;
    if (!back.equals(body) || about?.run !== 'test') return changed;
    // Runs of a bucket that is listed for others look for what is below a key.
    for await (const _ of client.list(key)) break;
    return undefined;
  } catch (error) {
    if (error instanceof BackupFailure) return error.problem;
    const problem = bucketProblem(error, spec);
    if (problem) return problem;
    throw error;
  } finally {
    if (isThere) await client.remove(key).catch(() => undefined);
    client.close();
  }
}

const stuck = (key: string, { problem }: BackupFailure): BackupFailure =>
  new BackupFailure({
    ...problem,
    cause: 'bucket-delete-denied',
    what: 'What is written to the bucket can’t be removed.',
    why: `The access key may write and read, and not remove: ${key} stays there. So will unfinished backups and those that retention would remove.`,
    next: 'Allow it DeleteObject and AbortMultipartUpload below the prefix.',
  });

const changed: Explanation = {
  cause: 'bucket-changes-data',
  what: 'What was read is not what was written.',
  why: 'The server, or something before it, changes objects or leaves out what is said of them.',
  next: 'Choose another place.',
};
