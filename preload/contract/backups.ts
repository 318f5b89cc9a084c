import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { backupSwaps } from './backup-swaps.ts';
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

/** PostgreSQL's own programs for dumps. */
export const dumpPrograms = ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql'] as const;
export type DumpProgram = (typeof dumpPrograms)[number];

/** One place that has programs, all of one version. */
export const ToolSet = z.object({
  /** Stable: where it is. */
  id: z.string(),
  /** How they are run: here, in a container, or on another machine. */
  kind: z.enum(['local', 'docker', 'compose', 'ssh']),
  /** The folder that holds them, or the container's or host's name. */
  where: z.string(),
  /** What put them there, such as `Debian`, `Homebrew`, `PATH`, `set by you`. */
  source: z.string(),
  /** As `pg_dump --version` prints it, such as `15.18`, and as a number such as 150018. */
  version: z.string(),
  versionNum: z.number().int(),
  programs: z.array(z.enum(dumpPrograms)),
});
export type ToolSet = z.infer<typeof ToolSet>;

export const backupFormats = ['custom', 'directory', 'tar', 'plain'] as const;
export const BackupFormat = z.enum(backupFormats);
export type BackupFormat = z.infer<typeof BackupFormat>;

/** `level`: as the method counts it; the method's own middle unless given. */
export const Compression = z.object({
  method: z.enum(['none', 'gzip', 'lz4', 'zstd']),
  level: z.number().int().min(0).max(22).optional(),
});
export type Compression = z.infer<typeof Compression>;

/** What of a database is taken. Patterns are psql's: `public.*`, `"Mixed Case"`. */
export const BackupContents = z.object({
  what: z.enum(['all', 'schema', 'data', 'globals']).default('all'),
  schemas: z.array(z.string().min(1)).max(1000).default([]),
  tables: z.array(z.string().min(1)).max(1000).default([]),
  excludeSchemas: z.array(z.string().min(1)).max(1000).default([]),
  excludeTables: z.array(z.string().min(1)).max(1000).default([]),
  /** Tables whose structure is taken and whose rows are not. */
  excludeData: z.array(z.string().min(1)).max(1000).default([]),
});
export type BackupContents = z.infer<typeof BackupContents>;

/** Whether it is all of a database, with all its rows. */
export const isWholeDatabase = ({ what, ...parts }: BackupContents): boolean =>
  what === 'all' && Object.values(parts).every((patterns) => patterns.length === 0);

export const BackupOptions = z.object({
  format: BackupFormat.default('directory'),
  /** The fastest that the chosen programs can do, unless given. */
  compression: Compression.optional(),
  /** Sessions at once, for the directory format; by the machine unless given. */
  jobs: z.number().int().min(1).max(64).optional(),
  contents: BackupContents.prefault({}),
  owners: z.boolean().default(true),
  privileges: z.boolean().default(true),
  /** What is counted in the dump's own snapshot and kept in its manifest, for later comparisons. */
  counted: z.enum(['none', 'rows', 'checksums']).default('none'),
  lockWaitMs: z.number().int().min(0).max(3_600_000).default(30_000),
  /** Encrypted with the key of the keychain, or with a passphrase that is kept nowhere. */
  encryption: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('key') }),
      z.object({ kind: z.literal('passphrase'), passphrase: z.string().min(8).max(1024) }),
    ])
    .default({ kind: 'none' }),
  /** Programs to take instead of those that fit best, by id. */
  tools: z.string().optional(),
});
export type BackupOptions = z.infer<typeof BackupOptions>;

/** How far it has been proven that a backup is what it says. */
export const Verification = z.object({
  /** `readable`: the whole of it was read. `restorable`: it was restored and compared. */
  level: z.enum(['none', 'readable', 'restorable']),
  state: z.enum(['good', 'bad', 'unproven']),
  at: Instant.nullable(),
  /** What was found, and what the format can't prove, a sentence each. */
  said: z.array(z.string()),
});
export type Verification = z.infer<typeof Verification>;

/** A backup in a place, made by Howdah or by others. */
export const Backup = z.object({
  /** Of the catalogue; null: only looked at. */
  id: z.string().nullable(),
  /** The environment's id, where it is known. */
  environment: z.string().nullable(),
  /** Absolute; a folder for the directory format. */
  path: z.string(),
  format: z.enum([...backupFormats, 'globals', 'unknown']),
  compression: z.enum(['none', 'gzip', 'lz4', 'zstd', 'unknown']),
  isEncrypted: z.boolean(),
  madeBy: z.enum(['howdah', 'other']),
  /** Name of the job that made it. */
  job: z.string().nullable(),
  /** What of the database was asked for; null where nothing tells. */
  contents: BackupContents.nullable(),
  /** When its snapshot was taken; the file's own time where nothing tells. */
  at: Instant,
  durationMs: z.number().nullable(),
  bytes: z.number().int(),
  database: z.string().nullable(),
  serverVersion: z.string().nullable(),
  toolVersion: z.string().nullable(),
  /** Entries of its table of contents. */
  objects: z.number().int().nullable(),
  /** In hex: of the file, or of the list of a folder's files. */
  sha256: z.string().nullable(),
  verification: Verification,
  /** False: the file is not there any more. */
  isThere: z.boolean(),
});
export type Backup = z.infer<typeof Backup>;

