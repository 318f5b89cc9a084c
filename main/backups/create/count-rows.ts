import { escapeIdentifier } from 'pg';
import type { Manifest } from '../files/index.ts';
import type { DumpTable, Moment } from './look.ts';
import settingsSql from './sql/checksum-settings.sql?raw';
import countSql from './sql/count-rows.sql?raw';
import noLimitSql from './sql/no-time-limit.sql?raw';
import checksumSql from './sql/rows-checksum.sql?raw';

/**
 * Counts the rows of tables in the moment that the dump shows, and takes their checksums when asked to.
 *
 * @throws the server's error; the signal's reason
 */
export async function countRows(
  { client }: Moment,
  tables: readonly DumpTable[],
  {
    withChecksums,
    signal,
    onTable,
  }: { withChecksums: boolean; signal: AbortSignal; onTable: (name: string, done: number) => void },
): Promise<NonNullable<Manifest['rows']>> {
  const counted: NonNullable<Manifest['rows']> = [];
  await client.query(noLimitSql);
  if (withChecksums) await client.query(settingsSql);
  const sql = withChecksums ? checksumSql : countSql;
  for (const { schema, name } of tables) {
    signal.throwIfAborted();
    onTable(`${schema}.${name}`, counted.length);
    const table = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
    const { rows } = await client.query<{ rows: string; checksum?: string }>(
      sql.replace(':table', () => table),
    );
    const [row] = rows;
    counted.push({
      schema,
      table: name,
      rows: Number(row?.rows),
      ...(row?.checksum === undefined ? {} : { checksum: row.checksum }),
    });
  }
  return counted;
}
