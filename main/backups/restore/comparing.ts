import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import type { TocEntry } from '../../../preload/contract/backups.ts';
import settingsSql from '../create/sql/checksum-settings.sql?raw';
import checksumSql from '../create/sql/rows-checksum.sql?raw';
import type { RestoreSource } from './needs.ts';
import objectsSql from './sql/objects.sql?raw';

interface Found {
  good: string[];
  bad: string[];
}

/**
 * Compares a restored database with what its backup lists: objects by name, rows by number, and by checksum where that
 * is asked for and known. Sentences of what agrees and of what does not.
 *
 * @param options.rowsInScript rows by table as a plain dump itself holds them
 * @throws the server's error
 */
export async function compareWithSource(
  client: pg.Client,
  source: RestoreSource,
  { rowsInScript, checksums }: { rowsInScript: ReadonlyMap<string, number>; checksums: boolean },
): Promise<Found> {
  const found: Found = { good: [], bad: [] };
  const { rows: there } = await client.query<{ kind: string; schema: string | null; name: string }>(
    objectsSql,
  );
  const names = new Set(there.map(({ kind, schema, name }) => `${kind} ${schema ?? ''} ${name}`));
  const comparable = source.toc.filter(({ kind }) => compared.has(kind));
  const lacking = comparable.filter((entry) => !names.has(keyOf(entry)));
  if (lacking.length)
    found.bad.push(
      `Of ${comparable.length} objects ${lacking.length} are missing: ${listed(lacking.map(({ kind, name }) => `${kind} ${name}`))}.`,
    );
  else found.good.push(`All ${comparable.length} objects that were compared by name are there.`);

  const counted = source.rows?.map((row) => ({ ...row, name: qualified(row.schema, row.table) })) ?? [];
  const written = [...rowsInScript].map(([name, rows]) => ({ name, rows }));
  const wanted = counted.length ? counted : written;
  const wrong: string[] = [];
  for (const { name, rows } of wanted) {
    const {
      rows: [row],
    } = await client.query<{ n: string }>(`SELECT pg_catalog.count(*) AS n FROM ONLY ${name}`);
    // A partitioned table's rows are those of its parts.
    const all = row?.n === '0' && rows > 0 && counted.length ? await countAll(client, name) : Number(row?.n);
    if (all !== rows) wrong.push(`${name} has ${all} rows in place of ${rows}`);
  }
  if (wrong.length) found.bad.push(`${listed(wrong)}.`);
  else if (wanted.length)
    found.good.push(
      counted.length
        ? `The rows of ${wanted.length} tables are as many as when it was dumped.`
        : `The rows of ${wanted.length} tables are as many as the dump holds.`,
    );
  else found.good.push('How many rows its tables had is not known, so they were not compared.');
  if (checksums) {
    const { said, agrees } = await compareChecksums(client, source.rows ?? []);
    (agrees ? found.good : found.bad).push(said);
  }
  return found;
}

async function countAll(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`SELECT pg_catalog.count(*) AS n FROM ${name}`);
  return Number(rows[0]?.n);
}

async function compareChecksums(
  client: pg.Client,
  tables: NonNullable<RestoreSource['rows']>,
): Promise<{ said: string; agrees: boolean }> {
  const taken = tables.filter(({ checksum }) => checksum !== undefined);
  if (taken.length === 0)
    return {
      said: 'No checksums of rows were taken with it, so contents were not compared by them.',
      agrees: true,
    };
  const other: string[] = [];
  await client.query('BEGIN READ ONLY');
  try {
    await client.query(settingsSql);
    for (const { schema, table, checksum } of taken) {
      const name = qualified(schema, table);
      const { rows } = await client.query<{ checksum: string }>(checksumSql.replace(':table', () => name));
      if (rows[0]?.checksum !== checksum) other.push(name);
    }
  } finally {
    await client.query('ROLLBACK');
  }
  if (other.length)
    return { said: `The contents of ${listed(other)} are not what they were.`, agrees: false };
  return {
    said: `The contents of ${taken.length} tables have the same checksums as when it was dumped.`,
    agrees: true,
  };
}

const compared = new Set([
  'TABLE',
  'VIEW',
  'MATERIALIZED VIEW',
  'SEQUENCE',
  'FOREIGN TABLE',
  'INDEX',
  'SCHEMA',
  'EXTENSION',
  'EVENT TRIGGER',
  'FUNCTION',
  'PROCEDURE',
  'AGGREGATE',
  'DOMAIN',
  'TYPE',
  'TRIGGER',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'CHECK CONSTRAINT',
  'POLICY',
]);

/** As `objects.sql` names it: functions without their arguments. */
function keyOf({ kind, schema, name }: TocEntry): string {
  const isFunction = /^(FUNCTION|PROCEDURE|AGGREGATE)$/.test(kind);
  return `${isFunction ? 'FUNCTION' : kind} ${schema ?? ''} ${isFunction ? name.replace(/\(.*$/s, '') : name}`;
}

const qualified = (schema: string, table: string): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
