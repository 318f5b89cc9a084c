import { readFile, statfs } from 'node:fs/promises';
import type pg from 'pg';
import { endSoon } from '../../servers/index.ts';
import { type DatabaseRow, readDatabase } from './database-traits.ts';
import contentsSql from './sql/contents.sql?raw';
import holdsSql from './sql/database-holds.sql?raw';
import databaseSessionsSql from './sql/database-sessions.sql?raw';
import localesSql from './sql/locales.sql?raw';
import missingExtensionsSql from './sql/missing-extensions.sql?raw';
import missingRolesSql from './sql/missing-roles.sql?raw';
import { only, type TargetServer } from './target-server.ts';

export interface Contents {
  tables: number;
  views: number;
  rows: number;
  functions: number;
  digest: string;
}

export interface Hold {
  kind: 'subscription' | 'slot' | 'prepared';
  name: string;
  active: boolean;
}

/** What is where the backup is to go. */
export interface TargetFacts {
  /** Undefined: there is no such database. */
  database: DatabaseRow | undefined;
  /** Null: it could not be looked into. */
  contents: Contents | null;
  sessions: { role: string | null; application: string; count: number }[];
  holds: Hold[];
  freeBytes: number | null;
}

export async function readTarget(server: TargetServer, name: string): Promise<TargetFacts> {
  const { session } = server;
  const database = await readDatabase(session, name);
  const freeBytes = await freeBytesOf(server);
  if (!database) return { database, contents: null, sessions: [], holds: [], freeBytes };
  const { rows: sessions } = await session.query<TargetFacts['sessions'][number]>(databaseSessionsSql, [
    database.oid,
  ]);
  const { rows: holds } = await session.query<Hold>(holdsSql, [database.oid]);
  return { database, contents: await readContents(server, name), sessions, holds, freeBytes };
}

async function readContents(server: TargetServer, name: string): Promise<Contents | null> {
  let inside: pg.Client | undefined;
  try {
    inside = await server.connect(name);
    await inside.query("SET statement_timeout = '30s'");
    return await only<Contents>(inside, contentsSql);
  } catch {
    return null;
  } finally {
    if (inside) await endSoon(inside);
  }
}

export async function missingRoles(session: pg.Client, names: Iterable<string>): Promise<string[]> {
  return await missing(session, missingRolesSql, names);
}

export async function missingExtensions(session: pg.Client, names: Iterable<string>): Promise<string[]> {
  return await missing(session, missingExtensionsSql, names);
}

async function missing(session: pg.Client, sql: string, names: Iterable<string>): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(sql, [[...names]]);
  return rows.map(({ name }) => name);
}

/** Which of these locales the server does not seem to have. Their names are spelt differently among systems. */
export async function missingLocales(session: pg.Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(localesSql);
  const there = new Set(rows.map(({ name }) => sameLocale(name)));
  return names.filter((name) => !/^(C|POSIX)$/i.test(name) && !there.has(sameLocale(name)));
}

const sameLocale = (name: string): string => name.toLowerCase().replace(/\.utf-?8/, '.utf8');

/**
 * Free bytes on the disk of the server's data folder, where it lies on this machine: the server's process must be seen
 * here under its number. Null: it can't be known.
 */
async function freeBytesOf({ about }: TargetServer): Promise<number | null> {
  if (about.data_directory === null) return null;
  try {
    const title = await readFile(`/proc/${about.pid}/cmdline`, 'utf8');
    if (!title.startsWith('postgres: ')) return null;
    const { bavail, bsize } = await statfs(about.data_directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
