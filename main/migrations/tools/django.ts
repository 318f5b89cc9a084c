import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderReading, MigrationTool, TrackReading } from '../tool.ts';
import stateText from './django.sql?raw';
import { locateDjango } from './django-apps.ts';
import { type DjangoExtra, keyOf, type MigrationKey, readDjango } from './django-files.ts';
import { type DjangoPlan, djangoPlan } from './django-graph.ts';
import { entryOfFile, entryOfRow, type Recorded } from './shared/entries.ts';
import { stateSql } from './shared/state-sql.ts';

export interface DjangoRow {
  app: string;
  name: string;
  /** ISO 8601 in UTC. */
  appliedAt: string;
}

/**
 * Django. The plan depends on the rows too: a squashed migration stands for those it replaces when all or none of them
 * are applied. Source: `db/migrations/{loader,graph,recorder}.py` of Django 3.2 and 5.2.
 */
export const django: MigrationTool<DjangoRow[]> = {
  id: 'django',
  title: 'Django',
  runner: 'driven',
  unrecorded: ['by whom', 'how long', 'checksum', 'failures'],
  recognise: ({ schema, name, columns }) => {
    const names = columns.map((column) => column.name);
    if (names.length !== 4 || !['id', 'app', 'name', 'applied'].every((column) => names.includes(column)))
      return undefined;
    if (!columns.some((column) => column.name === 'applied' && column.type.startsWith('timestamp')))
      return undefined;
    return { tool: 'django', schema, name, columns: names, certainty: 'certain' };
  },
  readState: async (query, table) => await query<DjangoRow>(stateSql(stateText, { table })),
  locate: locateDjango,
  readFolder: readDjango,
  status: djangoStatus,
};

function djangoStatus(state: DjangoRow[] | undefined, reading: FolderReading | undefined): TrackReading {
  const rows = (state ?? []).map((row): Recorded & DjangoRow & { id: MigrationKey } => ({
    ...row,
    id: keyOf(row.app, row.name),
    labels: [row.app],
  }));
  if (!reading) {
    const entries = rows.map((row) => ({ ...entryOfRow(row, 'applied'), name: row.id }));
    return { current: lastOfApps(rows), heads: [], dirty: null, entries, problems: [] };
  }
  const extra = reading.extra as DjangoExtra;
  const apps = new Set(extra.apps);
  const plan = djangoPlan(extra.migrations, new Set(rows.map(({ id }) => id)), apps);
  const inPlan = new Set(plan.order);
  const byId = new Map(reading.migrations.map((migration) => [migration.id, migration]));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const early = tooEarly(plan);

  const planned = plan.order.flatMap((key): MigrationEntry[] => {
    const migration = byId.get(key);
    if (!migration) return [];
    const entry = entryOfFile(
      { ...migration, parents: plan.parents.get(key) ?? [] },
      plan.applied.has(key) ? 'applied' : early.has(key) ? 'out-of-order' : 'pending',
    );
    entry.appliedAt = rowOf.get(key)?.appliedAt ?? null;
    if (plan.implied.has(key))
      entry.notes.push(
        'It has no row of its own: all that it replaces is applied. The next migrate records it.',
      );
    if (early.has(key)) entry.notes.push(`Applied though it comes after this one: ${early.get(key)}.`);
    return [entry];
  });
  const passedOver = reading.migrations
    .filter(({ id }) => !inPlan.has(id as MigrationKey))
    .map((migration) => {
      const squash = plan.replaced.get(migration.id as MigrationKey);
      const note = squash
        ? `Django takes ${squash} for it.`
        : 'It replaces migrations of which some are applied and some are not, so Django goes by those.';
      return {
        ...entryOfFile(migration, 'ignored', [note]),
        appliedAt: rowOf.get(migration.id as MigrationKey)?.appliedAt ?? null,
      };
    });
  const alone = rows
    .filter(({ id }) => !byId.has(id))
    .map((row) => ({ ...rowAlone(row, plan, apps, extra.doubtful), name: row.id }));
  return {
    current: lastOfApps(rows),
    heads: [...plan.leaves.values()].flat(),
    dirty: null,
    entries: [...planned, ...passedOver, ...alone],
    problems: [...reading.problems, ...planProblems(plan, early), ...foreignApps(rows, apps)],
  };
}

