import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A table or an index that was there at a look. */
export interface KnownRelation {
  oid: number;
  schema: string;
  name: string;
  /** Of a table the partitioned one at the top, itself where it is no partition; of an index its table. */
  of: number;
  /** ms since 1970. */
  firstAt: number;
}

/** What there was in a database at the last look. */
export interface Known {
  tables: readonly KnownRelation[];
  indexes: readonly KnownRelation[];
  /** Names of schemas; a schema's number is its place, and stays. */
  schemas: readonly string[];
  /** Tables at the top that have gone, by when, for as long as their sizes are told of. */
  gone: readonly (KnownRelation & { goneAt: number })[];
}

export const packKnown = (known: Known): Uint8Array => zstdCompressSync(JSON.stringify(known));
export const unpackKnown = (packed: Uint8Array): Known =>
  JSON.parse(zstdDecompressSync(packed).toString('utf8')) as Known;

/** An event to be laid over the charts. */
export interface Change {
  kind: 'table-created' | 'table-dropped' | 'index-created' | 'index-dropped' | 'index-rebuilt';
  text: string;
}

/** How many are told one by one. */
const mostTold = 20;
/** How long what has gone is known by name, ms. */
const keptGone = 366 * 24 * 3_600_000;

const nameOf = ({ schema, name }: KnownRelation): string => `${schema}.${name}`;

/** The next state of what is known, given what there is now; relations keep when they were first seen. */
export function nextKnown(
  before: Known | undefined,
  now: Omit<Known, 'schemas' | 'gone'>,
  at: number,
): Known {
  const firsts = (old: readonly KnownRelation[] = []) => {
    const byOid = new Map(old.map((one) => [one.oid, one.firstAt]));
    // REINDEX CONCURRENTLY makes another index of the same name.
    const byName = new Map(old.map((one) => [nameOf(one), one.firstAt]));
    return (one: KnownRelation): KnownRelation => ({
      ...one,
      firstAt: byOid.get(one.oid) ?? byName.get(nameOf(one)) ?? at,
    });
  };
  const tables = now.tables.map(firsts(before?.tables));
  const there = new Set(tables.map(({ oid }) => oid));
  const left = (before?.tables ?? []).filter(({ oid, of }) => oid === of && !there.has(oid));
  const schemas = [...(before?.schemas ?? [])];
  const known = new Set(schemas);
  for (const { schema } of tables) {
    if (known.has(schema)) continue;
    known.add(schema);
    schemas.push(schema);
  }
  return {
    tables,
    indexes: now.indexes.map(firsts(before?.indexes)),
    schemas,
    gone: [
      ...(before?.gone ?? []).filter(({ goneAt }) => goneAt > at - keptGone),
      ...left.map((one) => ({ ...one, goneAt: at })),
    ],
  };
}

/** What was made and dropped between two looks. Indexes that came or went with their table are not told apart from it. */
export function changesBetween(before: Known, after: Known): Change[] {
  const tables = apart(before.tables, after.tables);
  const indexes = apart(before.indexes, after.indexes);
  const newTables = new Set(tables.made.map(({ oid }) => oid));
  const goneTables = new Set(tables.gone.map(({ oid }) => oid));
  const made = indexes.made.filter(({ of }) => !newTables.has(of));
  const gone = indexes.gone.filter(({ of }) => !goneTables.has(of));
  const goneNames = new Set(gone.map(nameOf));
  const rebuilt = new Set(made.map(nameOf).filter((name) => goneNames.has(name)));
  const changes: Change[] = [
    ...tables.made.map((one): Change => ({ kind: 'table-created', text: `Table ${nameOf(one)} was made.` })),
    ...tables.gone.map(
      (one): Change => ({ kind: 'table-dropped', text: `Table ${nameOf(one)} was dropped.` }),
    ),
    ...[...rebuilt].map((name): Change => ({ kind: 'index-rebuilt', text: `Index ${name} was rebuilt.` })),
    ...made
      .filter((one) => !rebuilt.has(nameOf(one)))
      .map((one): Change => ({ kind: 'index-created', text: `Index ${nameOf(one)} was made.` })),
    ...gone
      .filter((one) => !rebuilt.has(nameOf(one)))
      .map((one): Change => ({ kind: 'index-dropped', text: `Index ${nameOf(one)} was dropped.` })),
  ];
  if (changes.length <= mostTold) return changes;
  const rest = changes.slice(mostTold);
  const [first] = rest;
  return [
    ...changes.slice(0, mostTold),
    {
      kind: first?.kind ?? 'table-created',
      text: `${rest.length} more tables and indexes were made or dropped.`,
    },
  ];
}

function apart(before: readonly KnownRelation[], after: readonly KnownRelation[]) {
  const was = new Set(before.map(({ oid }) => oid));
  const is = new Set(after.map(({ oid }) => oid));
  return { made: after.filter(({ oid }) => !was.has(oid)), gone: before.filter(({ oid }) => !is.has(oid)) };
}
