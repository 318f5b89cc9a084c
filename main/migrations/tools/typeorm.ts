import type { FolderReading, MigrationTool, TrackReading } from '../tool.ts';
import { inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';
import stateText from './typeorm.sql?raw';
import { byStamp, locateTypeorm, readTypeorm } from './typeorm-files.ts';

/** Names in the order in which they were applied. */
export type TypeormState = string[];

/** TypeORM. Source: `migration/MigrationExecutor.ts` of TypeORM 0.3. */
export const typeorm: MigrationTool<TypeormState> = {
  id: 'typeorm',
  title: 'TypeORM',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    if (names.length !== 3 || !['id', 'timestamp', 'name'].every((column) => names.includes(column)))
      return undefined;
    if (columns.find((column) => column.name === 'timestamp')?.type !== 'bigint') return undefined;
    return { tool: 'typeorm', schema, name, columns: names, certainty: 'certain' };
  },
  readState: async (query, table) =>
    (await query<{ name: string }>(stateSql(stateText, { table }))).map(({ name }) => name),
  locate: locateTypeorm,
  readFolder: readTypeorm,
  status: typeormStatus,
};

function typeormStatus(state: TypeormState | undefined, reading: FolderReading | undefined): TrackReading {
  const rows = state ?? [];
  const entries = mergeEntries(
    rows.map((id) => ({ id })),
    reading,
    {
      order: byStamp,
      missing: 'No class of the folder has this name; migration:revert fails once it is the last one.',
      outOfOrder: 'TypeORM runs it with the next migration:run, after later ones.',
    },
  );
  // What revert takes back is the row that was written last, not the latest stamp.
  return inLine(entries, reading?.problems ?? [], rows.at(-1));
}
