import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Advice } from './advice.ts';
import { adjustConsole, Explanation, Instant, onEnvironment, read } from './common.ts';
import { ServerEvent } from './metrics.ts';
import { BloatReport, ExactEvent, ExactMethod, ExactPlan } from './storage-bloat.ts';

/** Bytes as text (int8). */
const Bytes = z.string();

/**
 * Where a size comes from: `pages` is what the last VACUUM or ANALYZE noted, `exact` was measured now, `waiting` is
 * `pages` because an ACCESS EXCLUSIVE lock is held on it, `unknown` means that nothing noted it yet.
 */
export const SizeSource = z.enum(['pages', 'exact', 'waiting', 'unknown']);
export type SizeSource = z.infer<typeof SizeSource>;

/** What a table is made of. `maps` are its free space and visibility maps; `toast` is with its own index and maps. */
export const Parts = z.object({ heap: Bytes, maps: Bytes, toast: Bytes, indexes: Bytes });
export type Parts = z.infer<typeof Parts>;

export const StoredTable = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'materialized view', 'partitioned table']),
  /** Partitioned table that it is a partition of, directly; null for all others. */
  parent: z.number().nullable(),
  /** How many partitions that hold rows lie below it, at any depth. */
  partitions: z.number(),
  /** Planner's estimate (reltuples), else the statistics' count of live rows; null when neither knows. */
  rows: z.number().nullable(),
  deadRows: z.number().nullable(),
  indexes: z.number(),
  /** Another session's or our own temporary table. */
  temporary: z.boolean(),
  unlogged: z.boolean(),
  tablespace: z.string().nullable(),
  size: Parts,
  source: SizeSource,
});
export type StoredTable = z.infer<typeof StoredTable>;

export const TableSize = StoredTable.pick({ oid: true, size: true, source: true });
export type TableSize = z.infer<typeof TableSize>;

/** The list comes first, with sizes in pages; then exact sizes in batches; then what could not be had. */
export const TablesEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tables'),
    at: Instant,
    database: z.string(),
    tables: z.array(StoredTable),
    /** Further parts of the list follow. */
    more: z.boolean(),
  }),
  z.object({ kind: z.literal('sizes'), sizes: z.array(TableSize), measured: z.number(), of: z.number() }),
  z.object({
    kind: z.literal('done'),
    at: Instant,
    /** Of the whole database with its catalogs; null where this role may not ask. */
    databaseBytes: Bytes.nullable(),
    measuredMs: z.number(),
    limits: z.array(Explanation),
  }),
]);
export type TablesEvent = z.infer<typeof TablesEvent>;

/** Why an index is not judged, or how it is. */
export const indexVerdicts = [
  'used',
  'unused',
  'rarely',
  'too-early',
  'not-counted',
  'keeps-rows-right',
  'keeps-statistics',
  'part-of-parent',
  'young',
] as const;
export const IndexVerdict = z.enum(indexVerdicts);
export type IndexVerdict = z.infer<typeof IndexVerdict>;

export const IndexUse = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  table: z.number(),
  tableName: z.string(),
  /** Access method: `btree`, `gin`, … */
  method: z.string(),
  /** Key columns in order, `INCLUDE` columns after them; an expression is `(expression)`. */
  columns: z.array(z.string()),
  keys: z.number(),
  unique: z.boolean(),
  primary: z.boolean(),
  partial: z.boolean(),
  valid: z.boolean(),
  /** A constraint stands on it: primary key, unique, exclusion. */
  constraint: z.string().nullable(),
  /** Belongs to an index of a partitioned table. */
  attachedTo: z.string().nullable(),
  /** Index scans begun since `Counting.since`; with those of partitions below. Null when not counted. */
  scans: z.string().nullable(),
  /** PostgreSQL 16 and later. */
  lastScanAt: Instant.nullable(),
  bytes: Bytes,
  source: SizeSource,
  verdict: IndexVerdict,
  /** When Howdah first saw it; null where it was there at the first look, or none was taken. */
  firstSeenAt: Instant.nullable(),
});
export type IndexUse = z.infer<typeof IndexUse>;

/** How far the counters can be trusted. */
export const Counting = z.object({
  /** `track_counts` is on. */
  on: z.boolean(),
  /** Since when the counters surely run: the last reset, else the server's start. The server's clock. */
  since: Instant,
  /** How long that is, ms, by the server's own clock. */
  forMs: z.number(),
  /** The server itself is a standby: what is read at the primary is not counted here. */
  isStandby: z.boolean(),
  /** Standbys that are connected or have a slot: what is read there is not counted here. */
  standbys: z.number(),
});
export type Counting = z.infer<typeof Counting>;

