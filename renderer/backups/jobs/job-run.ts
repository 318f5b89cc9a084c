import type { JobProgress, JobRun } from '../../../preload/contract/backup-jobs.ts';
import type { BackupProgress } from '../../../preload/contract/backups.ts';
import { count } from '../../components/format.ts';
import { nothingPrinted, type Printed } from '../../migrations/drive/printed.ts';
import type { Job } from '../../shell/jobs.ts';
import { withText } from '../restore/restore-job.ts';
import { type Work, workBegun } from '../restore/work.ts';

/** A job that somebody here had run. */
export interface JobRunning extends Work {
  name: string;
  phases: readonly string[];
  progress: Extract<BackupProgress, { kind: 'progress' }> | undefined;
  printed: Printed;
  failed: Extract<BackupProgress, { kind: 'failed' }> | undefined;
  /** Paths that retention took away after it. */
  removed: readonly string[];
  ended: JobRun | undefined;
}

export const jobBegun = (key: string, name: string): JobRunning => ({
  ...workBegun(key),
  name,
  phases: [],
  progress: undefined,
  printed: nothingPrinted,
  failed: undefined,
  removed: [],
  ended: undefined,
});

/** What a job's run has come to after it has told something more. */
export function afterJobProgress(before: JobRunning, event: JobProgress): JobRunning {
  switch (event.kind) {
    case 'begun':
      return { ...before, run: event.run };
    case 'phase':
      return { ...before, phases: [...before.phases, event.said], progress: undefined };
    case 'log':
      return { ...before, printed: withText(before.printed, event.text) };
    case 'progress':
      return { ...before, progress: event };
    case 'failed':
      return { ...before, failed: event };
    case 'finished':
    case 'verified':
      return before;
    case 'pruned':
      return { ...before, removed: event.removed };
    case 'ended':
      return { ...before, phase: 'ended', ended: event.run };
  }
}

/** By bytes where they are known, else by objects. `total` 0: nobody knows how much there is. */
export function shareDone({ progress }: Pick<JobRunning, 'progress'>): { done: number; total: number } {
  if (!progress) return { done: 0, total: 0 };
  if (progress.bytesTotal) return { done: progress.bytes, total: progress.bytesTotal };
  return { done: progress.done, total: progress.total ?? 0 };
}

/** What the status strip says of a run. */
export function jobDetail(running: JobRunning): Pick<Job, 'detail' | 'done' | 'total' | 'state'> {
  const { phase, phases, ended, failed, isCancelled, name, progress } = running;
  const share = shareDone(running);
  if (phase === 'running') {
    const far = phases.at(-1) ?? (progress ? `${count(progress.done)} objects` : 'begins');
    return { ...share, detail: `${name}, ${far}`, state: 'running' };
  }
  if (ended?.outcome === 'done') return { ...share, detail: `${name}, done`, state: 'done' };
  const wasCancelled =
    ended?.outcome === 'cancelled' || failed?.cancelled || (isCancelled && !ended && !failed);
  if (wasCancelled) return { ...share, detail: `${name}, cancelled`, state: 'cancelled' };
  return { ...share, detail: `${name}, ${ended?.outcome ?? 'failed'}`, state: 'failed' };
}
