import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { sleep } from '../../lib/sleep.ts';
import type { Locale } from './database-traits.ts';
import endSessionsSql from './sql/end-sessions.sql?raw';
import leftoversSql from './sql/leftovers.sql?raw';
import { isLocked, takeLock } from './target-server.ts';

/** Of a database that is being restored, or waits to be dropped. `leftovers.sql` finds what bears such a name. */
export const newWorkingName = (): string => `howdah_restore_${randomBytes(6).toString('hex')}`;

/** What a working database says of itself, for whoever finds one. */
export const workingComment = (database: string): string =>
  `Howdah: being restored for ${database}; not complete. Dropped at the next restore if its maker is gone.`;
/** The same of one that was replaced. */
export const replacedComment = (database: string): string =>
  `Howdah: was ${database} until it was replaced; to be dropped.`;

/**
 * Makes an empty database that nobody else is let into. Its name is locked first, so that nobody takes it for a leftover.
 *
 * @throws what CREATE DATABASE throws
 */
export async function createWorking(
  session: pg.Client,
  {
    name,
    database,
    locale,
    tablespace,
  }: { name: string; database: string; locale: Locale | null; tablespace: string | null },
): Promise<void> {
  await takeLock(session, name);
  const quoted = escapeIdentifier(name);
  const options = [
    'TEMPLATE template0',
    ...(locale ? [`ENCODING ${escapeLiteral(locale.encoding).trim()}`, locale.options] : []),
    ...(tablespace === null || tablespace === 'pg_default'
      ? []
      : [`TABLESPACE ${escapeIdentifier(tablespace)}`]),
  ];
  await session.query(`CREATE DATABASE ${quoted} ${options.join(' ')}`);
  await session.query(
    `BEGIN; REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC;
     COMMENT ON DATABASE ${quoted} IS ${escapeLiteral(workingComment(database)).trim()}; COMMIT`,
  );
}

/** Drops a database with all its sessions; one that is not there is no error. */
export async function dropDatabase(session: pg.Client, name: string): Promise<void> {
  const quoted = escapeIdentifier(name);
  const { rowCount } = await session.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [name]);
  if (!rowCount) return;
  await session.query(`ALTER DATABASE ${quoted} IS_TEMPLATE false`);
  await session.query(`ALTER DATABASE ${quoted} ALLOW_CONNECTIONS false`);
  for (let attempt = 1; ; attempt += 1) {
    await session.query(endSessionsSql, [[name]]);
    try {
      await session.query(`DROP DATABASE IF EXISTS ${quoted}`);
      return;
    } catch (error) {
      // 55006: a session is still ending. The server itself has waited five seconds for it.
      if ((error as { code?: string }).code !== '55006' || attempt === 5) throw error;
      await sleep(100);
    }
  }
}

/** Working databases that runs have left which are gone. */
export async function findLeftovers(session: pg.Client): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(leftoversSql);
  const found: string[] = [];
  for (const { name } of rows) if (!(await isLocked(session, name))) found.push(name);
  return found;
}

/** Drops them. @returns the names of those that are gone now */
export async function dropLeftovers(session: pg.Client): Promise<string[]> {
  const dropped: string[] = [];
  for (const name of await findLeftovers(session)) {
    if (!(await takeLock(session, name))) continue;
    try {
      await dropDatabase(session, name);
      dropped.push(name);
    } catch {
      // What keeps it from being dropped may be gone the next time.
    } finally {
      await session.query('SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended($1, 0))', [name]);
    }
  }
  return dropped;
}
