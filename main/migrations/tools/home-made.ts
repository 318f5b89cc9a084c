import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { CandidateTable, MigrationTool } from '../tool.ts';
import selectRows from './home-made.sql?raw';
import { homeMadeFolders, readHomeMade } from './home-made-folder.ts';
import { choiceOf, type HomeMadeState, type HomeRow, recordedOf, unrecordedIn } from './home-made-match.ts';
import { columnNames, hasOnlyColumns, types } from './shared/columns.ts';
import { inLine, mergeEntries, missingIds } from './shared/entries.ts';
import { rowsWithoutFile } from './shared/folder-problems.ts';
import { stateSql } from './shared/state-sql.ts';
import { byNature } from './shared/versions.ts';

const TABLE =
  /migrat|schema_?(version|history|change)|db_?(version|patch|change)|applied_?(script|file|patch|change)|change_?log|patch(es|_history)/i;
/** What such a column is called, the likeliest first. */
const NAMES = [
  'filename',
  'file_name',
  'file',
  'script_name',
  'script',
  'migration_name',
  'migration',
  'name',
  'version',
  'id',
];
const TIMES =
  /^(applied|run|ran|executed|installed|migrated|created|performed|finished)(_?(at|on|time|date))?$|^(timestamp|date)$/i;
const CHECKSUMS = /^(file_?)?(checksum|hash|digest|sha_?(1|256)|md5)(_?(hex|sum))?$/i;

/**
 * A folder of SQL files and a table of their names, with a runner of the project's own. To be asked last: its table has
 * no shape of its own. Which column holds the names shows only when both sides are there (`status`).
 */
export const homeMade: MigrationTool<HomeMadeState> = {
  id: 'home-made',
  title: 'Home-made',
  runner: 'own',
  unrecorded: [],

  recognise(table) {
    if (!TABLE.test(table.name)) return undefined;
    // dbmate’s and Rails’s, and Diesel’s.
    if (
      hasOnlyColumns(table, { version: 'text' }) ||
      hasOnlyColumns(table, { version: 'text', run_on: 'timestamp' })
    )
      return undefined;
    const texts = table.columns.filter(({ type }) => types.text.test(type));
    const name = NAMES.find((wanted) => texts.some((column) => column.name.toLowerCase() === wanted));
    if (name === undefined) return undefined;
    return {
      tool: 'home-made',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'probable',
      home: {
        name: texts.find((column) => column.name.toLowerCase() === name)?.name ?? name,
        time: timeColumn(table),
        checksum: texts.find((column) => CHECKSUMS.test(column.name))?.name ?? null,
      },
    };
  },

  async readState(query, table) {
    const rows = await query<{ row: HomeRow }>(stateSql(selectRows, { table }));
    return { rows: rows.map(({ row }) => row), table };
  },

  locate: homeMadeFolders,
  readFolder: readHomeMade,

  status(state, reading) {
    const problems: TrackProblem[] = [...(reading?.problems ?? [])];
    const choice = state && choiceOf(state, reading?.migrations ?? []);
    const recorded = state && choice ? recordedOf(state, choice, reading?.migrations ?? []) : [];
    const entries = mergeEntries(recorded, reading, {
      order: byNature,
      outOfOrder: 'What the project’s own runner makes of that is not known.',
      missing: 'No file has the name that this row holds.',
      changed: 'Its file does not have the checksum that the table holds.',
    });
    if (state && choice && reading && state.rows.length > 0) problems.push(coverage(state, choice));
    problems.push(
      ...rowsWithoutFile(missingIds(entries), 'They were renamed or deleted, or another folder is meant.'),
    );
    return {
      ...inLine(entries, problems),
      ...(state && {
        unrecorded: unrecordedIn(state.table),
        ...(choice && { home: homeOf(state, choice.column) }),
      }),
    };
  },
};

function homeOf({ table: { columns, home } }: HomeMadeState, nameColumn: string) {
  return {
    columns,
    nameColumn,
    timeColumn: home?.time ?? null,
    checksumColumn: home?.checksum ?? null,
    described: home?.described ?? false,
  };
}

function timeColumn(table: CandidateTable): string | null {
  const times = table.columns.filter(({ type }) => types.timestamp.test(type));
  return (times.find(({ name }) => TIMES.test(name)) ?? times[0])?.name ?? null;
}

function coverage(state: HomeMadeState, choice: { column: string; matched: number }): TrackProblem {
  const total = state.rows.length;
  const all = choice.matched === total;
  return {
    severity: all ? 'notice' : 'warning',
    what: `${choice.matched} of ${total} rows match files.`,
    why: `Taken from ${state.table.schema}.${state.table.name}, column ${choice.column}, ${state.table.home?.described ? 'as it was described' : 'which fits the folder’s files best'}.`,
    next: all
      ? 'If that is another column, set it.'
      : 'If the files’ names are in another column, or it is another folder, set it.',
    cause: 'home-made-coverage',
  };
}
