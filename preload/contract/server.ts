import { z } from 'zod';
import { changeConsole, EnvironmentRef, Explanation, Instant, onEnvironment, read } from './common.ts';
import { Series, ServerEvent, Window } from './metrics.ts';
import { Log, LogAsked } from './server-log.ts';
import { Replication } from './server-replication.ts';
import { Comparison, Settings, SettingValue } from './server-settings.ts';
import { Machine, MachineGiven, Tuning } from './server-tuning.ts';

/** What a server is. */
export const ServerIdentity = z.object({
  /** As the server prints it. */
  version: z.string(),
  major: z.number(),
  /** The day of this major's last release, `2027-11-11`; null where this Howdah does not know it. */
  supportEnds: z.string().nullable(),
  role: z.enum(['primary', 'standby']),
  startedAt: Instant,
  /** The server's clock when it was asked. */
  serverNow: Instant,
  /** When its settings files were last read. */
  configLoadedAt: Instant,
  /** Whether pages carry checksums. */
  checksums: z.boolean(),
  walLevel: z.string(),
  timezone: z.string(),
  /** Of the environment's database. */
  encoding: z.string(),
  collation: z.string(),
  /** A managed service, by settings that only it has. */
  managed: z.enum(['rds', 'cloud-sql', 'azure']).nullable(),
});
export type ServerIdentity = z.infer<typeof ServerIdentity>;

/**
 * What is kept over time of how a server writes and replicates, in the order in which the store keeps it: append only,
 * never reorder. Rates are bytes a second unless said otherwise; a null is not known.
 */
export const rateNames = [
  /** WAL, by the position that is written to (on a standby: received). */
  'wal',
  /** Checkpoints that checkpoint_timeout began, a second. */
  'checkpoints.timed',
  /** Checkpoints that came before their time: max_wal_size, CHECKPOINT, CREATE DATABASE; a second. */
  'checkpoints.requested',
  /** Pages written out by the checkpointer. */
  'written.checkpointer',
  /** Pages written out by the background writer. */
  'written.background',
  /** Pages written out by backends themselves (from pg_stat_io since 16, whose files' growth is `extended`). */
  'written.backends',
  /** Read from files or the system's cache into shared buffers. */
  'read',
  /** Files grown (16+). */
  'extended',
  /** The furthest a standby or subscriber is behind in replaying, bytes. */
  'lag.bytes',
  /** The longest replay_lag of a standby, ms. */
  'lag.ms',
  /** The most WAL that a slot keeps, bytes. */
  'slots.kept',
] as const;
export const RateName = z.enum(rateNames);
export type RateName = z.infer<typeof RateName>;

export const Rates = z.object({
  from: Instant,
  to: Instant,
  /** Step in ms; point i covers [from + i·step, from + (i+1)·step). At most 300 points. */
  stepMs: z.number(),
  series: z.partialRecord(RateName, Series),
  events: z.array(ServerEvent),
  /** When measured last. */
  measuredAt: Instant.nullable(),
});
export type Rates = z.infer<typeof Rates>;

const Count = z.string().nullable();

