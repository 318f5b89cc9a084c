import type { SavedBucket } from './saved.ts';
import type { BucketWrites } from './writes.ts';

/** Something in a bucket, with what it takes to work on it. */
export interface BucketTarget {
  place: SavedBucket;
  /** With the prefix. */
  key: string;
  /** As the catalogue has it. */
  path: string;
  writes: BucketWrites;
  /** Where a folder is written that is to be uploaded. */
  aside: string;
}
