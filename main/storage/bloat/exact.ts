import { escapeIdentifier as quoted } from 'pg';
import type { Explanation } from '../../../preload/contract/common.ts';
import type {
  ExactBloat,
  ExactEvent,
  ExactMethod,
  ExactPlan,
} from '../../../preload/contract/storage-bloat.ts';
import { fail } from '../../lib/fail.ts';
import { following } from '../../lib/following.ts';
import { extensionOf } from '../../monitoring/index.ts';
import { dropSession, endSoon, type ServerPool } from '../../servers/index.ts';
import { isLocked } from '../tables/batches.ts';
import cancelSql from './cancel.sql?raw';
import maySql from './may.sql?raw';
import relationSql from './relation.sql?raw';
import relationSizeSql from './relation-size.sql?raw';
import settleSql from './settle.sql?raw';

/** Bytes a second that a usual disk reads, for what is said before. */
const readsPerSecond = 200 * 1024 * 1024;

interface RelationRow extends Record<string, unknown> {
  oid: number;
  schema: string;
  name: string;
  kind: string;
  method: string | null;
  pages: number;
  visible_pages: number;
  page: number;
}

interface Prepared extends ExactPlan {
  /** Schema of the extension; undefined where it can't be used. */
  schema: string | undefined;
}

/** What an exact measurement would read, and whether this role may do it. */
export async function planExact(pool: ServerPool, oid: number, method: ExactMethod): Promise<ExactPlan> {
  const { schema: _, ...plan } = await prepare(pool, oid, method);
  return plan;
}

async function prepare(pool: ServerPool, oid: number, method: ExactMethod): Promise<Prepared> {
  const [relation] = await pool.query<RelationRow>(relationSql, [oid]);
  if (!relation)
    throw invalid('relation-gone', 'This relation is there no more.', 'It was dropped meanwhile.');
  const isIndex = method === 'pgstatindex';
  if (isIndex ? relation.method !== 'btree' || relation.kind !== 'i' : !'rmt'.includes(relation.kind))
    throw invalid(
      'method-unfit',
      `${method} does not measure ${relation.name}.`,
      'It is for another kind of relation.',
    );
  const bytes = await pool
    .query<{ bytes: number }>(relationSizeSql, [oid])
    .then(([row]) => row?.bytes ?? 0)
    .catch((error: unknown) => {
      if (!isLocked(error)) throw error;
      return relation.pages * relation.page;
    });
  // Pages on which every row is visible to all are told by the visibility map (pgstattuple's manual).
  const skipped = method === 'pgstattuple_approx' ? relation.visible_pages * relation.page : 0;
  const reads = Math.max(0, bytes - skipped);
  const extension = await extensionOf(pool, 'pgstattuple');
  const refused = await refusal(pool, extension, method);
  return {
    relation: `${relation.schema}.${relation.name}`,
    method,
    reads: String(reads),
    aboutMs: (reads / readsPerSecond) * 1000,
    refused: refused ?? null,
    schema: refused ? undefined : extension?.schema,
  };
}

async function refusal(
  pool: ServerPool,
  extension: Awaited<ReturnType<typeof extensionOf>>,
  method: ExactMethod,
): Promise<Explanation | undefined> {
  if (!extension) {
    return {
      cause: 'pgstattuple-missing',
      what: 'The extension pgstattuple is not installed in this database.',
      why: 'It comes with PostgreSQL’s contrib package and reads relations through.',
      next: 'Have it made by a superuser, or by the provider’s administrator role.',
      command: 'CREATE EXTENSION pgstattuple;',
    };
  }
  const [may] = await pool.query<{ allowed: boolean }>(maySql, [extension.schema, method]);
  if (may?.allowed && extension.usable) return undefined;
  return {
    cause: 'pgstattuple-denied',
    what: may ? `This role may not call ${method}.` : `pgstattuple ${extension.version} has no ${method}.`,
    why: may
      ? 'It is for members of pg_stat_scan_tables, which pg_monitor is.'
      : 'The extension is older than that.',
    next: may ? 'Have pg_stat_scan_tables granted to the role.' : 'Have the extension updated.',
    ...(may ? {} : { command: 'ALTER EXTENSION pgstattuple UPDATE;' }),
  };
}

