import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, MigrationTool } from '../tool.ts';
import selectRows from './drizzle.sql?raw';
import { drizzleFolders, type Journal, readJournal, readStamped } from './drizzle-folder.ts';
import { columnNames, hasColumns } from './shared/columns.ts';
import { entryOfBoth, entryOfFile, entryOfRow, markOutOfOrder } from './shared/entries.ts';
import { emptiness } from './shared/folder-problems.ts';
import { stateSql } from './shared/state-sql.ts';
import { byNumber } from './shared/versions.ts';

interface Row {
  id: string;
  hash: string;
  /** ms since 1970, when the migration was written, not when it ran. */
  created: string | null;
  /** Kept by 1.0 only. */
  name: string | null;
}

export interface DrizzleState {
  rows: Row[];
  /** The table has the columns that 1.0 adds. */
  stamped: boolean;
}

/**
 * Drizzle 0.x, and what can be told of 1.0. What is pending, 0.x decides by the newest `created_at` alone. Facts:
 * `drizzle-orm/src/pg-core/dialect.ts` and `migrator.ts` of its source.
 */
export const drizzle: MigrationTool<DrizzleState> = {
  id: 'drizzle',
  title: 'Drizzle',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'failures'],

  recognise(table) {
    if (!hasColumns(table, { id: 'integer', hash: 'text', created_at: 'bigint' })) return undefined;
    const columns = columnNames(table);
    const known = ['id', 'hash', 'created_at', 'name', 'applied_at'];
    if (columns.some((name) => !known.includes(name))) return undefined;
    return { tool: 'drizzle', schema: table.schema, name: table.name, columns, certainty: 'certain' };
  },

  async readState(query, table) {
    const rows = await query<Row>(stateSql(selectRows, { table }));
    return { rows, stamped: table.columns.includes('name') };
  },

  locate: drizzleFolders,

  async readFolder(folder, location) {
    const read =
      location.settings.layout === 'stamped'
        ? await readStamped(folder, location)
        : await readJournal(folder, location);
    const empty = await emptiness(folder, location, read.migrations.length, 'Drizzle');
    return empty ? { ...read, problems: [empty, ...read.problems] } : read;
  },

  status(state, reading) {
    const rows = state?.rows ?? [];
    const problems = [...(reading?.problems ?? [])];
    const newest = rows.reduce(
      (best, { created }) => (byNumber(created ?? '0', best) > 0 ? (created ?? '0') : best),
      '0',
    );
    const last = rows.findLast(({ created }) => created === newest);
    if (state?.stamped) problems.push(oneDotNought);
    if (!reading) {
      return {
        current: last ? [last.name ?? last.id] : [],
        heads: [],
        dirty: null,
        entries: rows.map((row) =>
          entryOfRow({ id: row.name ?? `row ${row.id}`, notes: [written(row)] }, 'applied'),
        ),
        problems,
      };
    }
    const journal = reading.extra as Journal;
    const { entries, used } = merge(rows, reading.migrations, journal, newest, state?.stamped === true);
    for (const row of rows) if (!used.has(row)) entries.push(orphan(row));
    const current = entries.findLast(({ state }) => state === 'applied' || state === 'changed');
    return { current: current ? [current.id] : [], heads: [], dirty: null, entries, problems };
  },
};

/** By the name where it is kept; else by the time of writing, and by the content where that was changed. */
function merge(
  rows: readonly Row[],
  migrations: readonly FolderMigration[],
  journal: Journal,
  newest: string,
  stamped: boolean,
): { entries: MigrationEntry[]; used: Set<Row> } {
  const used = new Set<Row>();
  const byTime = Map.groupBy(rows, ({ created }) => created ?? '');
  const byHash = Map.groupBy(rows, ({ hash }) => hash);
  const byName = Map.groupBy(rows, ({ name }) => name ?? '');
  const free = (found: Row[] | undefined): Row | undefined => found?.find((row) => !used.has(row));
  const when = (id: string): string => journal.when[id] ?? '0';
  const matched = new Map<string, Row>();
  for (const { id } of migrations) {
    const row = free(byName.get(id)) ?? free(byTime.get(when(id)));
    if (row) matched.set(id, row);
    if (row) used.add(row);
  }
  const entries = migrations.map((file) => {
    const row =
      matched.get(file.id) ?? (file.checksums ?? []).map((hash) => free(byHash.get(hash))).find(Boolean);
    if (row) {
      used.add(row);
      const moved = matched.has(file.id)
        ? []
        : ['Its file is the one that ran; its time in the journal was changed since.'];
      return entryOfBoth(
        file,
        { id: file.id, checksum: row.hash, notes: moved },
        { changed: 'Drizzle does not compare it, and will not run it again.' },
      );
    }
    if (stamped || byNumber(when(file.id), newest) > 0) return entryOfFile(file, 'pending');
    return entryOfFile(file, 'out-of-order', [
      'A migration written later is applied, so Drizzle passes over this one without a word.',
    ]);
  });
  if (stamped) markOutOfOrder(entries);
  return { entries, used };
}

const written = ({ created }: Row): string =>
  created === null
    ? 'The table does not say when it was written.'
    : `It was written at ${new Date(Number(created)).toISOString()}; when it ran is not recorded.`;

const orphan = (row: Row): MigrationEntry =>
  entryOfRow({ id: row.name ?? `row ${row.id}`, notes: [written(row)] }, 'missing', {
    missing: 'No file has its time or its content. Drizzle does not mind.',
  });

const oneDotNought: TrackProblem = {
  severity: 'notice',
  what: 'The state table is that of Drizzle 1.0.',
  why: 'It has columns that 0.x does not write. Migrations are told apart by their names then.',
  next: 'Compare with what `drizzle-kit migrate` says before relying on it.',
  cause: 'drizzle-one',
};
