import type pg from 'pg';
import { type Address, connectClient, endSoon } from '../../servers/index.ts';
import { pinned } from '../programs/index.ts';
import type { Reached } from '../types.ts';
import beginSql from './sql/begin-snapshot.sql?raw';
import databaseSizeSql from './sql/database-size.sql?raw';
import exportSql from './sql/export-snapshot.sql?raw';
import largeObjectsSql from './sql/large-objects.sql?raw';
import serverSql from './sql/server.sql?raw';
import settleSql from './sql/settle-session.sql?raw';
import sizesSql from './sql/sizes.sql?raw';
import tablesSql from './sql/tables.sql?raw';

/** A table or sequence of the database. */
export interface DumpTable {
  oid: string;
  schema: string;
  name: string;
  kind: 'r' | 'p' | 'S';
  /** Of its rows, without indexes. */
  bytes: number;
  ofExtension: boolean;
  mayEnter: boolean;
  mayRead: boolean;
  /** A policy hides rows of it from the role. */
  isFiltered: boolean;
  isUnlogged: boolean;
}

/** What there is to be dumped, as one moment shows it. */
export interface Look {
  version: string;
  versionNum: number;
  database: string;
  user: string;
  /** Sessions that the role can still open; this one is not among them. */
  freeSessions: number;
  isSuperuser: boolean;
  seesPasswords: boolean;
  isStandby: boolean;
  subscriptions: number;
  /** Null: it may not be seen, or something is locked. */
  databaseBytes: number | null;
  tables: DumpTable[];
  largeObjects: { all: number; closed: number };
}

/** A session whose one transaction sees one moment of the database for as long as it is open. */
export interface Moment {
  look: Look;
  /** When it was, ms since 1970, by the server's clock. */
  at: number;
  /** For `--snapshot`; null where the server can't share one. */
  snapshot: string | null;
  client: pg.Client;
  /** It has broken since. */
  lost(): Error | undefined;
  close(): Promise<void>;
}

const pageBytes = 8192;
/** How long sizes may wait for locks, ms: without them the tables' pages are told by the last analysis. */
const lockPatienceMs = 500;

/** @throws ConnectFailure, WayProblem; the server's error */
export async function openMoment(
  reached: Reached,
  { share, signal }: { share: boolean; signal?: AbortSignal | undefined },
): Promise<Moment> {
  const address: Address = pinned(reached);
  let lost: Error | undefined;
  const { client } = await connectClient(address, {
    applicationName: 'howdah',
    statementTimeoutMs: 60_000,
    lockTimeoutMs: lockPatienceMs,
    signal,
    onError: (error) => {
      lost ??= error;
    },
  });
  try {
    await client.query(settleSql);
    await client.query(beginSql);
    const exported = share ? await attempt(client, exportSql) : undefined;
    const look = await lookAround(client, reached);
    return {
      look,
      at: Number(exported?.rows[0]?.at ?? Date.now()),
      snapshot: exported ? String(exported.rows[0]?.snapshot) : null,
      client,
      lost: () => lost,
      close: () => endSoon(client),
    };
  } catch (error) {
    await endSoon(client);
    throw error;
  }
}

async function lookAround(client: pg.Client, { address }: Reached): Promise<Look> {
  const { database, user } = address.connection;
  const { rows } = await client.query(serverSql);
  const [server] = rows;
  if (!server) throw new Error('The server tells nothing of this database or role.');
  const limits = [server.free_sessions, server.free_in_database, server.free_for_role];
  const found = (await client.query(tablesSql)).rows;
  const sizes = new Map<string, number>();
  const plain = found.filter(({ kind }) => kind === 'r').map(({ oid }) => oid);
  const sized = await attempt(client, sizesSql, [plain]);
  for (const { oid, bytes } of sized?.rows ?? []) sizes.set(oid, Number(bytes));
  const size = await attempt(client, databaseSizeSql);
  const objects = (await attempt(client, largeObjectsSql))?.rows[0];
  return {
    version: server.version,
    versionNum: server.version_num,
    database,
    user,
    freeSessions: Math.min(...limits.filter((one) => one !== null).map(Number)),
    isSuperuser: server.is_superuser,
    seesPasswords: server.sees_passwords,
    isStandby: server.is_standby,
    subscriptions: server.subscriptions,
    databaseBytes: size?.rows[0] ? Number(size.rows[0].bytes) : null,
    tables: found.map((row) => ({
      oid: row.oid,
      schema: row.schema,
      name: row.name,
      kind: row.kind,
      bytes: sizes.get(row.oid) ?? (Number(row.pages) + Number(row.toast_pages)) * pageBytes,
      ofExtension: row.of_extension,
      mayEnter: row.may_enter,
      mayRead: row.may_read,
      isFiltered: row.is_filtered,
      isUnlogged: row.is_unlogged,
    })),
    largeObjects: { all: objects?.all ?? 0, closed: objects?.closed ?? 0 },
  };
}

/** What may fail without the transaction's end: undefined then. */
async function attempt(
  client: pg.Client,
  sql: string,
  values?: unknown[],
): Promise<pg.QueryResult | undefined> {
  await client.query('SAVEPOINT attempt');
  try {
    return await client.query(sql, values);
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT attempt');
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}
