import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Instant, onEnvironment, read } from './common.ts';

/**
 * What is kept over time, in the order in which the store keeps it: append only, never reorder.
 * `server.*` counts the whole server, `database.*` the environment's own database. Sources:
 * pg_stat_activity and pg_stat_database. Rates are per second; `hit` is 0 to 1; `temp` is bytes a second.
 */
export const metricNames = [
  'sessions.active',
  'sessions.waiting',
  'sessions.idleInTransaction',
  'sessions.aborted',
  'sessions.idle',
  'sessions.other',
  'sessions.hidden',
  'server.commits',
  'server.rollbacks',
  'server.hit',
  'server.tuplesRead',
  'server.tuplesWritten',
  'server.temp',
  'server.deadlocks',
  'database.commits',
  'database.rollbacks',
  'database.hit',
  'database.tuplesRead',
  'database.tuplesWritten',
  'database.temp',
  'database.deadlocks',
  'howdah.serverMs',
] as const;
export const MetricName = z.enum(metricNames);
export type MetricName = z.infer<typeof MetricName>;

export const windows = ['1h', '24h', '7d', '30d'] as const;
export const Window = z.enum(windows);
export type Window = z.infer<typeof Window>;

export const ServerEvent = z.object({
  at: Instant,
  /** `server-restarted`, `connection-lost`, `connection-back`, `terminated`, `cancelled`, `deploy`, `act`, `lock-jam`, … */
  kind: z.string(),
  text: z.string(),
});
export type ServerEvent = z.infer<typeof ServerEvent>;

/** Points at equal steps; a null is a gap. `low` and `high` are the extremes inside the step. */
export const Series = z.object({
  mean: z.array(z.number().nullable()),
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
});
export type Series = z.infer<typeof Series>;

export const History = z.object({
  from: Instant,
  to: Instant,
  /** Step in ms; point i covers [from + i·step, from + (i+1)·step). At most 300 points. */
  stepMs: z.number(),
  series: z.record(z.string(), Series),
  /** The newest 1,000 of the window, oldest first. */
  events: z.array(ServerEvent),
  /** Older ones of the window that are not among them. */
  eventsLeftOut: z.number(),
  /** Null when no sample has told it yet. */
  maxConnections: z.number().nullable(),
});
export type History = z.infer<typeof History>;

export const DatabaseSize = z.object({
  database: z.string(),
  /** Bytes as text (int8); null when this role may not see it. */
  bytes: z.string().nullable(),
  at: Instant,
  /** Growth over the window in bytes as text; null while there is only one measurement. */
  growth: z.string().nullable(),
  /** How long ago the first measurement in the window was taken, ms. */
  overMs: z.number().nullable(),
});
export type DatabaseSize = z.infer<typeof DatabaseSize>;

export const DatabaseSizes = z.object({
  databases: z.array(DatabaseSize),
  /** Server time the last measurement took, ms. Null when none has been taken. */
  measuredMs: z.number().nullable(),
  nextAt: Instant.nullable(),
  /** Sum of sizes over time, for the chart. */
  total: z.array(z.object({ at: Instant, bytes: z.number() })),
});
export type DatabaseSizes = z.infer<typeof DatabaseSizes>;

export const metrics = {
  /** A named window ending now, or the one between `from` and `to`. */
  history: read
    .input(onEnvironment.extend({ window: Window, from: Instant.optional(), to: Instant.optional() }))
    .output(History),
  /** One value set for each live sample from now on. */
  watch: read.input(onEnvironment).output(
    eventIterator(
      z.object({
        at: Instant,
        values: z.partialRecord(MetricName, z.number()),
        maxConnections: z.number(),
      }),
    ),
  ),
  databases: read.input(onEnvironment.extend({ window: Window })).output(DatabaseSizes),
};
