import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderView, MigrationTool, ToolLocation } from '../tool.ts';
import selectVersions from './goose.sql?raw';
import { columnNames, hasColumns } from './shared/columns.ts';
import { overAll, someSay } from './shared/content.ts';
import { byteOrderMark, decodeText } from './shared/decode-text.ts';
import { mergeEntries } from './shared/entries.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, joined, relativeTo } from './shared/find-folders.ts';
import { badName, emptiness, rowsWithoutFile, sameVersion } from './shared/folder-problems.ts';
import { environmentFile } from './shared/settings-files.ts';
import { stateSql } from './shared/state-sql.ts';
import { byNumber, fitsInt8, plainNumber } from './shared/versions.ts';

/** The newest row of each version, as goose's status looks at them. `at` has no time zone. */
export interface GooseState {
  rows: { id: string; version: string; applied: boolean; at: string | null }[];
}

const FILE = /^([^_]*)_.*\.(sql|go)$/;
// A byte order mark before the dashes hides the line from goose, and `\s` would not see it.
const UP = /^[ \t]*--[ \t]*\+goose[ \t]+up\b/im;
const DOWN = /^[ \t]*--[ \t]*\+goose[ \t]+down\b/im;
const SETTINGS = ['GOOSE_MIGRATION_DIR', 'GOOSE_TABLE'];

/**
 * goose. A row an act, the newest of a version counts; version 0 is there from the beginning. The current version is that
 * of the newest row, not the highest. Facts: `migrate.go`, `migration.go`, `status.go`, `up.go` of its source.
 */
export const goose: MigrationTool<GooseState> = {
  id: 'goose',
  title: 'goose',
  runner: 'own',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],

  recognise(table) {
    if (
      !hasColumns(table, { id: 'integer', version_id: 'bigint', is_applied: 'boolean', tstamp: 'timestamp' })
    )
      return undefined;
    return {
      tool: 'goose',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { rows: await query(stateSql(selectVersions, { table })) };
  },

  // The command line takes no lock; a program that uses the library may.
  lockKeys: () => [4097083626n],

  async locate(folder) {
    const settings = await environmentFile(folder, '', SETTINGS);
    const [first, second] = (settings.get('GOOSE_TABLE') ?? '').split('.');
    const table = first ? (second ? { schema: first, name: second } : { schema: null, name: first }) : null;
    const named = settings.get('GOOSE_MIGRATION_DIR');
    const paths = new Set(named ? [relativeTo('', named)] : []);
    for (const { path, entries } of await foldersOf(folder)) {
      const sql = filesIn(entries, /^\d+_.*\.sql$/);
      const go = filesIn(entries, /^\d+_.*(?<!_test)\.go$/);
      if (await someSay(folder, path, sql, UP)) paths.add(path);
      else if (await someSay(folder, path, go, /\bgoose\.AddMigration|goose\.AddNamedMigration/))
        paths.add(path);
    }
    const config = settings.size > 0 ? '.env' : null;
    return [...paths].map((path) => ({ tool: 'goose', folder: path, config, table, settings: {} }));
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const byVersion = new Map<string, string>();
    for (const { name } of filesIn(await folder.list(location.folder), /(?<!_test)\.(sql|go)$/)) {
      const version = versionOf(name);
      if (version === undefined) {
        // Go's other files are no migrations; for SQL there is no such excuse.
        if (name.endsWith('.sql')) problems.push(wrongName(name));
        continue;
      }
      const twin = byVersion.get(version);
      if (twin) problems.push(sameVersion('goose', version, [twin, name], 'stops with “duplicate version”.'));
      else byVersion.set(version, name);
    }
    const files = [...byVersion].sort(([a], [b]) => byNumber(a, b));
    const read = await overAll(files, ([version, name]) => readMigration(folder, location, version, name));
    for (const { problem } of read) if (problem) problems.push(problem);
    const empty = await emptiness(folder, location, files.length, 'goose');
    return {
      migrations: read.map(({ migration }) => migration),
      problems: empty ? [empty, ...problems] : problems,
    };
  },

  status(state, reading) {
    const rows = (state?.rows ?? []).filter(({ version }) => version !== '0');
    const recorded = rows
      // One that was taken back and has no file is history only.
      .filter(({ applied, version }) => applied || reading?.migrations.some(({ id }) => id === version))
      .map(({ version, applied, at }) =>
        applied
          ? { id: version, appliedAt: at }
          : { id: version, state: 'rolled-back' as const, notes: [takenBack(at)] },
      );
    const entries = mergeEntries(recorded, reading, {
      order: byNumber,
      outOfOrder: 'goose refuses to go on while it is there, unless it is called with -allow-missing.',
      missing: 'goose’s own status does not show it.',
    });
    const missing = entries.filter(({ state }) => state === 'missing').map(({ id }) => id);
    const newest = rows
      .filter(({ applied }) => applied)
      .reduce<{ id: string; version: string } | undefined>(
        (best, row) => (best && byNumber(best.id, row.id) > 0 ? best : row),
        undefined,
      );
    return {
      current: newest ? [newest.version] : [],
      heads: [],
      dirty: null,
      entries,
      problems: [
        ...(reading?.problems ?? []),
        ...rowsWithoutFile(missing, 'goose can’t roll back to before them without their files.'),
      ],
    };
  },
};

/** `NumericComponent`: the text before the first `_` as an integer from 1. */
function versionOf(name: string): string | undefined {
  const digits = FILE.exec(name)?.[1] ?? '';
  if (!/^\+?\d+$/.test(digits)) return undefined;
  const version = plainNumber(digits.replace('+', ''));
  return version !== '0' && fitsInt8(version) ? version : undefined;
}

async function readMigration(
  folder: FolderView,
  location: ToolLocation,
  version: string,
  name: string,
): Promise<{ migration: FolderMigration; problem?: TrackProblem }> {
  const file = joined(location.folder, name);
  const migration: FolderMigration = {
    id: version,
    name: name.replace(/\.(sql|go)$/, ''),
    file,
    downFile: null,
    reversible: null,
    parents: [],
    labels: [],
    checksums: null,
    ...(name.endsWith('.go') ? { kind: 'go' } : {}),
  };
  if (name.endsWith('.go')) return { migration };
  let text: string;
  try {
    const bytes = await folder.bytes(file);
    text = `${byteOrderMark(bytes) > 0 ? '\ufeff' : ''}${decodeText(bytes, file)}`;
  } catch (error) {
    return { migration, problem: asTrackProblem(error) };
  }
  const down = DOWN.test(text);
  const read = { ...migration, downFile: down ? file : null, reversible: down };
  return UP.test(text) ? { migration: read } : { migration: read, problem: noUp(file) };
}

const takenBack = (at: string | null): string =>
  `It was taken back${at ? ` at ${at}, by the server’s clock` : ''}; goose counts it as pending.`;

const wrongName = (file: string): TrackProblem =>
  badName(file, 'goose stops at it: it wants a whole number from 1, then “_”, then a name.', 'bad');

const noUp = (file: string): TrackProblem => ({
  severity: 'bad',
  what: `goose refuses ${file}.`,
  why: 'It has no line “-- +goose Up”; a byte order mark before it hides it, too.',
  next: 'Put the line above the statements, and save the file without a byte order mark.',
  cause: 'goose-annotation-missing',
});
