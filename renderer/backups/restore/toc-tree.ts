import type { TocEntry } from '../../../preload/contract/backups.ts';

/** Entries that belong to one table, or one entry by itself. */
export interface TocObject {
  key: string;
  name: string;
  /** Null: a table with what belongs to it. */
  entry: TocEntry | null;
  entries: readonly TocEntry[];
}

export interface TocSchema {
  key: string;
  /** Null: what lies in no schema. */
  name: string | null;
  objects: readonly TocObject[];
  entries: readonly TocEntry[];
}

/** pg_restore takes these by itself, or never. */
const special = new Set(['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'DATABASE', 'DATABASE PROPERTIES']);

/** What can be chosen of a table of contents. */
export const choosable = (toc: readonly TocEntry[]): TocEntry[] =>
  toc.filter(({ kind }) => !special.has(kind));

/**
 * A table of contents by schema and table. Which table an entry belongs to stands in its name for most kinds; for indexes
 * and sequences an archive notes it, and a plain dump tells only by names that begin with the table's.
 */
export function tocTree(toc: readonly TocEntry[]): TocSchema[] {
  const entries = choosable(toc);
  const tables = new Map<string, Set<string>>();
  const byId = new Map<number, TocEntry>();
  for (const entry of entries) {
    const { kind, schema, name, id } = entry;
    if (kind !== 'TABLE' && kind !== 'FOREIGN TABLE') continue;
    byId.set(id, entry);
    const names = tables.get(schema ?? '') ?? new Set();
    tables.set(schema ?? '', names.add(name));
  }
  const bySchema = Map.groupBy(entries, schemaOf);
  return [...bySchema]
    .map(([name, own]) => ({
      key: `schema ${name ?? ''}`,
      name,
      objects: objectsOf(name, own, tables.get(name ?? '') ?? new Set(), byId),
      entries: own,
    }))
    .toSorted((a, b) => (a.name === null ? -1 : b.name === null ? 1 : a.name < b.name ? -1 : 1));
}

/** A schema, and what is said of it, stand with what lies in it. */
function schemaOf({ kind, schema, name }: TocEntry): string | null {
  if (schema !== null && schema !== '') return schema;
  if (kind === 'SCHEMA') return name;
  return (kind === 'ACL' || kind === 'COMMENT') && name.startsWith('SCHEMA ') ? name.slice(7) : null;
}

function objectsOf(
  schema: string | null,
  entries: readonly TocEntry[],
  tables: ReadonlySet<string>,
  byId: ReadonlyMap<number, TocEntry>,
): TocObject[] {
  const byTable = new Map<string, TocEntry[]>();
  const alone: TocObject[] = [];
  for (const entry of entries) {
    const noted = entry.table === undefined ? undefined : byId.get(entry.table);
    // A sequence may lie in another schema than the table whose column owns it.
    const table = noted && noted.schema === entry.schema ? noted.name : tableOf(entry, tables);
    if (table === undefined) {
      alone.push({ key: `entry ${entry.id}`, name: entry.name, entry, entries: [entry] });
      continue;
    }
    const own = byTable.get(table);
    if (own) own.push(entry);
    else byTable.set(table, [entry]);
  }
  const grouped = [...byTable].map(([name, own]) => ({
    key: `table ${schema ?? ''} ${name}`,
    name,
    entry: null,
    entries: own,
  }));
  grouped.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...grouped, ...alone];
}

/** Kinds whose name begins with that of their table and a space. */
const namedAfterTable = new Set([
  'CONSTRAINT',
  'CHECK CONSTRAINT',
  'FK CONSTRAINT',
  'DEFAULT',
  'TRIGGER',
  'RULE',
  'POLICY',
]);
/** Kinds of which only a habit of naming tells. */
const namedByHabit = new Set(['INDEX', 'INDEX ATTACH', 'SEQUENCE', 'SEQUENCE SET', 'SEQUENCE OWNED BY']);

function tableOf({ kind, name }: TocEntry, tables: ReadonlySet<string>): string | undefined {
  const isOne = (some: string): string | undefined => (tables.has(some) ? some : undefined);
  if (kind === 'COMMENT' || kind === 'ACL' || kind === 'SECURITY LABEL') {
    const [, what = '', of = ''] = /^([A-Z]+(?: [A-Z]+)*) (.+)$/s.exec(name) ?? [];
    if (what === 'TABLE' || what === 'FOREIGN TABLE') return isOne(of);
    if (what === 'COLUMN') return beginningOf(of, '.', tables);
    if (namedByHabit.has(what)) return beginningOf(of, '_', tables);
    return isOne(of.slice(of.lastIndexOf(' ON ') + 4));
  }
  if (namedAfterTable.has(kind)) return beginningOf(name, ' ', tables);
  if (namedByHabit.has(kind)) return beginningOf(name, '_', tables);
  return /^(?:FOREIGN )?TABLE(?: DATA| ATTACH)?$|^ROW SECURITY$|^STATISTICS DATA$/.test(kind)
    ? isOne(name)
    : undefined;
}

/** The longest table's name that a name begins with, up to a separator. */
function beginningOf(name: string, separator: string, tables: ReadonlySet<string>): string | undefined {
  for (let at = name.lastIndexOf(separator); at > 0; at = name.lastIndexOf(separator, at - 1)) {
    const beginning = name.slice(0, at);
    if (tables.has(beginning)) return beginning;
  }
  return undefined;
}

/** As a heading has it: `TABLE DATA` is `table data`; abbreviations stay. */
export const kindWords = (kind: string): string =>
  kind
    .split(' ')
    .map((word) => (word === 'ACL' || word === 'FK' ? word : word.toLowerCase()))
    .join(' ');

/** Bytes of data, where the format tells; null where none of them does. */
export function bytesOf(entries: readonly TocEntry[]): number | null {
  let sum: number | null = null;
  for (const { bytes } of entries) if (bytes !== null) sum = (sum ?? 0) + bytes;
  return sum;
}
