import { IconPencil, IconPlayerPlay, IconPlayerStop, IconPower, IconTrash } from '@tabler/icons-react';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import { notifyProblem } from '../../components/notify.tsx';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { explain } from '../../lib/errors.ts';
import { cancelJob, runJob } from './job-store.ts';

interface JobActs {
  onEdit: () => void;
  onRemove: () => void;
  onSwitch: () => void;
  /** It runs now. */
  onBegun: () => void;
}

/** What can be done with a job. */
export function jobActions(
  job: BackupJob,
  environment: string,
  { onEdit, onRemove, onSwitch, onBegun }: JobActs,
): RowAction[] {
  return [
    job.run === null
      ? {
          id: 'run',
          label: 'Run now',
          icon: IconPlayerPlay,
          refused: job.trouble ?? undefined,
          run: () => {
            runJob(job, environment).then(onBegun, (error: unknown) => notifyProblem(explain(error)));
          },
        }
      : { id: 'cancel', label: 'Cancel the run', icon: IconPlayerStop, run: () => cancelJob(job) },
    { id: 'edit', label: 'Edit…', icon: IconPencil, run: onEdit },
    { id: 'switch', label: job.isOn ? 'Turn off' : 'Turn on', icon: IconPower, run: onSwitch },
    { id: 'remove', label: 'Delete…', icon: IconTrash, destroys: true, run: onRemove },
  ];
}
