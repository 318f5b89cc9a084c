import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { changeConsole, EnvironmentRef, Explanation, Instant, onEnvironment, read } from './common.ts';

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
export const Folders = z.array(z.string().min(1).max(4096)).max(50).default([]);
/** One track of an environment. */
export const onTrack = onEnvironment.extend({ track: z.string().min(1).max(1000), folders: Folders });

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
