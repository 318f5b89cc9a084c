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
import { Folders, MigrationStatus, onTrack } from './migrations.ts';
import type { LockMode } from './schema-diff.ts';

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
