import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Advice, advisers } from './advice.ts';
import { Explanation, Instant, onEnvironment, read } from './common.ts';

const Room = z.enum(advisers);

/** Something wrong, as the report tells it: once, whichever rooms saw it. */
export const HealthFinding = Advice.extend({
  /** The rooms that found it, the one that knows most of it first. */
  rooms: z.array(Room),
});
export type HealthFinding = z.infer<typeof HealthFinding>;

/** What could not be looked at, and in which room. */
export const HealthLimit = Explanation.extend({ room: Room });
export type HealthLimit = z.infer<typeof HealthLimit>;

/** How far one room is. */
export const RoomLook = z.object({
  room: Room,
  state: z.enum(['waiting', 'looking', 'done', 'failed']),
  /** How long it looked, ms; null before its end. */
  tookMs: z.number().nullable(),
  findings: z.number(),
});
export type RoomLook = z.infer<typeof RoomLook>;

/** What stands at the head of a report. A null could not be had. */
export const HealthFacts = z.object({
  /** `host:port`, or the folder of its socket. */
  address: z.string(),
  /** As the server prints it, for example `15.18`. */
  version: z.string(),
  role: z.enum(['primary', 'standby']),
  startedAt: Instant,
  database: z.string(),
  user: z.string(),
  /** What this role may see of others: everything, all statistics (pg_read_all_stats), or only its own sessions'. */
  sight: z.enum(['superuser', 'statistics', 'own']).nullable(),
  /** Size of the database, bytes as text (int8). */
  databaseBytes: z.string().nullable(),
  /** Client sessions of the whole server. */
  sessions: z.number().nullable(),
  maxConnections: z.number(),
});
export type HealthFacts = z.infer<typeof HealthFacts>;

export const HealthReport = z.object({
  environment: z.object({ id: z.string(), name: z.string() }),
  /** When it was begun. */
  at: Instant,
  tookMs: z.number(),
  facts: HealthFacts,
  /** Every room that was asked, in the order in which they are told. */
  looks: z.array(RoomLook),
  /** Worst first. */
  findings: z.array(HealthFinding),
  limits: z.array(HealthLimit),
});
export type HealthReport = z.infer<typeof HealthReport>;

export const HealthProgress = z.object({
  /** The report so far. */
  report: HealthReport,
  /** False while rooms are still to come. */
  done: z.boolean(),
});
export type HealthProgress = z.infer<typeof HealthProgress>;

export const healthFormats = ['html', 'markdown'] as const;

export const health = {
  /**
   * Asks room by room what is wrong: the report so far after each, the last one with `done`. One of all rooms is kept,
   * the newest of each environment.
   */
  report: read
    .input(onEnvironment.extend({ rooms: z.array(Room).min(1).optional() }))
    .output(eventIterator(HealthProgress)),
  /** The newest report that is kept; null when there is none yet. */
  last: read.input(onEnvironment).output(HealthReport.nullable()),
  /**
   * The report that was begun at `at`, the newest without it, as a page of its own: without scripts and without anything
   * from elsewhere. INVALID when there is none.
   */
  export: read
    .input(onEnvironment.extend({ format: z.enum(healthFormats), at: Instant.optional() }))
    .output(z.object({ name: z.string(), mediaType: z.string(), text: z.string() })),
};
