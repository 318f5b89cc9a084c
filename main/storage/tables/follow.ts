import type { Explanation } from '../../../preload/contract/common.ts';
import type { TableSize, TablesEvent } from '../../../preload/contract/storage.ts';
import type { ServerPool } from '../../servers/index.ts';
import databaseSql from './database.sql?raw';
import { asText, listTables, noSize, notedSizes, storedTables } from './list.ts';
import { measureTables } from './measure.ts';

/** Tables of one message. */
const atOnce = 2000;

/** The list with what was noted of sizes, then exact sizes as they are measured, then what could not be had. */
export async function* followTables(
  pool: ServerPool,
  now: () => number,
  signal?: AbortSignal,
): AsyncGenerator<TablesEvent, void, void> {
  const began = performance.now();
  const list = await listTables(pool);
  const tables = storedTables(list);
  const { database } = list;
  for (let from = 0; from === 0 || from < tables.length; from += atOnce) {
    const part = tables.slice(from, from + atOnce);
    yield { kind: 'tables', at: now(), database, tables: part, more: from + atOnce < tables.length };
  }

  const rows = new Map(list.tables.map((row) => [row.oid, row]));
  const oids = list.tables.filter(({ kind }) => kind !== 'p').map(({ oid }) => oid);
  const locked: string[] = [];
  let measured = 0;
  for await (const { sizes, waiting } of measureTables(pool, oids, signal)) {
    measured += sizes.size;
    const told: TableSize[] = [...sizes].map(([oid, size]) => ({ oid, size: asText(size), source: 'exact' }));
    for (const oid of waiting) {
      const row = rows.get(oid);
      if (!row) continue;
      locked.push(`${row.schema}.${row.name}`);
      const noted = notedSizes(row, list.page) ?? noSize;
      told.push({ oid, size: asText(noted), source: 'waiting' });
    }
    yield { kind: 'sizes', sizes: told, measured, of: oids.length };
  }
  const [whole] = await pool.query<{ bytes: number | null }>(databaseSql);
  yield {
    kind: 'done',
    at: now(),
    databaseBytes: whole?.bytes == null ? null : String(whole.bytes),
    measuredMs: performance.now() - began,
    limits: locked.length > 0 ? [lockedWords(locked)] : [],
  };
}

/** Tables that somebody holds to themselves. */
export function lockedWords(locked: readonly string[]): Explanation {
  const [first = '', ...rest] = locked;
  const what = rest.length === 0 ? first : `${first} and ${rest.length} more`;
  return {
    cause: 'sizes-locked',
    what: `The size of ${what} could not be measured.`,
    why: 'A session holds or waits for an ACCESS EXCLUSIVE lock on it, and measuring waits for that.',
    next: 'What is shown is what the last VACUUM or ANALYZE noted. Look again when the lock is gone; Activity shows who holds it.',
  };
}
