import type { ServerPool } from '../../servers/index.ts';
import databaseSql from '../tables/database.sql?raw';
import { listTables, notedSizes, rootsOf, type Sizes, type TableList } from '../tables/list.ts';
import { measureTables } from '../tables/measure.ts';
import { allTables, isTableKey, type Kept, type Look, schemaKey } from './codec.ts';
import fingerprintSql from './fingerprint.sql?raw';
import indexNamesSql from './index-names.sql?raw';
import { type Change, changesBetween, type Known, type KnownRelation, nextKnown } from './known.ts';
import type { SizeStore } from './size-store.ts';

/**
 * Of more tables than this only the largest, by what was noted or counted of them, are measured at each look: the server
 * walks through some eight files a table. The others count as noted at their last VACUUM or ANALYZE.
 */
const mostMeasured = 1000;
/** A guess for tables of which only rows are counted. */
const rowsOfPage = 50;
/** Of how many tables sizes are kept one by one: the largest, and those that changed most. */
const mostKept = { largest: 500, changed: 100 };

export interface LookNeeds {
  store: SizeStore;
  now(): number;
  onChange(change: Change, at: number): void;
}

/** Whether tables or indexes came or went: another text than last time. */
export async function fingerprintOf(pool: ServerPool): Promise<string> {
  const [row] = await pool.query<{ fingerprint: string }>(fingerprintSql);
  return row?.fingerprint ?? '';
}

/** Takes one look at the sizes of a database, keeps it, and tells what was made and dropped since the one before. */
export async function lookAtSizes(
  pool: ServerPool,
  environment: string,
  { store, now, onChange }: LookNeeds,
  signal?: AbortSignal,
): Promise<void> {
  const all = await listTables(pool);
  const list = { ...all, tables: all.tables.filter(({ persistence }) => persistence !== 't') };
  const indexes = await pool.query<Omit<KnownRelation, 'firstAt'> & Record<string, unknown>>(indexNamesSql);
  const sizes = await measureMost(pool, list, signal);
  const [whole] = await pool.query<{ bytes: number | null }>(databaseSql);
  signal?.throwIfAborted();

  const at = now();
  const roots = rootsOf(list.tables);
  const before = store.known(environment, list.database);
  const known = nextKnown(
    before?.known,
    {
      tables: list.tables.map(({ oid, schema, name }) => ({
        oid,
        schema,
        name,
        of: roots.get(oid) ?? oid,
        firstAt: at,
      })),
      indexes: indexes.map(({ oid, schema, name, of }) => ({ oid, schema, name, of, firstAt: at })),
    },
    at,
  );
  const last = store.last(environment, list.database)?.look;
  const look = {
    database: whole?.bytes == null ? null : inKb(whole.bytes),
    sizes: sumUp(list, roots, sizes, known, last),
  };
  store.add(environment, list.database, at, known, { ...look, sizes: mostTelling(look, last) });
  if (before) for (const change of changesBetween(before.known, known)) onChange(change, at);
}

/** Exact sizes as far as they can be had. */
async function measureMost(
  pool: ServerPool,
  list: TableList,
  signal?: AbortSignal,
): Promise<Map<number, Sizes>> {
  const stored = list.tables.filter(({ kind }) => kind !== 'p');
  const noted = (one: (typeof stored)[number]): number =>
    Math.max(one.pages + one.toast_pages + one.index_pages, one.live / rowsOfPage);
  const chosen =
    stored.length <= mostMeasured
      ? stored
      : [...stored].sort((a, b) => noted(b) - noted(a)).slice(0, mostMeasured);
  const found = new Map<number, Sizes>();
  const oids = chosen.map(({ oid }) => oid);
  for await (const { sizes } of measureTables(pool, oids, signal))
    for (const [oid, size] of sizes) found.set(oid, size);
  return found;
}

const inKb = (bytes: number): number => Math.round(bytes / 1024);

/** Sizes by table at the top, by schema, and of all. What could not be measured is as noted, else as it last was. */
function sumUp(
  list: TableList,
  roots: ReadonlyMap<number, number>,
  measured: ReadonlyMap<number, Sizes>,
  known: Known,
  last: Look | undefined,
): Map<number, Kept> {
  const sums = new Map<number, Kept>();
  const schemas = new Map(known.schemas.map((name, place) => [name, schemaKey(place)]));
  const add = (key: number, { heap, toast, indexes }: Kept): void => {
    const sum = sums.get(key) ?? { heap: 0, toast: 0, indexes: 0 };
    sums.set(key, { heap: sum.heap + heap, toast: sum.toast + toast, indexes: sum.indexes + indexes });
  };
  for (const row of list.tables) {
    const root = roots.get(row.oid) ?? row.oid;
    const sizes = measured.get(row.oid) ?? notedSizes(row, list.page);
    const kept = sizes
      ? { heap: inKb(sizes.heap + sizes.maps), toast: inKb(sizes.toast), indexes: inKb(sizes.indexes) }
      : root === row.oid
        ? last?.sizes.get(root)
        : undefined;
    if (!kept) continue;
    add(root, kept);
    for (const key of [schemas.get(row.schema), allTables]) if (key !== undefined) add(key, kept);
  }
  return sums;
}

const kbOf = ({ heap, toast, indexes }: Kept): number => heap + toast + indexes;

/** Of the tables the largest and those that changed most, and all sums. */
function mostTelling(look: Look, last: Look | undefined): Map<number, Kept> {
  const entries = [...look.sizes];
  const tables = entries.filter(([key]) => isTableKey(key)).sort(([, a], [, b]) => kbOf(b) - kbOf(a));
  const kept = new Map(entries.filter(([key]) => !isTableKey(key)));
  for (const [key, one] of tables.slice(0, mostKept.largest)) kept.set(key, one);
  const moved = ([key, one]: [number, Kept]): number => {
    const before = last?.sizes.get(key);
    return before ? Math.abs(kbOf(one) - kbOf(before)) : 0;
  };
  const rest = tables.slice(mostKept.largest).filter((one) => moved(one) > 0 || last?.sizes.has(one[0]));
  for (const [key, one] of rest.sort((a, b) => moved(b) - moved(a)).slice(0, mostKept.changed))
    kept.set(key, one);
  return kept;
}
