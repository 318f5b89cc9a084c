import pg, { escapeIdentifier } from 'pg';
import leftoversSql from './leftovers.sql?raw';
import lockSql from './lock.sql?raw';
import rolesSql from './roles.sql?raw';
import sessionsSql from './sessions.sql?raw';
import { dropStandIns } from './stand-ins.ts';
import unlockSql from './unlock.sql?raw';

/** A server of our own, where databases can be made; `user` is its superuser. */
export interface ScratchServer {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Opens a session of the server's superuser. No settings of the databases it goes into count for it. */
export async function openAdmin(server: ScratchServer, database = 'postgres'): Promise<pg.Client> {
  const client = new pg.Client({
    ...server,
    database,
    application_name: 'howdah scratch',
    connectionTimeoutMillis: 10_000,
    // Nothing that somebody made in a scratch database may be found in place of the server's own.
    options: '-c search_path=pg_catalog -c client_min_messages=warning',
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function takeName(admin: pg.Client, name: string): Promise<boolean> {
  const { rows } = await admin.query<{ held: boolean }>(lockSql, [name]);
  return rows[0]?.held === true;
}

/** Drops a scratch database with its sessions and roles, as far as they are there. */
export async function dropScratch(admin: pg.Client, name: string): Promise<void> {
  const quoted = escapeIdentifier(name);
  const { rows: there } = await admin.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [name]);
  if (there.length) {
    await admin.query(`ALTER DATABASE ${quoted} ALLOW_CONNECTIONS false`);
    for (let attempt = 1; ; attempt += 1) {
      await admin.query(sessionsSql, [name]);
      try {
        await admin.query(`DROP DATABASE IF EXISTS ${quoted}`);
        break;
      } catch (error) {
        // 55006: a session is still ending. The server itself has waited five seconds for it.
        if ((error as { code?: string }).code !== '55006' || attempt === 5) throw error;
      }
    }
  }
  const { rows: roles } = await admin.query<{ name: string }>(rolesSql, [name]);
  for (const role of roles) await admin.query(`DROP ROLE IF EXISTS ${escapeIdentifier(role.name)}`);
}

/** Drops what consoles left behind that were ended hard. What a living one works with is left alone. */
export async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(leftoversSql);
  for (const { name } of rows) {
    if (!(await takeName(admin, name))) continue;
    try {
      await dropScratch(admin, name);
    } finally {
      await admin.query(unlockSql, [name]);
    }
  }
  await dropStandIns(admin);
}
