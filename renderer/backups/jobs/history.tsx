import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BackupJob, JobRun } from '../../../preload/contract/backup-jobs.ts';
import { Explanation } from '../../components/explanation.tsx';
import { dateTime, duration, plural } from '../../components/format.ts';
import { Section } from '../../components/inspector-parts.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { byWords } from './job-words.ts';
import styles from './jobs.module.css';
import { OutcomeMark } from './outcome-mark.tsx';

const atFirst = 20;

/** The runs of a job, newest first. */
export function History({ job }: { job: BackupJob }) {
  const [most, setMost] = useState(atFirst);
  const { id, lastRun, run } = job;
  const { data, error, refetch } = useQuery({
    // What the list was told last is a reason to look again.
    queryKey: ['backups', 'jobs', 'history', id, most, lastRun?.id, lastRun?.outcome, run],
    queryFn: ({ signal }) => client.backups.jobs.history({ job: id, most }, { signal }),
    placeholderData: (before) => before,
  });
  return (
    <Section title="History" {...(data && data.length < most ? { of: data.length } : {})}>
      {error && (
        <Explanation
          explanation={explain(error)}
          actions={<Button onClick={() => void refetch()}>Look again</Button>}
        />
      )}
      {!data && !error && <Loading label="Loading the history" rows={3} />}
      {data?.length === 0 && <p className={styles.soft}>It has never run.</p>}
      {data && data.length > 0 && (
        <ol className={styles.history} aria-label="Runs, newest first">
          {data.map((one) => (
            <Run key={one.id} run={one} />
          ))}
        </ol>
      )}
      {data && data.length === most && most < 1000 && (
        <Button
          className={styles.start ?? ''}
          variant="subtle"
          onClick={() => setMost(Math.min(1000, most * 5))}
        >
          Show more
        </Button>
      )}
    </Section>
  );
}

function Run({ run }: { run: JobRun }) {
  const { startedAt, endedAt, outcome, by, said, removed } = run;
  return (
    <li className={styles.past}>
      <p className={styles.pastHead}>
        <OutcomeMark outcome={outcome} />
        <time dateTime={new Date(startedAt).toISOString()}>{dateTime(startedAt)}</time>
        <span className={styles.soft}>
          {byWords[by]}
          {endedAt !== null && endedAt > startedAt && `, ${duration(endedAt - startedAt)}`}
        </span>
      </p>
      {said !== '' && <p className={styles.said}>{visible(said)}</p>}
      {removed.length > 0 && (
        <p className={styles.said} title={removed.join('\n')}>
          {plural(removed.length, 'backup')} removed by the rules.
        </p>
      )}
    </li>
  );
}
