import { createHash } from 'node:crypto';
import type { PlannedStep, RunAction, RunPlan } from '../../../preload/contract/migration-runs.ts';
import type { MigrationToolId } from '../../../preload/contract/migrations.ts';
import type { FolderView, StateQuery, TrackReading } from '../tool.ts';
import type { DbmateState } from '../tools/dbmate.ts';
import type { GolangMigrateState } from '../tools/golang-migrate.ts';
import type { GooseState } from '../tools/goose.ts';
import { happened } from '../tools/shared/entries.ts';
import { FileProblem } from '../tools/shared/file-problem.ts';
import { openFolder } from '../tools/shared/folder-view.ts';
import { byNumber } from '../tools/shared/versions.ts';
import type { AnalysisOptions } from './analysis.ts';
import { startFileThread } from './file-thread.ts';
import { findMultiStatement, multiStatementWords } from './multi-statement.ts';
import type { ReadyStep } from './ready-step.ts';
import { refuse } from './refusal.ts';
import { type RunTarget, type StatePlace, statePlace } from './state-place.ts';
import { type Standing, type Step, type Steps, stepsOf } from './steps.ts';
import { warningsOf } from './warnings.ts';

/** Everything that a run needs, as it is at this moment. */
export interface Ready {
  plan: RunPlan;
  steps: ReadyStep[];
  place: StatePlace;
  /** What the table holds; undefined without one. */
  state: unknown;
  standing: Standing;
  order: Steps;
}

export interface PrepareOptions {
  signal?: AbortSignal | undefined;
  /** False: for a look only; the texts to send are left out. */
  toRun?: boolean;
}

/** Migrations' files that are read; larger ones are for psql. Bytes. */
export const fileLimit = 64 * 1024 * 1024;

/**
 * Reads both sides anew and works out what an action runs. Nothing is changed.
 *
 * @throws {Refusal}, the server's error
 */
export async function prepare(
  target: RunTarget,
  action: RunAction,
  query: StateQuery,
  { signal, toRun = false }: PrepareOptions = {},
): Promise<Ready> {
  const { tool, project, location } = target;
  const place = await statePlace(target, query);
  const { state, reading, folder, view } = await readBoth(target, place, query);
  const setting = tool.id === 'golang-migrate' ? await findMultiStatement(view) : undefined;
  const standing: Standing = {
    tool: tool.id,
    title: tool.title,
    ...standingOf(tool.id, state, reading),
    dirty: reading.dirty,
    migrations: folder.migrations,
    problems: reading.problems,
  };
  const order = stepsOf(standing, action);
  const options = { multiStatement: setting !== undefined };
  const steps = await readSteps(tool.id, view, order.steps, { signal, toRun, options });
  const token = createHash('sha256')
    .update(
      JSON.stringify([
        [tool.id, place.table.schema, place.table.name, project, location.folder],
        action,
        [standing.version, standing.applied, standing.dirty, options],
        steps.map(({ migration: { id }, direction, file, target: to, ready }) => [
          id,
          direction,
          file,
          to,
          ready?.sha256,
        ]),
      ]),
    )
    .digest('hex');
  const plan = {
    token,
    steps: steps.map((step) => shown(tool.id, step)),
    from: order.from,
    to: order.to,
    // To run it, it has been seen.
    warnings: toRun
      ? []
      : [
          ...(setting ? [multiStatementWords(setting)] : []),
          ...(await warningsOf({ place, state, standing, steps, query })),
        ],
  };
  return { plan, steps, place, state, standing, order };
}

/** Both sides of a track, read now. */
export async function readBoth({ tool, project, location }: RunTarget, place: StatePlace, query: StateQuery) {
  const view = await openFolder(project).catch(refuseFile);
  const [state, folder] = await Promise.all([
    place.isThere ? tool.readState(query, place.table) : undefined,
    tool.readFolder(view, location).catch(refuseFile),
  ]);
  const reading: TrackReading = tool.status(state, folder);
  return { state, folder, reading, view };
}

function standingOf(
  tool: MigrationToolId,
  state: unknown,
  { entries }: TrackReading,
): Pick<Standing, 'applied' | 'version'> {
  switch (tool) {
    case 'golang-migrate':
      return { applied: [], version: (state as GolangMigrateState | undefined)?.rows[0]?.version ?? null };
    case 'dbmate':
      return { applied: (state as DbmateState | undefined)?.versions ?? [], version: null };
    case 'goose': {
      const rows = (state as GooseState | undefined)?.rows ?? [];
      const applied = rows
        .filter(({ applied: is, version }) => is && version !== '0')
        .sort((a, b) => byNumber(a.id, b.id))
        .map(({ version }) => version);
      return { applied, version: null };
    }
    default:
      return { applied: entries.filter((one) => happened(one.state)).map(({ id }) => id), version: null };
  }
}

async function readSteps(
  tool: MigrationToolId,
  view: FolderView,
  steps: readonly Step[],
  { signal, toRun, options }: PrepareOptions & { options: AnalysisOptions },
): Promise<ReadyStep[]> {
  const thread = startFileThread(signal);
  try {
    const all: ReadyStep[] = [];
    for (const step of steps) {
      const { file, direction } = step;
      const bytes = file === null ? undefined : await view.bytes(file, fileLimit).catch(refuseFile);
      all.push({
        ...step,
        ready: bytes && (await thread.look({ tool, bytes, direction, withTexts: toRun === true, options })),
      });
    }
    return all;
  } finally {
    await thread.close();
  }
}

function shown(tool: MigrationToolId, { migration, direction, file, ready }: ReadyStep): PlannedStep {
  const nothing =
    file === null
      ? [`There is no ${direction} file: ${tool} runs nothing and moves on.`]
      : ready && !ready.problems.length && !ready.statements.length
        ? [
            `${file} holds nothing to run ${direction === 'up' ? 'up' : 'down'}: ${tool} only notes the change.`,
          ]
        : [];
  return {
    id: migration.id,
    name: migration.name,
    direction,
    file,
    transaction: ready?.parts[0]?.transaction ?? 'none',
    statements: ready?.statements ?? [],
    faults: [
      ...nothing,
      ...(ready?.problems ?? []).map(({ line, what }) => `Line ${line} ${what}.`),
      ...(ready?.faults ?? []),
    ],
  };
}

/** Files that can't be run at all stop the whole run before its first step. */
export function refuseBroken(steps: readonly ReadyStep[]): void {
  for (const { file, ready } of steps) {
    const [problem] = ready?.problems ?? [];
    if (!problem) continue;
    const more = (ready?.problems.length ?? 1) - 1;
    refuse({
      cause: 'file-refused',
      what: `${file}, line ${problem.line}, can’t be run.`,
      why: `It ${problem.what}${more ? `; ${more} more of its lines have something like that` : ''}.`,
      next: 'Mend the file and look at the plan again. Nothing was run.',
    });
  }
}

function refuseFile(error: unknown): never {
  if (error instanceof FileProblem) refuse(error.explanation);
  throw error;
}
