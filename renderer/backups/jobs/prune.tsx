import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BackupJob, PruneEntry } from '../../../preload/contract/backup-jobs.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { plural } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { backupsChanged } from '../use-backups.ts';
import styles from './jobs.module.css';
import { PruneList } from './prune-list.tsx';

/** What a job's rules make of its backups now, and the way to have them put in force at once. */
export function Prune({ environment, job }: { environment: Environment; job: BackupJob }) {
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['backups', 'jobs', 'prune', job.id, job.retention, job.lastRun?.id, job.lastRun?.outcome],
    queryFn: ({ signal }) => client.backups.jobs.planPrune({ job: job.id }, { signal }),
    staleTime: 0,
  });
  const going = data?.filter(({ keeps }) => !keeps) ?? [];
  return (
    <>
      {error && (
        <Explanation
          explanation={explain(error)}
          actions={<Button onClick={() => void refetch()}>Look again</Button>}
        />
      )}
      {!data && !error && <Loading label="Working out what stays" rows={3} />}
      {data && <PruneList entries={data} />}
      {going.length > 0 && (
        <Button className={styles.start ?? ''} onClick={() => setAsking(true)}>
          Remove {plural(going.length, 'backup')} now…
        </Button>
      )}
      {isAsking && (
        <Question environment={environment} job={job} going={going} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

interface QuestionProps {
  environment: Environment;
  job: BackupJob;
  going: readonly PruneEntry[];
  onClose: () => void;
}

function Question({ environment, job, going, onClose }: QuestionProps) {
  return (
    <ConfirmDialog
      title={`Remove ${plural(going.length, 'backup')} of ${environment.name}`}
      environment={environment}
      action={`Remove ${plural(going.length, 'backup')}`}
      destructive
      acts="console"
      undo="Their files are removed. It can’t be undone."
      onConfirm={async () => {
        const left = await client.backups.jobs.prune({
          of: { job: job.id },
          backups: going.map(({ backup }) => backup),
        });
        backupsChanged();
        const stay = left.filter(({ backup }) => going.some((one) => one.backup === backup)).length;
        notifyDone(`${plural(going.length - stay, 'backup')} removed.`, { environment });
      }}
      onClose={onClose}
    >
      <ul className={styles.paths}>
        {going.slice(0, 10).map(({ backup, path }) => (
          <li key={backup}>
            <bdi className="mono">{path}</bdi>
          </li>
        ))}
        {going.length > 10 && <li>and {going.length - 10} more</li>}
      </ul>
    </ConfirmDialog>
  );
}
