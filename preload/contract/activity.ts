import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  changeServer,
  destroyOnServer,
  Instant,
  onEnvironment,
  onGuardedEnvironment,
  read,
} from './common.ts';

/** Session states; one colour each everywhere. `waiting` is active and waiting on a lock. */
export const sessionStates = [
  'active',
  'waiting',
  'idle in transaction',
  'aborted',
  'idle',
  'other',
  'hidden',
] as const;
export const SessionState = z.enum(sessionStates);
export type SessionState = z.infer<typeof SessionState>;

/**
 * One row of pg_stat_activity (PostgreSQL manual, "The Cumulative Statistics System").
 * A null is what the server gave as null: unknown to this role, or not applicable.
 */
export const Backend = z.object({
  pid: z.number(),
  /** Together with the pid it names the backend for good; null when this role may not see it. As the server prints it. */
  backendStart: z.string().nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string(),
  /** Address and port, `local` for a Unix socket, null for background processes and hidden rows. */
  client: z.string().nullable(),
  /** `client backend`, `autovacuum worker`, …; null when hidden. */
  type: z.string().nullable(),
  state: SessionState,
  waitType: z.string().nullable(),
  wait: z.string().nullable(),
  connectedAt: Instant.nullable(),
  transactionAt: Instant.nullable(),
  queryAt: Instant.nullable(),
  stateAt: Instant.nullable(),
  /** Since when it waits for its lock: pg_locks.waitstart (14+), else the state's start. */
  waitingSince: Instant.nullable(),
  /** Mode and target of the lock it waits for; null until the sample after the one that saw it wait. */
  waitsFor: z.object({ mode: z.string(), target: z.string() }).nullable(),
  leaderPid: z.number().nullable(),
  /** int8 as text. */
  queryId: z.string().nullable(),
  /** The first 500 characters. */
  query: z.string().nullable(),
  /** Whether there is more text than `query` holds. */
  queryCut: z.boolean(),
  /**
   * pg_blocking_pids, without duplicates. A prepared transaction has no pid: it is the negative of its transaction id,
   * as `ActivitySample.prepared` names it, or 0 until the sample after the one that saw it.
   */
  blockedBy: z.array(z.number()),
  /** The console's own session. */
  own: z.boolean(),
});
export type Backend = z.infer<typeof Backend>;

/** A prepared transaction (PREPARE TRANSACTION) that somebody waits for. It has no session that could be ended. */
export const PreparedTransaction = z.object({
  /** As `blockedBy` names it: its transaction id, negative. */
  pid: z.number(),
  gid: z.string(),
  owner: z.string(),
  database: z.string(),
  preparedAt: Instant,
});
export type PreparedTransaction = z.infer<typeof PreparedTransaction>;

export const ActivitySample = z.object({
  /** The server's clock at the sample; ages are measured against it. */
  serverNow: Instant,
  /** The console's clock when the sample arrived. */
  at: Instant,
  backends: z.array(Backend),
  /** Those that somebody in this sample waits for; no others. */
  prepared: z.array(PreparedTransaction),
  maxConnections: z.number(),
  reservedConnections: z.number(),
  /** Client sessions whose state this role may not see. Above 0: show "limited visibility". */
  hidden: z.number(),
  /** ms the server spent on this sample. */
  serverMs: z.number(),
  intervalMs: z.number(),
});
export type ActivitySample = z.infer<typeof ActivitySample>;

export const BackendRef = z.object({
  pid: z.number().int().min(1).max(2_147_483_647),
  backendStart: z.string().nullable(),
});
export type BackendRef = z.infer<typeof BackendRef>;

export const BackendDetail = z.object({
  backend: Backend,
  /** Whole text as the server keeps it. */
  query: z.string().nullable(),
  /** The text fills track_activity_query_size, so the server may have cut it. */
  truncatedByServer: z.boolean(),
  trackActivityQuerySize: z.number(),
  ssl: z.string().nullable(),
  /** Locks held or awaited, at most 200, those not granted first. */
  locks: z.array(
    z.object({
      type: z.string(),
      mode: z.string(),
      granted: z.boolean(),
      relation: z.string().nullable(),
      /** Other identification of the locked thing, such as a transaction id. */
      target: z.string().nullable(),
    }),
  ),
});
export type BackendDetail = z.infer<typeof BackendDetail>;

export const signals = ['cancel', 'terminate'] as const;

/** Who and what a signal would hit, and what it would set free. */
export const Impact = z.object({
  backends: z.array(
    z.object({
      pid: z.number(),
      found: z.boolean(),
      who: z.string(),
      what: z.string(),
      /** pids that wait for this one, directly or through others. */
      unblocks: z.array(z.number()),
      /** Things to know before: an open transaction is rolled back, a background worker is hit, … */
      warnings: z.array(z.string()),
    }),
  ),
});
export type Impact = z.infer<typeof Impact>;

export const SignalResult = z.object({
  results: z.array(
    z.object({
      pid: z.number(),
      /** Whom it hit and what that one was doing, as seen just before. */
      who: z.string(),
      what: z.string(),
      outcome: z.enum(['done', 'sent', 'gone', 'refused']),
      /** In words; for `refused` the server's own. */
      message: z.string(),
    }),
  ),
});
export type SignalResult = z.infer<typeof SignalResult>;

const backends = z.array(BackendRef).min(1, 'No backend is chosen.').max(500);

export const activity = {
  /** The last sample, or a fresh one where none is taken. */
  show: read.input(onEnvironment).output(ActivitySample),
  /** Every live sample from now on, the last known one first. */
  watch: read.input(onEnvironment).output(eventIterator(ActivitySample)),
  detail: read.input(onEnvironment.extend({ backend: BackendRef })).output(BackendDetail),
  impact: read.input(onEnvironment.extend({ signal: z.enum(signals), backends })).output(Impact),
  /** pg_cancel_backend: ends the running statement, keeps the session. */
  cancel: changeServer.input(onGuardedEnvironment.extend({ backends })).output(SignalResult),
  /** pg_terminate_backend: ends the session and rolls its transaction back. */
  terminate: destroyOnServer.input(onGuardedEnvironment.extend({ backends })).output(SignalResult),
};
