import { escapeIdentifier as quoted } from 'pg';
import type { TableRow } from '../tables/list.ts';
import type { ForeignKeyRow, IndexRow } from './facts.ts';

/** Nothing of this is ever run by Howdah: it is for a person to read, copy and run. */

const qualified = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`;

/**
 * Drops an index without locking its table for long. What belongs to a partitioned table can't be dropped concurrently
 * (PostgreSQL manual, DROP INDEX): a lock that is not had at once must not make others wait.
 */
export function dropIndex(index: IndexRow): string {
  const name = qualified(index.schema, index.name);
  if (index.constraint !== null) {
    return `SET lock_timeout = '2s';\nALTER TABLE ${qualified(index.schema, index.table_name)} DROP CONSTRAINT ${quoted(index.constraint)};`;
  }
  return index.kind === 'I'
    ? `SET lock_timeout = '2s';\nDROP INDEX ${name};`
    : `DROP INDEX CONCURRENTLY ${name};`;
}

/** How many partitions a statement names; the rest go the same way. */
const mostNamed = 20;

/**
 * An index for a foreign key; on a partitioned table piece by piece, because CONCURRENTLY is not possible there.
 * `partitions` are all tables below it, those that are partitioned themselves before their own.
 */
export function createForKey(
  key: Pick<ForeignKeyRow, 'table' | 'schema' | 'table_name' | 'kind' | 'columns'>,
  partitions: readonly Pick<TableRow, 'oid' | 'schema' | 'name' | 'kind' | 'parent'>[],
): string {
  const columns = key.columns.map((column) => quoted(column)).join(', ');
  const table = qualified(key.schema, key.table_name);
  if (key.kind !== 'p') return `CREATE INDEX CONCURRENTLY ON ${table} (${columns});`;
  const top = nameFor(key.table_name, key.columns);
  const names = new Map([[key.table, qualified(key.schema, top)]]);
  const lines = [`CREATE INDEX ${quoted(top)} ON ONLY ${table} (${columns});`];
  partitions.slice(0, mostNamed).forEach(({ oid, schema, name, kind, parent }, place) => {
    const own = nameFor(name, key.columns, place + 1);
    const above = names.get(parent ?? 0) ?? qualified(key.schema, top);
    names.set(oid, qualified(schema, own));
    const only = kind === 'p' ? `INDEX ${quoted(own)} ON ONLY` : `INDEX CONCURRENTLY ${quoted(own)} ON`;
    lines.push(
      `CREATE ${only} ${qualified(schema, name)} (${columns});`,
      `ALTER INDEX ${above} ATTACH PARTITION ${qualified(schema, own)};`,
    );
  });
  if (partitions.length > mostNamed)
    lines.push(`-- The same for the other ${partitions.length - mostNamed} partitions.`);
  return lines.join('\n');
}

/** `table_column_idx`, cut to the 63 bytes that a name may have (NAMEDATALEN). */
function nameFor(table: string, columns: readonly string[], place?: number): string {
  const end = `${place === undefined ? '' : `_${place}`}_idx`;
  const middle = cut(`_${columns.join('_')}`, 24);
  return `${cut(table, 63 - end.length - byteLength(middle))}${middle}${end}`;
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

function cut(text: string, most: number): string {
  let kept = text;
  while (byteLength(kept) > most) kept = [...kept].slice(0, -1).join('');
  return kept;
}
