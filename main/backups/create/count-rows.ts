import { escapeIdentifier } from 'pg';
import type { Manifest } from '../files/index.ts';
import type { DumpTable, Moment } from './look.ts';
import countSql from './sql/count-rows.sql?raw';
import noLimitSql from './sql/no-time-limit.sql?raw';

/** Counts the rows of tables in the moment that the dump shows. @throws the server's error; the signal's reason */
export async function countRows(
  { client }: Moment,
  tables: readonly DumpTable[],
  { signal, onTable }: { signal: AbortSignal; onTable: (name: string, done: number) => void },
): Promise<NonNullable<Manifest['rows']>> {
  const counted: NonNullable<Manifest['rows']> = [];
  await client.query(noLimitSql);
  for (const { schema, name } of tables) {
    signal.throwIfAborted();
    onTable(`${schema}.${name}`, counted.length);
    const table = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
    const { rows } = await client.query(countSql.replace(':table', () => table));
    counted.push({ schema, table: name, rows: Number(rows[0]?.rows) });
  }
  return counted;
}
