import type { ServerPool } from '../../../servers/index.ts';
import { type Relation, relationKey } from './relation.ts';
import relationsSql from './relations.sql?raw';

interface RelationRow extends Record<string, unknown> {
  database: string;
  schema: string;
  name: string;
  rows: number;
  bytes: number;
  root: Relation['root'];
  columns:
    | {
        number: number;
        name: string;
        type: string;
        category: string;
        distinct: number | null;
        nulls: number | null;
        width: number | null;
      }[]
    | null;
  indexes:
    | {
        name: string;
        method: string;
        keys: number[];
        keyCount: number;
        options: number[];
        partial: boolean;
        valid: boolean;
      }[]
    | null;
}

/** These tables by {@link relationKey}; what is no table, or is gone, has no entry. At most 2,000 are looked up. */
export async function readRelations(
  pool: Pick<ServerPool, 'query'>,
  names: readonly { schema: string; name: string }[],
): Promise<ReadonlyMap<string, Relation>> {
  const some = names.slice(0, 2000);
  if (some.length === 0) return new Map();
  const rows = await pool.query<RelationRow>(relationsSql, [
    some.map(({ schema }) => schema),
    some.map(({ name }) => name),
  ]);
  return new Map(rows.map((row) => [relationKey(row.schema, row.name), relationOf(row)]));
}

function relationOf(row: RelationRow): Relation {
  const rows = row.rows < 0 ? null : row.rows;
  const columns = row.columns ?? [];
  const byNumber = new Map(columns.map(({ number, name }) => [number, name]));
  return {
    database: row.database,
    schema: row.schema,
    name: row.name,
    rows,
    bytes: row.bytes,
    root: row.root,
    columns: new Map(
      columns.map(({ name, type, category, distinct, nulls, width }) => [
        name,
        // pg_stats.n_distinct: below 0 it is a share of the rows.
        { name, type, category, distinct: distinctOf(distinct, rows), nulls, width },
      ]),
    ),
    indexes: (row.indexes ?? []).map(({ name, method, keys, keyCount, options, partial, valid }) => ({
      name,
      method,
      partial,
      valid,
      keys: keys.slice(0, keyCount).map((number, at) => ({
        column: byNumber.get(number) ?? null,
        // pg_index.indoption: bit 0 is DESC, bit 1 NULLS FIRST.
        descending: ((options[at] ?? 0) & 1) === 1,
        nullsFirst: ((options[at] ?? 0) & 2) === 2,
      })),
    })),
  };
}

function distinctOf(distinct: number | null, rows: number | null): number | null {
  if (distinct === null || distinct === 0) return null;
  if (distinct > 0) return distinct;
  return rows === null ? null : -distinct * rows;
}