/** One entry of a table of contents. */
export const TocEntry = z.object({
  /** The archive's own number; the order of a plain dump. */
  id: z.number().int(),
  /** As PostgreSQL writes it, such as `TABLE DATA`. */
  kind: z.string(),
  schema: z.string().nullable(),
  name: z.string(),
  owner: z.string().nullable(),
  /** Of its data, where the format tells. */
  bytes: z.number().int().nullable(),
  /** Id of the table's entry that it belongs to, where its name does not tell and the archive does. */
  table: z.number().int().optional(),
});
export type TocEntry = z.infer<typeof TocEntry>;

/** A backup, and what is in it. */
export const BackupDetails = z.object({
  backup: Backup,
  toc: z.array(TocEntry),
  /** The programs and options it was made by, where they are known. */
  command: z.string().nullable(),
  /** What its manifest tells besides; null: it has none. */
  manifest: z
    .object({
      /** `account@host` of whoever made it, and Howdah's own version then. */
      who: z.string(),
      howdah: z.string(),
      files: z.number().int(),
      /** Of the database by the server's count. */
      databaseBytes: z.number().int().nullable(),
      /** Tables whose rows were counted in the dump's own snapshot, and their rows. */
      counted: z
        .object({ tables: z.number().int(), rows: z.number().int(), hasChecksums: z.boolean() })
        .nullable(),
      encryptedBy: z.enum(['key', 'passphrase']).nullable(),
      recipient: z.string().nullable(),
    })
    .nullable(),
  /** What can't be told of it and why, a sentence each. */
  unknown: z.array(z.string()),
  problem: Explanation.optional(),
});
export type BackupDetails = z.infer<typeof BackupDetails>;

/** What a backup will do, before it does. */
export const BackupPlan = z.object({
  tools: ToolSet,
  /** For a shell; the password comes by a file and is not in it. */
  command: z.string(),
  path: z.string(),
  /** Of the database by the server's count; null when it may not be seen. */
  databaseBytes: z.number().int().nullable(),
  freeBytes: z.number().int().nullable(),
  warnings: z.array(z.string()),
});
export type BackupPlan = z.infer<typeof BackupPlan>;

const begun = z.object({ kind: z.literal('begun'), run: z.string() });
const phase = z.object({ kind: z.literal('phase'), said: z.string() });
const logged = z.object({ kind: z.literal('log'), text: z.string() });
/** At most some a second. `total` null: it can't be known. `remainingMs`: an estimate, null until there is one. */
const progressed = z.object({
  kind: z.literal('progress'),
  object: z.string().nullable(),
  done: z.number(),
  total: z.number().nullable(),
  bytes: z.number(),
  bytesTotal: z.number().nullable(),
  remainingMs: z.number().nullable(),
});
const failed = z.object({
  kind: z.literal('failed'),
  problem: Explanation,
  /** What is left and where. */
  state: z.string(),
  cancelled: z.boolean(),
});

export const BackupProgress = z.discriminatedUnion('kind', [
  begun,
  phase,
  logged,
  progressed,
  failed,
  z.object({ kind: z.literal('finished'), backup: Backup }),
]);
export type BackupProgress = z.infer<typeof BackupProgress>;

export const VerifyProgress = z.discriminatedUnion('kind', [
  begun,
  phase,
  logged,
  progressed,
  failed,
  z.object({ kind: z.literal('verified'), backup: Backup }),
]);
export type VerifyProgress = z.infer<typeof VerifyProgress>;

/** A backup by the catalogue's id or by an absolute path. */
export const BackupRef = z.string().min(1).max(4096);
const Passphrase = z.string().max(1024).optional();

export const RestoreMode = z.enum(['new', 'swap', 'clean', 'recreate']);
export type RestoreMode = z.infer<typeof RestoreMode>;

/**
 * `new`: into a database that is not there yet. `swap`: into a new one that then takes the place of `database`, which is
 * kept under a dated name. `clean`: over the objects of an existing one. `recreate`: the existing one is dropped first.
 */
export const RestoreOptions = z.object({
  backup: BackupRef,
  passphrase: Passphrase,
  database: z.string().min(1).max(63),
  mode: RestoreMode.default('new'),
  /** Ids of the table of contents; all of it unless given. */
  only: z.array(z.number().int()).optional(),
  jobs: z.number().int().min(1).max(64).optional(),
  /** One transaction: all or nothing, one session. */
  single: z.boolean().default(false),
  owners: z.boolean().default(true),
  privileges: z.boolean().default(true),
  /** Becomes the owner of everything, when owners are left out. */
  role: z.string().min(1).max(63).optional(),
  /** SQL that runs in the restored database before anybody else can use it, such as one that makes it anonymous. */
  after: z.string().max(1_000_000).optional(),
  tools: z.string().optional(),
});
export type RestoreOptions = z.infer<typeof RestoreOptions>;