/** An entry of a row that no file of the project has. */
function rowAlone(
  row: Recorded & { id: MigrationKey; app: string },
  plan: DjangoPlan,
  apps: ReadonlySet<string>,
  doubtful: readonly string[],
): MigrationEntry {
  const squash = plan.replaced.get(row.id);
  if (squash)
    return { ...entryOfRow(row, 'ignored'), notes: [`${squash} replaces it, and its file is gone.`] };
  if (!apps.has(row.app))
    return {
      ...entryOfRow(row, 'applied'),
      notes: [`The files of the app ${row.app} are not in this project.`],
    };
  if (doubtful.includes(row.app))
    return {
      ...entryOfRow(row, 'unknown'),
      notes: [`A file of the app ${row.app} can’t be read; it may be this one.`],
    };
  return {
    ...entryOfRow(row, 'missing'),
    notes: [
      `Django passes over a row without a file; migrate ${row.app} --prune removes those of a squashed past.`,
    ],
  };
}

/** Pending ones that something applied comes after, with one of those. */
function tooEarly({ order, parents, applied }: DjangoPlan): Map<MigrationKey, MigrationKey> {
  const early = new Map<MigrationKey, MigrationKey>();
  for (const key of order) {
    if (!applied.has(key)) continue;
    for (const parent of parents.get(key) ?? []) if (!applied.has(parent)) early.set(parent, key);
  }
  return early;
}

/** The row that was written last, of each app. */
function lastOfApps(rows: readonly { app: string; id: MigrationKey }[]): MigrationKey[] {
  return [...new Map(rows.map(({ app, id }) => [app, id])).values()];
}

function planProblems(plan: DjangoPlan, early: ReadonlyMap<MigrationKey, MigrationKey>): TrackProblem[] {
  const problems: TrackProblem[] = [];
  for (const { key, target } of plan.dangling) {
    problems.push({
      severity: 'bad',
      cause: 'migration-dangling',
      what: `${key} depends on ${target}, which is not there.`,
      why: 'Django refuses every command on migrations with NodeNotFoundError.',
      next: `Bring back the file of ${target}, or correct the dependency.`,
    });
  }
  if (plan.circle.length > 0) {
    problems.push({
      severity: 'bad',
      cause: 'migration-circle',
      what: `Migrations depend on themselves: ${plan.circle.join(', ')}.`,
      why: 'Their dependencies lead round in a circle; Django refuses with CircularDependencyError.',
      next: 'Correct the dependencies of the one that was made last.',
    });
  }
  for (const [app, leaves] of plan.leaves) {
    if (leaves.length < 2) continue;
    problems.push({
      severity: 'bad',
      cause: 'several-leaves',
      what: `The app ${app} has ${leaves.length} leaf nodes: ${leaves.join(', ')}.`,
      why: 'Nothing of the app comes after any of them, and migrate refuses until they are brought together.',
      next: 'Run makemigrations --merge.',
      command: `python manage.py makemigrations --merge ${app}`,
    });
  }
  for (const key of plan.unusable) {
    problems.push({
      severity: 'warning',
      cause: 'squash-half-applied',
      what: `${key} can’t be used here.`,
      why: 'It replaces migrations of which some are applied and some are not.',
      next: 'Apply the rest of what it replaces first, with their files there; Django then counts it as applied.',
    });
  }
  for (const [key, child] of early) {
    problems.push({
      severity: 'bad',
      cause: 'history-inconsistent',
      what: `${child} is applied, and ${key}, which it depends on, is not.`,
      why: 'Django refuses to migrate with InconsistentMigrationHistory.',
      next: 'If its effect is in the schema, record it with migrate --fake; else take back what came after it.',
    });
  }
  return problems;
}

function foreignApps(rows: readonly { app: string }[], apps: ReadonlySet<string>): TrackProblem[] {
  const foreign = [...new Set(rows.map(({ app }) => app))].filter((app) => !apps.has(app)).sort();
  if (foreign.length === 0) return [];
  return [
    {
      severity: 'notice',
      cause: 'apps-elsewhere',
      what: `Pending migrations of ${foreign.join(', ')} can’t be seen.`,
      why: 'Their files are not in this project: they come with installed packages, or their app was removed.',
      next: 'Run showmigrations for them.',
      command: 'python manage.py showmigrations --plan',
    },
  ];
}
