import { escapeIdentifier } from 'pg';
import { knownColumns } from '../monitoring/index.ts';
import { fillTemplate, type KnownColumns, type ServerPool } from '../servers/index.ts';
import { allKnown, bit, type Counter, ioTimes, planning } from './counters.ts';
import factsSql from './facts.sql?raw';
import infoSql from './info.sql?raw';
import namesSql from './names.sql?raw';
import preloadedSql from './preloaded.sql?raw';
import snapshotSql from './snapshot.sql?raw';
import { parseSnapshot, type Snapshot, type SnapshotFacts, type SnapshotRow } from './snapshot.ts';
import textsSql from './texts.sql?raw';

const view = 'pg_stat_statements';

/** How statements are counted on a server, as it says now. */
export interface ServerFacts {
  extension: { version: string; schema: string; usable: boolean } | null;
  serverAt: number;
  startedAt: number;
  role: string;
  seesAll: boolean;
  place: string | null;
  database: string;
  encoding: string;
  /** Settings by name; those of the extension only where its library is loaded. */
  settings: Readonly<Record<string, string>>;
  providerRoles: readonly string[];
}

interface FactsRow extends Record<string, unknown> {
  version: string | null;
  schema: string | null;
  usable: boolean | null;
  settings: Record<string, string | null>;
}

const asked = [
  'pg_stat_statements.max',
  'pg_stat_statements.track',
  'pg_stat_statements.track_planning',
  'pg_stat_statements.save',
  'compute_query_id',
  'track_io_timing',
  'block_size',
];

/** Whether the library is loaded, by pool and start of the server. */
const loaded = new WeakMap<ServerPool, { startedAt: number; is: boolean }>();

/** One cheap statement, on any server. @throws the server's error; NOT_CONNECTED */
export async function readFacts(pool: ServerPool): Promise<ServerFacts> {
  const [row] = await pool.query<FactsRow>(factsSql, [asked]);
  const { version = null, schema = null, usable = null, settings: all, ...rest } = row ?? {};
  const others = rest as unknown as Omit<ServerFacts, 'extension' | 'settings'>;
  let known = loaded.get(pool);
  if (known?.startedAt !== others.startedAt) {
    const [answer] = await pool.query<{ loaded: boolean }>(preloadedSql);
    known = { startedAt: others.startedAt, is: answer?.loaded ?? false };
    loaded.set(pool, known);
  }
  const isTold = ([name, value]: [string, string | null]): boolean =>
    value !== null && (known.is || !name.startsWith(view));
  const settings = Object.fromEntries(Object.entries(all ?? {}).filter(isTold)) as Record<string, string>;
  const extension = version === null || schema === null ? null : { version, schema, usable: usable ?? false };
  return { ...others, settings, extension };
}

/** Whether the library is loaded, so that the extension's functions answer. */
export const isPreloaded = ({ settings }: ServerFacts): boolean => settings[`${view}.max`] !== undefined;

/** Whether there is something to read. */
export const isReadable = (facts: ServerFacts): boolean =>
  facts.extension?.usable === true && isPreloaded(facts);

/** Columns of the extension's views by pool, for as long as the extension stays the same. */
const probed = new WeakMap<ServerPool, { extension: string; known: KnownColumns }>();

async function columnsOf(pool: ServerPool, { extension }: ServerFacts): Promise<KnownColumns> {
  const mark = `${extension?.schema} ${extension?.version}`;
  const before = probed.get(pool);
  if (before?.extension === mark) return before.known;
  const known = await knownColumns(pool, [view, `${view}_info`], extension?.schema);
  probed.set(pool, { extension: mark, known });
  return known;
}

/** `"schema".pg_stat_statements`, to be called with or without texts. */
export function sourceOf(schema: string): string {
  return `${escapeIdentifier(schema)}.${view}`;
}

/** Reads all counters. `facts` must be readable. @throws the server's error; NOT_CONNECTED */
export async function readSnapshot(
  pool: ServerPool,
  facts: ServerFacts,
  now: () => number,
): Promise<Snapshot> {
  const columns = await columnsOf(pool, facts);
  const source = sourceOf(facts.extension?.schema ?? '');
  const [info] = columns.has(`${view}_info`)
    ? await pool.query<{ dealloc: number; resetAt: number }>(infoSql.replace('{{source}}', () => source))
    : [];
  const sql = fillTemplate(snapshotSql, columns).replace('{{source}}', () => `${source}(false)`);
  const [row] = await pool.query<SnapshotRow>(sql);
  const { serverAt, startedAt, role, seesAll, place } = facts;
  const all: SnapshotFacts = {
    ...{ serverAt, startedAt, role, seesAll, place },
    resetAt: info?.resetAt ?? null,
    dealloc: info?.dealloc ?? null,
    known: knownCounters(columns.get(view) ?? new Set(), facts),
    levels: columns.get(view)?.has('toplevel') ?? false,
  };
  return parseSnapshot(row ?? {}, now(), all);
}

/** The column that shows whether the extension has a counter. */
const columnOf: Partial<Record<Counter, string>> = {
  plans: 'plans',
  planUs: 'plans',
  tempIoUs: 'temp_blk_read_time',
  walRecords: 'wal_records',
  walFpi: 'wal_fpi',
  walBytes: 'wal_bytes',
  jitFunctions: 'jit_functions',
  jitUs: 'jit_functions',
};

function knownCounters(columns: ReadonlySet<string>, { settings }: ServerFacts): number {
  let known = allKnown;
  const without = (name: Counter): void => {
    known &= ~bit(name);
  };
  for (const [name, column] of Object.entries(columnOf)) if (!columns.has(column)) without(name as Counter);
  if (settings.track_io_timing !== 'on') ioTimes.forEach(without);
  if (settings[`${view}.track_planning`] !== 'on') planning.forEach(without);
  return known;
}

/** Texts by key without its level: `10.5.-123`. @throws the server's error, 22021 where one of all texts can't be converted */
export async function readTexts(
  pool: ServerPool,
  facts: ServerFacts,
  queryIds: readonly string[],
  most: number,
): Promise<Map<string, { text: string; bytes: number }>> {
  const source = sourceOf(facts.extension?.schema ?? '');
  const rows = await pool.query<{ key: string; text: string; bytes: number }>(
    textsSql.replace('{{texts}}', () => `${source}(true)`),
    [queryIds, most],
  );
  return new Map(rows.map(({ key, ...rest }) => [key, rest]));
}

/** Names of users and databases. */
export function readNames(pool: ServerPool): Promise<{ kind: string; oid: number; name: string }[]> {
  return pool.query<{ kind: string; oid: number; name: string }>(namesSql);
}
