import { z } from 'zod';
import { Explanation, Instant } from './common.ts';

/** Bytes as text (int8). */
const Bytes = z.string();

export const BloatEstimate = z.object({
  oid: z.number(),
  kind: z.enum(['table', 'index']),
  schema: z.string(),
  name: z.string(),
  /** Of an index: its table. */
  table: z.string().nullable(),
  bytes: Bytes,
  /** Null when statistics are missing or hidden from this role. */
  wasted: Bytes.nullable(),
});
export type BloatEstimate = z.infer<typeof BloatEstimate>;

export const BloatReport = z.object({
  at: Instant,
  /** What is smaller than this is not looked at, bytes. */
  from: z.number(),
  relations: z.array(BloatEstimate),
  limits: z.array(Explanation),
});
export type BloatReport = z.infer<typeof BloatReport>;

export const ExactMethod = z.enum(['pgstattuple_approx', 'pgstattuple', 'pgstatindex']);
export type ExactMethod = z.infer<typeof ExactMethod>;

/** What an exact measurement is going to read; said before it is begun. */
export const ExactPlan = z.object({
  relation: z.string(),
  method: ExactMethod,
  /** Bytes that are going to be read at most. */
  reads: Bytes,
  /** At 200 MB/s, ms: a machine under load, or a cold cache, takes longer. */
  aboutMs: z.number(),
  /** Why it can't be done. */
  refused: Explanation.nullable(),
});
export type ExactPlan = z.infer<typeof ExactPlan>;

export const ExactBloat = z.object({
  method: ExactMethod,
  bytes: Bytes,
  /** Bytes that hold nothing: free space and dead rows; of an index, what its fill leaves empty beyond 90 %. */
  wasted: Bytes,
  /** Null where the method does not tell. */
  deadRows: z.string().nullable(),
  deadBytes: Bytes.nullable(),
  freeBytes: Bytes.nullable(),
  /** Of an index: mean fill of leaf pages and share of leaf pages out of order, 0 to 100. */
  leafDensity: z.number().nullable(),
  fragmentation: z.number().nullable(),
  tookMs: z.number(),
});
export type ExactBloat = z.infer<typeof ExactBloat>;

/** There is no progress to be had: only how long it has been at it. Leaving the stream cancels it on the server. */
export const ExactEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running'), elapsedMs: z.number() }),
  z.object({ kind: z.literal('done'), result: ExactBloat }),
]);
export type ExactEvent = z.infer<typeof ExactEvent>;
