import type { Backup, BackupProgress, VerifyProgress } from '../../../preload/contract/backups.ts';
import { bytes, percent } from '../../components/format.ts';
import { nothingPrinted, type Printed, withLine } from '../../migrations/drive/printed.ts';
import type { Job } from '../../shell/jobs.ts';
import { type Work, workBegun } from '../restore/work.ts';

export type BackupEvent = BackupProgress | VerifyProgress;

export interface Phase {
  said: string;
  /** ms of this window's clock. */
  at: number;
}

/** A backup that is being made or verified, or was. */
export interface BackupRun extends Work {
  /** What is done, for the status strip: `Backup`. */
  title: string;
  /** In their order; the last is under way while it runs. */
  phases: readonly Phase[];
  progress: Extract<BackupEvent, { kind: 'progress' }> | undefined;
  printed: Printed;
  failed: Extract<BackupEvent, { kind: 'failed' }> | undefined;
  /** What was made or verified. */
  backup: Backup | undefined;
  endedAt: number | undefined;
}

export const runBegun = (key: string, title: string): BackupRun => ({
  ...workBegun(key),
  title,
  phases: [],
  progress: undefined,
  printed: nothingPrinted,
  failed: undefined,
  backup: undefined,
  endedAt: undefined,
});

/** What a run has come to after it has told something more. */
export function afterEvent(before: BackupRun, event: BackupEvent, now: number): BackupRun {
  switch (event.kind) {
    case 'begun':
      return { ...before, run: event.run };
    case 'phase':
      // How far the last phase was says nothing of this one.
      return {
        ...before,
        phases: [...before.phases, { said: event.said, at: now }],
        progress: undefined,
      };
    case 'log':
      return {
        ...before,
        printed: event.text
          .split('\n')
          .reduce(
            (printed, text) => withLine(printed, { kind: 'line', stream: 'out', text }),
            before.printed,
          ),
      };
    case 'progress':
      return { ...before, progress: event };
    case 'failed':
      return { ...before, phase: 'ended', failed: event, endedAt: now };
    case 'finished':
    case 'verified':
      return { ...before, phase: 'ended', backup: event.backup, endedAt: now };
  }
}

/** How far a run is: by bytes where those are known, else by objects. `total` 0: it can't be known. */
export function shareOf({ progress }: Pick<BackupRun, 'progress'>): { done: number; total: number } {
  if (!progress) return { done: 0, total: 0 };
  if (progress.bytesTotal !== null && progress.bytesTotal > 0)
    return { done: Math.min(progress.bytes, progress.bytesTotal), total: progress.bytesTotal };
  return { done: progress.done, total: progress.total ?? 0 };
}

/** What the status strip says of a run. */
export function runDetail(run: BackupRun): Pick<Job, 'title' | 'detail' | 'done' | 'total' | 'state'> {
  const { title, phase, failed, backup, isCancelled, phases } = run;
  const { done, total } = shareOf(run);
  if (phase === 'running') {
    const far = total > 0 ? percent(Math.min(done / total, 0.999)) : (phases.at(-1)?.said ?? 'begins');
    return { title, detail: isCancelled ? 'cancelling' : far, done, total, state: 'running' };
  }
  const ended = { title, done: 0, total: 0 };
  if (failed?.cancelled || (isCancelled && !failed && !backup))
    return { ...ended, detail: 'cancelled', state: 'cancelled' };
  if (!backup || failed) return { ...ended, detail: 'failed', state: 'failed' };
  if (backup.verification.state === 'bad') return { ...ended, detail: 'damaged', state: 'failed' };
  return { ...ended, detail: `done, ${bytes(backup.bytes)}`, state: 'done' };
}
