import type pg from 'pg';
import type { ServerFacts } from '../../preload/contract/environments.ts';
import type { SessionWay } from './connect.ts';
import factsSql from './facts.sql?raw';

interface FactsRow {
  version: string;
  version_number: number;
  standby: boolean;
  started_at: number;
  database: string;
  user: string;
  superuser: boolean;
  max_connections: number;
  reserved_connections: number;
}

/** Asks a server what it is. One round trip. */
export async function readFacts(client: pg.ClientBase, { tls, pooled }: SessionWay): Promise<ServerFacts> {
  const { rows } = await client.query<FactsRow>(factsSql);
  const row = rows[0];
  if (!row) throw new Error('The server did not say what it is.');
  return {
    // Debian and others append their package's name: "15.18 (Debian 15.18-0+deb12u1)".
    version: row.version.split(' ')[0] ?? row.version,
    versionNumber: row.version_number,
    role: row.standby ? 'standby' : 'primary',
    startedAt: row.started_at,
    database: row.database,
    user: row.user,
    superuser: row.superuser,
    maxConnections: row.max_connections,
    reservedConnections: row.reserved_connections,
    encrypted: tls !== false,
    pooled,
  };
}
