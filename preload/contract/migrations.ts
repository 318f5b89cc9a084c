import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  changeConsole,
  changeServer,
  destroyOnServer,
  EnvironmentRef,
  Explanation,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';
import type { LockMode } from './schema-diff.ts';

export const migrationTools = [
  'golang-migrate',
  'alembic',
  'knex',
  'prisma',
  'flyway',
  'liquibase',
  'node-pg-migrate',
  'drizzle',
  'typeorm',
  'sequelize',
  'rails',
  'django',
  'dbmate',
  'goose',
  'sqitch',
  'atlas',
  'ecto',
  'diesel',
  'sqlx',
  'laravel',
  'home-made',
] as const;
export const MigrationToolId = z.enum(migrationTools);
export type MigrationToolId = z.infer<typeof MigrationToolId>;

/**
 * Where one migration stands. `applied` and `pending` are as the tool itself would say; the others name what is to be
 * looked at. `changed`: applied, and its file is not what it was then. `missing`: applied, and there is no file.
 * `out-of-order`: pending, though a later one is applied. `rolled-back`: recorded as tried and taken back. `ignored`: the
 * tool passes over it, such as what lies below a baseline. `unknown`: can't be told from what the tool records.
 */
export const migrationStates = [
  'applied',
  'pending',
  'failed',
  'missing',
  'changed',
  'out-of-order',
  'baseline',
  'rolled-back',
  'ignored',
  'unknown',
] as const;
export const MigrationState = z.enum(migrationStates);
export type MigrationState = z.infer<typeof MigrationState>;

export const MigrationEntry = z.object({
  /** The tool's own key for it (version, revision, name), unique in its track. */
  id: z.string(),
  /** As people say it, such as a file's name without its folder. */
  name: z.string(),
  state: MigrationState,
  /** What else is to be known of it, in a sentence each. */
  notes: z.array(z.string()),
  /** Null: the tool does not record it. `appliedAt` is the server's text where the tool keeps no time zone. */
  appliedAt: z.string().nullable(),
  appliedBy: z.string().nullable(),
  durationMs: z.number().nullable(),
  /** Relative to the track's folder. */
  file: z.string().nullable(),
  downFile: z.string().nullable(),
  /** Whether it can be taken back; null when that can't be told. */
  reversible: z.boolean().nullable(),
  /** Ids of those it comes after, for tools that keep a graph. */
  parents: z.array(z.string()),
  /** Branch labels, tags, an app's name. */
  labels: z.array(z.string()),
  /** `unknown`: the tool keeps no checksum, or it can't be computed without the tool. */
  checksum: z.enum(['same', 'different', 'unknown']),
});
export type MigrationEntry = z.infer<typeof MigrationEntry>;

/** Something about a track as a whole: dirty, two heads, a folder that can't be read, rows no file has, a held lock. */
export const TrackProblem = Explanation.extend({ severity: z.enum(['notice', 'warning', 'bad']) });
export type TrackProblem = z.infer<typeof TrackProblem>;

/** One tool in one database, or in one folder that no database of the environment knows yet. */
export const MigrationTrack = z.object({
  /** Stable for one environment: tool, state table, folder. */
  key: z.string(),
  tool: MigrationToolId,
  /** The tool's name as it writes itself. */
  title: z.string(),
  /** Null: the tool has left nothing in the database yet. */
  table: z.object({ schema: z.string(), name: z.string() }).nullable(),
  /** The project's folder on the console's machine, absolute; null when none is linked. */
  project: z.string().nullable(),
  /** Where its migrations lie, relative to the project; null without a project. */
  folder: z.string().nullable(),
  /** Where it stands: a version, a revision or more, the last name; empty before the first. */
  current: z.array(z.string()),
  /** For tools that keep a graph: what nothing comes after. */
  heads: z.array(z.string()),
  /** Set while it is dirty or failed: what it was doing. */
  dirty: z.object({ version: z.string(), why: z.string() }).nullable(),
  /** The tool, or Howdah, is migrating at this moment: who holds its lock. */
  lockedBy: z.string().nullable(),
  counts: z.record(MigrationState, z.number().int()),
  entries: z.array(MigrationEntry),
  problems: z.array(TrackProblem),
  /** What this tool does not record, so that a blank is not taken for a fact: "when", "by whom", "how long", "checksum". */
  unrecorded: z.array(z.string()),
  /** `own`: Howdah's runner does what the tool would. `driven`: the tool's own command is run. */
  runner: z.enum(['own', 'driven', 'none']),
  /** How a home-made table is read: which columns it has, and which of them say what. Null for all other tools. */
  home: z
    .object({
      columns: z.array(z.string()),
      nameColumn: z.string(),
      timeColumn: z.string().nullable(),
      checksumColumn: z.string().nullable(),
      /** False: found by its shape. */
      described: z.boolean(),
    })
    .nullable(),
});
export type MigrationTrack = z.infer<typeof MigrationTrack>;

