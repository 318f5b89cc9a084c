import type pg from 'pg';
import { type Address, connectClient, endSoon } from '../../servers/index.ts';
import { pinned } from '../programs/index.ts';
import type { Reached } from '../types.ts';
import lockSql from './sql/lock.sql?raw';
import lockHoldersSql from './sql/lock-holders.sql?raw';
import serverFactsSql from './sql/server-facts.sql?raw';
import systemSql from './sql/system-identifier.sql?raw';

export interface ServerRow {
  version: number;
  version_text: string;
  standby: boolean;
  read_only: boolean;
  data_directory: string | null;
  pid: number;
  role: string;
  superuser: boolean;
  can_create: boolean;
  can_signal: boolean;
}

/** The server that is restored to, entered by a database that is not the one restored. */
export interface TargetServer {
  readonly about: ServerRow;
  /** The database that `session` is in. */
  readonly maintenance: string;
  /** Holds the locks. When it is lost, they are. */
  readonly session: pg.Client;
  /** Fires when `session` is lost. */
  readonly lost: AbortSignal;
  connect(database: string): Promise<pg.Client>;
  /** Where programs and sessions for another database go. */
  reachedIn(database: string): Reached;
  close(): Promise<void>;
}

/**
 * Opens a session beside the database that is to be restored: that one can neither be renamed nor dropped from within.
 *
 * @throws ConnectFailure of the last try
 */
export async function openTargetServer(reached: Reached, database: string): Promise<TargetServer> {
  const own = reached.address.connection.database;
  const places = [...new Set(['postgres', own, 'template1'])].filter((name) => name !== database);
  let failure: unknown;
  for (const maintenance of places) {
    try {
      return await openIn(reached, maintenance);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function openIn(reached: Reached, maintenance: string): Promise<TargetServer> {
  const connect = async (database: string): Promise<pg.Client> => {
    const { client } = await connectClient(addressIn(reached, database), {
      applicationName: 'howdah restore',
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
    });
    return client;
  };
  const session = await connect(maintenance);
  const gone = new AbortController();
  session.once('end', () => gone.abort(new Error('The session that holds the restore’s lock was lost.')));
  try {
    const about = await only<ServerRow>(session, serverFactsSql);
    if (about.version >= 140_000) await session.query('SET idle_session_timeout = 0');
    return {
      about,
      maintenance,
      session,
      lost: gone.signal,
      connect,
      reachedIn: (database) => ({ address: addressIn(reached, database), way: reached.way }),
      close: () => endSoon(session),
    };
  } catch (error) {
    await endSoon(session);
    throw error;
  }
}

/** The same server for another database: the host that was reached, whatever kind it was asked to be. */
function addressIn(reached: Reached, database: string): Address {
  const address = pinned(reached);
  return { ...address, connection: { ...address.connection, database } };
}

/** @returns false: another session holds it, in this database or another */
export async function takeLock(session: pg.Client, name: string): Promise<boolean> {
  const { held } = await only<{ held: boolean }>(session, lockSql, [name]);
  return held && !(await isLocked(session, name));
}

/** Whether another session holds it. */
export async function isLocked(session: pg.Client, name: string): Promise<boolean> {
  const { rows } = await session.query(lockHoldersSql, [name]);
  return rows.length > 0;
}

export async function only<T>(session: pg.Client, sql: string, values: unknown[] = []): Promise<T> {
  const { rows } = await session.query(sql, values);
  if (rows[0] === undefined) throw new Error('The server answered without a row.');
  return rows[0] as T;
}

/** The server's system identifier. Null where it may not be asked, or is not there to be asked any more. */
export async function systemOf(session: pg.Client): Promise<string | null> {
  try {
    return (await only<{ system: string }>(session, systemSql)).system;
  } catch {
    return null;
  }
}

/** The lock of whoever restores to a database of that name. */
export const lockOf = (database: string): string => `howdah restore ${database}`;
