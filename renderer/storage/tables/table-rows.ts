import type { Grower, StoredTable } from '../../../preload/contract/storage.ts';
import { totalOf } from '../sizes.tsx';

/** A table as it is listed. Partitions follow what they are part of, and sort with it. */
export interface TableRow {
  table: StoredTable;
  /** The one at the top that it sorts with. */
  root: StoredTable;
  depth: number;
  isOpen: boolean;
  largest: number;
  grown: Grower | undefined;
  onToggle: (oid: number) => void;
}

interface Options {
  filter: string;
  opened: ReadonlySet<number>;
  growers: ReadonlyMap<number, Grower>;
  onToggle: (oid: number) => void;
}

/** The rows to show: all tables at the top, and below the opened ones their partitions, largest first. */
export function tableRows(
  tables: readonly StoredTable[],
  { filter, opened, growers, onToggle }: Options,
): TableRow[] {
  const children = Map.groupBy(tables, ({ parent }) => parent);
  const known = new Set(tables.map(({ oid }) => oid));
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ schema, name }: StoredTable): boolean => {
    const text = `${schema}.${name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const tops = tables.filter((one) => (one.parent === null || !known.has(one.parent)) && matches(one));
  const largest = tops.reduce((most, { size }) => Math.max(most, totalOf(size)), 0);
  const rows: TableRow[] = [];
  const add = (table: StoredTable, root: StoredTable, depth: number): void => {
    const isOpen = opened.has(table.oid);
    rows.push({ table, root, depth, isOpen, largest, grown: growers.get(table.oid), onToggle });
    if (!isOpen || depth > 20) return;
    const below = [...(children.get(table.oid) ?? [])].sort((a, b) => totalOf(b.size) - totalOf(a.size));
    for (const child of below) add(child, root, depth + 1);
  };
  for (const top of tops) add(top, top, 0);
  return rows;
}

/** What the store has kept of tables, in the form of the list: there is no connection to ask for more. */
export function keptTables(growers: readonly Grower[]): StoredTable[] {
  return growers
    .filter(({ gone }) => !gone)
    .map(({ oid, schema, name, size }) => ({
      oid,
      schema,
      name,
      kind: 'table',
      parent: null,
      partitions: 0,
      rows: null,
      deadRows: null,
      indexes: 0,
      temporary: false,
      unlogged: false,
      tablespace: null,
      size,
      source: 'exact',
    }));
}

/** One schema with the sum of its tables. */
export interface SchemaRow {
  schema: string;
  tables: number;
  size: StoredTable['size'];
  largest: number;
}

export function schemaRows(tables: readonly StoredTable[]): SchemaRow[] {
  const bySchema = Map.groupBy(
    tables.filter(({ kind }) => kind !== 'partitioned table'),
    ({ schema }) => schema,
  );
  const rows = [...bySchema].map(([schema, all]) => {
    const sum = (part: keyof StoredTable['size']): string =>
      String(all.reduce((total, { size }) => total + Number(size[part]), 0));
    const size = { heap: sum('heap'), maps: sum('maps'), toast: sum('toast'), indexes: sum('indexes') };
    return { schema, tables: all.length, size };
  });
  const largest = rows.reduce((most, { size }) => Math.max(most, totalOf(size)), 0);
  return rows.map((row) => ({ ...row, largest }));
}
