import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  changeConsole,
  changeServer,
  destroyOnServer,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';
import { retention } from './maintenance-retention.ts';
import { ServerEvent, Window } from './metrics.ts';

/** A counter of autovacuum's and the threshold beyond which it acts (PostgreSQL manual, "The Autovacuum Daemon"). */
export const Toward = z.object({
  /** Rows counted so far; null: this server does not count it, or this role may not see it. */
  counted: z.number().nullable(),
  /** Rows beyond which autovacuum acts, by this table's own settings or the server's; null: it never does by this. */
  threshold: z.number().nullable(),
  /** Past the threshold. */
  due: z.boolean(),
  /**
   * When it will be past it at the pace of late, ms since 1970. Null: there are not two measurements since it was last
   * reset, it does not grow, or that lies more than a year ahead.
   */
  dueAt: Instant.nullable(),
});
export type Toward = z.infer<typeof Toward>;

/** What vacuum knows of one heap: a table's own, or its TOAST table's. Row counts are the server's estimates. */
const heap = {
  live: z.number().nullable(),
  dead: Toward,
  /** Rows inserted since the last vacuum (13+). */
  inserted: Toward,
  lastVacuum: Instant.nullable(),
  lastAutovacuum: Instant.nullable(),
  vacuums: z.number().nullable(),
  autovacuums: z.number().nullable(),
  /** Transactions since the oldest that is not frozen; null where nothing is ever frozen, as in partitioned tables. */
  xidAge: z.number().nullable(),
  multixactAge: z.number().nullable(),
  /** Autovacuum is switched off for it, except against wraparound. */
  off: z.boolean(),
};

export const MaintainedTable = z.object({
  /** Of the table, in the database that it lies in. */
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'materialized view', 'partitioned table']),
  /** One of the server's own catalogues. */
  system: z.boolean(),
  ...heap,
  /** Rows changed since the last analyze. */
  changed: Toward,
  lastAnalyze: Instant.nullable(),
  lastAutoanalyze: Instant.nullable(),
  analyzes: z.number().nullable(),
  autoanalyzes: z.number().nullable(),
  /** Size of its heap when it was last vacuumed or analysed, bytes. */
  bytes: z.number(),
  /** Storage parameters of its own that concern autovacuum, as `name=value`. */
  options: z.array(z.string()),
  toast: z.object(heap).nullable(),
  /**
   * The worst that is to be said of it. `danger`: past the failsafe age. `wraparound`: vacuum is forced by its age.
   * `overdue`: past twice the threshold, or past it and autovacuum is off. `due`, `analyze-due`: past a threshold.
   */
  state: z.enum(['danger', 'wraparound', 'overdue', 'due', 'analyze-due', 'healthy']),
});
export type MaintainedTable = z.infer<typeof MaintainedTable>;

/** How far an age is from what happens at it. Ages are counts of transactions, or of multixacts. */
export const AgeLimits = z.object({
  /** autovacuum_freeze_max_age, or its multixact twin: vacuum is forced from here on. */
  forced: z.number(),
  /** vacuum_failsafe_age (14+): vacuum leaves all else aside from here on; null: this server has none. */
  failsafe: z.number().nullable(),
  /** From here on the server refuses to give out new ones. */
  stop: z.number(),
});
export type AgeLimits = z.infer<typeof AgeLimits>;

export const DatabaseAge = z.object({
  database: z.string(),
  xidAge: z.number(),
  multixactAge: z.number(),
  /** Share of the way to the stop, 0 to 1, the worse of the two. */
  share: z.number(),
});
export type DatabaseAge = z.infer<typeof DatabaseAge>;

/** Somebody because of whom dead rows can't be removed yet. */
export const XminHolder = z.object({
  kind: z.enum(['session', 'prepared transaction', 'replication slot', 'standby']),
  /** Process id, the prepared transaction's name, the slot's, or the standby's. */
  name: z.string(),
  pid: z.number().nullable(),
  /** Null for what holds back all databases. */
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  /** Of a session as the server has it; null when hidden from this role. */
  state: z.string().nullable(),
  /** When its transaction began, or was prepared; null: not known, or hidden. */
  since: Instant.nullable(),
  /** Transactions begun since its snapshot: rows that died after it stay. */
  age: z.number(),
  /** A slot that holds back only the server's catalogues (logical decoding). */
  catalogOnly: z.boolean(),
  /** What to do about it, a sentence. */
  remedy: z.string(),
  /** SQL that ends it, where SQL can; never run by itself. */
  statement: z.string().nullable(),
});
export type XminHolder = z.infer<typeof XminHolder>;

