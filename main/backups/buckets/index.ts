export { isBucketPath } from './address.ts';
export { manifestAt } from './fetched.ts';
export { findInBucket } from './find.ts';
export { type Buckets, openBuckets } from './open-buckets.ts';
export { bucketProcedures } from './procedures.ts';
export { removeFromBucket } from './remove.ts';
export { openThere } from './there.ts';
