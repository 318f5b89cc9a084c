import { useCallback, useEffect, useMemo, useState } from 'react';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import { notifyProblem } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { draftOf } from './job-draft.ts';

/** Jobs as they are switched on and off here: each shows at once what was asked for, until the console has said so. */
export function useSwitches(
  jobs: readonly BackupJob[] | undefined,
): [jobs: readonly BackupJob[] | undefined, onSwitch: (job: BackupJob, isOn: boolean) => void] {
  const [asked, setAsked] = useState<ReadonlyMap<string, boolean>>(new Map());
  useEffect(() => {
    setAsked((before) => {
      const open = [...before].filter(([id, isOn]) =>
        jobs?.some((job) => job.id === id && job.isOn !== isOn),
      );
      return open.length === before.size ? before : new Map(open);
    });
  }, [jobs]);
  const shown = useMemo(
    () => (asked.size === 0 ? jobs : jobs?.map((job) => ({ ...job, isOn: asked.get(job.id) ?? job.isOn }))),
    [jobs, asked],
  );
  const onSwitch = useCallback((job: BackupJob, isOn: boolean): void => {
    setAsked((before) => new Map(before).set(job.id, isOn));
    client.backups.jobs.change({ job: job.id, draft: { ...draftOf(job), isOn } }).catch((error: unknown) => {
      setAsked((before) => new Map([...before].filter(([id]) => id !== job.id)));
      notifyProblem(explain(error));
    });
  }, []);
  return [shown, onSwitch];
}