/** Something of pg_stat_progress_* (PostgreSQL manual, "Progress Reporting"). */
export const Operation = z.object({
  kind: z.enum(['vacuum', 'analyze', 'create index', 'cluster', 'copy', 'base backup']),
  pid: z.number(),
  /** The command as the server tells it: `VACUUM`, `REINDEX CONCURRENTLY`, `COPY FROM`. */
  command: z.string(),
  /** Started by autovacuum; null: hidden from this role. */
  auto: z.boolean().nullable(),
  database: z.string().nullable(),
  /** `schema.name`; null: of another database, or hidden. */
  relation: z.string().nullable(),
  user: z.string().nullable(),
  since: Instant.nullable(),
  /** Null: hidden from this role. */
  phase: z.string().nullable(),
  /** What the phase means, a sentence. */
  meaning: z.string(),
  done: z.number().nullable(),
  /** Null: the server does not say how much there is. */
  total: z.number().nullable(),
  unit: z.enum(['blocks', 'bytes', 'rows', 'indexes', 'tables', 'sessions', 'statistics']).nullable(),
  /** What it waits for, as `type: event`; null: it works, or that is hidden. */
  waits: z.string().nullable(),
  /** Process ids of those that it waits for. */
  blockedBy: z.array(z.number()),
});
export type Operation = z.infer<typeof Operation>;

/** An index that a REINDEX CONCURRENTLY left behind, not valid, taking space and every write's time. */
export const LeftoverIndex = z.object({
  schema: z.string(),
  name: z.string(),
  /** `schema.name` of its table. */
  table: z.string(),
  statement: z.string(),
});
export type LeftoverIndex = z.infer<typeof LeftoverIndex>;

export const MaintenanceStatus = z.object({
  /** The console's clock when it was read. */
  at: Instant,
  database: z.string(),
  /** Read-only: here nothing is vacuumed, and what counts happens on the primary. */
  standby: z.boolean(),
  /** The setting `autovacuum`; with track_counts off it does nothing but prevent wraparound. */
  autovacuum: z.boolean(),
  trackCounts: z.boolean(),
  /** Tables in the database, those of others' sessions left out. */
  count: z.number(),
  /** Rows dead in all of them, as the server estimates. */
  dead: z.number(),
  due: z.number(),
  analyzeDue: z.number(),
  /** The most urgent ones, at most as many as were asked for. */
  tables: z.array(MaintainedTable),
  xid: AgeLimits,
  multixact: AgeLimits,
  /** Oldest first. */
  databases: z.array(DatabaseAge),
  /** Oldest first, at most 50. */
  holders: z.array(XminHolder),
  leftovers: z.array(LeftoverIndex),
  limits: z.array(Explanation),
});
export type MaintenanceStatus = z.infer<typeof MaintenanceStatus>;

export const MaintenanceHistory = z.object({
  from: Instant,
  to: Instant,
  /** Point i covers [from + i·step, from + (i+1)·step), ms; at most 300 points. A null is a gap. */
  stepMs: z.number(),
  xidAge: z.array(z.number().nullable()),
  multixactAge: z.array(z.number().nullable()),
  /** Transactions since the oldest snapshot held. */
  xminAge: z.array(z.number().nullable()),
  /** Dead rows of the database, or of the one table asked for (kept for two days, the most active only). */
  dead: z.array(z.number().nullable()),
  events: z.array(ServerEvent),
});
export type MaintenanceHistory = z.infer<typeof MaintenanceHistory>;

const Name = z.string().min(1).max(63);
export const RelationName = z.object({ schema: Name, name: Name });
export type RelationName = z.infer<typeof RelationName>;

const Tables = z.array(RelationName).min(1, 'No table is chosen.').max(200);

/** Longest wait for a lock, ms, so that whoever comes later does not wait behind it. */
const LockTimeout = z.number().int().min(50).max(600_000).default(2000);

export const VacuumOptions = z.object({
  analyze: z.boolean().default(false),
  /** Freezes all rows that can be. */
  freeze: z.boolean().default(false),
});

/** What is asked of the server. */
export const MaintenanceAct = z.discriminatedUnion('kind', [
  VacuumOptions.extend({ kind: z.literal('vacuum'), tables: Tables }),
  z.object({ kind: z.literal('vacuum-full'), analyze: z.boolean().default(false), tables: Tables }),
  z.object({ kind: z.literal('analyze'), tables: Tables }),
  /** Of all indexes of each table, or of single indexes. */
  z.object({ kind: z.literal('reindex'), of: z.enum(['table', 'index']), tables: Tables }),
]);
export type MaintenanceAct = z.infer<typeof MaintenanceAct>;

