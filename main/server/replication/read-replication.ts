import type { Explanation } from '../../../preload/contract/common.ts';
import type { Replication, Sender, Slot } from '../../../preload/contract/server-replication.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../../servers/index.ts';
import { viewsOf } from '../known.ts';
import archiverSql from './archiver.sql?raw';
import { behind } from './behind.ts';
import placeSql from './place.sql?raw';
import publicationsSql from './publications.sql?raw';
import sendersSql from './senders.sql?raw';
import slotsSql from './slots.sql?raw';
import { readStandby } from './standby.ts';
import subscriptionErrorsSql from './subscription-errors.sql?raw';
import subscriptionsSql from './subscriptions.sql?raw';

interface Place extends Record<string, unknown> {
  standby: boolean;
  server_now: number;
  archive_mode: string;
  slot_limit: string | null;
  all_stats: boolean;
  user: string;
}

/** Everything about how this server's changes get to others, and others' to it. */
export async function readReplication(pool: ServerPool): Promise<Replication> {
  const known = await viewsOf(pool);
  const [place] = await pool.query<Place>(placeSql);
  if (!place) throw new Error('The server gave no row about itself.');
  const senders = await readSenders(pool);
  return {
    role: place.standby ? 'standby' : 'primary',
    serverNow: place.server_now,
    senders,
    slots: await readSlots(pool, known),
    slotLimit: place.slot_limit,
    standby: place.standby ? await readStandby(pool, known) : null,
    subscriptions: await readSubscriptions(pool, known),
    publications: await readPublications(pool),
    archiver: await readArchiver(pool, place.archive_mode),
    limits: limitsOf(place, senders),
  };
}

interface SenderRow extends Record<string, unknown> {
  pid: number;
  user: string | null;
  application: string | null;
  client: string | null;
  state: string | null;
  sync: string | null;
  since: number | null;
  slot: string | null;
  sent_lag: string | null;
  write_lag: string | null;
  flush_lag: string | null;
  replay_lag: string | null;
  write_ms: number | null;
  flush_ms: number | null;
  replay_ms: number | null;
  replied_at: number | null;
}

async function readSenders(pool: ServerPool): Promise<Sender[]> {
  const rows = await pool.query<SenderRow>(sendersSql);
  return rows.map((row) => ({
    pid: row.pid,
    user: row.user,
    application: row.application,
    client: row.client,
    state: row.state,
    since: row.since,
    sync: row.sync,
    slot: row.slot,
    sentLag: behind(row.sent_lag),
    writeLag: behind(row.write_lag),
    flushLag: behind(row.flush_lag),
    replayLag: behind(row.replay_lag),
    writeMs: row.write_ms,
    flushMs: row.flush_ms,
    replayMs: row.replay_ms,
    repliedAt: row.replied_at,
  }));
}

interface SlotRow extends Record<string, unknown> {
  name: string;
  kind: 'physical' | 'logical';
  plugin: string | null;
  database: string | null;
  temporary: boolean;
  active: boolean;
  active_pid: number | null;
  kept: string | null;
  unconfirmed: string | null;
  wal_status: string | null;
  safe: string | null;
  inactive_since: number | null;
  invalid: string | null;
  conflicting: boolean | null;
  xmin_age: number | null;
}

async function readSlots(pool: ServerPool, known: KnownColumns): Promise<Slot[]> {
  const rows = await pool.query<SlotRow>(fillTemplate(slotsSql, known));
  return rows.map((row) => ({
    name: row.name,
    kind: row.kind,
    plugin: row.plugin,
    database: row.database,
    temporary: row.temporary,
    active: row.active,
    activePid: row.active_pid,
    kept: behind(row.kept),
    unconfirmed: behind(row.unconfirmed),
    walStatus: row.wal_status,
    safe: row.safe,
    inactiveSince: row.inactive_since,
    invalid: row.invalid ?? (row.conflicting ? 'conflicts with recovery' : null),
    xminAge: row.xmin_age,
  }));
}

interface SubscriptionRow extends Record<string, unknown> {
  name: string;
  enabled: boolean;
  slot: string | null;
  publications: string[];
  running: boolean;
  last_message_at: number | null;
  tables: number;
  tables_ready: number;
}

interface SubscriptionErrors extends Record<string, unknown> {
  name: string;
  apply_errors: string;
  sync_errors: string;
  conflicts: string | null;
}

async function readSubscriptions(
  pool: ServerPool,
  known: KnownColumns,
): Promise<Replication['subscriptions']> {
  const rows = await pool.query<SubscriptionRow>(subscriptionsSql);
  if (rows.length === 0) return [];
  const errors = known.has('pg_stat_subscription_stats')
    ? await pool.query<SubscriptionErrors>(fillTemplate(subscriptionErrorsSql, known))
    : [];
  const byName = new Map(errors.map((one) => [one.name, one]));
  return rows.map((row) => ({
    name: row.name,
    enabled: row.enabled,
    slot: row.slot,
    publications: row.publications,
    running: row.running,
    lastMessageAt: row.last_message_at,
    tables: row.tables,
    tablesReady: row.tables_ready,
    applyErrors: byName.get(row.name)?.apply_errors ?? null,
    syncErrors: byName.get(row.name)?.sync_errors ?? null,
    conflicts: byName.get(row.name)?.conflicts ?? null,
  }));
}

interface PublicationRow extends Record<string, unknown> {
  name: string;
  all_tables: boolean;
  pubinsert: boolean;
  pubupdate: boolean;
  pubdelete: boolean;
  pubtruncate: boolean;
  tables: number;
}

async function readPublications(pool: ServerPool): Promise<Replication['publications']> {
  const rows = await pool.query<PublicationRow>(publicationsSql);
  return rows.map((row) => ({
    name: row.name,
    allTables: row.all_tables,
    tables: row.tables,
    operations: [
      row.pubinsert ? 'insert' : '',
      row.pubupdate ? 'update' : '',
      row.pubdelete ? 'delete' : '',
      row.pubtruncate ? 'truncate' : '',
    ].filter(Boolean),
  }));
}

interface ArchiverRow extends Record<string, unknown> {
  archived: string;
  last_archived: string | null;
  last_archived_at: number | null;
  failed: string;
  last_failed: string | null;
  last_failed_at: number | null;
}

async function readArchiver(pool: ServerPool, mode: string): Promise<Replication['archiver']> {
  const [row] = await pool.query<ArchiverRow>(archiverSql);
  const failedAt = row?.last_failed_at ?? null;
  return {
    mode,
    archived: row?.archived ?? '0',
    lastArchived: row?.last_archived ?? null,
    lastArchivedAt: row?.last_archived_at ?? null,
    failed: row?.failed ?? '0',
    lastFailed: row?.last_failed ?? null,
    lastFailedAt: failedAt,
    failing: mode !== 'off' && failedAt !== null && failedAt > (row?.last_archived_at ?? 0),
  };
}

function limitsOf(place: Place, senders: readonly Sender[]): Explanation[] {
  const hidden = senders.filter(({ state }) => state === null).length;
  if (place.all_stats || (hidden === 0 && !place.standby)) return [];
  return [
    {
      cause: 'replication-hidden',
      what:
        hidden > 0
          ? `How ${hidden} of ${senders.length} receivers fare is hidden from this role.`
          : 'What the WAL receiver does is hidden from this role.',
      why: 'Lags and states of replication are shown to superusers and members of pg_read_all_stats.',
      next: 'A superuser can grant it; pg_monitor includes it.',
      command: `GRANT pg_monitor TO "${place.user.replaceAll('"', '""')}"`,
    },
  ];
}
