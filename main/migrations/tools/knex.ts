import { escapeIdentifier } from 'pg';
import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderReading, MigrationTool, StateQuery, StateTable, TrackReading } from '../tool.ts';
import { stemOf } from './code/project-tree.ts';
import stateText from './knex.sql?raw';
import { type KnexExtra, locateKnex, readKnex } from './knex-files.ts';
import lockText from './knex-lock.sql?raw';
import { happened, inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

export interface KnexState {
  /** In the order in which they were applied; `appliedAt` is ISO 8601 in UTC. */
  rows: { name: string; batch: number; appliedAt: string | null }[];
  /** Undefined: the lock's table is not there or may not be read. */
  locked: boolean | undefined;
  table: { schema: string; name: string };
}

/** Knex. Source: `lib/migrations/migrate` of Knex 3.3. */
export const knex: MigrationTool<KnexState> = {
  id: 'knex',
  title: 'Knex',
  runner: 'driven',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    if (!['id', 'name', 'batch', 'migration_time'].every((column) => names.includes(column)))
      return undefined;
    return { tool: 'knex', schema, name, columns: names, certainty: 'certain' };
  },
  readState: readKnexState,
  locate: locateKnex,
  readFolder: readKnex,
  status: knexStatus,
};

async function readKnexState(query: StateQuery, { schema, name }: StateTable): Promise<KnexState> {
  const lock = { schema, name: `${name}_lock` };
  const quoted = `${escapeIdentifier(lock.schema)}.${escapeIdentifier(lock.name)}`;
  const [found] = await query<{ rows: KnexState['rows'] | null; lockReadable: boolean }>(
    stateSql(stateText, { table: { schema, name } }),
    [quoted],
  );
  const [held] = found?.lockReadable
    ? await query<{ held: number }>(stateSql(lockText, { table: lock }))
    : [undefined];
  return { rows: found?.rows ?? [], locked: held && held.held > 0, table: { schema, name } };
}

function knexStatus(state: KnexState | undefined, reading: FolderReading | undefined): TrackReading {
  const recorded = (state?.rows ?? []).map(({ name, batch, appliedAt }) => ({
    id: name,
    appliedAt,
    labels: [`batch ${batch}`],
  }));
  const separately = (reading?.extra as KnexExtra | undefined)?.separately ?? false;
  const entries = mergeEntries(recorded, reading, {
    // Folders that are sorted each by itself have no order of names.
    ...(separately ? {} : { order: (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0) }),
    outOfOrder: 'Knex runs it with the next migrate:latest, after later ones.',
  });
  const missing = entries.filter((entry) => entry.state === 'missing');
  return inLine(entries, [
    ...(reading?.problems ?? []),
    ...(state?.locked ? [lockTaken(state.table)] : []),
    ...corrupt(missing, entries),
  ]);
}

function lockTaken({ schema, name }: { schema: string; name: string }): TrackProblem {
  return {
    severity: 'warning',
    cause: 'lock-taken',
    what: `Knex’s lock is taken: ${schema}.${name}_lock holds is_locked = 1.`,
    why: 'Either it is migrating at this moment, or it was ended while it did and left the lock behind; the row does not tell which.',
    next: 'See that no migration runs (its session would be in the activity). Then run knex migrate:unlock.',
    command: 'npx knex migrate:unlock',
  };
}

/** Knex refuses to migrate while a row has no file. Also says which of them only changed their extension. */
function corrupt(missing: readonly MigrationEntry[], entries: readonly MigrationEntry[]): TrackProblem[] {
  if (missing.length === 0) return [];
  const renamed: string[] = [];
  const byStem = new Map(
    entries.filter((entry) => !happened(entry.state)).map((entry) => [stemOf(entry.name), entry]),
  );
  for (const entry of missing) {
    const other = byStem.get(stemOf(entry.name));
    if (!other) {
      entry.notes.push('Its file was deleted or renamed, or is on another branch.');
      continue;
    }
    renamed.push(`${entry.name} is ${other.name} now`);
    entry.notes.push(`Its file seems to be ${other.name} now; to Knex that is another migration.`);
    other.notes.push(`It seems to be ${entry.name}, which is applied.`);
  }
  return [
    {
      severity: 'bad',
      cause: 'folder-corrupt',
      what: `Knex takes the folder for corrupt: files of ${missing.length} applied migrations are missing.`,
      why:
        renamed.length > 0
          ? `Knex knows a migration by its file’s whole name, extension included: ${renamed.slice(0, 5).join(', ')}.`
          : 'They were deleted or renamed, or are on another branch. Knex refuses every command until they are back.',
      next:
        renamed.length > 0
          ? 'Give the files their old names back, or rename them in the table too.'
          : 'Bring the files back, or delete their rows if their effect is gone from the schema.',
    },
  ];
}
