import { useEffect } from 'react';
import { useWork, Works } from '../restore/works.ts';
import { backupsChanged } from '../use-backups.ts';
import { afterEvent, type BackupEvent, type BackupRun, runBegun, runDetail } from './run-state.ts';

const runs = new Works<BackupRun>('run');

export const createKey = (environment: string): string => `create ${environment}`;
export const verifyKey = (backup: string): string => `verify ${backup}`;

interface Start {
  key: string;
  /** Id. */
  environment: string;
  title: string;
  /** Where it is seen, without the `#`. */
  address: string;
  open: (signal: AbortSignal) => Promise<AsyncIterable<BackupEvent>>;
}

/**
 * Begins, unless one of this key is under way. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startRun({ key, environment, title, address, open }: Start): Promise<void> {
  if (runs.get(key)?.phase === 'running') return;
  await runs.start<BackupEvent>({
    first: runBegun(key, title),
    open,
    after: (before, event) => afterEvent(before, event, Date.now()),
    // The address says all that is to be shown.
    job: (run) => ({ environment, ...runDetail(run), address, show: () => undefined }),
    onEnd: backupsChanged,
  });
}

/** Asks for the end; what it leaves is still heard. */
export const cancelRun = (key: string): void => runs.cancel(key);

/** Forgets one that has ended. */
export const putRunAway = (key: string): void => runs.putAway(key);

/** The run of this key that is under way, or the last one until somebody puts it away. */
export const useRun = (key: string): BackupRun | undefined => useWork(runs, key);

/** What has ended in sight needs no mention in the status strip. */
export function useSeen(run: BackupRun | undefined): void {
  const ended = run?.phase === 'ended' ? run.key : undefined;
  useEffect(() => {
    if (ended !== undefined) runs.seen(ended);
  }, [ended]);
}
