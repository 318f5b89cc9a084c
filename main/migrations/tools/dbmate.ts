import type { TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderView, MigrationTool, ToolLocation } from '../tool.ts';
import selectVersions from './dbmate.sql?raw';
import { columnNames, hasOnlyColumns } from './shared/columns.ts';
import { overAll, someSay } from './shared/content.ts';
import { byteOrderMark, decodeText } from './shared/decode-text.ts';
import { inLine, mergeEntries, missingIds } from './shared/entries.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { filesIn, foldersOf, joined, relativeTo } from './shared/find-folders.ts';
import { emptiness, rowsWithoutFile, sameVersion } from './shared/folder-problems.ts';
import { environmentFile } from './shared/settings-files.ts';
import { stateSql } from './shared/state-sql.ts';
import { byCodePoint } from './shared/versions.ts';

export interface DbmateState {
  versions: string[];
}

/** `migrationFileRegexp` of `pkg/dbmate/db.go`. */
const FILE = /^(\d+).*\.sql$/;
/** `upRegExp` and `downRegExp` of `pkg/dbmate/migration.go`. */
const UP = /^--\s*migrate:up(\s*$|\s+\S+)/m;
const DOWN = /^--\s*migrate:down(\s*$|\s+\S+)/m;
const SETTINGS = ['DBMATE_MIGRATIONS_DIR', 'DBMATE_MIGRATIONS_TABLE'];

/**
 * dbmate. A row a version, and a file is applied when its leading digits, as a text, are in the table. Files run in the
 * order of their names as texts. Facts: `pkg/dbmate/db.go`, `pkg/dbmate/migration.go`, `pkg/driver/postgres` of its source.
 */
export const dbmate: MigrationTool<DbmateState> = {
  id: 'dbmate',
  title: 'dbmate',
  runner: 'own',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],

  recognise(table, siblings) {
    if (!hasOnlyColumns(table, { version: 'text' })) return undefined;
    // Rails has the same table, and another one beside it.
    if (siblings.some(({ name }) => name === 'ar_internal_metadata')) return undefined;
    if (table.primaryKey.length > 0 && table.primaryKey[0] !== 'version') return undefined;
    return {
      tool: 'dbmate',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'probable',
    };
  },

  async readState(query, table) {
    const rows = await query<{ version: string }>(stateSql(selectVersions, { table }));
    return { versions: rows.map(({ version }) => version) };
  },

  async locate(folder) {
    const settings = await environmentFile(folder, '', SETTINGS);
    const table = tableOf(settings.get('DBMATE_MIGRATIONS_TABLE'));
    const config = settings.size > 0 ? '.env' : null;
    const named = (settings.get('DBMATE_MIGRATIONS_DIR') ?? '').split(',').filter(Boolean);
    const paths = new Set(named.map((path) => relativeTo('', path)));
    for (const { path, entries } of await foldersOf(folder)) {
      if (await someSay(folder, path, filesIn(entries, FILE), UP)) paths.add(path);
    }
    return [...paths].map((path) => ({ tool: 'dbmate', folder: path, config, table, settings: {} }));
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const byVersion = new Map<string, string>();
    for (const { name } of filesIn(await folder.list(location.folder), FILE)) {
      const version = FILE.exec(name)?.[1] ?? '';
      const twin = byVersion.get(version);
      const consequence =
        'takes both for applied as soon as one of them is, and fails on the second before that.';
      if (twin) problems.push(sameVersion('dbmate', version, [twin, name], consequence));
      else byVersion.set(version, name);
    }
    const files = [...byVersion].sort(([, a], [, b]) => byCodePoint(a, b));
    const read = await overAll(files, ([version, name]) => readMigration(folder, location, version, name));
    for (const { problem } of read) if (problem) problems.push(problem);
    const empty = await emptiness(folder, location, files.length, 'dbmate');
    return {
      migrations: read.map(({ migration }) => migration),
      problems: empty ? [empty, ...problems] : problems,
    };
  },

  status(state, reading) {
    const entries = mergeEntries(
      (state?.versions ?? []).map((id) => ({ id })),
      reading,
      {
        order: byCodePoint,
        outOfOrder: 'dbmate runs it with the next `up` all the same, after what is applied.',
        missing: 'dbmate passes over it and can’t roll it back.',
      },
    );
    return inLine(entries, [
      ...(reading?.problems ?? []),
      ...rowsWithoutFile(missingIds(entries), 'dbmate’s own status does not show them.'),
    ]);
  },
};

async function readMigration(
  folder: FolderView,
  location: ToolLocation,
  version: string,
  name: string,
): Promise<{ migration: FolderMigration; problem?: TrackProblem }> {
  const file = joined(location.folder, name);
  const migration: FolderMigration = {
    id: version,
    name: name.replace(/\.sql$/, ''),
    file,
    downFile: null,
    reversible: null,
    parents: [],
    labels: [],
    checksums: null,
  };
  let text: string;
  let mark: boolean;
  try {
    const bytes = await folder.bytes(file);
    mark = byteOrderMark(bytes) > 0;
    text = decodeText(bytes, file);
  } catch (error) {
    return { migration, problem: asTrackProblem(error) };
  }
  const up = text.search(UP);
  const down = text.search(DOWN);
  const why = whyRefused(text, mark, up, down);
  if (why === undefined) {
    // A down part of comments alone takes nothing back.
    const reversible = hasStatement(text.slice(down));
    return { migration: { ...migration, downFile: file, reversible } };
  }
  return { migration, problem: refused(file, why) };
}

/** What dbmate stops at when it comes to run the file (`parseMigrationContents`); its status does not look. */
function whyRefused(text: string, mark: boolean, up: number, down: number): string | undefined {
  if (mark)
    return 'It begins with a byte order mark, which dbmate takes for a statement above “-- migrate:up”.';
  if (up < 0) return 'It has no line “-- migrate:up”.';
  if (down < 0) return 'It has no line “-- migrate:down”, which must be there even if nothing follows it.';
  if (down < up) return 'Its line “-- migrate:down” stands above “-- migrate:up”.';
  const before = text.slice(0, up).split('\n');
  return before.every((line) => /^\s*(--.*)?$/.test(line))
    ? undefined
    : 'A statement stands above “-- migrate:up”.';
}

const hasStatement = (text: string): boolean =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .some((line) => !/^\s*(--.*)?;?\s*$/.test(line));

const refused = (file: string, why: string): TrackProblem => ({
  severity: 'bad',
  what: `dbmate refuses ${file}.`,
  why,
  next: 'Put it right before the file is to be run.',
  cause: 'dbmate-directive-missing',
});

/** `DBMATE_MIGRATIONS_TABLE` may name the schema too. */
function tableOf(name: string | undefined): ToolLocation['table'] {
  if (!name) return null;
  const [first, second] = name.split('.');
  return second === undefined ? { schema: null, name } : { schema: first ?? null, name: second };
}
