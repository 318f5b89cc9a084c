import type { Explanation } from '../../../preload/contract/common.ts';
import type { Io } from '../../../preload/contract/server.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../../servers/index.ts';
import { viewsOf } from '../known.ts';
import bgwriterSql from './bgwriter.sql?raw';
import checkpointerSql from './checkpointer.sql?raw';
import ioSql from './io.sql?raw';
import positionSql from './position.sql?raw';
import slruSql from './slru.sql?raw';
import walSql from './wal.sql?raw';

interface IoRow extends Record<string, unknown> {
  backend_type: string;
  object: string;
  context: string;
  reads: string | null;
  read_bytes: string | null;
  read_ms: number | null;
  writes: string | null;
  write_bytes: string | null;
  write_ms: number | null;
  extends: string | null;
  extend_bytes: string | null;
  hits: string | null;
  evictions: string | null;
  reuses: string | null;
  fsyncs: string | null;
  fsync_ms: number | null;
  reset_at: number | null;
}

export interface CheckpointRow extends Record<string, unknown> {
  timed: string;
  requested: string;
  restartpoints: string | null;
  write_ms: number;
  sync_ms: number;
  by_checkpointer: string;
  by_background: string;
  by_backends: string | null;
  reset_at: number | null;
  background_reset_at: number | null;
}

export interface PositionRow extends Record<string, unknown> {
  server_now: number;
  started_at: number;
  wal: string | null;
  read: string | null;
  timed: boolean;
}

interface WalRow extends Record<string, unknown> {
  records: string;
  full_page_images: string;
  bytes: string;
  buffers_full: string;
  writes: string | null;
  syncs: string | null;
  reset_at: number | null;
}

type SlruRow = Io['slru'][number] & Record<string, unknown>;

export const readIoRows = (pool: ServerPool, known: KnownColumns): Promise<IoRow[]> =>
  known.has('pg_stat_io') ? pool.query<IoRow>(fillTemplate(ioSql, known)) : Promise.resolve([]);

export async function readCheckpoints(
  pool: ServerPool,
  known: KnownColumns,
): Promise<CheckpointRow | undefined> {
  const sql = known.has('pg_stat_checkpointer') ? checkpointerSql : bgwriterSql;
  return (await pool.query<CheckpointRow>(sql))[0];
}

export const readPosition = async (pool: ServerPool): Promise<PositionRow | undefined> =>
  (await pool.query<PositionRow>(positionSql))[0];

/** What backends wrote out themselves, bytes, where pg_stat_io tells it. */
export function writtenByBackends(rows: readonly IoRow[]): string {
  const total = rows
    .filter(
      ({ backend_type: who, object }) =>
        object === 'relation' && who !== 'checkpointer' && who !== 'background writer',
    )
    .reduce((sum, { write_bytes: bytes }) => sum + BigInt(bytes ?? 0), 0n);
  return String(total);
}

/** Files grown, bytes. */
export function extendedBytes(rows: readonly IoRow[]): string {
  return String(
    rows
      .filter(({ object }) => object !== 'wal')
      .reduce((sum, { extend_bytes: bytes }) => sum + BigInt(bytes ?? 0), 0n),
  );
}

/** All counters of writing and reading, as they stand. */
export async function readIo(pool: ServerPool): Promise<Io> {
  const known = await viewsOf(pool);
  const rows = await readIoRows(pool, known);
  const checkpoints = await readCheckpoints(pool, known);
  const wal = known.has('pg_stat_wal')
    ? (await pool.query<WalRow>(fillTemplate(walSql, known)))[0]
    : undefined;
  const slru = known.has('pg_stat_slru') ? await pool.query<SlruRow>(slruSql) : [];
  const position = await readPosition(pool);
  const hasIo = known.has('pg_stat_io');
  return {
    rows: rows.map((row) => ({
      backendType: row.backend_type,
      object: row.object,
      context: row.context,
      reads: row.reads,
      readBytes: row.read_bytes,
      readMs: row.read_ms,
      writes: row.writes,
      writeBytes: row.write_bytes,
      writeMs: row.write_ms,
      extends: row.extends,
      extendBytes: row.extend_bytes,
      hits: row.hits,
      evictions: row.evictions,
      reuses: row.reuses,
      fsyncs: row.fsyncs,
      fsyncMs: row.fsync_ms,
    })),
    ioResetAt: rows[0]?.reset_at ?? null,
    checkpoints: {
      timed: checkpoints?.timed ?? null,
      requested: checkpoints?.requested ?? null,
      restartpoints: checkpoints?.restartpoints ?? null,
      writeMs: checkpoints?.write_ms ?? null,
      syncMs: checkpoints?.sync_ms ?? null,
      byCheckpointer: checkpoints?.by_checkpointer ?? null,
      byBackground: checkpoints?.by_background ?? null,
      byBackends: checkpoints?.by_backends ?? (hasIo ? writtenByBackends(rows) : null),
      resetAt: checkpoints?.reset_at ?? null,
    },
    wal: wal
      ? {
          records: wal.records,
          fullPageImages: wal.full_page_images,
          bytes: wal.bytes,
          buffersFull: wal.buffers_full,
          writes: wal.writes,
          syncs: wal.syncs,
          resetAt: wal.reset_at,
        }
      : null,
    slru,
    timed: position?.timed ?? false,
    limits: limitsOf(hasIo, known.has('pg_stat_wal')),
  };
}

function limitsOf(hasIo: boolean, hasWal: boolean): Explanation[] {
  if (hasIo) return [];
  return [
    {
      cause: 'io-not-counted',
      what: 'This server does not count I/O by who did it.',
      why: `pg_stat_io came with PostgreSQL 16${hasWal ? '' : ', pg_stat_wal with 14'}. What is shown comes from pg_stat_bgwriter and pg_stat_database.`,
      next: 'Nothing can be done short of an upgrade.',
    },
  ];
}
