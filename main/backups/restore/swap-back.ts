import type { Reached } from '../types.ts';
import { readDatabase } from './database-traits.ts';
import { behindPooler, Refused, underWay } from './refused.ts';
import { freeKeptName, isKeptName, renameAll } from './swap.ts';
import { lockOf, openTargetServer, systemOf, takeLock } from './target-server.ts';

export interface SwappedBack {
  /** The name of the restored one from now on, and its oid. */
  kept: string;
  oid: number;
  /** Of the one that has its name back. */
  former: number;
  /** The server's system identifier; null where it may not be asked. */
  system: string | null;
}

/**
 * Gives the database that a swap has kept its name back, and keeps the restored one under a dated name. Both renames are
 * one transaction; sessions in either are ended.
 *
 * @throws {Refused}; ConnectFailure; the server's error, and then nothing has changed
 */
export async function swapBack(
  reached: Reached,
  { database, kept }: { database: string; kept: string },
): Promise<SwappedBack> {
  if (reached.way.pooled) throw new Refused(behindPooler);
  const server = await openTargetServer(reached, database);
  try {
    if (!(await takeLock(server.session, lockOf(database)))) throw new Refused(underWay(database));
    const old = await readDatabase(server.session, kept);
    const restored = await readDatabase(server.session, database);
    if (!old || !isKeptName(database, kept) || !restored)
      throw new Refused({
        cause: 'nothing-to-swap-back',
        what: `${kept} can’t take the place of ${database}.`,
        why: old ? 'It is no database that was kept by a swap of that name.' : 'There is no such database.',
        next: 'Look at the server’s databases; what was kept is called by the name and the date of the swap.',
      });
    const now = await freeKeptName(server.session, database);
    await renameAll(
      server,
      [
        { from: database, to: now },
        { from: kept, to: database },
      ],
      [],
    );
    return { kept: now, oid: restored.oid, former: old.oid, system: await systemOf(server.session) };
  } finally {
    await server.close();
  }
}
