import { z } from 'zod';
import { SessionState } from './activity.ts';
import { Explanation, Instant, onEnvironment, read } from './common.ts';
import { Window } from './metrics.ts';

/**
 * Somebody who waits for a lock or stands in others' way. Processes of one parallel query are one party, named by its
 * leader's pid.
 */
export const LockParty = z.object({
  /** Of a prepared transaction its transaction id, negative; 0 where the server did not say which one it is. */
  pid: z.number(),
  /** `gone`: it stood in somebody's way, and there was no such session any more. */
  kind: z.enum(['session', 'prepared', 'gone']),
  /** With the pid it names the session for good; null where this role may not see it. */
  backendStart: z.string().nullable(),
  /** A prepared transaction's owner. */
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string(),
  client: z.string().nullable(),
  /** `client backend`, `autovacuum worker`, …; null when hidden or none. */
  type: z.string().nullable(),
  state: SessionState.nullable(),
  /** Name of a prepared transaction. */
  gid: z.string().nullable(),
  /** The first 500 characters: of what it runs, or ran last. */
  query: z.string().nullable(),
  queryCut: z.boolean(),
  /** int8 as text. */
  queryId: z.string().nullable(),
  /** Since when its transaction is open; of a prepared one, when it was prepared. */
  transactionAt: Instant.nullable(),
  queryAt: Instant.nullable(),
  stateAt: Instant.nullable(),
  /** Null where it does not wait. */
  waitingSince: Instant.nullable(),
  /** Mode and target of the lock it waits for; null where it does not wait, or it is not known. */
  waitsFor: z.object({ mode: z.string(), target: z.string() }).nullable(),
  /** pids of those in its way, each once. */
  blockedBy: z.array(z.number()),
  /** Workers of its parallel query that wait with it. */
  workers: z.number(),
});
export type LockParty = z.infer<typeof LockParty>;

/** What is waited for, and by how many sessions at once. */
export const AwaitedLock = z.object({ target: z.string(), mode: z.string(), waiters: z.number() });
export type AwaitedLock = z.infer<typeof AwaitedLock>;

/** Who waits for whom at one instant. */
export const LockGraph = z.object({
  at: Instant,
  /** The server's clock; ages are measured against it. */
  serverNow: Instant,
  /** Those that wait and those in their way, as the tree is drawn: every root before what waits behind it. */
  parties: z.array(LockParty),
  waiting: z.number(),
  roots: z.number(),
  /** ms; null when nobody waits, or since when is not known. */
  longestWaitMs: z.number().nullable(),
  /** How long all of them have waited together, ms. */
  waitedMs: z.number(),
  /** Most waiters first. */
  locks: z.array(AwaitedLock),
});
export type LockGraph = z.infer<typeof LockGraph>;

/**
 * How a blocking episode ended. `waiters-left`: the root stayed as it was, and nobody waits for it any more (cancelled,
 * timed out, or a lock was given back within the transaction). `unknown`: nobody watched.
 */
export const episodeEnds = [
  'transaction-ended',
  'session-ended',
  'cancelled-here',
  'terminated-here',
  'waiters-left',
  'server-restarted',
  'unknown',
] as const;
export const EpisodeEnd = z.enum(episodeEnds);
export type EpisodeEnd = z.infer<typeof EpisodeEnd>;

/** From when somebody began to wait behind a root until nobody did any more. */
export const Episode = z.object({
  id: z.number(),
  /** When the first one that was seen began to wait. */
  began: Instant,
  /** Null while it goes on, and where nobody has looked since `lastSeen`. */
  ended: Instant.nullable(),
  lastSeen: Instant,
  end: EpisodeEnd.nullable(),
  /** As it was when it was last seen in the way. */
  root: LockParty,
  mostWaiters: z.number(),
  /** ms. */
  longestWaitMs: z.number(),
  /** All waits behind this root together, ms. Who waits behind two roots counts in both episodes. */
  waitedMs: z.number(),
  /** Live samples that saw it. */
  samples: z.number(),
  /** Most waiters first, at most 20. */
  locks: z.array(AwaitedLock),
});
export type Episode = z.infer<typeof Episode>;

export const EpisodeDetail = Episode.extend({
  /** When most waited behind it; at most 200 parties. */
  worst: LockGraph,
  /** Parties left out of `worst`. */
  leftOut: z.number(),
});
export type EpisodeDetail = z.infer<typeof EpisodeDetail>;

export const Episodes = z.object({
  from: Instant,
  to: Instant,
  /** That touch the window, newest first, at most 500. */
  episodes: z.array(Episode),
  /** Older ones in the window that are not among them. */
  leftOut: z.number(),
  /** Waits seen by a single sample for less than 3 s are only counted: by the hour. */
  brief: z.object({ episodes: z.number(), waitedMs: z.number() }),
});
export type Episodes = z.infer<typeof Episodes>;

export const Deadlocks = z.object({
  /** Of all databases together since `since`; int8 as text. */
  count: z.string(),
  /** When counting began last in one of them; null where it was never reset. */
  since: Instant.nullable(),
});

export const locks = {
  /** What this role can't see or have here, in words; empty when nothing is missing. */
  limits: read.input(onEnvironment).output(z.array(Explanation)),
  /** Who waits for whom now, asked of the server. */
  graph: read.input(onEnvironment).output(LockGraph.extend({ deadlocks: Deadlocks })),
  /** Blocking episodes of a window that ends now, or of the one between `from` and `to`; from the store. */
  episodes: read
    .input(onEnvironment.extend({ window: Window, from: Instant.optional(), to: Instant.optional() }))
    .output(Episodes),
  episode: read.input(onEnvironment.extend({ id: z.number().int() })).output(EpisodeDetail),
};
