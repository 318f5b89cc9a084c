import type { KnownColumns, ServerPool } from '../servers/index.ts';
import columnsSql from './columns.sql?raw';
import extensionSql from './extension.sql?raw';
import functionsSql from './functions.sql?raw';

/** An extension as it is installed in a database. */
export interface Extension {
  version: string;
  schema: string;
  /** This role may use its schema. */
  usable: boolean;
}

/**
 * The columns that views of a schema have on this very server; a view that is not there has no entry.
 * Keep the answer for a connection, no longer: an extension may be updated.
 */
export async function knownColumns(
  pool: ServerPool,
  views: readonly string[],
  schema = 'pg_catalog',
): Promise<KnownColumns> {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const rows = await pool.query<{ view: string; column: string }>(columnsSql, [views, quoted]);
  const byView = Map.groupBy(rows, ({ view }) => view);
  return new Map([...byView].map(([view, all]) => [view, new Set(all.map(({ column }) => column))]));
}

/** Of these functions the ones that are there, with whether this role may call them. */
export async function knownFunctions(
  pool: ServerPool,
  names: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await pool.query<{ name: string; allowed: boolean }>(functionsSql, [names]);
  return new Map(rows.map(({ name, allowed }) => [name, allowed]));
}

/** An extension in the pool's database; undefined when it is not installed there. */
export async function extensionOf(pool: ServerPool, name: string): Promise<Extension | undefined> {
  return (await pool.query<Extension & Record<string, unknown>>(extensionSql, [name]))[0];
}
