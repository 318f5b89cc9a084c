import { crc32 } from 'node:zlib';
import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, MigrationTool } from '../tool.ts';
import selectState from './golang-migrate.sql?raw';
import { columnNames, hasColumns } from './shared/columns.ts';
import { entryOfFile, entryOfRow } from './shared/entries.ts';
import { filesIn, foldersOf, joined } from './shared/find-folders.ts';
import { badName, downWithoutUp, emptiness, sameVersion } from './shared/folder-problems.ts';
import { isSqlxProject } from './shared/sqlx-project.ts';
import { stateSql } from './shared/state-sql.ts';
import { byNumber, fitsInt8, plainNumber } from './shared/versions.ts';

/** Rows as they stand; the tool itself keeps one at most. */
export interface GolangMigrateState {
  rows: { version: string; dirty: boolean }[];
}

/** `source/parse.go`; only `.sql`, because other extensions are for other databases' drivers. */
const FILE = /^(\d+)_(.*)\.(up|down)\.(sql)$/;
/** Factor of `database.GenerateAdvisoryLockId`. */
const LOCK_SALT = 1486364155n;

/**
 * golang-migrate. Its table holds one row, the version reached; which files ran on the way is not recorded. Facts:
 * `source/parse.go`, `migrate.go`, `database/postgres/postgres.go` and `database/util.go` of its source.
 */
export const golangMigrate: MigrationTool<GolangMigrateState> = {
  id: 'golang-migrate',
  title: 'golang-migrate',
  runner: 'own',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'which files ran on the way to the version'],

  recognise(table) {
    if (!hasColumns(table, { version: 'integer', dirty: 'boolean' })) return undefined;
    return {
      tool: 'golang-migrate',
      schema: table.schema,
      name: table.name,
      columns: columnNames(table),
      certainty: 'certain',
    };
  },

  async readState(query, table) {
    return { rows: await query(stateSql(selectState, { table })) };
  },

  lockKeys(database, table, schema) {
    return lockNames(database).map((name) =>
      lockKey(table?.schema ?? schema, table?.name ?? 'schema_migrations', name),
    );
  },

  async locate(folder) {
    const found = (await foldersOf(folder)).filter(({ entries }) => filesIn(entries, FILE).length > 0);
    const own = await Promise.all(found.map(async ({ path }) => !(await isSqlxProject(folder, path))));
    return found
      .filter((_, index) => own[index])
      .map(({ path }) => ({ tool: 'golang-migrate', folder: path, config: null, table: null, settings: {} }));
  },

  async readFolder(folder, location) {
    const problems: TrackProblem[] = [];
    const ups = new Map<string, string>();
    const downs = new Map<string, string>();
    for (const { name } of filesIn(await folder.list(location.folder), /\.sql$/)) {
      const match = FILE.exec(name);
      const version = plainNumber(match?.[1] ?? '');
      if (!match || !fitsInt8(version)) {
        problems.push(
          badName(
            name,
            'golang-migrate passes over it: it looks for VERSION_name.up.sql and .down.sql.',
            'notice',
          ),
        );
        continue;
      }
      const side = match[3] === 'up' ? ups : downs;
      const twin = side.get(version);
      if (twin)
        problems.push(sameVersion('golang-migrate', version, [twin, name], 'refuses to read the folder.'));
      else side.set(version, name);
    }
    const versions = [...new Set([...ups.keys(), ...downs.keys()])].sort(byNumber);
    const migrations = versions.map((version) => migration(version, location.folder, ups, downs));
    for (const [version, down] of downs) {
      if (!ups.has(version))
        problems.push(
          downWithoutUp(down, `On the way up golang-migrate sets version ${version} and runs nothing.`),
        );
    }
    const empty = await emptiness(folder, location, versions.length, 'golang-migrate');
    return { migrations, problems: empty ? [empty, ...problems] : problems };
  },

  status(state, reading) {
    const problems = [...(reading?.problems ?? [])];
    const row = state?.rows[0];
    if (state && state.rows.length > 1) problems.push(manyRows(state.rows.length));
    if (!row) {
      const entries = (reading?.migrations ?? []).map((file) => entryOfFile(file, 'pending'));
      return { current: [], heads: [], dirty: null, entries, problems };
    }
    const dirty = row.dirty ? { version: row.version, why: whyDirty(row.version) } : null;
    // Version -1 is what a failed step below the first file leaves.
    const none = row.version.startsWith('-');
    const current = none ? [] : [row.version];
    if (!reading)
      return { current, heads: [], dirty, entries: none ? [] : [alone(row, 'applied')], problems };
    const entries = merge(reading.migrations, row, none);
    if (!none && !reading.migrations.some(({ id }) => id === row.version)) problems.push(noFile(row.version));
    return { current, heads: [], dirty, entries, problems };
  },
};