export const MigrationStatus = z.object({
  environment: z.string(),
  at: Instant,
  tracks: z.array(MigrationTrack),
  /** Projects' folders of the environment; `linked`: by hand, so that it can be unlinked. */
  folders: z.array(z.object({ folder: z.string(), linked: z.boolean() })),
  problem: Explanation.optional(),
});
export type MigrationStatus = z.infer<typeof MigrationStatus>;

/** Projects to look into besides the linked ones, for this call only. */
const Folders = z.array(z.string().min(1).max(4096)).max(50).default([]);
const onTrack = onEnvironment.extend({ track: z.string().min(1).max(1000), folders: Folders });
const onGuardedTrack = onGuardedEnvironment.extend({
  track: z.string().min(1).max(1000),
  folders: Folders,
});

/** What the runner of plain-SQL tools can do. Versions are entries' ids. */
export const RunAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('up'), count: z.number().int().min(1).optional() }),
  z.object({ kind: z.literal('goto'), version: z.string() }),
  z.object({ kind: z.literal('down'), count: z.number().int().min(1).default(1) }),
  z.object({ kind: z.literal('redo') }),
]);
export type RunAction = z.infer<typeof RunAction>;

export interface PlannedStatement {
  /** As it stands in the file. */
  text: string;
  /** 1-based. */
  line: number;
  risk: 'read' | 'change' | 'destroy';
  locks: { mode: LockMode; on: string }[];
  rewrites: 'no' | 'yes' | 'perhaps';
  /** False: the server refuses it within a transaction. */
  inTransaction: boolean;
  /** What to mind, a sentence each. */
  notes: string[];
}

export interface PlannedStep {
  id: string;
  name: string;
  direction: 'up' | 'down';
  /** Null: there is no such file, the tool only moves on. */
  file: string | null;
  /** How the tool runs it: one transaction, the server's implicit one, or statement by statement. */
  transaction: 'own' | 'implicit' | 'none';
  statements: PlannedStatement[];
  /** What will make it fail or be refused, as far as that can be seen. */
  faults: string[];
}

export interface RunPlan {
  /** Changes when files or state do: a run takes only the plan that was seen. */
  token: string;
  steps: PlannedStep[];
  /** The state before and after, in the tool's words. */
  from: string;
  to: string;
  /** What to know before it runs that does not stop it, a sentence each. */
  warnings: string[];
}

const ours = <T>() => z.custom<T>(() => true);

/** What can be done about a failed run; `act` says it to the program where it can be done from here. */
export const WayOut = z.object({
  said: z.string(),
  act: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('inspect'), id: z.string() }),
      z.object({ kind: z.literal('force'), version: z.string() }),
      z.object({ kind: z.literal('mark'), id: z.string() }),
      z.object({ kind: z.literal('unmark'), id: z.string() }),
      /** The same action once more. */
      z.object({ kind: z.literal('again') }),
      /** A statement for somebody to run by hand. */
      z.object({ kind: z.literal('statement'), sql: z.string() }),
    ])
    .nullable(),
});
export type WayOut = z.infer<typeof WayOut>;

