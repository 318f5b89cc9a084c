import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  changeConsole,
  destroyOnServer,
  EnvironmentRef,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';

const Name = z.string().min(1).max(63);

/** What stays: rows younger than this, by the server's clock. Months are the calendar's. */
export const Age = z.object({
  count: z.number().int().min(1, 'At least 1.').max(100_000),
  unit: z.enum(['hours', 'days', 'weeks', 'months']),
});
export type Age = z.infer<typeof Age>;

/** What whole numbers of a key or column count since 1970; null for dates and timestamps. */
const Epoch = z.enum(['s', 'ms', 'us']).nullable().default(null);

export const RetentionTarget = z.discriminatedUnion('kind', [
  /** Drops partitions of a range-partitioned table whose whole range is older. The default partition never goes. */
  z.object({
    kind: z.literal('partitions'),
    schema: Name,
    table: Name,
    keep: Age,
    epoch: Epoch,
    /** `detach`: DETACH CONCURRENTLY first (14+, no default partition), which does not lock the whole table. */
    how: z.enum(['drop', 'detach']).default('drop'),
  }),
  /** Calls a function of the database's own that drops partitions: `drop_old_partitions('device_logs', 7)`. */
  z.object({
    kind: z.literal('function'),
    /** Of the function. */
    schema: Name,
    name: Name,
    /** The partitioned table, as the function is told it. */
    table: z.string().min(1).max(200),
    days: z.number().int().min(1).max(100_000),
  }),
  /** Deletes rows in batches, each a transaction of its own. */
  z.object({
    kind: z.literal('delete'),
    schema: Name,
    table: Name,
    /** Of a date, a timestamp or a whole number. */
    column: Name,
    keep: Age,
    epoch: Epoch,
    batch: z.number().int().min(1).max(1_000_000).default(5000),
    pauseMs: z.number().int().min(0).max(600_000).default(200),
    /** Most rows a run; null: all that are old enough when it begins. */
    most: z.number().int().min(1).nullable().default(null),
  }),
]);
export type RetentionTarget = z.infer<typeof RetentionTarget>;

/** How a run bears with others' locks. */
const patience = {
  /** Longest wait for a lock, ms. */
  lockTimeoutMs: z.number().int().min(50).max(60_000).default(1000),
  /** How often one act is tried again after such a wait. */
  retries: z.number().int().min(0).max(50).default(5),
};

export const RetentionDraft = z.object({
  /** Unlike any other job's; how `howdah vacuum retention run` finds it. */
  name: z
    .string()
    .trim()
    .min(1, 'The job has no name.')
    .max(100)
    .refine((name) => !/^\d+$|^-|\p{Cc}/u.test(name), 'A name is not digits alone and begins with no dash.'),
  target: RetentionTarget,
  /** When it runs by itself while a console runs; null: by hand, or by the system's scheduler. */
  schedule: z
    .object({
      /** Five fields of cron. */
      cron: z.string().min(1).max(200),
      /** A name of the IANA time zone database. */
      timeZone: z.string().min(1).max(100),
    })
    .nullable()
    .default(null),
  ...patience,
});
export type RetentionDraft = z.infer<typeof RetentionDraft>;

export const RetentionRun = z.object({
  id: z.string(),
  startedAt: Instant,
  /** Null: it runs now. */
  endedAt: Instant.nullable(),
  /** `stopped`: somebody stopped it between two acts. `lost`: the console ended before the run did. */
  outcome: z.enum(['running', 'done', 'failed', 'stopped', 'lost']),
  by: z.enum(['hand', 'schedule']),
  /** What came of it, a sentence. */
  said: z.string(),
  /** Rows deleted one by one; null where partitions were dropped. */
  rows: z.number().nullable(),
  /** `schema.name` of partitions that were dropped. */
  dropped: z.array(z.string()),
});
export type RetentionRun = z.infer<typeof RetentionRun>;

export const RetentionJob = RetentionDraft.extend({
  id: z.string(),
  /** Id of its environment. */
  environment: z.string(),
  savedAt: Instant,
  lastRun: RetentionRun.nullable(),
  /** When it is due next; null without a schedule. */
  nextAt: Instant.nullable(),
  /** Name of the run under way, to stop it. */
  run: z.string().nullable(),
  /** Why it won't run by a schedule, a sentence. */
  trouble: z.string().nullable(),
});
export type RetentionJob = z.infer<typeof RetentionJob>;