/**
 * What callers of the tool name the database for the lock: its command line has the URL's path, the library the
 * database's name or what it was given (`WithInstance`), and a URL with `?dbname=` leaves `/`.
 */
export const lockNames = (database: string): string[] => [`/${database}`, database, '/'];

/** The key of `pg_advisory_lock` by which one caller keeps others of the same name out. */
export function lockKey(schema: string, table: string, name: string): bigint {
  const sum = crc32(Buffer.from([schema, table, name].join('\0'), 'utf8'));
  return (BigInt(sum) * LOCK_SALT) % 2n ** 32n;
}

function migration(
  version: string,
  folder: string,
  ups: Map<string, string>,
  downs: Map<string, string>,
): FolderMigration {
  const up = ups.get(version);
  const down = downs.get(version);
  return {
    id: version,
    name: (up ?? down ?? version).replace(/\.(up|down)\.sql$/, ''),
    file: up === undefined ? null : joined(folder, up),
    downFile: down === undefined ? null : joined(folder, down),
    reversible: down !== undefined,
    parents: [],
    labels: [],
    checksums: null,
  };
}

/** Files up to the version count as applied: that is all the tool knows, and what it goes by. */
function merge(
  migrations: readonly FolderMigration[],
  row: { version: string; dirty: boolean },
  none: boolean,
): MigrationEntry[] {
  const entries: MigrationEntry[] = [];
  let placed = none;
  for (const file of migrations) {
    const order = none ? 1 : byNumber(file.id, row.version);
    if (order > 0 && !placed) {
      entries.push(alone(row));
      placed = true;
    }
    if (order === 0) {
      entries.push(
        entryOfFile(file, row.dirty ? 'failed' : 'applied', row.dirty ? [whyDirty(row.version)] : []),
      );
      placed = true;
    } else entries.push(entryOfFile(file, order < 0 ? 'applied' : 'pending'));
  }
  if (!placed) entries.push(alone(row));
  if (row.dirty) noteNext(entries, row.version, none);
  return entries;
}

/** A dirty version is the target of the failed step, so a step down has failed within the file above it. */
function noteNext(entries: MigrationEntry[], version: string, none: boolean): void {
  const next = none ? entries[0] : entries[entries.findIndex(({ id }) => id === version) + 1];
  if (!next) return;
  if (none) next.state = 'failed';
  next.notes.push(
    none
      ? 'Its down file failed: what of it is still there can’t be told.'
      : 'If the failed step was a step down, it was this file’s: what of it is still there can’t be told.',
  );
}

const alone = (
  row: { version: string; dirty: boolean },
  state: 'applied' | 'missing' = 'missing',
): MigrationEntry =>
  entryOfRow(
    { id: row.version, notes: row.dirty ? [whyDirty(row.version)] : [] },
    row.dirty ? 'failed' : state,
    { missing: 'golang-migrate refuses to go on from a version that has no file.' },
  );

const whyDirty = (version: string): string =>
  version.startsWith('-')
    ? 'The down file of the first version failed, or was broken off.'
    : `A step to version ${version} failed, or was broken off: up by its own file, or down from the version after it.`;

const manyRows = (count: number): TrackProblem => ({
  severity: 'bad',
  what: `The state table has ${count} rows.`,
  why: 'golang-migrate keeps one and reads whichever comes first; something else has written there.',
  next: 'Find out which version is true, and force it.',
  cause: 'golang-migrate-many-rows',
});

const noFile = (version: string): TrackProblem => ({
  severity: 'bad',
  what: `The database is at version ${version}, and no file has it.`,
  why: 'golang-migrate refuses to go on: “no migration found for version”. Perhaps another branch is checked out.',
  next: 'Bring the file back, or force the version that the database is really at.',
  cause: 'migration-file-missing',
});