/** First without findings, sizes in pages; then whole, with exact sizes and definitions. */
export const IndexReport = z.object({
  at: Instant,
  database: z.string(),
  complete: z.boolean(),
  counting: Counting,
  indexes: z.array(IndexUse),
  findings: z.array(Advice),
  limits: z.array(Explanation),
});
export type IndexReport = z.infer<typeof IndexReport>;

export const growthWindows = ['7d', '30d', '90d', '365d'] as const;
export const GrowthWindow = z.enum(growthWindows);
export type GrowthWindow = z.infer<typeof GrowthWindow>;

/** When a size will be reached if things go on like this. The two others are the edges of the likely span. */
export const Reach = z.object({
  bytes: Bytes,
  at: Instant,
  earliest: Instant.nullable(),
  latest: Instant.nullable(),
});
export type Reach = z.infer<typeof Reach>;

/** Theil–Sen line through the measurements since the last fall; the span holds 80 % of the slopes between them. */
export const Forecast = z.object({
  perDay: z.number(),
  lowPerDay: z.number(),
  highPerDay: z.number(),
  /** First and last measurement that it rests on. */
  from: Instant,
  to: Instant,
  points: z.number(),
  /** The next round sizes, at most 3; none where it does not grow. */
  reaches: z.array(Reach),
});
export type Forecast = z.infer<typeof Forecast>;

export const SizePoint = z.object({ at: Instant, bytes: z.number() });
export type SizePoint = z.infer<typeof SizePoint>;

export const Grower = z.object({
  /** Oid of a table, of the root where it is partitioned. */
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  bytes: Bytes,
  /** As last measured. `maps` are counted with `heap`. */
  size: Parts,
  /** Since the first measurement of it in the window; null while there is only one. */
  growth: Bytes.nullable(),
  overMs: z.number().nullable(),
  /** At most 30 points. */
  spark: z.array(z.number()),
  /** It is there no more. */
  gone: z.boolean(),
});
export type Grower = z.infer<typeof Grower>;

/** All of the database, one schema, or one table. */
export const GrowthOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('database') }),
  z.object({ kind: z.literal('schema'), schema: z.string().max(300) }),
  z.object({ kind: z.literal('table'), oid: z.number().int().min(0) }),
]);
export type GrowthOf = z.infer<typeof GrowthOf>;

export const Growth = z.object({
  from: Instant,
  to: Instant,
  database: z.string().nullable(),
  of: GrowthOf,
  /** At most 300 points, hourly or daily; a pause much longer than usual is one in which nobody measured. */
  points: z.array(SizePoint),
  forecast: Forecast.nullable(),
  /** Why there is no forecast. */
  noForecast: z.string().nullable(),
  /** Fastest first, at most 500; small ones that did not change are not kept one by one. */
  growers: z.array(Grower),
  schemas: z.array(z.object({ schema: z.string(), bytes: Bytes, growth: Bytes.nullable() })),
  events: z.array(ServerEvent),
  firstAt: Instant.nullable(),
  lastAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  limits: z.array(Explanation),
});
export type Growth = z.infer<typeof Growth>;

export const TableDetail = z.object({
  oid: z.number(),
  /** `FOR VALUES …` of a partition; null for others and where it could not be had. */
  bound: z.string().nullable(),
  partitionKey: z.string().nullable(),
  /** The size of one of a partitioned table is null: it is what its partitions' are. */
  indexes: z.array(
    z.object({
      oid: z.number(),
      name: z.string(),
      definition: z.string().nullable(),
      bytes: Bytes.nullable(),
    }),
  ),
  limits: z.array(Explanation),
});
export type TableDetail = z.infer<typeof TableDetail>;

const onRelation = onEnvironment.extend({ oid: z.number().int().min(1) });

export const storage = {
  /** What takes space in the environment's database. */
  tables: read.input(onEnvironment).output(eventIterator(TablesEvent)),
  /** What printing functions tell of one table; they wait for locks, at most half a second. */
  table: read.input(onRelation).output(TableDetail),
  /** Indexes with their use, and what is wrong with them. */
  indexes: read.input(onEnvironment).output(eventIterator(IndexReport)),
  /** Estimates from the planner's statistics of what is 10 MB and more. */
  bloat: read.input(onEnvironment).output(BloatReport),
  exactPlan: read.input(onRelation.extend({ method: ExactMethod })).output(ExactPlan),
  /** Reads the relation through. */
  exact: read.input(onRelation.extend({ method: ExactMethod })).output(eventIterator(ExactEvent)),
  /** Looks at the sizes at once and keeps them, instead of waiting for the next time it is due. */
  measureNow: adjustConsole.input(onEnvironment).output(z.object({ at: Instant })),
  /** Sizes over time, from the store; without a connection too. */
  growth: read.input(onEnvironment.extend({ window: GrowthWindow, of: GrowthOf })).output(Growth),
};
