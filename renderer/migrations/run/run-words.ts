import type { RunAction, RunPlan } from '../../../preload/contract/migration-runs.ts';
import type { MigrationEntry, MigrationTrack } from '../../../preload/contract/migrations.ts';
import { plural } from '../../components/format.ts';
import type { Job } from '../../shell/jobs.ts';
import type { RunState } from './run-job.ts';
import type { Work } from './work.ts';

/** What a panel is about before its plan has come. */
export function actionWords(action: RunAction): string {
  switch (action.kind) {
    case 'up':
      return action.count === undefined ? 'Up' : `Up by ${action.count}`;
    case 'down':
      return `Down by ${action.count}`;
    case 'redo':
      return 'Redo the last';
    case 'goto':
      return `To ${action.version}`;
  }
}

/** The act, for a button: `Run 2 migrations`, `Take 1 migration back`, `Redo 1 migration`. */
export function actOf(action: RunAction, { steps }: Pick<RunPlan, 'steps'>): string {
  const downs = steps.filter(({ direction }) => direction === 'down').length;
  if (action.kind === 'redo') return `Redo ${plural(downs, 'migration')}`;
  return downs > 0 ? `Take ${plural(downs, 'migration')} back` : `Run ${plural(steps.length, 'migration')}`;
}

/** Whether it can be undone, for the question before it is run. */
export function undoWords({ steps }: Pick<RunPlan, 'steps'>): string {
  const lost = steps.some(({ statements }) => statements.some(({ risk }) => risk === 'destroy'));
  if (lost) return 'It takes away what is not made again by it: data that goes with it is gone.';
  return 'What it makes can be taken back by a down migration, where there is one.';
}

/** What a version is called: `version 5`; golang-migrate's -1 is `no version`. */
export const versionWords = (version: string): string =>
  version === '-1' ? 'no version' : `version ${version}`;

/** Versions that a stopped golang-migrate can be forced to: the migration itself, and the one before it (`-1`: none). */
export function forceChoices({ entries }: Pick<MigrationTrack, 'entries'>, version: string): string[] {
  const known = entries.filter(({ file }) => file !== null);
  const at = known.findIndex(({ id }) => id === version);
  const before = at > 0 ? known[at - 1]?.id : at === 0 ? '-1' : undefined;
  return before === undefined ? [version] : [version, before];
}

/** Whether what a migration does is in the database, as its record has it. */
export function isIn({ state }: Pick<MigrationEntry, 'state'>): boolean {
  return state === 'applied' || state === 'changed' || state === 'missing' || state === 'baseline';
}

/** What the status strip says of a run: `migration 2 of 5`, and in the end what came of it. */
export function runDetail(
  run: Pick<RunState & Work, 'phase' | 'step' | 'total' | 'failed' | 'finished' | 'problem' | 'isCancelled'>,
  noun: string,
): Pick<Job, 'detail' | 'done' | 'total' | 'state'> {
  const { phase, step, total, failed, finished, problem, isCancelled } = run;
  const done = Math.max(0, step);
  if (phase === 'running') {
    const detail = isCancelled
      ? 'being cancelled'
      : step < 0
        ? 'begins'
        : `${noun} ${step + 1} of ${Math.max(total, step + 1)}`;
    return { detail, done, total, state: 'running' };
  }
  if (isCancelled || finished?.cancelled) return { detail: 'cancelled', done, total, state: 'cancelled' };
  if (failed || problem) {
    const detail = step < 0 ? 'failed' : `failed at ${noun} ${step + 1} of ${Math.max(total, step + 1)}`;
    return { detail, done, total, state: 'failed' };
  }
  return { detail: `${plural(finished?.ran ?? 0, noun)} run`, done: total, total, state: 'done' };
}

/** Whether the tool would run it with the next up. */
export const isPending = ({ state }: Pick<MigrationEntry, 'state'>): boolean =>
  state === 'pending' || state === 'out-of-order';
