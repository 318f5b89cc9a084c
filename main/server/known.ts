import { knownColumns } from '../monitoring/index.ts';
import type { KnownColumns, ServerPool } from '../servers/index.ts';

/** The views whose columns differ from version to version. */
const views = [
  'pg_replication_slots',
  'pg_stat_subscription',
  'pg_stat_subscription_stats',
  'pg_stat_wal_receiver',
  'pg_stat_database_conflicts',
  'pg_stat_bgwriter',
  'pg_stat_checkpointer',
  'pg_stat_wal',
  'pg_stat_io',
  'pg_stat_slru',
  'pg_database',
  'pg_subscription',
] as const;

const byPool = new WeakMap<ServerPool, Promise<KnownColumns>>();

/** Which columns these views have on a pool's server; asked once a connection. */
export function viewsOf(pool: ServerPool): Promise<KnownColumns> {
  const known = byPool.get(pool);
  if (known) return known;
  const asked = knownColumns(pool, views);
  byPool.set(pool, asked);
  asked.catch(() => byPool.delete(pool));
  return asked;
}
