import candidatesSql from './candidates.sql?raw';
import type { CandidateTable, StateQuery } from './tool.ts';

/** Default names of state tables, and what people call their own. */
const tellingName =
  'migrat|schema_?(version|history|info|change)|change_?log|sequelizemeta|umzug|(^|_)(db|database)_?(version|patch|change)|applied_?(file|script|patch|change|sql)|patch(es|_history)|_revisions$';

/** Columns that hardly anything but a migration tool has. */
const tellingColumns = [
  'version_num',
  'dirty',
  'migration_name',
  'applied_steps_count',
  'installed_rank',
  'md5sum',
  'dateexecuted',
  'migration_time',
  'is_locked',
  'version_id',
  'is_applied',
  'operator_version',
  'partial_hashes',
  'script_hash',
  'change_id',
  'creator_email',
  'run_on',
  'installed_on',
];

/** Narrow tables of tools whose columns are called as many others' are: only the whole set tells. */
const tellingSets = [
  ['created_at', 'hash', 'id'],
  ['id', 'name', 'timestamp'],
  ['app', 'applied', 'id', 'name'],
  ['batch', 'id', 'migration'],
  ['batch', 'id', 'migration', 'migrated_at'],
  ['inserted_at', 'version'],
  ['version'],
  ['created_at', 'key', 'updated_at', 'value'],
].map((names) => names.join(','));

/**
 * Relations of a database that may be a migration tool's state table, wherever they are and whatever they are called;
 * at most a thousand.
 */
export async function readCandidates(query: StateQuery): Promise<CandidateTable[]> {
  const rows = await query<Omit<CandidateTable, 'primaryKey'> & { primaryKey: string[] | null }>(
    candidatesSql,
    [tellingName, tellingColumns, tellingSets],
  );
  return rows.map((row) => ({ ...row, columns: row.columns ?? [], primaryKey: row.primaryKey ?? [] }));
}
