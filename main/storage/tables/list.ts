import type { StoredTable } from '../../../preload/contract/storage.ts';
import type { ServerPool } from '../../servers/index.ts';
import pageSizeSql from './page-size.sql?raw';
import tablesSql from './tables.sql?raw';

/** A table as the catalogue has it. Pages are those that the last VACUUM or ANALYZE noted. */
export interface TableRow extends Record<string, unknown> {
  oid: number;
  schema: string;
  name: string;
  kind: 'r' | 'm' | 'p';
  persistence: 'p' | 'u' | 't';
  tablespace: string | null;
  parent: number | null;
  tuples: number;
  pages: number;
  live: number;
  dead: number;
  deleted: number;
  toast_pages: number;
  index_pages: number;
  indexes: number;
}

export interface TableList {
  database: string;
  /** Bytes. */
  page: number;
  tables: TableRow[];
}

/** All tables of the pool's database, system catalogues left out. It waits for no lock. */
export async function listTables(pool: ServerPool): Promise<TableList> {
  const [place] = await pool.query<{ database: string; page: number }>(pageSizeSql);
  if (!place) throw new Error('The server did not say which database this is.');
  return { ...place, tables: await pool.query<TableRow>(tablesSql) };
}

/** Sizes in bytes. */
export interface Sizes {
  heap: number;
  maps: number;
  toast: number;
  indexes: number;
}

/**
 * What was noted of a table's size; undefined where nothing was, as before the first VACUUM or ANALYZE. From 14 on rows
 * are -1 then; before, no pages and no rows also mean that.
 */
export function notedSizes(row: TableRow, page: number): Sizes | undefined {
  const { kind, tuples, pages, live } = row;
  if (kind === 'p') return noSize;
  if (tuples < 0 || (pages === 0 && tuples === 0 && live > 0)) return undefined;
  return { heap: pages * page, maps: 0, toast: row.toast_pages * page, indexes: row.index_pages * page };
}

export const noSize: Sizes = { heap: 0, maps: 0, toast: 0, indexes: 0 };

/** The planner's estimate of rows, else the count of the statistics; null when neither knows. */
export function rowsOf({ tuples, pages, live, kind }: TableRow): number | null {
  if (kind === 'p') return 0;
  if (tuples > 0 || (tuples === 0 && pages > 0)) return Math.max(0, Math.round(tuples));
  return live > 0 ? live : tuples === 0 ? 0 : null;
}

const kinds = { r: 'table', m: 'materialized view', p: 'partitioned table' } as const;

export const asText = (sizes: Sizes): StoredTable['size'] => ({
  heap: String(sizes.heap),
  maps: String(sizes.maps),
  toast: String(sizes.toast),
  indexes: String(sizes.indexes),
});

/** The contract's form of the list; rows of a partitioned table are those of its partitions. */
export function storedTables({ tables, page }: TableList): StoredTable[] {
  const below = partitionsBelow(tables);
  return tables.map((row) => {
    const sizes = notedSizes(row, page);
    const leaves = below.get(row.oid) ?? [];
    return {
      oid: row.oid,
      schema: row.schema,
      name: row.name,
      kind: kinds[row.kind],
      parent: row.parent,
      partitions: leaves.length,
      rows: row.kind === 'p' ? sumOrNull(leaves.map(rowsOf)) : rowsOf(row),
      deadRows: row.kind === 'p' ? sumOrNull(leaves.map(({ dead }) => dead)) : row.dead,
      indexes: row.indexes,
      temporary: row.persistence === 't',
      unlogged: row.persistence === 'u',
      tablespace: row.tablespace,
      size: asText(sizes ?? noSize),
      source: sizes ? 'pages' : 'unknown',
    };
  });
}

/** One that is not known makes the sum unknown. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

/** For each partitioned table its partitions that hold rows, at any depth. */
export function partitionsBelow<T extends { oid: number; parent: number | null; kind: string }>(
  tables: readonly T[],
): Map<number, T[]> {
  const byOid = new Map(tables.map((one) => [one.oid, one]));
  const below = new Map<number, T[]>();
  for (const one of tables) {
    if (one.kind === 'p') continue;
    const seen = new Set([one.oid]);
    for (let at = one.parent; at !== null && !seen.has(at); at = byOid.get(at)?.parent ?? null) {
      seen.add(at);
      const list = below.get(at);
      if (list) list.push(one);
      else below.set(at, [one]);
    }
  }
  return below;
}

/** The partitioned table at the top, for each table; itself where it is no partition. */
export function rootsOf(tables: readonly { oid: number; parent: number | null }[]): Map<number, number> {
  const parents = new Map(tables.map(({ oid, parent }) => [oid, parent]));
  return new Map(
    tables.map(({ oid }) => {
      let root = oid;
      const seen = new Set([oid]);
      for (let up = parents.get(oid) ?? null; up !== null && parents.has(up) && !seen.has(up); ) {
        seen.add(up);
        root = up;
        up = parents.get(up) ?? null;
      }
      return [oid, root];
    }),
  );
}
