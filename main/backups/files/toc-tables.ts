import type { ArchiveEntry } from './archive.ts';

/** Kinds that hang on a table and do not name it. */
const hangers = new Set(['INDEX', 'SEQUENCE', 'STATISTICS']);
/** Kinds that are said of one of those. */
const sayings = new Set([
  'INDEX ATTACH',
  'SEQUENCE OWNED BY',
  'SEQUENCE SET',
  'COMMENT',
  'ACL',
  'SECURITY LABEL',
]);

type Entry = Pick<ArchiveEntry, 'id' | 'kind' | 'needs'>;

/**
 * To which tables entries belong whose names don't tell: ids of the tables' entries by those of theirs. An archive notes
 * what each entry needs: an index its table, a sequence that a column owns the column's table, a comment its object.
 */
export function tablesOf(entries: readonly Entry[]): Map<number, number> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const tables = new Map<number, number>();
  for (const { id, kind, needs } of entries) {
    if (!hangers.has(kind)) continue;
    const found = new Set(needs.filter((need) => /^(?:FOREIGN )?TABLE$/.test(byId.get(need)?.kind ?? '')));
    const [table] = found;
    if (table !== undefined && found.size === 1) tables.set(id, table);
  }
  for (const { id, kind, needs } of entries) {
    if (!sayings.has(kind)) continue;
    const table = tables.get(needs.find((need) => hangers.has(byId.get(need)?.kind ?? '')) ?? 0);
    if (table !== undefined) tables.set(id, table);
  }
  return tables;
}