/** Counters since their last reset. Counts and bytes are int8 as text; times ms. Null: not counted by this server. */
export const Io = z.object({
  /** pg_stat_io (16+), by who did it, to what, and how; empty below. */
  rows: z.array(
    z.object({
      backendType: z.string(),
      object: z.string(),
      context: z.string(),
      reads: Count,
      readBytes: Count,
      readMs: z.number().nullable(),
      writes: Count,
      writeBytes: Count,
      writeMs: z.number().nullable(),
      extends: Count,
      extendBytes: Count,
      hits: Count,
      evictions: Count,
      reuses: Count,
      fsyncs: Count,
      fsyncMs: z.number().nullable(),
    }),
  ),
  ioResetAt: Instant.nullable(),
  checkpoints: z.object({
    timed: Count,
    requested: Count,
    /** On a standby. */
    restartpoints: Count,
    writeMs: z.number().nullable(),
    syncMs: z.number().nullable(),
    /** Bytes written out by each. */
    byCheckpointer: Count,
    byBackground: Count,
    /** Below 17 from pg_stat_bgwriter, with the growth of files; since 17 from pg_stat_io, without it. */
    byBackends: Count,
    resetAt: Instant.nullable(),
  }),
  /** pg_stat_wal (14+); null below. */
  wal: z
    .object({
      records: Count,
      fullPageImages: Count,
      bytes: Count,
      /** How often the WAL buffers were full. */
      buffersFull: Count,
      writes: Count,
      syncs: Count,
      resetAt: Instant.nullable(),
    })
    .nullable(),
  slru: z.array(
    z.object({
      name: z.string(),
      zeroed: Count,
      hit: Count,
      read: Count,
      written: Count,
      flushes: Count,
    }),
  ),
  /** I/O is timed (track_io_timing). */
  timed: z.boolean(),
  limits: z.array(Explanation),
});
export type Io = z.infer<typeof Io>;

export const ExtensionRow = z.object({
  name: z.string(),
  /** Null when not installed in this database. */
  version: z.string().nullable(),
  /** What CREATE EXTENSION would install; null when its files are gone. */
  available: z.string().nullable(),
  /** There is a way from the installed version to the available one. */
  canUpdate: z.boolean(),
  schema: z.string().nullable(),
  owner: z.string().nullable(),
  /** Objects that it brings. */
  objects: z.number().nullable(),
  comment: z.string().nullable(),
  /** Brings it to the available version; null when there is nothing to do. */
  statement: z.string().nullable(),
});
export type ExtensionRow = z.infer<typeof ExtensionRow>;

export const CollationMismatch = z.object({
  kind: z.enum(['database', 'collation']),
  name: z.string(),
  recorded: z.string(),
  actual: z.string(),
  statement: z.string(),
});
export type CollationMismatch = z.infer<typeof CollationMismatch>;

export const Extensions = z.object({
  database: z.string(),
  extensions: z.array(ExtensionRow),
  /** Whose sort order has changed with a library since indexes were built. */
  collations: z.array(CollationMismatch),
  limits: z.array(Explanation),
});
export type Extensions = z.infer<typeof Extensions>;

const onDatabaseServer = onEnvironment;

export const server = {
  identity: read.input(onDatabaseServer).output(ServerIdentity),
  /** Every setting that this role may see, overrides of databases and roles, and what the files hold. */
  settings: read.input(onDatabaseServer).output(Settings),
  /** The changes of one setting, or of all, newest first; from the store, so without a connection too. */
  settingChanges: read
    .input(onDatabaseServer.extend({ name: z.string().max(200).optional() }))
    .output(z.array(SettingValue)),
  /** How the settings of two environments differ. `all`: what belongs to a machine (paths, ports, names) too. */
  compareSettings: read
    .input(onDatabaseServer.extend({ other: EnvironmentRef, all: z.boolean().optional() }))
    .output(Comparison),
  /** What the machine has, as far as known. */
  machine: read.input(onDatabaseServer).output(Machine),
  /** Keeps what somebody says of the machine; null forgets it again. */
  setMachine: changeConsole
    .input(onDatabaseServer.extend({ machine: MachineGiven.nullable() }))
    .output(Machine),
  /** What the settings should be on this machine, each with reason and source. Nothing is run. */
  tuning: read.input(onDatabaseServer).output(Tuning),
  replication: read.input(onDatabaseServer).output(Replication),
  io: read.input(onDatabaseServer).output(Io),
  /** A named window ending now, or the one between `from` and `to`; from the store. */
  rates: read
    .input(onDatabaseServer.extend({ window: Window, from: Instant.optional(), to: Instant.optional() }))
    .output(Rates),
  extensions: read.input(onDatabaseServer).output(Extensions),
  /** A part of a log file, parsed. */
  log: read.input(onDatabaseServer.extend(LogAsked.shape)).output(Log),
};
