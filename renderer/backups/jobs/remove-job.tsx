import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { client } from '../../lib/client.ts';

interface RemoveJobProps {
  environment: Environment;
  job: BackupJob;
  onRemoved: () => void;
  onClose: () => void;
}

export function RemoveJob({ environment, job, onRemoved, onClose }: RemoveJobProps) {
  return (
    <ConfirmDialog
      title={`Delete the job ${job.name} of ${environment.name}`}
      environment={environment}
      action="Delete the job"
      destructive
      acts="console"
      undo="The backups that it made stay. Its schedule, rules and history are gone."
      onConfirm={async () => {
        await client.backups.jobs.remove({ job: job.id });
        onRemoved();
      }}
      onClose={onClose}
    >
      {job.schedule?.by === 'system' && (
        <p>What was put into the system’s own scheduler stays there until you take it out.</p>
      )}
    </ConfirmDialog>
  );
}
