import { Button } from '@mantine/core';
import { IconLoader2, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, duration, exactBytes, plural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { Output } from '../../migrations/drive/output.tsx';
import { Elapsed } from '../../migrations/run/elapsed.tsx';
import { visible } from '../../migrations/words.ts';
import styles from './run.module.css';
import { type BackupRun, shareOf } from './run-state.ts';
import { cancelRun } from './run-store.ts';

/** A run under way: what it does, how far it is, and what the program says. */
export function Underway({ run, withCancel = false }: { run: BackupRun; withCancel?: boolean }) {
  const { done, total } = shareOf(run);
  const { phases, isCancelled, startedAt } = run;
  return (
    <div className={styles.run}>
      <div className={styles.phase}>
        <IconLoader2 size={14} aria-hidden className={styles.turning} />
        {/* Only what is done is read out; figures that tick would drown it. */}
        <span role="status" className={styles.phaseText}>
          {isCancelled ? 'Cancelling' : visible(phases.at(-1)?.said ?? 'Beginning')}
        </span>
        <Elapsed since={startedAt} />
      </div>
      <Progress done={done} total={total} label={run.title} />
      <Figures run={run} />
      <Phases run={run} />
      <RunLog run={run} />
      {withCancel && (
        <div>
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            loading={isCancelled}
            onClick={() => cancelRun(run.key)}
          >
            Cancel
          </Button>
        </div>
      )}
    </div>
  );
}

function Figures({ run: { progress } }: { run: BackupRun }) {
  // The line stays, so that nothing below it jumps.
  if (!progress) return <p className={styles.figures}>{'\u00a0'}</p>;
  const { object, done, total, bytes: size, bytesTotal, remainingMs } = progress;
  const parts = [
    total !== null && total > 0 && `${count(done)} of ${plural(total, 'object')}`,
    size > 0 && (bytesTotal ? `${bytes(Math.min(size, bytesTotal))} of ${bytes(bytesTotal)}` : bytes(size)),
    remainingMs !== null && `about ${duration(Math.max(1000, Math.round(remainingMs / 1000) * 1000))} left`,
  ].filter((part) => part !== false);
  return (
    <p className={styles.figures} title={size > 0 ? exactBytes(size) : undefined}>
      <span>{parts.join(', ') || '\u00a0'}</span>
      {object !== null && <bdi className={styles.object}>{visible(object)}</bdi>}
    </p>
  );
}

/** What is done already, each with how long it took. */
export function Phases({ run: { phases, phase, endedAt } }: { run: BackupRun }) {
  const past = phase === 'running' ? phases.slice(0, -1) : phases;
  if (past.length === 0) return null;
  return (
    <ol className={styles.phases} aria-label="Done so far">
      {past.map(({ said, at }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they only ever append, and may be alike.
        <li key={place}>
          <span>{visible(said)}</span>
          <span className={styles.soft}>
            {duration(Math.max(0, (phases[place + 1]?.at ?? endedAt ?? at) - at))}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function RunLog({ run: { printed, phase } }: { run: BackupRun }) {
  const [isOpen, setOpen] = useState(false);
  if (printed.last === 0) return null;
  return (
    <details className={styles.log} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Log, {plural(printed.last, 'line')}</summary>
      {isOpen && (
        <div className={styles.logBox}>
          <Output printed={printed} isRunning={phase === 'running'} />
        </div>
      )}
    </details>
  );
}

/** What came of a run that did not end well, and what is left of it. */
export function NotDone({ run }: { run: BackupRun }) {
  const { failed, problem, isCancelled } = run;
  if (failed) {
    return (
      <div className={styles.run}>
        <Explanation
          explanation={failed.problem}
          severity={failed.cancelled ? 'notice' : 'bad'}
          actions={<p className={styles.state}>{visible(failed.state)}</p>}
        />
        <RunLog run={run} />
      </div>
    );
  }
  if (problem) return <Explanation explanation={problem} />;
  if (!isCancelled) return null;
  return (
    <Explanation
      severity="notice"
      explanation={{
        cause: 'cancelled',
        what: 'It was cancelled.',
        why: 'The console was told before it had begun in earnest.',
        next: 'Begin again whenever you want.',
      }}
    />
  );
}
