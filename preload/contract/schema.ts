import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { adjustConsole, EnvironmentRef, Explanation, Instant, onEnvironment, read } from './common.ts';
import type { ComparedSide, Difference, MigrationStatement } from './schema-diff.ts';
import type { NamesModel, Printed, SchemaModel, Unseen } from './schema-model.ts';

/** Passes what the main process made, unchecked: it is ours, and large. */
const ours = <T>() => z.custom<T>(() => true);

/** How introspection goes on: names, then the structure in parts, then the definitions that may wait for locks. */
export const SchemaProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('names'), names: ours<NamesModel>() }),
  /** Parts of one model, its lists to be put behind each other; each part stays well below a frame's limit. */
  z.object({ kind: z.literal('part'), part: ours<Partial<SchemaModel>>(), last: z.boolean() }),
  /** Definitions by oid (and attnum after a dot for columns' expressions), as they come. */
  z.object({
    kind: z.literal('definitions'),
    definitions: ours<Record<string, Printed>>(),
    last: z.boolean(),
  }),
]);
export type SchemaProgress = z.infer<typeof SchemaProgress>;

/** A box moved by hand; positions are in the diagram's own units, counted from the corner of its schema's region. */
export const DiagramPlace = z.object({ schema: z.string(), table: z.string(), x: z.number(), y: z.number() });
export type DiagramPlace = z.infer<typeof DiagramPlace>;

export const erdFormats = ['mermaid', 'dbml', 'svg', 'ddl'] as const;
export type ErdFormat = (typeof erdFormats)[number];

/** A text as it is made: how far it is, then the text in pieces, each well below a frame's limit. */
export const TextProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('text'), name: z.string(), text: z.string(), last: z.boolean() }),
]);
export type TextProgress = z.infer<typeof TextProgress>;

/** A structure as it was at a time, kept in the own store. */
export const SnapshotInfo = z.object({
  id: z.number().int(),
  /** The environment's id; null once it was removed. */
  environment: z.string().nullable(),
  /** What the environment was called then, or the file it came from. */
  origin: z.string(),
  database: z.string(),
  serverVersion: z.string(),
  takenAt: Instant,
  /** The structure was still the same when it was read at this time. */
  seenUntil: Instant,
  /** As somebody named it. */
  name: z.string().nullable(),
  /** Kept by itself, because a reading found something changed; such ones are let go in time. */
  automatic: z.boolean(),
  tables: z.number().int(),
  /** What it takes in the store. */
  bytes: z.number().int(),
});
export type SnapshotInfo = z.infer<typeof SnapshotInfo>;

/** Where a structure comes from. */
export const SchemaSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('environment'), environment: EnvironmentRef }),
  z.object({ kind: z.literal('snapshot'), id: z.number().int() }),
  /**
   * On the machine that the console runs on: a snapshot's file, an SQL file, or a folder of SQL files, which are run in
   * their order into a scratch database of the sample server.
   */
  z.object({ kind: z.literal('path'), path: z.string().min(1).max(4096) }),
]);
export type SchemaSource = z.infer<typeof SchemaSource>;

/** `wanted` is what it should be like; `actual` is what would be brought to it. */
export const Comparison = z.object({
  wanted: SchemaSource,
  actual: SchemaSource,
  options: z
    .object({
      ignoreOwner: z.boolean().default(false),
      ignorePrivileges: z.boolean().default(false),
      ignoreComments: z.boolean().default(false),
      ignoreGeneratedNames: z.boolean().default(false),
      /** Names of the schemas to compare; all when empty. */
      schemas: z.array(z.string()).default([]),
    })
    .default({
      ignoreOwner: false,
      ignorePrivileges: false,
      ignoreComments: false,
      ignoreGeneratedNames: false,
      schemas: [],
    }),
});
export type Comparison = z.infer<typeof Comparison>;

/** How a comparison goes on: reading both sides, then what differs, then the script. Lists come in pieces. */
export const ComparisonProgress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    of: z.enum(['wanted', 'actual', 'comparison']),
    step: z.string(),
    done: z.number(),
    total: z.number(),
  }),
  z.object({ kind: z.literal('sides'), wanted: ours<ComparedSide>(), actual: ours<ComparedSide>() }),
  z.object({ kind: z.literal('differences'), differences: ours<Difference[]>(), last: z.boolean() }),
  z.object({
    kind: z.literal('script'),
    statements: ours<MigrationStatement[]>(),
    leftOut: ours<Unseen[]>(),
    last: z.boolean(),
  }),
]);
export type ComparisonProgress = z.infer<typeof ComparisonProgress>;

