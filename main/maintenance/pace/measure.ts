import type { ServerPool } from '../../servers/index.ts';
import { readHolders, withInserts } from '../status/status.ts';
import paceSql from './pace.sql?raw';
import type { Pace } from './pace-store.ts';

/** Heaps that are kept a measurement. */
const mostHeaps = 200;

interface PaceRow extends Record<string, unknown> {
  database: string;
  dead: number | null;
  xidAge: number;
  multixactAge: number;
  heaps: [oid: number, dead: number, inserted: number, changed: number][] | null;
}

/**
 * Takes one measurement.
 *
 * @param at ms since 1970, by the console's clock
 */
export async function measurePace(pool: ServerPool, at: number): Promise<Pace> {
  const [row] = await pool.query<PaceRow>(await withInserts(pool, paceSql), [mostHeaps]);
  if (!row) throw new Error('The server counted nothing.');
  const [oldest] = await readHolders(pool);
  const heaps = (row.heaps ?? []).map(([oid, dead, inserted, changed]) => ({ oid, dead, inserted, changed }));
  return { ...row, at, dead: row.dead ?? 0, xminAge: oldest?.age ?? null, heaps };
}
