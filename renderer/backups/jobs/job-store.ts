import { useEffect } from 'react';
import type { BackupJob, JobProgress } from '../../../preload/contract/backup-jobs.ts';
import { client } from '../../lib/client.ts';
import { roomAddress } from '../../shell/address.ts';
import { useWork, Works } from '../restore/works.ts';
import { backupsChanged } from '../use-backups.ts';
import { afterJobProgress, type JobRunning, jobBegun, jobDetail } from './job-run.ts';

const runs = new Works<JobRunning>('job');

/** The run of a job that was begun here, or the last one until somebody puts it away. */
export function useJobRunning(job: string): JobRunning | undefined {
  const running = useWork(runs, job);
  const ended = running?.phase === 'ended';
  useEffect(() => {
    if (ended) runs.seen(job);
  }, [ended, job]);
  return running;
}

/**
 * Runs a job now. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function runJob(job: Pick<BackupJob, 'id' | 'name'>, environment: string): Promise<void> {
  await runs.start<JobProgress>({
    first: jobBegun(job.id, job.name),
    open: (signal) => client.backups.jobs.run({ job: job.id }, { signal }),
    after: afterJobProgress,
    job: (running) => ({
      environment,
      title: 'Job',
      ...jobDetail(running),
      address: `${roomAddress(environment, 'backups')}/jobs`,
      show: () => undefined,
    }),
    onEnd: backupsChanged,
  });
}

/** Ends a run, whoever began it. */
export function cancelJob({ id, run }: Pick<BackupJob, 'id' | 'run'>): void {
  if (runs.get(id)?.phase === 'running') runs.cancel(id);
  else if (run !== null) void client.backups.cancel({ run }).catch(() => undefined);
}

export const putJobAway = (job: string): void => runs.putAway(job);
