import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderView, MigrationTool, ToolLocation } from '../tool.ts';
import { columnNames, hasColumns } from './shared/columns.ts';
import { digestsOf, overAll, textOrNothing } from './shared/content.ts';
import { entryOfBoth, entryOfFile, entryOfRow, markOutOfOrder, type Recorded } from './shared/entries.ts';
import { asTrackProblem } from './shared/file-problem.ts';
import { foldersOf, hasFile, joined, parentOf, relativeTo } from './shared/find-folders.ts';
import { emptiness, rowsWithoutFile } from './shared/folder-problems.ts';
import { sections } from './shared/settings-files.ts';
import { stateSql } from './shared/state-sql.ts';
import selectChanges from './sqitch.sql?raw';
import { type PlannedChange, parsePlan, type SqitchPlan } from './sqitch-plan.ts';

interface Row {
  /** `deploy` for what is deployed now, in its order; else the newest event of what is not. */
  event: 'deploy' | 'fail' | 'revert';
  id: string;
  hash: string | null;
  name: string;
  project: string;
  at: string;
  by: string;
  tags: string[];
}

export interface SqitchState {
  rows: Row[];
}

/**
 * Sqitch. Changes have ids made of their line in the plan and the line above; deploy scripts have SHA-1 sums. Facts:
 * `App::Sqitch` 1.3: `Engine/pg.sql`, `Plan.pm`, `Plan/Change.pm`, `Command/status.pm`.
 */
export const sqitch: MigrationTool<SqitchState> = {
  id: 'sqitch',
  title: 'Sqitch',
  runner: 'driven',
  unrecorded: ['how long'],

  recognise(table, siblings) {
    const own = { change_id: 'text', change: 'text', project: 'text', committed_at: 'timestamp' } as const;
    if (table.name !== 'changes' || !hasColumns(table, { ...own, planned_at: 'timestamp' })) return undefined;
    const names = new Set(siblings.map(({ name }) => name));
    if (!['tags', 'events', 'projects', 'dependencies'].every((name) => names.has(name))) return undefined;
    const { schema, name } = table;
    return { tool: 'sqitch', schema, name, columns: columnNames(table), certainty: 'certain' };
  },

  async readState(query, table) {
    const beside = (name: string) => ({ schema: table.schema, name });
    return {
      rows: await query(stateSql(selectChanges, { table, tags: beside('tags'), events: beside('events') })),
    };
  },

  lockKeys: () => [75474063n],

  async locate(folder) {
    const found: ToolLocation[] = [];
    const plans = new Set<string>();
    const all = await foldersOf(folder);
    for (const { path, entries } of all) {
      if (!hasFile(entries, 'sqitch.conf')) continue;
      const location = locationOf(path, await textOrNothing(folder, joined(path, 'sqitch.conf')));
      if (!location) continue;
      plans.add(location.settings.plan ?? '');
      found.push(location);
    }
    for (const { path, entries } of all) {
      if (hasFile(entries, 'sqitch.plan') && !plans.has(joined(path, 'sqitch.plan')))
        found.push(place(path, null, {}, 'sqitch'));
    }
    return found;
  },

  async readFolder(folder, location) {
    const path = location.settings.plan ?? joined(location.folder, 'sqitch.plan');
    let plan: SqitchPlan;
    try {
      plan = parsePlan(await folder.text(path, 16 * 1024 * 1024), path);
    } catch (error) {
      return { migrations: [], problems: [asTrackProblem(error, 'bad')] };
    }
    const problems: TrackProblem[] = [];
    const ids = new Map<string, string>();
    const parents = plan.changes.map((change, index) => {
      const before = plan.changes[index - 1]?.id;
      const needed = change.requires.map((need) => ids.get(need.replace(/^.*:/, '').replace(/@.*$/, '')));
      ids.set(change.name, change.id);
      return [...new Set([before, ...needed].filter((id) => id !== undefined))];
    });
    const migrations = await overAll([...plan.changes.entries()], async ([index, change]) => ({
      ...(await readChange(folder, location, change, problems)),
      parents: parents[index] ?? [],
    }));
    const empty = await emptiness(folder, location, migrations.length, 'Sqitch');
    const extra = { project: plan.project };
    return { migrations, problems: empty ? [empty, ...problems] : problems, extra };
  },

  status(state, reading) {
    const project = (reading?.extra as { project: string } | undefined)?.project;
    const all = state?.rows ?? [];
    const rows = project === undefined ? all : all.filter((row) => row.project === project);
    const deployed = rows.filter(({ event }) => event === 'deploy');
    const last = deployed.at(-1);
    const entries = reading
      ? merge(reading.migrations, rows)
      : deployed.map((row) => entryOfRow(recorded(row), 'applied'));
    const failed = entries.find(({ state }) => state === 'failed');
    const missing = entries.filter(({ state }) => state === 'missing').map(({ name }) => name);
    const others = [...new Set(all.map((row) => row.project))].filter((name) => name !== project);
    const head = reading?.migrations.at(-1)?.id;
    return {
      current: last ? [last.id] : [],
      heads: head ? [head] : [],
      dirty: failed
        ? {
            version: failed.id,
            why: `The last attempt to deploy ${failed.name} failed; Sqitch will try it again.`,
          }
        : null,
      entries,
      problems: [
        ...(reading?.problems ?? []),
        ...rowsWithoutFile(missing, 'Sqitch can’t go on from a change that the plan does not have.'),
        ...(project !== undefined && others.length > 0 ? [otherProjects(others)] : []),
      ],
    };
  },
};

