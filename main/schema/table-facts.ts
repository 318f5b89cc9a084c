import type { Explanation } from '../../preload/contract/common.ts';
import type { TableFacts } from '../../preload/contract/schema.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../servers/index.ts';
import indexSizesSql from './table/index-sizes.sql?raw';
import indexUseSql from './table/index-use.sql?raw';
import partitionSizesSql from './table/partition-sizes.sql?raw';
import partitionsSql from './table/partitions.sql?raw';
import sizesSql from './table/sizes.sql?raw';
import statisticsColumnsSql from './table/statistics-columns.sql?raw';
import useSql from './table/use.sql?raw';
import { explained, noSuchTable } from './table-rows.ts';

type Text = string | null;

/** `stored`: it has rows of its own. The rest are texts. */
type UseRow = { oid: string; stored: boolean; [name: string]: Text | boolean };
type IndexRow = { oid: string; name: string; scans: Text; tuples_read: Text; last_scan: Text };
type PartitionRow = {
  oid: string;
  schema: string;
  name: string;
  kind: string;
  partition: boolean;
  estimated_rows: Text;
};
type SizeRow = { oid: string; total: Text; heap: Text; toast: Text; indexes: Text };

/** Which columns the servers' views have, asked once a pool. */
const known = new WeakMap<ServerPool, Promise<KnownColumns>>();

/**
 * Sizes, use and vacuum of one table, of its indexes and of its partitions. Sizes wait for locks: where something is
 * locked they are left out, and `problem` says so.
 *
 * @throws INVALID when there is no such table
 */
export async function tableFacts(pool: ServerPool, schema: string, table: string): Promise<TableFacts> {
  const columns = await columnsOf(pool);
  const [use] = await pool.query<UseRow>(fillTemplate(useSql, columns), [schema, table]);
  if (!use) throw noSuchTable(schema, table);
  const { oid } = use;
  const indexes = await pool.query<IndexRow>(fillTemplate(indexUseSql, columns), [oid]);
  const tree = await pool.query<PartitionRow>(partitionsSql, [oid]);

  let problem: Explanation | undefined;
  /** What waits for locks, or takes too long, is missing and no more. */
  const orNothing = async <T>(look: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await look();
    } catch (error) {
      const told = explained(error, schema, table);
      if (told === error) throw error;
      problem ??= (told as { data: Explanation }).data;
      return [];
    }
  };
  const stored = tree.filter(({ kind }) => kind === 'r');
  const parts = await orNothing(async () =>
    stored.length > 0
      ? await pool.query<SizeRow>(partitionSizesSql, [`{${stored.map((one) => one.oid).join()}}`])
      : [],
  );
  const sizeOf = new Map(parts.map((one) => [one.oid, one]));
  const own = use.stored
    ? (await orNothing(() => pool.query<SizeRow>(sizesSql, [oid])))[0]
    : sumOf(stored.filter(({ partition }) => partition).map((one) => sizeOf.get(one.oid)));
  const bytes = await orNothing(() => pool.query<{ oid: string; bytes: string }>(indexSizesSql, [oid]));
  const bytesOf = new Map(bytes.map((one) => [one.oid, one.bytes]));
  if (parts.length < stored.length) problem ??= someLocked(stored.length - parts.length);
  return {
    at: Date.now(),
    sizes: own ? { total: own.total, heap: own.heap, toast: own.toast, indexes: own.indexes } : null,
    use: use.stored ? usageOf(use) : null,
    indexes: indexes.map((one) => ({
      name: one.name,
      bytes: bytesOf.get(one.oid) ?? null,
      scans: one.scans,
      tuplesRead: one.tuples_read,
      lastScan: one.last_scan,
    })),
    partitions: tree.map((one) => ({
      schema: one.schema,
      name: one.name,
      bytes: sizeOf.get(one.oid)?.total ?? null,
      estimatedRows: one.estimated_rows,
    })),
    ...(problem ? { problem } : {}),
  };
}

function columnsOf(pool: ServerPool): Promise<KnownColumns> {
  const before = known.get(pool);
  if (before) return before;
  const asked = pool.query<{ view: string; column: string }>(statisticsColumnsSql).then((rows) => {
    const views = Map.groupBy(rows, ({ view }) => view);
    return new Map([...views].map(([view, of]) => [view, new Set(of.map(({ column }) => column))]));
  });
  known.set(pool, asked);
  asked.catch(() => known.delete(pool));
  return asked;
}

function usageOf(use: UseRow): NonNullable<TableFacts['use']> {
  const text = (name: string): Text => {
    const value = use[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    liveRows: text('live_rows'),
    deadRows: text('dead_rows'),
    modifiedSinceAnalyze: text('modified'),
    sequentialScans: text('sequential_scans'),
    indexScans: text('index_scans'),
    inserted: text('inserted'),
    updated: text('updated'),
    hotUpdated: text('hot_updated'),
    deleted: text('deleted'),
    heapHits: text('heap_hits'),
    heapReads: text('heap_reads'),
    lastVacuum: text('last_vacuum'),
    lastAutovacuum: text('last_autovacuum'),
    lastAnalyze: text('last_analyze'),
    lastAutoanalyze: text('last_autoanalyze'),
    lastSequentialScan: text('last_sequential_scan'),
    countedSince: text('counted_since'),
  };
}

/** All together; undefined where one is missing, or where there is none. */
function sumOf(rows: (SizeRow | undefined)[]): Omit<SizeRow, 'oid'> | undefined {
  if (rows.length === 0 || rows.includes(undefined)) return undefined;
  const sum = (name: 'total' | 'heap' | 'toast' | 'indexes'): string =>
    rows.reduce((so, row) => so + BigInt(row?.[name] ?? 0), 0n).toString();
  return { total: sum('total'), heap: sum('heap'), toast: sum('toast'), indexes: sum('indexes') };
}

const someLocked = (count: number): Explanation => ({
  cause: 'partitions-locked',
  what:
    count === 1
      ? 'The size of one partition is not known.'
      : `The sizes of ${count} partitions are not known.`,
  why: 'Sessions hold locks on them, or wait for such, that let nobody look at them; or they were just dropped.',
  next: 'See on the activity screen who holds them, and read again when they are gone.',
});