export const RunProgress = z.discriminatedUnion('kind', [
  /** Always first: by this name it can be cancelled. */
  z.object({ kind: z.literal('begun'), run: z.string() }),
  /** Waiting for the tool's own lock. */
  z.object({ kind: z.literal('waiting'), holder: z.string(), sinceMs: z.number() }),
  z.object({
    kind: z.literal('step'),
    id: z.string(),
    name: z.string(),
    done: z.number(),
    total: z.number(),
  }),
  z.object({
    kind: z.literal('statement'),
    id: z.string(),
    line: z.number(),
    text: z.string(),
    state: z.enum(['begun', 'done', 'retry']),
    ms: z.number().optional(),
  }),
  z.object({ kind: z.literal('notice'), text: z.string() }),
  z.object({
    kind: z.literal('failed'),
    id: z.string(),
    file: z.string(),
    line: z.number().nullable(),
    statement: z.string().nullable(),
    problem: Explanation,
    /** What state the tool is left in, and the ways out. */
    state: z.string(),
    waysOut: z.array(WayOut),
  }),
  z.object({ kind: z.literal('finished'), ran: z.number(), ms: z.number(), cancelled: z.boolean() }),
]);
export type RunProgress = z.infer<typeof RunProgress>;

const runInput = onGuardedTrack.extend({
  action: RunAction,
  token: z.string(),
  lockTimeoutMs: z.number().int().min(0).max(600_000).default(4000),
  retries: z.number().int().min(0).max(50).default(5),
});

/** A tool's own command, as it would be run in the project's folder. */
export const DrivenCommand = z.object({
  action: z.string(),
  title: z.string(),
  /** A shell's line; the address and the password come by environment variables, never in it. */
  command: z.string(),
  /** Somebody wrote it for this environment: it is not the tool's usual one. */
  changed: z.boolean(),
  /** Names of the variables it gets; values are never shown. */
  variables: z.array(z.string()),
  risk: z.enum(['read', 'change', 'destroy']),
});
export type DrivenCommand = z.infer<typeof DrivenCommand>;

export const CommandOutput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), stream: z.enum(['out', 'err']), text: z.string() }),
  z.object({
    kind: z.literal('ended'),
    code: z.number().nullable(),
    signal: z.string().nullable(),
    ms: z.number(),
  }),
]);
export type CommandOutput = z.infer<typeof CommandOutput>;

/** A dry run of a driven tool: its own command, with the copy's address. */
export const CommandAction = z.object({
  kind: z.literal('command'),
  action: z.string(),
  command: z.string().min(1).max(2000),
});
export type CommandAction = z.infer<typeof CommandAction>;

export const DryRunProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: z.string(), done: z.number(), total: z.number() }),
  z.object({ kind: z.literal('run'), progress: RunProgress }),
  z.object({ kind: z.literal('output'), output: CommandOutput }),
  z.object({
    kind: z.literal('report'),
    /** Per migration: how long it took on the copy, and locks seen while it ran. */
    steps: z.array(
      z.object({
        id: z.string(),
        ms: z.number(),
        locks: z.array(z.object({ mode: z.string(), on: z.string() })),
      }),
    ),
    /** What the copy was made from, for a person. */
    copyOf: z.string(),
    /** What is not on the copy as it is on the server, a sentence each: roles that were stood in for, extensions. */
    unlike: z.array(z.string()),
    differences: ours<import('./schema-diff.ts').Difference[]>(),
    problem: Explanation.optional(),
  }),
]);
export type DryRunProgress = z.infer<typeof DryRunProgress>;

/** A file of seeds; `changedSince` it ran. */
export const Seed = z.object({ file: z.string(), ranAt: Instant.nullable(), changedSince: z.boolean() });
export type Seed = z.infer<typeof Seed>;