/** By id; by name where the id is another one, because the plan was edited. */
function merge(migrations: readonly FolderMigration[], rows: readonly Row[]): MigrationEntry[] {
  const left = new Map(rows.map((row) => [row.id, row]));
  const take = (row: Row | undefined): Row | undefined => {
    if (row) left.delete(row.id);
    return row;
  };
  const matched = new Map(migrations.map(({ id }) => [id, take(left.get(id))]));
  const sameName = new Map<string, Row[]>();
  for (const row of left.values())
    if (row.event === 'deploy') sameName.set(row.name, [...(sameName.get(row.name) ?? []), row]);
  const entries = migrations.map((file) => {
    const row = matched.get(file.id);
    if (row) return entryOfBoth(file, recorded(row), { changed: CHANGED });
    const namesake = take(sameName.get(plainName(file))?.shift());
    if (!namesake) return entryOfFile(file, 'pending');
    const entry = entryOfBoth(file, recorded(namesake), { changed: CHANGED });
    entry.notes.push(
      'It was deployed with another id: its line of the plan, or one above it, was edited since.',
    );
    return { ...entry, state: 'changed' as const };
  });
  markOutOfOrder(entries, 'Sqitch passes over it: it goes on from the change that was deployed last.');
  const missing = [...left.values()]
    .filter(({ event }) => event === 'deploy')
    .map((row) => entryOfRow(recorded(row), 'missing', { missing: 'The plan does not have it.' }));
  return [...entries, ...missing];
}

const CHANGED = 'Its deploy script is not what was deployed. Sqitch does not run it again by itself.';

function recorded(row: Row): Recorded {
  if (row.event === 'fail')
    return {
      id: row.id,
      name: row.name,
      state: 'failed',
      notes: [`Its deployment failed at ${row.at}, by ${row.by}.`],
    };
  if (row.event === 'revert')
    return {
      id: row.id,
      name: row.name,
      state: 'rolled-back',
      notes: [`It was reverted at ${row.at}, by ${row.by}; Sqitch counts it as not deployed.`],
    };
  return {
    id: row.id,
    name: row.name,
    appliedAt: row.at,
    appliedBy: row.by,
    checksum: row.hash,
    labels: row.tags,
  };
}

