import type { FolderReading, MigrationTool, TrackReading } from '../tool.ts';
import { stemOf } from './code/project-tree.ts';
import stateText from './sequelize.sql?raw';
import { locateSequelize, MIGRATION, readSequelize } from './sequelize-files.ts';
import { inLine, mergeEntries } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

export type SequelizeState = string[];

/**
 * Sequelize's command line and programs that use umzug. Source: `core/migrator` of sequelize-cli 6 and `umzug` 3.
 */
export const sequelize: MigrationTool<SequelizeState> = {
  id: 'sequelize',
  title: 'Sequelize / umzug',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns, primaryKey }) => {
    const names = columns.map((column) => column.name);
    const [first] = columns;
    const stamps = names.slice(1).every((column) => column === 'createdAt' || column === 'updatedAt');
    // The same table under this name holds the seeders that ran.
    if (
      first?.name !== 'name' ||
      !stamps ||
      !first.type.startsWith('character varying') ||
      name === 'SequelizeData'
    )
      return undefined;
    if (primaryKey.length !== 1 || primaryKey[0] !== 'name') return undefined;
    const certainty = name === 'SequelizeMeta' ? 'certain' : 'probable';
    return { tool: 'sequelize', schema, name, columns: names, certainty };
  },
  readState: async (query, table) =>
    (await query<{ name: string }>(stateSql(stateText, { table }))).map(({ name }) => name),
  locate: locateSequelize,
  readFolder: readSequelize,
  status: sequelizeStatus,
};

function sequelizeStatus(
  state: SequelizeState | undefined,
  reading: FolderReading | undefined,
): TrackReading {
  const ids = new Map((reading?.migrations ?? []).map(({ id }) => [id, id]));
  const stems = new Map((reading?.migrations ?? []).map(({ id }) => [stemOf(id), id]));
  // A program may register its migrations without their extension.
  const idOf = (row: string): string =>
    ids.get(row) ?? (MIGRATION.test(row) ? undefined : stems.get(row)) ?? row;
  const entries = mergeEntries(
    (state ?? []).map((row) => ({ id: idOf(row), name: row })),
    reading,
    {
      order: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      missing: 'Its file was deleted or renamed, or is on another branch; it can’t be taken back without it.',
      outOfOrder: 'It is run with the next db:migrate, after later ones.',
    },
  );
  return inLine(entries, reading?.problems ?? []);
}