export const MaintenancePlan = z.object({
  /** In their order, as they will be run. */
  statements: z.array(z.object({ object: z.string(), statement: z.string() })),
  /** Why it can't be done as it stands, each a sentence; empty: it can. */
  refused: z.array(z.string()),
  /** What to know before. */
  warnings: z.array(z.string()),
  /** Space that is needed besides while it runs, bytes; null: next to none, or not known. */
  spaceBytes: z.number().nullable(),
  /** Sessions with snapshots that it has to wait for. */
  waitsFor: z.array(XminHolder),
});
export type MaintenancePlan = z.infer<typeof MaintenancePlan>;

export const MaintenanceResult = z.object({
  /** `schema.name`. */
  object: z.string(),
  outcome: z.enum(['done', 'failed', 'cancelled', 'not begun']),
  tookMs: z.number(),
  /** Why it failed. */
  problem: Explanation.nullable(),
});
export type MaintenanceResult = z.infer<typeof MaintenanceResult>;

/** What a run tells as it goes on. After an `ended` of which not all was done the stream fails with the reason. */
export const MaintenanceProgress = z.discriminatedUnion('kind', [
  /** Its name, to cancel it by. */
  z.object({ kind: z.literal('begun'), run: z.string() }),
  /** The next statement is sent. `pid` is its session's on the server. */
  z.object({
    kind: z.literal('step'),
    /** From 1. */
    step: z.number(),
    of: z.number(),
    object: z.string(),
    statement: z.string(),
    pid: z.number(),
  }),
  z.object({ kind: z.literal('progress'), operation: Operation }),
  /** A line of the server's VERBOSE output, or a notice. */
  z.object({ kind: z.literal('log'), text: z.string() }),
  z.object({ kind: z.literal('result'), result: MaintenanceResult }),
  z.object({
    kind: z.literal('ended'),
    results: z.array(MaintenanceResult),
    /** What REINDEX CONCURRENTLY left behind. */
    leftovers: z.array(LeftoverIndex),
    /** What came of it, a sentence. */
    said: z.string(),
  }),
]);
export type MaintenanceProgress = z.infer<typeof MaintenanceProgress>;

const run = onGuardedEnvironment.extend({ tables: Tables, lockTimeoutMs: LockTimeout });
const progress = eventIterator(MaintenanceProgress);

export const maintenance = {
  /**
   * Tables with what autovacuum counts of them, ages, and who holds dead rows back. One cheap statement a part, which
   * waits for no lock. `filter` is looked for in schema and name.
   */
  status: read
    .input(
      onEnvironment.extend({
        most: z.number().int().min(1).max(10_000).default(500),
        filter: z.string().max(200).default(''),
        system: z.boolean().default(false),
      }),
    )
    .output(MaintenanceStatus),
  /** What runs now, of all databases. */
  operations: read
    .input(onEnvironment)
    .output(z.object({ operations: z.array(Operation), limits: z.array(Explanation) })),
  /** What was measured every ten minutes; needs no connection. `table`: the oid of one whose dead rows are wanted. */
  history: read
    .input(onEnvironment.extend({ window: Window, table: z.number().int().optional() }))
    .output(MaintenanceHistory),
  /** What an act would run, who may, whom it would wait for. Changes nothing. */
  plan: read.input(onEnvironment.extend({ act: MaintenanceAct })).output(MaintenancePlan),
  vacuum: changeServer.input(run.extend(VacuumOptions.shape)).output(progress),
  /** Rewrites the tables under ACCESS EXCLUSIVE: nobody reads or writes them meanwhile. */
  vacuumFull: destroyOnServer.input(run.extend({ analyze: z.boolean().default(false) })).output(progress),
  analyze: changeServer.input(run).output(progress),
  /**
   * REINDEX CONCURRENTLY. It waits for older snapshots, at most `patienceMs`; one that fails or is cancelled may leave
   * an index that is not valid, which `ended` names.
   */
  reindex: changeServer
    .input(
      run.extend({
        of: z.enum(['table', 'index']).default('table'),
        patienceMs: z.number().int().min(1000).max(86_400_000).default(600_000),
      }),
    )
    .output(progress),
  /** Drops an index that REINDEX CONCURRENTLY left behind, concurrently; any other is refused. */
  dropLeftover: destroyOnServer.input(onGuardedEnvironment.extend({ index: RelationName })).output(z.void()),
  /** Has the server cancel what a run does; of a retention run the batch comes to its end. False: it is over. */
  cancel: changeConsole.input(onEnvironment.extend({ run: z.string() })).output(z.boolean()),
  retention,
};
