import { z } from 'zod';
import { Explanation, Instant } from './common.ts';

/** Bytes, int8 as text; null where not known. */
const Bytes = z.string().nullable();

/** A standby, base backup or subscriber that receives WAL (pg_stat_replication). */
export const Sender = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  /** `streaming`, `catchup`, `backup`, …; null when hidden from this role. */
  state: z.string().nullable(),
  since: Instant.nullable(),
  /** `async`, `sync`, `quorum`, `potential`. */
  sync: z.string().nullable(),
  slot: z.string().nullable(),
  /** How far each stage is behind the server's position, bytes. */
  sentLag: Bytes,
  writeLag: Bytes,
  flushLag: Bytes,
  replayLag: Bytes,
  /** As the server measures it, ms; null also when there was nothing to send lately. */
  writeMs: z.number().nullable(),
  flushMs: z.number().nullable(),
  replayMs: z.number().nullable(),
  repliedAt: Instant.nullable(),
});
export type Sender = z.infer<typeof Sender>;

export const Slot = z.object({
  name: z.string(),
  kind: z.enum(['physical', 'logical']),
  plugin: z.string().nullable(),
  database: z.string().nullable(),
  temporary: z.boolean(),
  active: z.boolean(),
  activePid: z.number().nullable(),
  /** WAL that it keeps, bytes: position minus restart_lsn. Null when it keeps none. */
  kept: Bytes,
  /** Of a logical one: how far its consumer has confirmed, bytes behind. */
  unconfirmed: Bytes,
  /** `reserved`, `extended`, `unreserved`, `lost` (13+). */
  walStatus: z.string().nullable(),
  /** Bytes that may still be written before it is lost; null without max_slot_wal_keep_size. */
  safe: Bytes,
  /** 17+. */
  inactiveSince: Instant.nullable(),
  /** Why it was made invalid (17+; 16 says only that it conflicts). */
  invalid: z.string().nullable(),
  /** Age of the oldest transaction that it holds, in transactions. */
  xminAge: z.number().nullable(),
});
export type Slot = z.infer<typeof Slot>;

export const Receiver = z.object({
  state: z.string().nullable(),
  from: z.string().nullable(),
  slot: z.string().nullable(),
  /** Received and not yet replayed, bytes. */
  toReplay: Bytes,
  lastMessageAt: Instant.nullable(),
});

export const Standby = z.object({
  receiver: Receiver.nullable(),
  /** Received and not yet replayed, bytes. */
  toReplay: Bytes,
  /** Commit time of the last transaction replayed. */
  replayedAt: Instant.nullable(),
  paused: z.boolean().nullable(),
  /** Queries ended here because they stood in recovery's way, by database; only those that had any. */
  conflicts: z.array(
    z.object({
      database: z.string(),
      tablespace: z.string(),
      lock: z.string(),
      snapshot: z.string(),
      bufferPin: z.string(),
      deadlock: z.string(),
      slot: z.string().nullable(),
    }),
  ),
});

export const Subscription = z.object({
  name: z.string(),
  enabled: z.boolean(),
  slot: z.string().nullable(),
  publications: z.array(z.string()),
  /** Its worker runs; null when hidden. */
  running: z.boolean(),
  lastMessageAt: Instant.nullable(),
  /** Tables by state: ready, being copied, … */
  tablesReady: z.number(),
  tables: z.number(),
  /** 15+. */
  applyErrors: z.string().nullable(),
  syncErrors: z.string().nullable(),
  /** 18+: rows that could not be applied as they came. */
  conflicts: z.string().nullable(),
});

export const Publication = z.object({
  name: z.string(),
  allTables: z.boolean(),
  tables: z.number(),
  operations: z.array(z.string()),
});

export const Archiver = z.object({
  mode: z.string(),
  archived: z.string(),
  lastArchived: z.string().nullable(),
  lastArchivedAt: Instant.nullable(),
  failed: z.string(),
  lastFailed: z.string().nullable(),
  lastFailedAt: Instant.nullable(),
  /** The last attempt failed. */
  failing: z.boolean(),
});

export const Replication = z.object({
  role: z.enum(['primary', 'standby']),
  serverNow: Instant,
  senders: z.array(Sender),
  slots: z.array(Slot),
  /** max_slot_wal_keep_size in bytes; null: no limit. */
  slotLimit: Bytes,
  standby: Standby.nullable(),
  subscriptions: z.array(Subscription),
  publications: z.array(Publication),
  archiver: Archiver,
  limits: z.array(Explanation),
});
export type Replication = z.infer<typeof Replication>;