async function readChange(
  folder: FolderView,
  location: ToolLocation,
  change: PlannedChange,
  problems: TrackProblem[],
): Promise<FolderMigration> {
  const [deploy, revert] = await Promise.all(
    (['deploy', 'revert'] as const).map((script) => scriptOf(folder, location, change, script)),
  );
  let checksums: string[] | null = null;
  try {
    if (deploy)
      checksums = (await digestsOf(folder, deploy, ['sha1'])).map((digest) => digest.toString('hex'));
  } catch (error) {
    problems.push(asTrackProblem(error));
  }
  if (!deploy) problems.push(noScript(change, location));
  const suffix = change.reworkTags[0] ?? '';
  return {
    id: change.id,
    name: `${change.name}${suffix}`,
    file: deploy?.path ?? null,
    downFile: revert?.path ?? null,
    reversible: revert !== undefined,
    parents: [],
    labels: change.tags,
    checksums,
  };
}

const plainName = ({ name }: FolderMigration): string => name.replace(/@.*$/, '');

/** `deploy/name.sql`, or `deploy/name@tag.sql` for one that was reworked. */
async function scriptOf(
  folder: FolderView,
  location: ToolLocation,
  change: PlannedChange,
  script: 'deploy' | 'revert',
): Promise<{ path: string; bytes: number } | undefined> {
  const base = location.settings[script] ?? joined(location.folder, script);
  const extension = location.settings.extension ?? 'sql';
  for (const tag of change.reworkTags.length > 0 ? change.reworkTags : ['']) {
    const path = joined(base, `${change.name}${tag}.${extension}`);
    const entry = (await folder.list(parentOf(path))).find(
      ({ name }) => path.endsWith(`/${name}`) || path === name,
    );
    if (entry?.kind === 'file') return { path, bytes: entry.bytes };
  }
  return undefined;
}

function locationOf(base: string, text: string): ToolLocation | undefined {
  const all = sections(text);
  const engine = all.get('core')?.get('engine')?.[0];
  if (engine !== undefined && engine !== 'pg' && !all.has('engine.pg')) return undefined;
  const setting = (name: string): string | undefined =>
    all.get('engine.pg')?.get(name)?.[0] ?? all.get('core')?.get(name)?.[0];
  const top = relativeTo(base, setting('top_dir') ?? '.');
  const own: Record<string, string> = {};
  const given = { plan: setting('plan_file'), deploy: setting('deploy_dir'), revert: setting('revert_dir') };
  for (const [name, value] of Object.entries(given)) if (value) own[name] = relativeTo(base, value);
  const extension = setting('extension');
  if (extension) own.extension = extension;
  return place(top, joined(base, 'sqitch.conf'), own, all.get('engine.pg')?.get('registry')?.[0] ?? 'sqitch');
}

const place = (
  top: string,
  config: string | null,
  own: Record<string, string>,
  registry: string,
): ToolLocation => ({
  tool: 'sqitch',
  folder: top,
  config,
  table: { schema: registry, name: 'changes' },
  settings: { plan: joined(top, 'sqitch.plan'), ...own },
});

const noScript = (change: PlannedChange, location: ToolLocation): TrackProblem => ({
  severity: 'bad',
  what: `${change.name} has no deploy script.`,
  why: `The plan has it in line ${change.line}, and ${location.settings.deploy ?? joined(location.folder, 'deploy')} holds no file for it.`,
  next: 'Bring the script back.',
  cause: 'sqitch-script-missing',
});

const otherProjects = (names: readonly string[]): TrackProblem => ({
  severity: 'notice',
  what: `The registry holds ${names.length === 1 ? 'another project' : 'other projects'} too: ${names.join(', ')}.`,
  why: 'Several projects of Sqitch can share one database.',
  next: 'Link the folder of each to see where it stands.',
  cause: 'sqitch-other-projects',
});
