import { z } from 'zod';
import { changeConsole, Explanation, Instant, read } from './common.ts';

/**
 * A bucket of S3 or of something that speaks like it. Backups in it have the path `s3://NAME/key`, by the name it has
 * here.
 */
export const BucketDraft = z.object({
  /** Unlike any other's; letters, digits, `.`, `_` and `-`. */
  name: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  bucket: z.string().min(3).max(63),
  /** What every key begins with. */
  prefix: z.string().max(512).default(''),
  region: z.string().max(100).default('us-east-1'),
  /** Of a server that is not Amazon's, such as `https://minio.lan:9000`. */
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .nullable()
    .default(null),
  /** The bucket's name in the path in place of the host name. */
  pathStyle: z.boolean().default(false),
  /** Null: the usual places of the AWS SDK (environment, `~/.aws`, instance role). */
  accessKey: z.string().min(1).max(200).nullable().default(null),
});
export type BucketDraft = z.infer<typeof BucketDraft>;

export const Bucket = BucketDraft.extend({
  id: z.string(),
  /** Whether its secret key is in the keychain. */
  hasSecret: z.boolean(),
});
export type Bucket = z.infer<typeof Bucket>;

const draft = z.object({ draft: BucketDraft, secretKey: z.string().min(1).max(1000).optional() });

/** Buckets that backups go to, beside folders. */
export const backupPlaces = {
  list: read.output(z.array(Bucket)),
  add: changeConsole.input(draft).output(Bucket),
  change: changeConsole.input(draft.extend({ id: z.string() })).output(Bucket),
  /** What lies in the bucket stays there. */
  remove: changeConsole.input(z.object({ id: z.string() })).output(z.array(Bucket)),
  /** Writes, reads and removes one small object. */
  test: changeConsole
    .input(z.union([draft, z.object({ id: z.string() })]))
    .output(z.object({ ok: z.boolean(), problem: Explanation.optional(), at: Instant })),
};
