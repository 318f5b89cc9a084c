import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import { bytes, count, shortAge } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { Elapsed } from '../../migrations/run/elapsed.tsx';
import { visible } from '../../migrations/words.ts';
import styles from './restore.module.css';
import type { Restoring } from './restore-job.ts';

/** Phases so far, and how far the one under way has come. */
export function Underway({ restoring }: { restoring: Restoring }) {
  const { phases, progress, startedAt, isCancelled } = restoring;
  const total = progress?.total ?? progress?.bytesTotal ?? 0;
  const done = progress?.total ? progress.done : (progress?.bytes ?? 0);
  return (
    <div className={styles.underway}>
      <Progress done={done} total={total} label="Restored" />
      <p className={styles.numbers}>
        {progress?.total != null && (
          <span>
            {count(progress.done)} of {count(progress.total)} entries
          </span>
        )}
        {progress && progress.bytes > 0 && (
          <span>
            {bytes(progress.bytes)}
            {progress.bytesTotal !== null && ` of ${bytes(progress.bytesTotal)}`}
          </span>
        )}
        {progress?.remainingMs != null && <span>about {shortAge(progress.remainingMs)} left</span>}
        <Elapsed since={startedAt} />
        {progress?.object && (
          <bdi className={styles.object} title={visible(progress.object)}>
            {visible(progress.object)}
          </bdi>
        )}
      </p>
      <ol className={styles.phases} aria-label="Phases" aria-live="polite">
        {phases.map((phase, index) => {
          const isLast = index === phases.length - 1;
          return (
            <li key={phase} aria-current={isLast ? 'step' : undefined}>
              {isLast ? (
                <IconLoader2 size={14} aria-hidden className={styles.turning} />
              ) : (
                <IconCheck size={14} role="img" aria-label="Done" />
              )}{' '}
              {visible(phase)}
            </li>
          );
        })}
        {isCancelled && (
          <li>
            <IconLoader2 size={14} aria-hidden className={styles.turning} /> Cancelling: what was begun is put
            back.
          </li>
        )}
      </ol>
    </div>
  );
}
