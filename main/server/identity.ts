import type { ServerIdentity } from '../../preload/contract/server.ts';
import type { ServerPool } from '../servers/index.ts';
import identitySql from './identity.sql?raw';
import { supportEnds } from './support.ts';

interface IdentityRow extends Record<string, unknown> {
  version: string;
  major: number;
  standby: boolean;
  started_at: number;
  server_now: number;
  config_loaded_at: number;
  checksums: boolean;
  wal_level: string;
  timezone: string;
  encoding: string;
  collation: string;
  managed_by: string | null;
}

export async function readIdentity(pool: ServerPool): Promise<ServerIdentity> {
  const [row] = await pool.query<IdentityRow>(identitySql);
  if (!row) throw new Error('The server has no row for its own database.');
  return {
    version: row.version,
    major: row.major,
    supportEnds: supportEnds(row.major),
    role: row.standby ? 'standby' : 'primary',
    startedAt: row.started_at,
    serverNow: row.server_now,
    configLoadedAt: row.config_loaded_at,
    checksums: row.checksums,
    walLevel: row.wal_level,
    timezone: row.timezone,
    encoding: row.encoding,
    collation: row.collation,
    managed: managedBy(row.managed_by),
  };
}

/** A managed service, by the name of a setting that only it has. */
function managedBy(setting: string | null): ServerIdentity['managed'] {
  if (setting?.startsWith('rds.')) return 'rds';
  if (setting?.startsWith('cloudsql.')) return 'cloud-sql';
  return setting?.startsWith('azure.') ? 'azure' : null;
}
