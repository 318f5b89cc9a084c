import type { CollationMismatch, Extensions } from '../../../preload/contract/server.ts';
import type { ServerPool } from '../../servers/index.ts';
import { viewsOf } from '../known.ts';
import collationsSql from './collations.sql?raw';
import databasesSql from './databases.sql?raw';
import extensionsSql from './extensions.sql?raw';

interface ExtensionFacts extends Record<string, unknown> {
  name: string;
  version: string | null;
  available: string | null;
  comment: string | null;
  schema: string | null;
  owner: string | null;
  objects: number | null;
  can_update: boolean;
  quoted: string | null;
  wanted: string | null;
}

interface MismatchRow extends Record<string, unknown> {
  name: string;
  recorded: string;
  actual: string;
  statement: string;
}

/** Databases (15+) and used collations whose recorded version is not that of the library any more. */
export async function readCollations(pool: ServerPool): Promise<CollationMismatch[]> {
  const known = await viewsOf(pool);
  const databases = known.get('pg_database')?.has('datcollversion')
    ? await pool.query<MismatchRow>(databasesSql)
    : [];
  const collations = await pool.query<MismatchRow>(collationsSql);
  return [
    ...databases.map((row) => ({ ...row, kind: 'database' as const })),
    ...collations.map((row) => ({ ...row, kind: 'collation' as const })),
  ];
}

/** The extensions of a database, and what is newer. */
export async function readExtensions(pool: ServerPool, database: string): Promise<Extensions> {
  const rows = await pool.query<ExtensionFacts>(extensionsSql);
  return {
    database,
    extensions: rows.map(({ can_update: canUpdate, quoted, wanted, ...row }) => ({
      ...row,
      canUpdate,
      statement: canUpdate ? `ALTER EXTENSION ${quoted} UPDATE TO ${wanted}` : null,
    })),
    collations: await readCollations(pool),
    limits: [],
  };
}
