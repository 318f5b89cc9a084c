import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import { serverWords } from '../servers/index.ts';
import extensionsSql from './extensions.sql?raw';
import type { Scratch } from './scratch.ts';

/**
 * Extensions of PostgreSQL's own that only a superuser may make, and that give those who use them no way to the
 * server's files, programs or memory: what could, they keep to superusers.
 */
const harmless = new Set([
  'amcheck',
  'autoinc',
  'bloom',
  'insert_username',
  'intagg',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_prewarm',
  'pg_stat_statements',
  'pg_visibility',
  'pg_walinspect',
  'pgrowlocks',
  'pgstattuple',
  'refint',
  'sslinfo',
]);

/** Where they wait until the SQL asks for them. */
const waitingRoom = 'howdah_extensions';

export interface PreparedExtensions {
  /** Puts one where the SQL wants it. False when it is none of these. */
  place(name: string, schema: string): Promise<boolean>;
  has(name: string): boolean;
  /** Takes away what was not asked for. */
  finish(): Promise<void>;
}

/**
 * Makes those of the wanted extensions that need a superuser, while the database is still empty: an extension's script
 * runs with all rights, and nothing that somebody's SQL made may get in its way.
 */
export async function prepareExtensions(
  scratch: Scratch,
  wanted: readonly string[],
): Promise<PreparedExtensions> {
  const names = wanted.filter((name) => harmless.has(name));
  const waiting = new Set<string>();
  const placed = new Set<string>();
  if (names.length) {
    await scratch.asAdmin(async (admin) => {
      const { rows } = await admin.query<{ name: string }>(extensionsSql, [names]);
      if (rows.length) await admin.query(`CREATE SCHEMA ${waitingRoom}`);
      for (const { name } of rows) {
        await admin.query(`CREATE EXTENSION ${escapeIdentifier(name)} SCHEMA ${waitingRoom}`);
        waiting.add(name);
      }
    });
  }
  const prepared = waiting.size > 0;
  return {
    has: (name) => waiting.has(name) || placed.has(name),
    place: async (name, schema) => {
      if (placed.has(name)) return true;
      if (!waiting.has(name)) return false;
      await scratch.asAdmin((admin) =>
        admin.query(`ALTER EXTENSION ${escapeIdentifier(name)} SET SCHEMA ${escapeIdentifier(schema)}`),
      );
      waiting.delete(name);
      placed.add(name);
      return true;
    },
    finish: async () => {
      if (!prepared) return;
      await scratch.asAdmin(async (admin) => {
        for (const name of waiting) await dropUnused(admin, name);
        await admin.query(`DROP SCHEMA IF EXISTS ${waitingRoom}`);
      });
    },
  };
}

async function dropUnused(admin: pg.Client, name: string): Promise<void> {
  try {
    await admin.query(`DROP EXTENSION ${escapeIdentifier(name)}`);
  } catch (error) {
    // 2BP01: something was made with it after all.
    if (serverWords(error)?.sqlstate !== '2BP01') throw error;
  }
}
