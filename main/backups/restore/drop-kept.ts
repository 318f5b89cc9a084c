import { escapeIdentifier } from 'pg';
import type { Reached } from '../types.ts';
import { readDatabase } from './database-traits.ts';
import { behindPooler, Refused, underWay } from './refused.ts';
import holdsSql from './sql/database-holds.sql?raw';
import type { Hold } from './target-facts.ts';
import { lockOf, openTargetServer, systemOf, takeLock } from './target-server.ts';
import { dropDatabase } from './working-database.ts';

interface Kept {
  /** Whose place was taken. */
  database: string;
  kept: string;
  /** By which it is told from another of that name. */
  oid: number;
  /** Of the server that it was kept on; null where it could not be asked. */
  system: string | null;
}

/**
 * Drops a database that a swap keeps, with all sessions in it. Only the very one: of that name, with that oid, on that
 * server.
 *
 * @throws {Refused}; ConnectFailure; the server's error, and then it is there and takes connections as before
 */
export async function dropKept(reached: Reached, { database, kept, oid, system }: Kept): Promise<void> {
  if (reached.way.pooled) throw new Refused(behindPooler);
  const server = await openTargetServer(reached, kept);
  const { session } = server;
  try {
    if (!(await takeLock(session, lockOf(database)))) throw new Refused(underWay(database));
    const now = await systemOf(session);
    const found = await readDatabase(session, kept);
    if (!found || found.oid !== oid || (system !== null && now !== null && system !== now))
      throw new Refused({
        cause: 'kept-changed',
        what: `${kept} is not the database that was kept.`,
        why: found
          ? 'Another database bears its name by now.'
          : 'There is no database of that name any more.',
        next: 'Look at the server’s databases; nothing was dropped.',
      });
    const { rows: holds } = await session.query<Hold>(holdsSql, [oid]);
    const held = holds.filter(({ kind, active }) => kind !== 'slot' || active);
    if (held.length > 0)
      throw new Refused({
        cause: 'kept-held',
        what: `${kept} can’t be dropped now.`,
        why: `Something holds it: ${held.map(({ kind, name }) => `${holdWords[kind]} ${name}`).join(', ')}.`,
        next: 'End that first. Nothing was dropped.',
      });
    try {
      await dropDatabase(session, kept);
    } catch (error) {
      if (found.allows_connections)
        await session
          .query(`ALTER DATABASE ${escapeIdentifier(kept)} ALLOW_CONNECTIONS true`)
          .catch(() => undefined);
      throw error;
    }
  } finally {
    await server.close();
  }
}

const holdWords: Record<Hold['kind'], string> = {
  prepared: 'the prepared transaction',
  slot: 'the replication slot',
  subscription: 'the subscription',
};
