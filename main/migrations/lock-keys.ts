import { crc32 } from 'node:zlib';
import type { MigrationTool, StateTable } from './tool.ts';

/** Tables' names where neither the database nor the project names one. */
export const standardTables: Partial<Record<string, string>> = {
  'golang-migrate': 'schema_migrations',
  dbmate: 'schema_migrations',
  goose: 'goose_db_version',
};

/**
 * Keys of the advisory locks that whoever runs a tool's migrations holds: the tool's own, in every variant that callers
 * of it use; for tools that Howdah runs and that take none, Howdah's, so that two consoles at least keep out of each
 * other's way. Empty where nobody takes one.
 */
export function lockKeysOf(
  tool: MigrationTool,
  database: string,
  table: Pick<StateTable, 'schema' | 'name'> | undefined,
  schema: string,
): bigint[] {
  const own = tool.lockKeys?.(database, table as StateTable | undefined, schema);
  if (own) return own;
  const name = table?.name ?? standardTables[tool.id];
  if (tool.runner !== 'own' || name === undefined) return [];
  return [howdahKey({ schema: table?.schema ?? schema, name })];
}

/** The upper half is “howd”, the lower the CRC-32 of `howdah`, schema and table with zero bytes between. */
const howdahKey = ({ schema, name }: { schema: string; name: string }): bigint =>
  (0x686f7764n << 32n) | BigInt(crc32(Buffer.from(['howdah', schema, name].join('\0'))));
