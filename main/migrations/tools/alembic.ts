import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderReading, MigrationTool, TrackReading } from '../tool.ts';
import stateText from './alembic.sql?raw';
import { locateAlembic } from './alembic-config.ts';
import { type AlembicExtra, readAlembic } from './alembic-files.ts';
import { closure } from './alembic-graph.ts';
import { listed } from './alembic-problems.ts';
import { entryOfFile, entryOfRow } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

/** Revisions that the table names: the heads of what is applied. */
export type AlembicState = string[];

/**
 * Alembic. Its table holds the applied heads alone; what they come after is applied too. Source: `runtime/migration.py`
 * and `script/revision.py` of Alembic 1.8 and 1.20.
 */
export const alembic: MigrationTool<AlembicState> = {
  id: 'alembic',
  title: 'Alembic',
  runner: 'driven',
  unrecorded: ['when', 'by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const [only, another] = columns;
    if (only?.name !== 'version_num' || another || !only.type.startsWith('character varying'))
      return undefined;
    return { tool: 'alembic', schema, name, columns: ['version_num'], certainty: 'certain' };
  },
  readState: async (query, table) =>
    (await query<{ revision: string }>(stateSql(stateText, { table }))).map(({ revision }) => revision),
  locate: locateAlembic,
  readFolder: readAlembic,
  status: alembicStatus,
};

function alembicStatus(state: AlembicState | undefined, reading: FolderReading | undefined): TrackReading {
  const rows = state ?? [];
  if (!reading) {
    const entries = rows.map((id) => entryOfRow({ id }, 'applied'));
    return { current: rows, heads: [], dirty: null, entries, problems: [] };
  }
  const { graph, unread } = reading.extra as AlembicExtra;
  const lost = rows.filter((id) => !graph.files.has(id));
  const applied = closure(
    graph.parents,
    rows.filter((id) => graph.files.has(id)),
  );
  const doubt = doubtOf(graph.uncertain, applied, lost);
  const circle = new Set(graph.circle);
  const entries = reading.migrations.map((migration): MigrationEntry => {
    if (applied.has(migration.id)) return entryOfFile(migration, 'applied');
    if (circle.has(migration.id) || doubt) return entryOfFile(migration, 'unknown', doubt ? [doubt] : []);
    return entryOfFile(migration, 'pending');
  });
  const missing = lost.map((id) =>
    entryOfRow(
      { id, notes: ['No file holds this revision: it was deleted, or is on another branch.'] },
      'missing',
    ),
  );
  return {
    current: rows,
    heads: graph.heads,
    dirty: null,
    entries: [...entries, ...missing],
    problems: [...reading.problems, ...lostRows(lost, unread), ...overlaps(rows, graph.parents)],
  };
}

/** Why the applied set may be larger than what can be followed; undefined when it is whole. */
function doubtOf(
  uncertain: ReadonlySet<string>,
  applied: ReadonlySet<string>,
  lost: readonly string[],
): string | undefined {
  if (lost.length > 0) return `It may be applied: what comes before ${listed(lost)} can’t be followed.`;
  const broken = [...uncertain].filter((id) => applied.has(id));
  return broken.length > 0
    ? `It may be applied: what comes before ${listed(broken)} can’t be followed.`
    : undefined;
}

function lostRows(lost: readonly string[], unread: readonly string[]): TrackProblem[] {
  return lost.map((id) => ({
    severity: 'bad',
    cause: 'revision-lost',
    what: `The database stands at ${id}, and no file holds that revision.`,
    why:
      unread.length > 0
        ? `Its file was deleted, is on another branch, or is one that can’t be read: ${listed(unread)}.`
        : 'Its file was deleted or renamed, or the database was migrated from another branch.',
    next: `Bring the file back. Alembic says "Can't locate revision identified by '${id}'" until then; alembic stamp --purge sets the table by hand once you know where the schema stands.`,
  }));
}

/** Rows that another row already implies: Alembic refuses to go on from there. */
function overlaps(rows: readonly string[], parents: ReadonlyMap<string, readonly string[]>): TrackProblem[] {
  if (rows.length < 2) return [];
  return rows.flatMap((row) => {
    const before = closure(parents, parents.get(row) ?? []);
    const implied = rows.filter((other) => other !== row && before.has(other));
    return implied.map((other) => ({
      severity: 'bad' as const,
      cause: 'revision-overlap',
      what: `The table holds ${row} and ${other}, though ${row} comes after ${other}.`,
      why: 'It holds the last applied revision of each branch only; Alembic refuses a row that another one implies.',
      next: `Delete the row of ${other}.`,
    }));
  });
}
