import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { RepositoryKey } from './backup-engines.ts';
import { BackupOptions, BackupProgress, VerifyProgress } from './backups.ts';
import { changeConsole, EnvironmentRef, Instant, read } from './common.ts';

/** When a job is due: five fields of cron, in a time zone of its own, such as `Europe/Berlin`. */
export const JobSchedule = z.object({
  cron: z.string().trim().min(1).max(200),
  timeZone: z.string().min(1).max(100),
  /** `howdah`: while a console runs. `system`: the machine's own scheduler starts `howdah backups run`. */
  by: z.enum(['howdah', 'system']).default('howdah'),
  /** What becomes of a run whose time passed while no console ran: it is run once, or it is only told. */
  missed: z.enum(['catch-up', 'tell']).default('catch-up'),
});
export type JobSchedule = z.infer<typeof JobSchedule>;

/**
 * Which backups stay; one stays when any rule keeps it. All zero or null: nothing is ever removed. Days, weeks, months
 * and years are those of the job's time zone; the newest backup of each is the one that is kept for it.
 */
export const Retention = z.object({
  newest: z.number().int().min(0).max(100_000).default(0),
  /** Younger than that. */
  days: z.number().min(0).max(100_000).nullable().default(null),
  daily: z.number().int().min(0).max(10_000).default(0),
  weekly: z.number().int().min(0).max(10_000).default(0),
  monthly: z.number().int().min(0).max(10_000).default(0),
  yearly: z.number().int().min(0).max(1_000).default(0),
});
export type Retention = z.infer<typeof Retention>;

export const JobAction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('backup'),
    /** A passphrase is kept nowhere, so that a job can't encrypt by one. */
    options: BackupOptions.prefault({}),
    /** A folder, or `s3://PLACE/prefix`; null: the environment's own folder of backups. */
    folder: z.string().min(1).max(4096).nullable().default(null),
    /** What is proven of each backup right after it was made and read back. */
    proof: z.enum(['readable', 'restorable']).default('readable'),
  }),
  /** Proves anew what is there: the environment's newest backups. */
  z.object({
    kind: z.literal('verify'),
    level: z.enum(['readable', 'restorable']).default('restorable'),
    newest: z.number().int().min(1).max(1000).default(1),
  }),
  /** Has pgBackRest or Barman make a backup; those keep and expire their own. */
  z.object({
    kind: z.literal('engine'),
    engine: z.string(),
    type: z.enum(['full', 'differential', 'incremental']).default('full'),
    /** Where there are several: which one it goes to; the first unless given. */
    repository: RepositoryKey.nullable().default(null),
  }),
]);
export type JobAction = z.infer<typeof JobAction>;

export const BackupJobDraft = z.object({
  /** Unlike any other job's; how `howdah backups run` finds it. */
  name: z.string().trim().min(1).max(100),
  environment: EnvironmentRef,
  action: JobAction,
  /** Null: it runs when somebody asks for it. */
  schedule: JobSchedule.nullable().default(null),
  /** Of the backups that this job made. Null: all stay. */
  retention: Retention.nullable().default(null),
  isOn: z.boolean().default(true),
});
export type BackupJobDraft = z.infer<typeof BackupJobDraft>;

export const JobRun = z.object({
  id: z.string(),
  startedAt: Instant,
  /** Null: it runs now. */
  endedAt: Instant.nullable(),
  /** `overlapped`: another run of this job was under way. `lost`: the console ended before the run did. */
  outcome: z.enum(['running', 'done', 'failed', 'cancelled', 'missed', 'overlapped', 'lost']),
  by: z.enum(['schedule', 'catch-up', 'hand', 'system']),
  /** What came of it, a sentence. */
  said: z.string(),
  /** Of the catalogue. */
  backup: z.string().nullable(),
  /** Paths that retention removed. */
  removed: z.array(z.string()),
});
export type JobRun = z.infer<typeof JobRun>;

export const BackupJob = BackupJobDraft.extend({
  id: z.string(),
  /** Null: no schedule, off, or the system's own scheduler decides. */
  nextAt: Instant.nullable(),
  lastRun: JobRun.nullable(),
  /** Name of the run that is under way, to cancel it. */
  run: z.string().nullable(),
  /** Why it can't run now, such as a removed environment; a sentence. */
  trouble: z.string().nullable(),
});
export type BackupJob = z.infer<typeof BackupJob>;

export const JobProgress = z.union([
  BackupProgress,
  VerifyProgress,
  z.object({ kind: z.literal('pruned'), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('ended'), run: JobRun }),
]);
export type JobProgress = z.infer<typeof JobProgress>;

/** Why a backup stays or goes. */
export const PruneEntry = z.object({
  backup: z.string(),
  path: z.string(),
  at: Instant,
  bytes: z.number().int(),
  keeps: z.boolean(),
  /** The rules that keep it, or why it goes; a sentence. */
  why: z.string(),
});
export type PruneEntry = z.infer<typeof PruneEntry>;

/** Text for one of the system's schedulers. */
export const SystemSchedule = z.object({
  kind: z.enum(['crontab', 'systemd', 'launchd', 'schtasks']),
  title: z.string(),
  /** Files to be written, by name; a single crontab line or command has an empty name. */
  files: z.array(z.object({ name: z.string(), text: z.string() })),
  /** How it is put in force, for a shell. */
  install: z.string(),
  /** What this scheduler can't do of the schedule, a sentence each. */
  limits: z.array(z.string()),
});
export type SystemSchedule = z.infer<typeof SystemSchedule>;

/** A job by its id or name. */
const JobRef = z.string().min(1).max(100);
const ofJob = z.object({ job: JobRef });
/** Backups of a job by its own rules, or of an environment by rules that are given. */
const pruned = z.union([ofJob, z.object({ environment: EnvironmentRef, retention: Retention })]);

/** Backups and their proofs by the clock, and what is kept of them. */
export const backupJobs = {
  list: read.output(z.array(BackupJob)),
  watch: read.output(eventIterator(z.array(BackupJob))),
  add: changeConsole.input(BackupJobDraft).output(BackupJob),
  change: changeConsole.input(ofJob.extend({ draft: BackupJobDraft })).output(BackupJob),
  /** The backups it made stay. */
  remove: changeConsole.input(ofJob).output(z.array(BackupJob)),
  /** Runs it now; `by` tells who asked. Cancelled by `backups.cancel`, or by leaving when `stays` is false. */
  run: changeConsole
    .input(ofJob.extend({ by: z.enum(['hand', 'system']).default('hand'), stays: z.boolean().default(true) }))
    .output(eventIterator(JobProgress)),
  history: read
    .input(ofJob.extend({ most: z.number().int().min(1).max(1000).default(100) }))
    .output(z.array(JobRun)),
  /** The next times of a schedule, as somebody writes it. @throws INVALID */
  preview: read
    .input(JobSchedule.pick({ cron: true, timeZone: true }))
    .output(z.object({ next: z.array(Instant), said: z.string() })),
  /** The same schedule for the system's own schedulers; those of this platform first. */
  system: read.input(ofJob).output(z.array(SystemSchedule)),
  planPrune: read.input(pruned).output(z.array(PruneEntry)),
  /** Removes what `planPrune` shows as going; only those that were shown. */
  prune: changeConsole
    .input(z.object({ of: pruned, backups: z.array(z.string()).max(100_000) }))
    .output(z.array(PruneEntry)),
};
