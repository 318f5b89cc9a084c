import { setImmediate as yielded } from 'node:timers/promises';
import type { Explanation } from '../../../preload/contract/common.ts';
import type {
  DatabaseAge,
  LeftoverIndex,
  MaintainedTable,
  MaintenanceStatus,
  Operation,
} from '../../../preload/contract/maintenance.ts';
import { knownColumns } from '../../monitoring/index.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../../servers/index.ts';
import { qualified, shown } from '../names.ts';
import { ageLimits, databaseAges } from './ages.ts';
import databasesSql from './databases.sql?raw';
import heapsSql from './heaps.sql?raw';
import holdersSql from './holders.sql?raw';
import { type HolderRow, xminHolder } from './holders.ts';
import leftoversSql from './leftovers.sql?raw';
import serverSql from './server.sql?raw';
import tablesSql from './tables.sql?raw';
import {
  byUrgency,
  type HeapColumns,
  type Judged,
  judge,
  maintainedTable,
  type Past,
  type Reading,
  type TableRow,
} from './tables.ts';
import { type AutovacuumSettings, readSettings, settingNames } from './thresholds.ts';

export interface StatusOptions {
  /** Of the tables, the most urgent. */
  most: number;
  /** Looked for in schema and name. */
  filter: string;
  /** The server's own catalogues too. */
  system: boolean;
}

export interface ServerState {
  database: string;
  standby: boolean;
  /** Bytes of a page. */
  block: number;
  settings: AutovacuumSettings;
}

const probed = ['pg_stat_all_tables', 'pg_class', 'pg_replication_slots'];
const columnsOf = new WeakMap<ServerPool, Promise<KnownColumns>>();

/** Which columns the views have over there; asked once a connection. */
async function columns(pool: ServerPool): Promise<KnownColumns> {
  const asked = columnsOf.get(pool) ?? knownColumns(pool, probed);
  columnsOf.set(pool, asked);
  try {
    return await asked;
  } catch (error) {
    columnsOf.delete(pool);
    throw error;
  }
}

export async function readServer(pool: ServerPool): Promise<ServerState> {
  const [row] = await pool.query<Omit<ServerState, 'settings'> & { settings: Record<string, string> | null }>(
    serverSql,
    [[...settingNames]],
  );
  if (!row) throw new Error('The server told nothing of itself.');
  return { ...row, settings: readSettings(row.settings ?? {}) };
}

/** @throws what the server answers; NOT_CONNECTED */
export async function readHolders(pool: ServerPool) {
  const rows = await pool.query<HolderRow>(fillTemplate(holdersSql, await columns(pool)));
  return rows.map(xminHolder);
}

/** What REINDEX CONCURRENTLY left in this database. */
export async function readLeftovers(pool: ServerPool): Promise<LeftoverIndex[]> {
  const rows =
    await pool.query<Record<'schema' | 'name' | 'tableSchema' | 'tableName', string>>(leftoversSql);
  return rows.map(({ schema, name, tableSchema, tableName }) => ({
    schema,
    name,
    table: shown({ schema: tableSchema, name: tableName }),
    statement: `DROP INDEX CONCURRENTLY ${qualified({ schema, name })}`,
  }));
}

export async function readDatabases(pool: ServerPool): Promise<DatabaseAge[]> {
  return databaseAges(await pool.query<Omit<DatabaseAge, 'share'> & Record<string, unknown>>(databasesSql));
}

/** Tables that are worked out before others have their turn. */
const slice = 500;

/** Judges all tables, the most urgent first. */
async function judgeAll(
  pool: ServerPool,
  server: ServerState,
  { filter, system }: StatusOptions,
  at: number,
): Promise<Judged[]> {
  const sql = await withInserts(pool, fillTemplate(heapsSql, await columns(pool)));
  const [row] = await pool.query<{ columns: string }>(sql, [filter.trim().toLowerCase(), system]);
  const heaps = JSON.parse(row?.columns ?? '{}') as HeapColumns;
  const reading = { settings: server.settings, block: server.block, at };
  const judged: Judged[] = [];
  for (let place = 0; place < (heaps.oid?.length ?? 0); place += 1) {
    if (place % slice === slice - 1) await yielded();
    judged.push(judge(heaps, place, reading));
  }
  return judged.sort(byUrgency);
}

