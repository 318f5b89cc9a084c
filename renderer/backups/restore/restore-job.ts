import type {
  Backup,
  RestoreOptions,
  RestorePlan,
  RestoreProgress,
} from '../../../preload/contract/backups.ts';
import { count, plural } from '../../components/format.ts';
import { nothingPrinted, type Printed, withLine } from '../../migrations/drive/printed.ts';
import type { Job } from '../../shell/jobs.ts';
import { type Work, workBegun } from './work.ts';

/** What is kept of the options: a passphrase is none of the screen's business once it has begun. */
export type StartedOptions = Omit<RestoreOptions, 'passphrase'>;

export type Progressed = Extract<RestoreProgress, { kind: 'progress' }>;

/** Errors of one cause, counted. */
export interface ErrorGroup {
  cause: string;
  count: number;
  first: string;
}

/** How far a restore is, or what came of it. */
export interface Restoring extends Work {
  /** Id of the environment that it goes to. */
  environment: string;
  backup: Backup;
  options: StartedOptions;
  plan: RestorePlan;
  /** In their order; the last one is under way. */
  phases: readonly string[];
  progress: Progressed | undefined;
  /** In the order in which the causes were seen first. */
  errors: readonly ErrorGroup[];
  printed: Printed;
  failed: Extract<RestoreProgress, { kind: 'failed' }> | undefined;
  finished: Extract<RestoreProgress, { kind: 'finished' }> | undefined;
}

export const restoringBegun = (
  key: string,
  about: Pick<Restoring, 'environment' | 'backup' | 'options' | 'plan'>,
): Restoring => ({
  ...workBegun(key),
  ...about,
  phases: [],
  progress: undefined,
  errors: [],
  printed: nothingPrinted,
  failed: undefined,
  finished: undefined,
});

/** What a restore has come to after it has told something more. */
export function afterProgress(before: Restoring, event: RestoreProgress): Restoring {
  switch (event.kind) {
    case 'begun':
      return { ...before, run: event.run };
    case 'phase':
      return { ...before, phases: [...before.phases, event.said] };
    case 'log':
      return { ...before, printed: withText(before.printed, event.text) };
    case 'progress':
      return { ...before, progress: event };
    case 'errors':
      return { ...before, errors: withErrors(before.errors, event) };
    case 'failed':
      return { ...before, failed: event };
    case 'finished':
      return { ...before, phase: 'ended', finished: event };
  }
}

/** The log comes in pieces of some lines. */
export function withText(printed: Printed, text: string): Printed {
  let next = printed;
  for (const line of text.split('\n')) next = withLine(next, { kind: 'line', stream: 'out', text: line });
  return next;
}

/** The count of a cause is told anew each time, not what was added to it. */
function withErrors(
  groups: readonly ErrorGroup[],
  { cause, count: many, first }: ErrorGroup,
): readonly ErrorGroup[] {
  const group = { cause, count: many, first };
  const at = groups.findIndex((one) => one.cause === cause);
  return at < 0 ? [...groups, group] : groups.with(at, group);
}

/** All errors of all causes. */
export const errorsOf = ({ errors }: Pick<Restoring, 'errors'>): number =>
  errors.reduce((sum, group) => sum + group.count, 0);

/** What the status strip says of a restore. */
export function restoreDetail(restoring: Restoring): Pick<Job, 'detail' | 'done' | 'total' | 'state'> {
  const { progress, phases, options, phase, finished, failed, isCancelled } = restoring;
  const total = progress?.total ?? progress?.bytesTotal ?? 0;
  const done = progress?.total ? progress.done : (progress?.bytes ?? 0);
  const told = { done, total };
  if (phase === 'running') {
    const far = progress?.total
      ? `entry ${count(progress.done)} of ${count(progress.total)}`
      : (phases.at(-1) ?? 'begins');
    return { ...told, detail: `${options.database}, ${far}`, state: 'running' };
  }
  if (finished) {
    const errors = finished.errors > 0 ? ` with ${plural(finished.errors, 'error')}` : '';
    return { ...told, detail: `${finished.database} restored${errors}`, state: errors ? 'failed' : 'done' };
  }
  if (failed?.cancelled || (isCancelled && !failed))
    return { ...told, detail: `${options.database}, cancelled`, state: 'cancelled' };
  return { ...told, detail: `${options.database}, failed`, state: 'failed' };
}
