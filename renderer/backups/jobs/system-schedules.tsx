import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BackupJob, SystemSchedule } from '../../../preload/contract/backup-jobs.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import styles from './jobs.module.css';

const words: Record<SystemSchedule['kind'], string> = {
  crontab: 'crontab',
  systemd: 'systemd',
  launchd: 'launchd',
  schtasks: 'Task Scheduler',
};

/** What is given to the machine's own scheduler, so that it starts the job. */
export function SystemSchedules({ job }: { job: BackupJob }) {
  const [chosen, setChosen] = useState<SystemSchedule['kind']>();
  const { data, error, refetch } = useQuery({
    queryKey: ['backups', 'jobs', 'system', job.id, job.name, job.schedule],
    queryFn: ({ signal }) => client.backups.jobs.system({ job: job.id }, { signal }),
    staleTime: 60_000,
  });
  if (error)
    return (
      <Explanation
        explanation={explain(error)}
        actions={<Button onClick={() => void refetch()}>Look again</Button>}
      />
    );
  if (!data) return <Loading label="Writing it for the system’s schedulers" rows={4} />;
  const shown = data.find(({ kind }) => kind === chosen) ?? data[0];
  if (!shown) return <p className={styles.soft}>No scheduler of a system can do this schedule.</p>;
  return (
    <div className={styles.system}>
      <p className={styles.soft}>
        Howdah writes nothing there itself: put this in force once, and again whenever the schedule changes.
      </p>
      <SegmentedControl
        aria-label="Scheduler"
        value={shown.kind}
        onChange={(kind) => setChosen(kind as SystemSchedule['kind'])}
        data={data.map(({ kind }) => ({ value: kind, label: words[kind] }))}
      />
      {shown.limits.map((limit) => (
        <p key={limit} className={styles.trouble}>
          {limit}
        </p>
      ))}
      {shown.files.map(({ name, text }) => (
        <Text key={name} title={name === '' ? shown.title : name} text={text} />
      ))}
      <Text title="Put it in force" text={shown.install} />
    </div>
  );
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <div className={styles.textHead}>
        <bdi>{title}</bdi>
        <CopyButton text={text} label={`Copy: ${title}`} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
      <pre className={styles.text} tabIndex={0} dir="ltr">
        {text}
      </pre>
    </div>
  );
}
