import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { messageOf, SampleError } from './errors.ts';
import type { Manifest, Step } from './manifest.ts';
import type { SampleRecord } from './record.ts';
import { tools } from './tools.ts';

/** How many systems are loaded side by side. */
const LANES = 2;

/**
 * Makes the roles and databases of all systems and fills them.
 * `onLoaded` is called after each. When `signal` fires, the sessions are cut and the signal's reason is thrown.
 * @throws SampleError `sample-load-failed`, naming the system and the step
 */
export async function loadSystems(
  record: SampleRecord,
  manifests: Manifest[],
  onLoaded: (manifest: Manifest) => void,
  signal?: AbortSignal,
): Promise<void> {
  await withClient(record, { database: 'postgres', user: record.user }, signal, async (admin) => {
    await admin.query('CREATE EXTENSION pg_stat_statements');
    for (const manifest of manifests) await makeRoles(admin, manifest, record.password);
  });
  const waiting = [...manifests];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await loadSystem(record, next, signal);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
      onLoaded(next);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  signal?.throwIfAborted();
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
  await withClient(record, { database: 'postgres', user: record.user }, signal, async (admin) => {
    // The statistics shall tell of the systems' work, not of their making.
    await admin.query('SELECT pg_stat_statements_reset()');
  });
}

async function makeRoles(admin: Client, manifest: Manifest, password: string): Promise<void> {
  for (const role of [{ name: manifest.system.user, login: true }, ...manifest.roles]) {
    const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role.name]);
    if (rowCount) continue;
    const login = role.login ? `LOGIN PASSWORD ${escapeLiteral(password)}` : 'NOLOGIN';
    await admin.query(`CREATE ROLE ${escapeIdentifier(role.name)} ${login}`);
  }
}

async function loadSystem(record: SampleRecord, manifest: Manifest, signal?: AbortSignal): Promise<void> {
  const { database, user, title } = manifest.system;
  let at = 'its database';
  try {
    await withClient(record, { database: 'postgres', user: record.user }, signal, async (admin) => {
      await admin.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(user)}`);
    });
    await withClient(record, { database, user: record.user }, signal, async (admin) => {
      await admin.query('CREATE EXTENSION pg_stat_statements');
    });
    await withClient(record, { database, user }, signal, async (owner) => {
      for (const step of manifest.steps) {
        at = step.tool === 'sql' ? step.file : step.folder;
        await take(owner, manifest.folder, step);
      }
    });
    // In a session of its own: a step may have left settings behind.
    await withClient(record, { database, user }, signal, async (owner) => {
      at = 'VACUUM';
      await owner.query('VACUUM (ANALYZE)');
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new SampleError(
      'sample-load-failed',
      `The sample system ${title} could not be loaded.`,
      `${at}: ${messageOf(error)}.`,
      'Try again; if it stays so, install Howdah anew.',
      { cause: error },
    );
  }
}

async function take(owner: Client, folder: string, step: Step): Promise<void> {
  if (step.tool !== 'sql') return await tools[step.tool](owner, join(folder, step.folder));
  for (const [name, value] of Object.entries(step.settings ?? {})) {
    await owner.query('SELECT set_config($1, $2, false)', [name, value]);
  }
  await owner.query(await readFile(join(folder, step.file), 'utf8'));
}

async function withClient(
  record: SampleRecord,
  target: { database: string; user: string },
  signal: AbortSignal | undefined,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted();
  const client = new Client({
    host: '127.0.0.1',
    port: record.port,
    password: record.password,
    application_name: 'howdah sample',
    options: '-c client_min_messages=warning',
    ...target,
  });
  client.on('error', () => undefined);
  // Ending the connection fails the statement that is under way; the server is thrown away a moment later.
  const onAbort = (): void => void client.end().catch(() => undefined);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    await work(client);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await client.end().catch(() => undefined);
  }
}