export const migrations = {
  /** `folders`: projects to look into besides the linked ones, for this look only. */
  status: read.input(onEnvironment.extend({ folders: Folders })).output(MigrationStatus),
  /** Each environment's status as it comes, several at once. */
  matrix: read
    .input(z.object({ environments: z.array(EnvironmentRef).min(1).max(500) }))
    .output(eventIterator(MigrationStatus)),
  /** The text of a migration's file, at most 1 MB of it. */
  file: read
    .input(onTrack.extend({ id: z.string(), direction: z.enum(['up', 'down']) }))
    .output(z.object({ path: z.string(), text: z.string(), cut: z.boolean() })),
  /** Projects below a folder of the console's machine that hold migrations. */
  findProjects: read.input(z.object({ root: z.string().min(1).max(4096) })).output(
    z.array(
      z.object({
        project: z.string(),
        tool: MigrationToolId,
        folder: z.string(),
        migrations: z.number().int(),
      }),
    ),
  ),
  link: changeConsole
    .input(onEnvironment.extend({ folder: z.string().min(1).max(4096) }))
    .output(MigrationStatus),
  unlink: changeConsole.input(onEnvironment.extend({ folder: z.string() })).output(MigrationStatus),
  /** For a home-made table: which column holds the file's name, and which folder it is of. */
  setHomeMade: changeConsole
    .input(
      onEnvironment.extend({
        schema: z.string(),
        table: z.string(),
        nameColumn: z.string(),
        timeColumn: z.string().nullable(),
        checksumColumn: z.string().nullable(),
        folder: z.string(),
      }),
    )
    .output(MigrationStatus),
};

/** Runs of migrations: of plain SQL by Howdah's own runner, of all else by the tool's own command. */
export const migrationRuns = {
  /** What an action would run; nothing is changed. */
  preview: read.input(onTrack.extend({ action: RunAction })).output(ours<RunPlan>()),
  /** Runs `up` and `goto` a later version. */
  apply: changeServer.input(runInput).output(eventIterator(RunProgress)),
  /** Runs `down`, `redo` and `goto` an earlier version. */
  revert: destroyOnServer.input(runInput).output(eventIterator(RunProgress)),
  /** Writes the state only: golang-migrate's `force`, and marking one as applied or not. */
  mark: changeServer
    .input(
      onGuardedTrack.extend({
        mark: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('force'), version: z.string() }),
          z.object({ kind: z.literal('applied'), id: z.string() }),
          z.object({ kind: z.literal('unmark'), id: z.string() }),
        ]),
      }),
    )
    .output(MigrationStatus),
  /** Makes the files of a new migration as the tool names them. */
  create: changeConsole
    .input(onTrack.extend({ name: z.string().trim().min(1).max(120) }))
    .output(z.object({ files: z.array(z.string()) })),

  /** The commands of a driven tool, as they would be run. */
  commands: read.input(onTrack).output(z.array(DrivenCommand)),
  setCommand: changeConsole
    .input(onTrack.extend({ action: z.string(), command: z.string().max(2000).nullable() }))
    .output(z.array(DrivenCommand)),
  /** Runs the tool's own command in the project's folder. `command` is what was seen. */
  drive: destroyOnServer
    .input(onGuardedTrack.extend({ action: z.string(), command: z.string().max(2000) }))
    .output(eventIterator(CommandOutput)),

  /** Pending migrations on a copy, on the sample server: of the structure, or of the newest backup with its rows. */
  dryRun: read
    .input(
      onTrack.extend({
        action: z.union([RunAction, CommandAction]),
        copy: z.enum(['structure', 'backup']).default('structure'),
      }),
    )
    .output(eventIterator(DryRunProgress)),

  /**
   * Ends a run or seeds under way, by the name that came first; what runs still tells how it ended. False: it is over
   * already.
   */
  cancelRun: changeConsole.input(onEnvironment.extend({ run: z.string() })).output(z.boolean()),

  /** Folders of seeds in the environment's projects: `seeds`, wherever it holds SQL files. */
  seedFolders: read
    .input(onEnvironment.extend({ folders: Folders }))
    .output(z.array(z.object({ folder: z.string(), files: z.number().int() }))),
  /** Files of a folder of seeds, and whether they ran here. */
  seeds: read.input(onEnvironment.extend({ folder: z.string() })).output(z.array(Seed)),
  runSeeds: changeServer
    .input(onGuardedEnvironment.extend({ folder: z.string(), files: z.array(z.string()).min(1) }))
    .output(eventIterator(RunProgress)),
  /** Notes that seeds have run here, by other hands, or that they have not; the server is not touched. */
  markSeeds: changeConsole
    .input(onEnvironment.extend({ folder: z.string(), files: z.array(z.string()).min(1), ran: z.boolean() }))
    .output(z.array(Seed)),
};
