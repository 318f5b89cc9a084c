import { z } from 'zod';
import { Explanation, Instant } from './common.ts';

export const logLevels = ['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'LOG', 'FATAL', 'PANIC'] as const;

/** One message of the log with all that belongs to it. Secrets within its texts are left out. */
export const LogEntry = z.object({
  /** Where it begins in its file, bytes. */
  offset: z.number(),
  /** As the log has it; the instant where it could be told. */
  time: z.string().nullable(),
  at: Instant.nullable(),
  level: z.enum(logLevels).nullable(),
  sqlstate: z.string().nullable(),
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  context: z.string().nullable(),
  statement: z.string().nullable(),
  pid: z.number().nullable(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  backendType: z.string().nullable(),
  /** Of a statement that log_min_duration_statement or log_duration wrote: how long it took, ms. */
  durationMs: z.number().nullable(),
});
export type LogEntry = z.infer<typeof LogEntry>;

export const logFormats = ['stderr', 'csvlog', 'jsonlog'] as const;
export const LogFormat = z.enum(logFormats);
export type LogFormat = z.infer<typeof LogFormat>;

export const LogFile = z.object({
  name: z.string(),
  bytes: z.number(),
  changedAt: Instant,
  format: LogFormat,
  /** The server writes to it now. */
  current: z.boolean(),
});
export type LogFile = z.infer<typeof LogFile>;

/** Which part of which log. Without any: the last 64 kB of the one written to now. */
export const LogAsked = z.object({
  /** A name out of `files`. */
  file: z.string().min(1).max(1024).optional(),
  /** An absolute path on the machine that Howdah runs on, in the place of the server's own. */
  path: z.string().min(1).max(4096).optional(),
  /** The part before this place, bytes: `from` of the part that is there. */
  before: z.number().int().min(0).optional(),
  /** The part after this place, bytes: `to` of the part that is there. */
  after: z.number().int().min(0).optional(),
});

export const Log = z.object({
  /** Newest first; empty where only a path was read, or none may be seen. */
  files: z.array(LogFile),
  file: z.string().nullable(),
  format: LogFormat.nullable(),
  /** The part read, bytes; it begins and ends where entries do. */
  from: z.number(),
  to: z.number(),
  bytes: z.number(),
  entries: z.array(LogEntry),
  /** Lines that belong to no entry: another format than log_line_prefix says. */
  unread: z.number(),
  /** The server writes to another file by now. */
  rotatedTo: z.string().nullable(),
  /** Statements that take longer are logged, ms; null: none are. */
  slowFrom: z.number().nullable(),
  limits: z.array(Explanation),
});
export type Log = z.infer<typeof Log>;
