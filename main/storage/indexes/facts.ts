import type { Counting } from '../../../preload/contract/storage.ts';
import { knownColumns, knownFunctions } from '../../monitoring/index.ts';
import { fillTemplate, type ServerPool } from '../../servers/index.ts';
import { listTables, type TableRow } from '../tables/list.ts';
import beingBuiltSql from './being-built.sql?raw';
import countingSql from './counting.sql?raw';
import foreignKeysSql from './foreign-keys.sql?raw';
import indexesSql from './indexes.sql?raw';
import lastScansSql from './last-scans.sql?raw';

/** An index as the catalogue has it. Vectors are as the server prints them: numbers with spaces between. */
export interface IndexRow extends Record<string, unknown> {
  oid: number;
  table: number;
  schema: string;
  name: string;
  table_name: string;
  method: string;
  /** `I` is an index of a partitioned table: it has no storage of its own. */
  kind: 'i' | 'I';
  pages: number;
  persistence: string;
  is_unique: boolean;
  is_primary: boolean;
  is_exclusion: boolean;
  is_valid: boolean;
  is_ready: boolean;
  is_identity: boolean;
  is_clustered: boolean;
  is_deferrable: boolean;
  nulls_alike: boolean;
  keys: number;
  /** Column numbers, those of `INCLUDE` last; 0 is an expression. */
  key: string;
  classes: string;
  collations: string;
  options: string;
  /** Node trees; null for none. */
  expressions: string | null;
  predicate: string | null;
  columns: string[];
  constraint: string | null;
  /** A foreign key refers to it. */
  is_referenced: boolean;
  parent: number | null;
  of_extension: boolean;
  scans: number | null;
  last_scan: number | null;
}

export interface ForeignKeyRow extends Record<string, unknown> {
  oid: number;
  name: string;
  table: number;
  schema: string;
  table_name: string;
  kind: string;
  referenced: number;
  referenced_schema: string;
  referenced_name: string;
  on_delete: string;
  /** `{1,2}`. */
  key: string;
  columns: string[];
}

/** All that findings about indexes rest on. */
export interface IndexFacts {
  database: string;
  page: number;
  counting: Counting;
  indexes: IndexRow[];
  tables: TableRow[];
  foreignKeys: ForeignKeyRow[];
  /** Indexes that are being built, and tables on which this role can't see which one is. */
  building: { indexes: ReadonlySet<number>; tables: ReadonlySet<number> };
  /** Exact sizes in bytes, of those that were measured. */
  sizes: ReadonlyMap<number, number>;
  /** When Howdah first saw an index that was not there at its first look, ms since 1970. */
  firstSeen: ReadonlyMap<number, number>;
}

interface CountingRow extends Record<string, unknown> {
  is_on: boolean;
  since: number;
  now: number;
  is_standby: boolean;
  standbys: number;
}

/** Reads the catalogue and the counters; it waits for no lock. */
export async function readIndexFacts(
  pool: ServerPool,
  firstSeen: IndexFacts['firstSeen'] = new Map(),
): Promise<IndexFacts> {
  const known = await knownColumns(pool, ['pg_index']);
  const [counting] = await pool.query<CountingRow>(countingSql);
  if (!counting) throw new Error('The server did not say how long it has counted.');
  const indexes = await pool.query<IndexRow>(fillTemplate(indexesSql, known));
  const hasLast = (await knownFunctions(pool, ['pg_stat_get_lastscan'])).get('pg_stat_get_lastscan') ?? false;
  const scanned = hasLast ? await pool.query<{ oid: number; at: number }>(lastScansSql) : [];
  const lastScans = new Map(scanned.map(({ oid, at }) => [oid, at]));
  const foreignKeys = await pool.query<ForeignKeyRow>(foreignKeysSql);
  const building = await pool.query<{ index: number | null; table: number | null }>(beingBuiltSql);
  return {
    ...(await listTables(pool)),
    counting: {
      on: counting.is_on,
      since: counting.since,
      // A server's clock that was set back is no reason for a negative time.
      forMs: Math.max(0, counting.now - counting.since),
      isStandby: counting.is_standby,
      standbys: counting.standbys,
    },
    indexes: indexes.map((index) => ({ ...withColumns(index), last_scan: lastScans.get(index.oid) ?? null })),
    foreignKeys,
    building: {
      indexes: new Set(building.flatMap(({ index }) => index || [])),
      tables: new Set(building.flatMap(({ index, table }) => (index ? [] : (table ?? [])))),
    },
    sizes: new Map(),
    firstSeen,
  };
}

/** An index's own columns bear the names of its table's; those of expressions are made up. */
function withColumns(index: IndexRow): IndexRow {
  const numbers = index.key.split(' ');
  const columns = (index.columns ?? []).map((name, place) =>
    numbers[place] === '0' ? '(expression)' : name,
  );
  return { ...index, columns };
}
