import { z } from 'zod';
import { changeServer, Explanation, Instant, onEnvironment, onGuardedEnvironment, read } from './common.ts';
import { ServerEvent, Window } from './metrics.ts';

/**
 * What one or several statements did, as pg_stat_statements counts it (PostgreSQL manual, "pg_stat_statements").
 * Times are ms, blocks are of `block_size` (8 kB as a rule). A null is unknown: the installed extension has no such
 * counter, or the server was not told to measure it. Counts above 2^53 lose their last digits.
 */
export const StatementFigures = z.object({
  calls: z.number(),
  /** Executing, without planning. */
  execMs: z.number(),
  /** execMs by calls; null where nothing was called. */
  meanMs: z.number().nullable(),
  /**
   * Longest execution. In a window it is known only where the record was broken within it; null says that none took
   * longer than the longest before.
   */
  maxMs: z.number().nullable(),
  rows: z.number(),
  /** How often it was planned, and how long that took: with pg_stat_statements.track_planning only. */
  plans: z.number().nullable(),
  planMs: z.number().nullable(),
  sharedHit: z.number(),
  sharedRead: z.number(),
  sharedDirtied: z.number(),
  sharedWritten: z.number(),
  localRead: z.number(),
  localWritten: z.number(),
  tempRead: z.number(),
  tempWritten: z.number(),
  /** Waiting for data file blocks: with track_io_timing only. */
  ioReadMs: z.number().nullable(),
  ioWriteMs: z.number().nullable(),
  /** Waiting for temporary files' blocks: with track_io_timing, extension 1.10 and later. */
  tempIoMs: z.number().nullable(),
  walRecords: z.number().nullable(),
  walFpi: z.number().nullable(),
  /** Bytes. */
  walBytes: z.number().nullable(),
  jitFunctions: z.number().nullable(),
  jitMs: z.number().nullable(),
});
export type StatementFigures = z.infer<typeof StatementFigures>;

/** `io` counts blocks read and written, `ioTime` the time that took, `temp` blocks of temporary files. */
export const statementOrders = [
  'total',
  'mean',
  'calls',
  'rows',
  'io',
  'ioTime',
  'temp',
  'wal',
  'planning',
  'jit',
] as const;
export const StatementOrder = z.enum(statementOrders);
export type StatementOrder = z.infer<typeof StatementOrder>;

/** Names a statement on its server: oid of user and database, query id, and `t` (top level) or `n` (nested in a function). */
export const StatementKey = z
  .string()
  .regex(/^\d{1,10}\.\d{1,10}\.(-?\d{1,19}\.[tn]|hidden)$/, 'It names no statement.');

export const StatementRow = z.object({
  key: StatementKey,
  /** int8 as text; null for all that is hidden from this role, which is one row per user and database. */
  queryId: z.string().nullable(),
  /** Null where the name is not known any more. */
  user: z.string().nullable(),
  database: z.string().nullable(),
  /** False for statements within functions (pg_stat_statements.track = all). */
  topLevel: z.boolean(),
  /** Begin of the normalised text; null when it is not known or hidden. */
  text: z.string().nullable(),
  /** There is more text than that. */
  textCut: z.boolean(),
  figures: StatementFigures,
  /** Of what it is ordered by, over all statements of the server, 0 to 1; null where that is no sum or is unknown. */
  share: z.number().nullable(),
});
export type StatementRow = z.infer<typeof StatementRow>;

/** A time in which nobody looked, or of which something is not known. What happened in it is spread evenly over it. */
export const StatementGap = z.object({
  from: Instant,
  to: Instant,
  /** `unwatched`: one long interval; `lost`: part of what was done was reset or evicted before it was read. */
  kind: z.enum(['unwatched', 'lost']),
});
export type StatementGap = z.infer<typeof StatementGap>;

/** Sums by step over a window, at most 300 of them; a null is a gap. */
export const StatementChart = z.object({
  from: Instant,
  to: Instant,
  stepMs: z.number(),
  /** What is summed: of `total` and `mean` it is ms of execution a second, else a rate a second. */
  of: StatementOrder,
  /** Biggest first; the key is null for all others. */
  lines: z.array(z.object({ key: z.string().nullable(), values: z.array(z.number().nullable()) })),
});
export type StatementChart = z.infer<typeof StatementChart>;

export const TopStatements = z.object({
  /** `window`: from intervals kept in the store; `reset`: the server's counters as they stand. */
  source: z.enum(['window', 'reset']),
  /** What was asked for. With `reset`, from is when counting began, null when the server does not tell. */
  from: Instant.nullable(),
  to: Instant,
  /** What is really covered by measurements; null when there are none. */
  covered: z.object({ from: Instant, to: Instant }).nullable(),
  rows: z.array(StatementRow),
  /** All that fits the filters and is not listed; `statements` is null where part of it was only kept as a sum. */
  rest: z.object({ statements: z.number().nullable(), figures: StatementFigures }),
  /** All statements of the server, whatever the filters. */
  total: StatementFigures,
  /** Names to filter by. */
  users: z.array(z.string()),
  databases: z.array(z.string()),
  chart: StatementChart.nullable(),
  gaps: z.array(StatementGap),
  events: z.array(ServerEvent),
  limits: z.array(Explanation),
});
export type TopStatements = z.infer<typeof TopStatements>;

