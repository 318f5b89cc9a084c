import { useEffect, useSyncExternalStore } from 'react';
import type { Backup, RestoreProgress } from '../../../preload/contract/backups.ts';
import { client } from '../../lib/client.ts';
import { openedAddress } from '../address.ts';
import { backupsChanged } from '../use-backups.ts';
import { afterProgress, type Restoring, restoreDetail, restoringBegun } from './restore-job.ts';
import type { Planned } from './use-plan.ts';
import { useWork, Works } from './works.ts';

const restores = new Works<Restoring>('restore');

/** By which a backup is spoken of. */
export const refOf = ({ id, path }: Pick<Backup, 'id' | 'path'>): string => id ?? path;

/** The restore of a backup that is under way, or the last one until somebody puts it away. */
export function useRestoring(backup: Backup): Restoring | undefined {
  const restoring = useWork(restores, backup.path);
  const ended = restoring?.phase === 'ended';
  useEffect(() => {
    if (ended) restores.seen(backup.path);
  }, [ended, backup.path]);
  return restoring;
}

/**
 * Starts what was seen in the plan. Resolves once the console has taken it.
 * @throws what the console refuses it for
 */
export async function startRestore(
  backup: Backup,
  { environment, options, plan }: Planned,
  confirm: string | undefined,
): Promise<void> {
  const { passphrase: _, ...kept } = options;
  const input = { environment, options, token: plan.token, ...(confirm === undefined ? {} : { confirm }) };
  await restores.start<RestoreProgress>({
    first: restoringBegun(backup.path, { environment, backup, options: kept, plan }),
    open: (signal) => client.backups.restore(input, { signal }),
    after: afterProgress,
    onEnd: backupsChanged,
    job: (restoring) => ({
      environment,
      title: 'Restore',
      ...restoreDetail(restoring),
      // Where it was asked from: the backup's own place.
      address: openedAddress(
        backup.environment ?? environment,
        backup.id === null ? undefined : { kind: 'backup', id: backup.id },
      ),
      show: () => ask(backup),
    }),
  });
}

/** Asks for the end of a restore; it still tells what it leaves. */
export const cancelRestore = ({ key }: Pick<Restoring, 'key'>): void => restores.cancel(key);

/** Forgets an ended restore. */
export const putRestoreAway = ({ key }: Pick<Restoring, 'key'>): void => restores.putAway(key);

/** The backup whose restore the status strip was asked to show. */
let asked: Backup | undefined;
const listeners = new Set<() => void>();

function ask(backup: Backup | undefined): void {
  asked = backup;
  for (const listener of listeners) listener();
}

/** What is to be shown, and how it is put away again. */
export function useAskedRestore(): [backup: Backup | undefined, close: () => void] {
  return [useSyncExternalStore(subscribe, () => asked), close];
}

const close = (): void => ask(undefined);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