/** int8 as the server's text. */
const Count = z.string().nullable();

export const TableFacts = z.object({
  at: Instant,
  /** Bytes, from pg_table_size and its like, which wait for locks: null when they can't be had. */
  sizes: z.object({ total: Count, heap: Count, toast: Count, indexes: Count }).nullable(),
  /** pg_stat_user_tables and pg_statio_user_tables; null for what has no storage of its own. Instants as the server prints them. */
  use: z
    .object({
      liveRows: Count,
      deadRows: Count,
      modifiedSinceAnalyze: Count,
      sequentialScans: Count,
      indexScans: Count,
      inserted: Count,
      updated: Count,
      hotUpdated: Count,
      deleted: Count,
      heapHits: Count,
      heapReads: Count,
      lastVacuum: z.string().nullable(),
      lastAutovacuum: z.string().nullable(),
      lastAnalyze: z.string().nullable(),
      lastAutoanalyze: z.string().nullable(),
      /** From 16 on. */
      lastSequentialScan: z.string().nullable(),
      /** Since when the database's counters count; null when never reset. */
      countedSince: z.string().nullable(),
    })
    .nullable(),
  indexes: z.array(
    z.object({
      name: z.string(),
      bytes: Count,
      scans: Count,
      tuplesRead: Count,
      /** From 16 on. */
      lastScan: z.string().nullable(),
    }),
  ),
  /** Partitions and heirs, all the way down. */
  partitions: z.array(z.object({ schema: z.string(), name: z.string(), bytes: Count, estimatedRows: Count })),
  /** Why some could not be had. */
  problem: Explanation.optional(),
});
export type TableFacts = z.infer<typeof TableFacts>;

const onTable = onEnvironment.extend({ schema: z.string(), table: z.string() });

export const schema = {
  /**
   * Reads a database's structure. What is known from before is sent first when `cached`. Ends after the definitions.
   * Names may come more than once, the later ones counting.
   */
  read: read
    .input(
      onEnvironment.extend({ cached: z.boolean().default(false), definitions: z.boolean().default(true) }),
    )
    .output(eventIterator(SchemaProgress)),
  /** Where boxes were left by hand, by environment and database. */
  places: read.input(onEnvironment).output(z.array(DiagramPlace)),
  savePlaces: adjustConsole
    .input(onEnvironment.extend({ places: z.array(DiagramPlace).max(20_000) }))
    .output(z.void()),
  /** The structure as text. `schemas` empty: all. */
  export: read
    .input(
      z.object({
        source: SchemaSource,
        format: z.enum(erdFormats),
        schemas: z.array(z.string()).default([]),
      }),
    )
    .output(eventIterator(TextProgress)),
  /** One table, view or foreign table with all that belongs to it, as SQL. */
  tableDdl: read.input(onTable).output(z.object({ text: z.string() })),
  /** Rows of one table, read-only and few. */
  sampleRows: read
    .input(onTable.extend({ limit: z.number().int().min(1).max(200) }))
    .output(
      z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())), at: Instant }),
    ),
  /** Sizes, use and vacuum of one table, its indexes and its partitions; under lock_timeout. */
  tableFacts: read.input(onTable).output(TableFacts),

  /** Newest first; those of one environment's present database when it is given. */
  snapshots: read.input(z.object({ environment: EnvironmentRef.optional() })).output(z.array(SnapshotInfo)),
  /** Reads the structure and keeps it. */
  takeSnapshot: adjustConsole
    .input(onEnvironment.extend({ name: z.string().trim().min(1).max(200).optional() }))
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
          z.object({ kind: z.literal('taken'), snapshot: SnapshotInfo }),
        ]),
      ),
    ),
  /** Null takes the name away. A named one is not let go by itself. */
  renameSnapshot: adjustConsole
    .input(z.object({ id: z.number().int(), name: z.string().trim().min(1).max(200).nullable() }))
    .output(SnapshotInfo),
  removeSnapshot: adjustConsole.input(z.object({ id: z.number().int() })).output(z.void()),
  /** As a file that `compare` takes in again, here or on another machine. */
  snapshotFile: read.input(z.object({ source: SchemaSource })).output(eventIterator(TextProgress)),

  /** What differs between two structures and the script that closes it. Nothing is run on either of them. */
  compare: read.input(Comparison).output(eventIterator(ComparisonProgress)),
};
