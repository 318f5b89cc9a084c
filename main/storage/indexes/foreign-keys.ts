import { partitionsBelow, rowsOf, type TableRow } from '../tables/list.ts';
import type { ForeignKeyRow, IndexFacts } from './facts.ts';
import type { IndexTree } from './tree.ts';

/** A foreign key without an index, where that costs something. */
export interface Unindexed {
  key: ForeignKeyRow;
  /** Rows that each delete of a referenced row reads. */
  rows: number;
  /** Deletes from the referenced table since counters run. */
  deletes: number;
}

/** Reading fewer rows than this takes no noticeable time. */
const fewRows = 10_000;

/**
 * Foreign keys whose check reads a large table whole: no index begins with one of their columns, and rows are deleted
 * from the referenced table. Elsewhere an index would only cost.
 */
export function findUnindexed({ foreignKeys, tables, counting }: IndexFacts, tree: IndexTree): Unindexed[] {
  if (!counting.on) return [];
  const byOid = new Map(tables.map((one) => [one.oid, one]));
  const below = partitionsBelow(tables);
  const leaves = (oid: number): readonly TableRow[] => {
    const table = byOid.get(oid);
    return table === undefined ? [] : table.kind === 'p' ? (below.get(oid) ?? []) : [table];
  };
  return foreignKeys.flatMap((key) => {
    if (hasIndex(key, tree)) return [];
    const rows = leaves(key.table).reduce((sum, one) => sum + (rowsOf(one) ?? 0), 0);
    const deletes = leaves(key.referenced).reduce((sum, { deleted }) => sum + deleted, 0);
    return rows >= fewRows && deletes > 0 ? [{ key, rows, deletes }] : [];
  });
}

/** One that begins with any of the key's columns narrows the search; a partial one may lack the rows. */
function hasIndex(key: ForeignKeyRow, tree: IndexTree): boolean {
  const columns = new Set(key.key.replace(/[{}]/g, '').split(','));
  return (tree.byTable.get(key.table) ?? []).some(
    (index) =>
      index.is_valid &&
      index.is_ready &&
      index.predicate === null &&
      (index.method === 'btree' || index.method === 'hash') &&
      columns.has(index.key.split(' ')[0] ?? ''),
  );
}