export const RestorePlan = z.object({
  /** Changes when what was seen does. */
  token: z.string(),
  tools: ToolSet,
  commands: z.array(z.string()),
  /** Steps in order, a sentence each. */
  steps: z.array(z.string()),
  /** What is there now and will be gone or renamed, a sentence each. */
  losses: z.array(z.string()),
  /** It would fail for these; it is refused. */
  faults: z.array(Explanation),
  warnings: z.array(z.string()),
  freeBytes: z.number().int().nullable(),
});
export type RestorePlan = z.infer<typeof RestorePlan>;

export const RestoreProgress = z.discriminatedUnion('kind', [
  begun,
  phase,
  logged,
  progressed,
  /** Errors of one cause, counted. */
  z.object({ kind: z.literal('errors'), cause: z.string(), count: z.number(), first: z.string() }),
  failed,
  z.object({
    kind: z.literal('finished'),
    database: z.string(),
    /** The one that was there before, under its dated name. */
    kept: z.string().nullable(),
    errors: z.number(),
    ms: z.number(),
  }),
]);
export type RestoreProgress = z.infer<typeof RestoreProgress>;

/** Dumps of databases: which programs there are, making, reading and verifying them. */
export const backups = {
  tools: read.input(z.object({ again: z.boolean().default(false) })).output(z.array(ToolSet)),
  /** A folder, container or host that has programs, besides those that are found. */
  addTools: changeConsole
    .input(
      z.object({
        kind: z.enum(['local', 'docker', 'compose', 'ssh']),
        where: z.string().trim().min(1).max(4096),
      }),
    )
    .output(z.array(ToolSet)),
  removeTools: changeConsole.input(z.object({ id: z.string() })).output(z.array(ToolSet)),
  /** Those that fit an environment's server. @throws INVALID with the way to get them */
  toolsFor: read.input(onEnvironment).output(ToolSet),

  plan: read
    .input(
      onEnvironment.extend({ options: BackupOptions.prefault({}), path: z.string().max(4096).optional() }),
    )
    .output(BackupPlan),
  /** `path`: a file or folder that is not there yet; in the environment's own folder of backups unless given. */
  create: changeConsole
    .input(
      onEnvironment.extend({ options: BackupOptions.prefault({}), path: z.string().max(4096).optional() }),
    )
    .output(eventIterator(BackupProgress)),
  /** Ends a backup, verification or restore under way. False: it is over already. */
  cancel: changeConsole.input(z.object({ run: z.string() })).output(z.boolean()),

  list: read.input(z.object({ environment: EnvironmentRef.optional() })).output(z.array(Backup)),
  /** Backups that lie in a folder, made by anybody; nothing is noted. */
  find: read.input(z.object({ folder: z.string().min(1).max(4096) })).output(z.array(Backup)),
  /** Notes a backup that others made, as one of an environment. */
  adopt: changeConsole.input(onEnvironment.extend({ path: z.string().min(1).max(4096) })).output(Backup),
  /**
   * What is inside of an encrypted one is read with its passphrase, or by the key of the keychain when `opens` is set: all
   * of it is opened for that.
   */
  show: read
    .input(z.object({ backup: BackupRef, passphrase: Passphrase, opens: z.boolean().default(false) }))
    .output(BackupDetails),
  /** Forgets it; with `file` the files go too. */
  remove: changeConsole.input(z.object({ backup: BackupRef, file: z.boolean() })).output(z.array(Backup)),
  /** `restorable` is proven on the sample server. `checksums`: rows are compared by them, not by their number alone. */
  verify: changeConsole
    .input(
      z.object({
        backup: BackupRef,
        passphrase: Passphrase,
        level: z.enum(['readable', 'restorable']),
        checksums: z.boolean().default(false),
      }),
    )
    .output(eventIterator(VerifyProgress)),
  /** Proves `restorable` in a scratch database of an environment's server, which goes again. */
  tryOn: changeServer
    .input(
      onGuardedEnvironment.extend({
        backup: BackupRef,
        passphrase: Passphrase,
        checksums: z.boolean().default(false),
      }),
    )
    .output(eventIterator(VerifyProgress)),

  /** The public half of the key that backups are encrypted with; null until there is one. */
  key: read.output(z.object({ recipient: z.string().nullable() })),
  /** The key itself, to be kept elsewhere: without it no backup encrypted by it is ever opened again. */
  revealKey: changeConsole.output(z.object({ identity: z.string(), recipient: z.string() })),
  /** Another console's key, to open its backups by; from then on this one encrypts with it too. */
  takeKey: changeConsole
    .input(z.object({ identity: z.string().trim().max(200) }))
    .output(z.object({ recipient: z.string() })),

  planRestore: read.input(onEnvironment.extend({ options: RestoreOptions })).output(RestorePlan),
  restore: destroyOnServer
    .input(onGuardedEnvironment.extend({ options: RestoreOptions, token: z.string() }))
    .output(eventIterator(RestoreProgress)),
  /** Gives the kept database its name back, and keeps the restored one under a dated name. */
  swapBack: destroyOnServer
    .input(onGuardedEnvironment.extend({ database: z.string(), kept: z.string() }))
    .output(z.object({ kept: z.string() })),
  swaps: backupSwaps,
};