/** How pg_stat_statements stands on a server. */
export const StatementsState = z.object({
  /** The extension in the database that is connected to; null when it is not there. */
  extension: z.object({ version: z.string(), schema: z.string(), usable: z.boolean() }).nullable(),
  /** The library is loaded; null when there is no connection to ask. */
  preloaded: z.boolean().nullable(),
  /** Whose server it looks like, because the steps differ. */
  provider: z.enum(['own', 'rds', 'cloudsql', 'azure']),
  /** pg_stat_statements.track: `top`, `all`, `none`. */
  track: z.string().nullable(),
  trackPlanning: z.boolean().nullable(),
  trackIoTiming: z.boolean().nullable(),
  /** compute_query_id, where the server has it (14 and later). */
  computeQueryId: z.string().nullable(),
  /** Most statements that the server keeps. */
  max: z.number().nullable(),
  /** Entries at the last snapshot, those hidden from this role among them. */
  entries: z.number().nullable(),
  hidden: z.number().nullable(),
  /** When all counters were last reset, by the server's clock (extension 1.9 and later). */
  resetAt: Instant.nullable(),
  /** How often the server gave up the least used entries since (extension 1.9 and later). */
  dealloc: z.number().nullable(),
  /** The last snapshot in the store, when the next is due, and how long one takes, ms. */
  lastAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  measuredMs: z.number().nullable(),
  /** What has to be done before anything can be counted, in order; empty when all is well. */
  steps: z.array(z.object({ text: z.string(), command: z.string().nullable() })),
  limits: z.array(Explanation),
});
export type StatementsState = z.infer<typeof StatementsState>;

export const StatementDetail = z.object({
  key: StatementKey,
  queryId: z.string().nullable(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  topLevel: z.boolean(),
  /** The whole normalised text where the server still has it, else what the store has of it. */
  text: z.string().nullable(),
  /** Whether `text` lacks its end: then never run or explain it. */
  textCut: z.boolean(),
  /** Length of the whole, bytes; null when not known. */
  textBytes: z.number().nullable(),
  /** First and last interval in which it moved; null when the store has none. */
  firstSeen: Instant.nullable(),
  lastSeen: Instant.nullable(),
  /** Over the window. */
  figures: StatementFigures,
  /** As the server counts it now; null without a connection or when the server gave the entry up. */
  sinceReset: StatementFigures.nullable(),
  from: Instant,
  to: Instant,
  stepMs: z.number(),
  /** Each at most 300 points; null is a gap, a zero is a step in which it did not run. */
  trend: z.object({
    /** A second. */
    calls: z.array(z.number().nullable()),
    /** Mean of a call, ms; null where it did not run, too. */
    meanMs: z.array(z.number().nullable()),
    /** ms of execution a second. */
    execMs: z.array(z.number().nullable()),
    /** Rows a second. */
    rows: z.array(z.number().nullable()),
    /** Blocks read a second. */
    read: z.array(z.number().nullable()),
    /** Blocks of temporary files a second. */
    temp: z.array(z.number().nullable()),
  }),
  gaps: z.array(StatementGap),
  events: z.array(ServerEvent),
  /** Who ran it, as live samples caught it running; often first. Null where samples can't tell (query_id: 14 and later). */
  applications: z
    .array(
      z.object({
        application: z.string(),
        user: z.string(),
        database: z.string(),
        samples: z.number(),
        lastAt: Instant,
      }),
    )
    .nullable(),
  limits: z.array(Explanation),
});
export type StatementDetail = z.infer<typeof StatementDetail>;

export const Regression = StatementRow.extend({
  /** Mean of a call now by mean of a call before. */
  factor: z.number(),
  beforeMeanMs: z.number(),
  beforeCalls: z.number(),
  /** Time that the slower calls cost in the window, ms. */
  extraMs: z.number(),
  /** Of the earlier hours with calls the share in which its mean was below what it is now. */
  aboveShare: z.number(),
  /** Sentences with figures. */
  evidence: z.array(z.string()),
});
export type Regression = z.infer<typeof Regression>;

export const Regressions = z.object({
  /** Now, and what it is held against. */
  from: Instant,
  to: Instant,
  before: z.object({ from: Instant, to: Instant }),
  /** How much of the earlier time is covered by measurements, ms. */
  beforeCoveredMs: z.number(),
  /** Statements that had enough calls in both times to be compared. */
  compared: z.number(),
  rows: z.array(Regression),
  limits: z.array(Explanation),
});
export type Regressions = z.infer<typeof Regressions>;

const span = { window: Window, from: Instant.optional(), to: Instant.optional() };

export const queries = {
  /** Whether statements are counted there, which way, and what is missing. */
  state: read.input(onEnvironment).output(StatementsState),
  /** The statements that took most of something, in a window (named, or from `from` to `to`) or since the last reset. */
  top: read
    .input(
      onEnvironment.extend({
        ...span,
        source: z.enum(['window', 'reset']).default('window'),
        order: StatementOrder.default('total'),
        /** In the text, whatever its case. */
        search: z.string().max(500).optional(),
        user: z.string().max(200).optional(),
        database: z.string().max(200).optional(),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(TopStatements),
  /** One statement: its text, figures and trend over a window. */
  statement: read.input(onEnvironment.extend({ ...span, key: StatementKey })).output(StatementDetail),
  /** Statements that have become slower: a window that ends now against the week before it. */
  regressions: read.input(onEnvironment.extend({ window: z.enum(['1h', '24h']) })).output(Regressions),
  /** Takes a snapshot at once, so that what was done until now is counted. */
  snapshotNow: read.input(onEnvironment).output(
    z.object({
      at: Instant,
      /** Entries read. */
      entries: z.number(),
      /** Statements that moved since the last one; null for the first one, which only begins. */
      moved: z.number().nullable(),
      tookMs: z.number(),
    }),
  ),
  /** pg_stat_statements_reset: of one statement, or of all. What the store has stays. */
  reset: changeServer
    .input(onGuardedEnvironment.extend({ key: StatementKey.nullable() }))
    .output(z.object({ at: Instant, statements: z.number() })),
};
