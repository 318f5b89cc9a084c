import type { MigrationTool } from '../tool.ts';
import selectHistory from './flyway.sql?raw';
import { locateFlyway, readFlywayFolder } from './flyway-folder.ts';
import { type HistoryRow, statusOf } from './flyway-status.ts';
import { columnNames, hasColumns } from './shared/columns.ts';
import { stateSql } from './shared/state-sql.ts';

export interface FlywayState {
  rows: HistoryRow[];
}

/** `PostgreSQLAdvisoryLockTemplate.LOCK_MAGIC_NUM`. */
const LOCK_BASE = 77431708279161n;

/**
 * Flyway. A row an event: a migration that ran or failed, a baseline, one undone or marked as deleted. Facts:
 * `MigrationInfoServiceImpl`, `MigrationInfoImpl`, `BaseAppliedMigration`, `ResolvedMigration`, `ChecksumCalculator` and
 * `ResourceNameParser` of its source.
 */
export const flyway: MigrationTool<FlywayState> = {
  id: 'flyway',
  title: 'Flyway',
  runner: 'driven',
  unrecorded: ['failures of migrations that ran in a transaction'],

  recognise(table) {
    const own = {
      installed_rank: 'integer',
      script: 'text',
      installed_by: 'text',
      installed_on: 'timestamp',
    } as const;
    if (
      !hasColumns(table, { ...own, version: 'text', type: 'text', checksum: 'integer', success: 'boolean' })
    )
      return undefined;
    return {
      tool: 'flyway',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { rows: await query(stateSql(selectHistory, { table })) };
  },

  lockKeys: (_, table, schema) => [
    LOCK_BASE + javaHash(`"${table?.schema ?? schema}"."${table?.name ?? 'flyway_schema_history'}"`),
  ],

  locate: locateFlyway,
  readFolder: readFlywayFolder,

  status: (state, reading) => statusOf(state?.rows ?? [], reading),
};

/** `String.hashCode` of Java. */
const javaHash = (text: string): bigint => {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return BigInt(hash);
};