/**
 * Reads a relation through in a session of its own. Whoever leaves early cancels it on the server, and goes on once it
 * has ended there.
 */
export async function* measureExact(
  pool: ServerPool,
  oid: number,
  method: ExactMethod,
  signal?: AbortSignal,
): AsyncGenerator<ExactEvent, void, void> {
  const { schema, refused } = await prepare(pool, oid, method);
  if (refused || schema === undefined)
    throw fail('INVALID', { field: 'method', ...(refused as Explanation) });
  const result = yield* following<ExactEvent, ExactBloat>(signal, async (tell, stop) => {
    const began = performance.now();
    const elapsed = (): void => tell({ kind: 'running', elapsedMs: performance.now() - began });
    elapsed();
    const ticking = setInterval(elapsed, 1000);
    try {
      const sql = `SELECT * FROM ${quoted(schema)}.${quoted(method)}($1::oid::regclass)`;
      return readExact(method, await runAlone(pool, sql, oid, stop), performance.now() - began);
    } finally {
      clearInterval(ticking);
    }
  });
  yield { kind: 'done', result };
}

/** Runs one long statement on a session of its own; the signal cancels it there. */
async function runAlone(
  pool: ServerPool,
  sql: string,
  oid: number,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { client } = await pool.lend(signal);
  let cancel: (() => void) | undefined;
  try {
    await client.query('BEGIN READ ONLY');
    const [own] = (await client.query<{ pid: number }>(settleSql)).rows;
    cancel = () => void pool.query(cancelSql, [own?.pid]).catch(() => dropSession(client));
    signal.addEventListener('abort', cancel, { once: true });
    signal.throwIfAborted();
    const { rows } = await client.query(sql, [oid]);
    return (rows[0] ?? {}) as Record<string, unknown>;
  } finally {
    if (cancel) signal.removeEventListener('abort', cancel);
    await endSoon(client);
  }
}

const numberIn = (row: Record<string, unknown>, name: string): number => Number(row[name] ?? 0);
const textIn = (row: Record<string, unknown>, name: string): string => String(row[name] ?? 0);

/** Fill of leaf pages that a new B-tree has, percent. */
const usualDensity = 90;

/** Columns as pgstattuple's manual names them; the approximate one says `approx_` of what it does not count itself. */
function readExact(method: ExactMethod, row: Record<string, unknown>, tookMs: number): ExactBloat {
  if (method === 'pgstatindex') {
    // NaN where there are no leaf pages.
    const density = Number.isFinite(numberIn(row, 'avg_leaf_density'))
      ? numberIn(row, 'avg_leaf_density')
      : 0;
    const bytes = numberIn(row, 'index_size');
    const isEmpty = numberIn(row, 'leaf_pages') === 0;
    const fragmentation = numberIn(row, 'leaf_fragmentation');
    return {
      method,
      bytes: String(bytes),
      wasted: String(isEmpty ? 0 : Math.max(0, Math.round(bytes * (1 - density / usualDensity)))),
      deadRows: null,
      deadBytes: null,
      freeBytes: null,
      leafDensity: isEmpty ? null : density,
      fragmentation: isEmpty || !Number.isFinite(fragmentation) ? null : fragmentation,
      tookMs,
    };
  }
  const free = numberIn(row, method === 'pgstattuple' ? 'free_space' : 'approx_free_space');
  const dead = numberIn(row, 'dead_tuple_len');
  return {
    method,
    bytes: textIn(row, 'table_len'),
    wasted: String(free + dead),
    deadRows: textIn(row, 'dead_tuple_count'),
    deadBytes: String(dead),
    freeBytes: String(free),
    leafDensity: null,
    fragmentation: null,
    tookMs,
  };
}

const invalid = (cause: string, what: string, why: string) =>
  fail('INVALID', { cause, field: 'oid', what, why, next: 'Choose another one.' });
