import { Button } from '@mantine/core';
import { IconLoader2 } from '@tabler/icons-react';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, duration, plural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { Output } from '../../migrations/drive/output.tsx';
import { Elapsed } from '../../migrations/run/elapsed.tsx';
import { visible } from '../../migrations/words.ts';
import { type JobRunning, shareDone } from './job-run.ts';
import { putJobAway } from './job-store.ts';
import styles from './jobs.module.css';
import { OutcomeMark } from './outcome-mark.tsx';

interface JobUnderwayProps {
  job: BackupJob;
  /** Undefined: it was not begun here, or not at all. */
  running: JobRunning | undefined;
}

/** The run under way, or the one that ended here. */
export function JobUnderway({ job, running }: JobUnderwayProps) {
  if (!running)
    return job.run === null ? null : (
      <p className={styles.elsewhere} role="status">
        <IconLoader2 size={14} aria-hidden className={styles.turning} /> It runs now
        {job.lastRun?.outcome === 'running' && (
          <>
            , since <Elapsed since={job.lastRun.startedAt} />
          </>
        )}
        .
      </p>
    );
  return (
    <section className={styles.run} aria-label="This run">
      {running.phase === 'running' ? <Far running={running} /> : <Ended running={running} />}
      {running.printed.last > 0 && (
        <details className={styles.log}>
          <summary>Log</summary>
          <Output printed={running.printed} isRunning={running.phase === 'running'} />
        </details>
      )}
    </section>
  );
}

function Far({ running }: { running: JobRunning }) {
  const { phases, progress, startedAt, isCancelled } = running;
  const { done, total } = shareDone(running);
  return (
    <>
      <Progress done={done} total={total} label={running.name} />
      <p className={styles.numbers}>
        {progress && progress.bytes > 0 && (
          <span>
            {bytes(progress.bytes)}
            {progress.bytesTotal !== null && ` of ${bytes(progress.bytesTotal)}`}
          </span>
        )}
        {progress && progress.total !== null && progress.bytesTotal === null && (
          <span>
            {count(progress.done)} of {count(progress.total)}
          </span>
        )}
        {progress?.remainingMs != null && <span>about {duration(progress.remainingMs)} left</span>}
        <Elapsed since={startedAt} />
        {progress?.object && <bdi className={styles.object}>{visible(progress.object)}</bdi>}
      </p>
      <p role="status">
        <IconLoader2 size={14} aria-hidden className={styles.turning} />{' '}
        {isCancelled ? 'Cancelling' : visible(phases.at(-1) ?? 'It begins')}
      </p>
    </>
  );
}

function Ended({ running }: { running: JobRunning }) {
  const { ended, failed, problem, removed, key, isCancelled } = running;
  return (
    <>
      {problem && <Explanation explanation={problem} />}
      {failed && (
        <Explanation
          explanation={failed.problem}
          severity={failed.cancelled ? 'warning' : 'bad'}
          actions={<p className={styles.left}>{visible(failed.state)}</p>}
        />
      )}
      {ended && (
        <p className={styles.ended} role="status">
          <OutcomeMark outcome={ended.outcome} /> <span>{visible(ended.said)}</span>
        </p>
      )}
      {!ended && !failed && !problem && (
        <p role="status">{isCancelled ? 'It was cancelled.' : 'How it ended was not heard.'}</p>
      )}
      {removed.length > 0 && <p>{plural(removed.length, 'backup')} removed by the rules.</p>}
      <Button className={styles.start ?? ''} variant="subtle" onClick={() => putJobAway(key)}>
        Put this away
      </Button>
    </>
  );
}
