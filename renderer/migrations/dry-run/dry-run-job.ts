import type { CommandAction, DryRunProgress, RunAction } from '../../../preload/contract/migration-runs.ts';
import type { Job } from '../../shell/jobs.ts';
import { type Printed, withLine } from '../drive/printed.ts';
import { afterProgress, type RunState } from '../run/run-job.ts';
import type { Work } from '../run/work.ts';

export type Report = Extract<DryRunProgress, { kind: 'report' }>;

/** Migrations that are tried on a copy, and what came of it. */
export interface DryRun extends Work {
  action: RunAction | CommandAction;
  /** Of the structure only, or of the newest backup with its rows. */
  copy: 'structure' | 'backup';
  /** What is done at present, and how far. */
  step: { step: string; done: number; total: number } | undefined;
  /** Of Howdah's own runner, on the copy. */
  run: RunState;
  /** Of a tool's own command, on the copy. */
  printed: Printed;
  report: Report | undefined;
}

/** What a dry run has come to after it has told something more. */
export function afterDryRun<State extends Omit<DryRun, keyof Work | 'action' | 'copy'> & Pick<Work, 'phase'>>(
  before: State,
  progress: DryRunProgress,
): State {
  switch (progress.kind) {
    case 'step': {
      const { step, done, total } = progress;
      return { ...before, step: { step, done, total } };
    }
    case 'run':
      return { ...before, run: afterProgress(before.run, progress.progress) };
    case 'output':
      return progress.output.kind === 'line'
        ? { ...before, printed: withLine(before.printed, progress.output) }
        : before;
    case 'report':
      return { ...before, phase: 'ended', report: progress };
  }
}

/** What the status strip says of a dry run. */
export function dryRunDetail(dryRun: DryRun): Pick<Job, 'detail' | 'done' | 'total' | 'state'> {
  const { phase, step, report, isCancelled, problem } = dryRun;
  const done = step?.done ?? 0;
  const total = step?.total ?? 0;
  if (phase === 'running')
    return { detail: step ? `step ${done + 1} of ${total}` : 'begins', done, total, state: 'running' };
  if (isCancelled && !report) return { detail: 'cancelled', done, total, state: 'cancelled' };
  if (problem || !report || report.problem) return { detail: 'failed', done, total, state: 'failed' };
  return { detail: 'went through', done: total, total, state: 'done' };
}
