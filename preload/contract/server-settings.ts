import { z } from 'zod';
import { Explanation, Instant } from './common.ts';

/** One row of pg_settings (PostgreSQL manual, "pg_settings"). Values are in words: `128 MB`, `5 min`, `on`. */
export const Setting = z.object({
  name: z.string(),
  /**
   * What holds for new sessions; null where Howdah's own sessions set it, so that the server does not tell. Secrets
   * within are left out.
   */
  value: z.string().nullable(),
  /** As the server has it, in its unit: `16384`. */
  raw: z.string().nullable(),
  /** The unit of `raw`, `min`, `max`: `8kB`, `ms`. */
  unit: z.string().nullable(),
  /** Built in; null where there is none. */
  standard: z.string().nullable(),
  differs: z.boolean(),
  category: z.string(),
  description: z.string(),
  /** What it takes to change it: `internal`, `postmaster` (restart), `sighup` (reload), `superuser`, `user`, … */
  context: z.string(),
  type: z.string(),
  /** `default`, `configuration file`, `command line`, `database`, `user`, … */
  source: z.string(),
  /** `/etc/postgresql/postgresql.conf:12`, where this role may see it. */
  place: z.string().nullable(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  choices: z.array(z.string()),
  /** It was changed in a file, and a restart brings the change. */
  pendingRestart: z.boolean(),
  /** What the files say where that is not in effect (waits for reload or restart); null where it is, or is not seen. */
  pending: z.string().nullable(),
});
export type Setting = z.infer<typeof Setting>;

/** ALTER DATABASE … SET, ALTER ROLE … SET. */
export const Override = z.object({
  name: z.string(),
  value: z.string(),
  /** Null: all databases. */
  database: z.string().nullable(),
  /** Null: all roles. */
  role: z.string().nullable(),
});
export type Override = z.infer<typeof Override>;

/** A line of a settings file that the server can't take (pg_file_settings). */
export const FileError = z.object({
  /** `postgresql.conf:812`. */
  place: z.string(),
  name: z.string().nullable(),
  value: z.string().nullable(),
  message: z.string(),
});
export type FileError = z.infer<typeof FileError>;

export const Settings = z.object({
  settings: z.array(Setting),
  overrides: z.array(Override),
  /** Null when this role may not see the files. */
  fileErrors: z.array(FileError).nullable(),
  /** Settings that this role may not see; null when that is not known. */
  hidden: z.number().nullable(),
  limits: z.array(Explanation),
});
export type Settings = z.infer<typeof Settings>;

/** A change of a setting that was noticed between two looks. */
export const SettingValue = z.object({
  at: Instant,
  name: z.string(),
  before: z.string(),
  after: z.string(),
});
export type SettingValue = z.infer<typeof SettingValue>;

export const SettingDifference = z.object({
  name: z.string(),
  category: z.string(),
  /** In words; null where the side does not tell. */
  mine: z.string().nullable(),
  theirs: z.string().nullable(),
  kind: z.enum([
    /** Two values, of which at least one was set by somebody. */
    'differs',
    /** Both have what is built in, which changed from version to version. */
    'defaults differ',
    /** Not there on the other side, or hidden from its role. */
    'only mine',
    'only theirs',
  ]),
  context: z.string(),
});
export type SettingDifference = z.infer<typeof SettingDifference>;

export const Comparison = z.object({
  mine: z.string(),
  theirs: z.string(),
  differences: z.array(SettingDifference),
  /** How many were compared and are the same. */
  same: z.number(),
  /** How many were left out because they belong to a machine. */
  leftOut: z.number(),
  limits: z.array(Explanation),
});
export type Comparison = z.infer<typeof Comparison>;