async function readTables(
  pool: ServerPool,
  server: ServerState,
  oids: readonly number[],
  { at, past }: { at: number; past: Past },
): Promise<MaintainedTable[]> {
  if (oids.length === 0) return [];
  const sql = await withInserts(pool, fillTemplate(tablesSql, await columns(pool)));
  const rows = await pool.query<TableRow>(sql, [oids]);
  const reading: Reading = { settings: server.settings, block: server.block, at, past };
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  // One may have been dropped meanwhile.
  return oids.flatMap((oid) => byOid.get(oid) ?? []).map((row) => maintainedTable(row, reading));
}

/** Inserts since the last vacuum are counted from 13 on. */
export async function withInserts(pool: ServerPool, sql: string): Promise<string> {
  const isCounted = (await columns(pool)).get('pg_stat_all_tables')?.has('n_ins_since_vacuum');
  return sql.replace(/\{\{ins:(\w+\.oid)\}\}/g, (_, oid) =>
    isCounted ? `pg_catalog.pg_stat_get_ins_since_vacuum(${oid})` : 'NULL::int8',
  );
}

/** The pace that tables were seen at in a database before. */
export type PastOf = (database: string) => Past;

/** @param at the console's clock */
export async function readStatus(
  pool: ServerPool,
  options: StatusOptions,
  { at, pastOf }: { at: number; pastOf: PastOf },
): Promise<MaintenanceStatus> {
  const server = await readServer(pool);
  const all = await judgeAll(pool, server, options, at);
  const wanted = all.filter((one) => one.wanted);
  const shownOids = wanted.slice(0, options.most).map(({ oid }) => oid);
  const tables = await readTables(pool, server, shownOids, { at, past: pastOf(server.database) });
  const holders = await readHolders(pool);
  const leftovers = await readLeftovers(pool);
  const databases = await readDatabases(pool);
  const { settings, database, standby } = server;
  return {
    at,
    database,
    standby,
    autovacuum: settings.autovacuum,
    trackCounts: settings.trackCounts,
    count: wanted.length,
    dead: all.reduce((sum, { dead }) => sum + dead, 0),
    due: all.filter(({ due }) => due).length,
    analyzeDue: all.filter(({ analyzeDue }) => analyzeDue).length,
    tables,
    ...ageLimits(settings),
    databases,
    holders,
    leftovers,
    limits: limitsOf(
      server,
      holders.some(({ kind, state }) => kind === 'session' && state === null),
    ),
  };
}

/** Of running operations that this role may see only by their process ids. */
export const hiddenOperations = (operations: readonly Operation[]): Explanation[] =>
  operations.some(({ phase, kind }) => phase === null && kind !== 'copy')
    ? [
        {
          cause: 'progress-hidden',
          what: 'How far others’ operations are is hidden from this role.',
          why: 'Only a role with pg_read_all_stats sees the progress of other roles’ sessions.',
          next: 'Grant it, or pg_monitor, which has it.',
        },
      ]
    : [];

/** What can't be seen here, or says nothing. */
export function limitsOf({ settings, standby }: ServerState, hidden: boolean): Explanation[] {
  const limits: Explanation[] = [];
  if (standby)
    limits.push({
      cause: 'standby',
      what: 'This is a standby: it is vacuumed through its primary.',
      why: 'What counts live and dead rows here is this server’s own, and autovacuum does not run on it.',
      next: 'Look at the primary for what is due.',
    });
  if (!settings.trackCounts)
    limits.push({
      cause: 'track-counts-off',
      what: 'The server counts no rows, so dead rows and what is due are not known.',
      why: 'track_counts is off. Autovacuum then does nothing but prevent wraparound.',
      next: 'Turn it on.',
      command: 'ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();',
    });
  if (hidden)
    limits.push({
      cause: 'sessions-hidden',
      what: 'Since when others’ sessions hold dead rows back, and what they do, is hidden from this role.',
      why: 'Only a role with pg_read_all_stats sees other roles’ sessions; their snapshots’ age can be seen.',
      next: 'Grant it, or pg_monitor, which has it.',
      command: 'GRANT pg_monitor TO CURRENT_USER;',
    });
  return limits;
}
