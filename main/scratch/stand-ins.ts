import type pg from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import standInDropLockSql from './stand-in-drop-lock.sql?raw';
import standInDropUnlockSql from './stand-in-drop-unlock.sql?raw';
import standInHoldSql from './stand-in-hold.sql?raw';
import standInReleaseSql from './stand-in-release.sql?raw';
import standInThereSql from './stand-in-there.sql?raw';
import standInsSql from './stand-ins.sql?raw';

/** By this comment they are told from roles that somebody else made; `stand-ins.sql` looks for it. */
const mark = 'Stands in for another server’s role while Howdah works with a copy; dropped with it.';

/**
 * Sees to it that there is a role of this very name, that can't log in and has no rights but those given to it in
 * copies. Several copies may use one at the same time; the last one drops it. A role that was there before is left alone.
 *
 * @param admin holds the role for as long as it lives
 * @returns false: there is another role of that name, or there can't be one
 */
export async function takeStandIn(admin: pg.Client, role: string): Promise<boolean> {
  await admin.query(standInHoldSql, [role]);
  for (let attempt = 1; ; attempt += 1) {
    const { rows } = await admin.query<{ ours: boolean }>(standInThereSql, [role, mark]);
    if (rows[0]?.ours) return true;
    if (rows[0] || attempt > 2) break;
    try {
      // One transaction: a role of ours is never there without its mark.
      await admin.query(
        `CREATE ROLE ${escapeIdentifier(role)} NOLOGIN; COMMENT ON ROLE ${escapeIdentifier(role)} IS ${escapeLiteral(mark)}`,
      );
    } catch (error) {
      // Another copy was faster; else the name is one of the server's own, such as pg_….
      const { code } = error as { code?: string };
      if (code !== '42710' && code !== '23505') break;
    }
  }
  await admin.query(standInReleaseSql, [role]);
  return false;
}

/** Lets go of a stand-in, and drops it when no other copy uses it. */
export async function releaseStandIn(admin: pg.Client, role: string): Promise<void> {
  await admin.query(standInReleaseSql, [role]);
  await dropStandIn(admin, role);
}

/** Drops those that consoles left behind that were ended hard. */
export async function dropStandIns(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(standInsSql, [mark]);
  for (const { name } of rows) await dropStandIn(admin, name);
}

async function dropStandIn(admin: pg.Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ held: boolean }>(standInDropLockSql, [role]);
  // Whoever else uses it drops it.
  if (!rows[0]?.held) return;
  try {
    const { rows: there } = await admin.query<{ ours: boolean }>(standInThereSql, [role, mark]);
    if (there[0]?.ours) await admin.query(`DROP ROLE ${escapeIdentifier(role)}`);
  } catch (error) {
    // 2BP01: somebody has given it something outside of copies, and so has a use for it.
    if ((error as { code?: string }).code !== '2BP01') throw error;
  } finally {
    await admin.query(standInDropUnlockSql, [role]);
  }
}
