import { resolve } from 'node:path';

/** A path as the console takes it: absolute, or of a bucket. */
export const backupPath = (given: string): string => (given.startsWith('s3://') ? given : resolve(given));
