import type { Explanation } from '../../preload/contract/common.ts';
import type { ServerPool } from '../servers/index.ts';
import indexSizesSql from './table/index-sizes.sql?raw';
import indexUseSql from './table/index-use.sql?raw';
import sizesSql from './table/sizes.sql?raw';
import useSql from './table/use.sql?raw';
import { explained, noSuchTable } from './table-rows.ts';

export interface TableFacts {
  facts: Record<string, string | null>;
  indexes: { name: string; bytes: string | null; scans: string | null }[];
  problem?: Explanation;
}

type Row = Record<string, string | number | null>;

/**
 * Sizes, use and vacuum of one table. Sizes wait for locks: where the table is locked they are left out, and
 * `problem` says so.
 *
 * @throws INVALID when there is no such table
 */
export async function tableFacts(pool: ServerPool, schema: string, table: string): Promise<TableFacts> {
  const [use] = await pool.query<Row>(useSql, [schema, table]);
  if (!use) throw noSuchTable(schema, table);
  const { oid } = use;
  const indexes = await pool.query<{ name: string; scans: string | null; oid: string }>(indexUseSql, [oid]);
  const facts = Object.fromEntries(
    Object.entries(use)
      .filter(([name]) => !['oid', 'relid', 'schemaname', 'relname'].includes(name))
      .map(([name, value]) => [name, value === null ? null : String(value)]),
  );
  try {
    const [sizes] = await pool.query<Row>(sizesSql, [oid]);
    const bytes = await pool.query<{ oid: string; bytes: string }>(indexSizesSql, [oid]);
    const bytesOf = new Map(bytes.map((one) => [one.oid, one.bytes]));
    for (const [name, value] of Object.entries(sizes ?? {}))
      facts[name] = value === null ? null : String(value);
    return {
      facts,
      indexes: indexes.map((one) => ({
        name: one.name,
        scans: one.scans,
        bytes: bytesOf.get(one.oid) ?? null,
      })),
    };
  } catch (error) {
    const told = explained(error, schema, table);
    if (told === error) throw error;
    return {
      facts,
      indexes: indexes.map(({ name, scans }) => ({ name, scans, bytes: null })),
      problem: (told as { data: Explanation }).data,
    };
  }
}