/** A partition and what would become of it. */
export const RetentionPartition = z.object({
  schema: z.string(),
  name: z.string(),
  /** As the server writes it: `FOR VALUES FROM ('2025-01-01') TO ('2025-01-02')`. Null: could not be read now. */
  bound: z.string().nullable(),
  /** When its range ends; null for the default partition, ranges without an end, and those that could not be read. */
  endsAt: Instant.nullable(),
  goes: z.boolean(),
  /** Why it goes or stays, a few words. */
  why: z.string(),
  /** As of the last vacuum or analyze; null: never. */
  rows: z.number().nullable(),
  /** With indexes and TOAST; from the catalogue, so as of the last vacuum or analyze. */
  bytes: z.number(),
});
export type RetentionPartition = z.infer<typeof RetentionPartition>;

export const RetentionPreview = z.object({
  /** What is older goes, ms since 1970, by the server's clock. */
  cutoff: Instant,
  /** All partitions by the end of their range; empty for a delete. */
  partitions: z.array(RetentionPartition),
  /** Rows that go. Null: not known. */
  rows: z.number().nullable(),
  /** Counted, not estimated. */
  exact: z.boolean(),
  /** Bytes that are freed; null for a delete, whose space the table keeps for new rows. */
  bytes: z.number().nullable(),
  /** Statements in their order; of many the first few. */
  statements: z.array(z.string()),
  /** The plan by which a batch is found, as EXPLAIN prints it; null for partitions. */
  plan: z.string().nullable(),
  /** Foreign keys that refer to the table: `schema.table (constraint)`. */
  referencedBy: z.array(z.string()),
  /** Whether DETACH … CONCURRENTLY can be had. */
  canDetach: z.boolean(),
  /** Why it can't be done as it stands, each a sentence; empty: it can. */
  refused: z.array(z.string()),
  /** What to know before. */
  warnings: z.array(z.string()),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;

/** Something that rows could be let go of. */
export const RetentionCandidate = z.object({
  schema: z.string(),
  table: z.string(),
  /** `partitions` where it is partitioned by the range of one column. */
  kind: z.enum(['partitions', 'delete']),
  /** Columns of time, the partition key first, then those that an index begins with. */
  columns: z.array(z.object({ name: z.string(), type: z.string(), indexed: z.boolean() })),
  /** As of the last vacuum or analyze; null: never. */
  rows: z.number().nullable(),
  bytes: z.number(),
  partitions: z.number(),
  /** Functions of the database's own that drop old partitions, `schema` and `name`. */
  functions: z.array(z.object({ schema: z.string(), name: z.string() })),
});
export type RetentionCandidate = z.infer<typeof RetentionCandidate>;

/** What a run tells as it goes on. After an `ended` that was not done the stream fails with the reason. */
export const RetentionProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), run: z.string() }),
  /** `total` null: not known beforehand. */
  z.object({
    kind: z.literal('progress'),
    /** Rows, or partitions. */
    done: z.number(),
    total: z.number().nullable(),
    unit: z.enum(['rows', 'partitions']),
    object: z.string(),
  }),
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({ kind: z.literal('ended'), run: RetentionRun }),
]);
export type RetentionProgress = z.infer<typeof RetentionProgress>;

const ofJob = onEnvironment.extend({ job: z.string().min(1).max(100) });

export const retention = {
  /** Of one environment, or all. */
  list: read.input(z.object({ environment: EnvironmentRef.optional() })).output(z.array(RetentionJob)),
  /** Tables of the database that rows could be let go of, largest first, at most 500. */
  candidates: read
    .input(onEnvironment)
    .output(z.object({ candidates: z.array(RetentionCandidate), limits: z.array(Explanation) })),
  /** What a run would do now. Counts for at most `countMs`, then estimates. */
  preview: read
    .input(
      onEnvironment.extend({
        target: RetentionTarget,
        countMs: z.number().int().min(100).max(14_000).default(3000),
      }),
    )
    .output(RetentionPreview),
  /** Saves a job. Nothing runs by it, but what it says may later run without another question. */
  add: destroyOnServer.input(onGuardedEnvironment.extend({ draft: RetentionDraft })).output(RetentionJob),
  change: destroyOnServer
    .input(onGuardedEnvironment.extend({ job: z.string(), draft: RetentionDraft }))
    .output(RetentionJob),
  remove: changeConsole.input(ofJob).output(z.void()),
  run: destroyOnServer
    .input(onGuardedEnvironment.extend({ job: z.string() }))
    .output(eventIterator(RetentionProgress)),
  /**
   * For the system's own scheduler: runs a job that was saved under the protection that its environment has now.
   * Refused on a read-only environment, and where the protection was raised since.
   */
  runScheduled: changeConsole.input(ofJob).output(eventIterator(RetentionProgress)),
  /** Newest first. */
  history: read
    .input(ofJob.extend({ most: z.number().int().min(1).max(1000).default(50) }))
    .output(z.array(RetentionRun)),
};
