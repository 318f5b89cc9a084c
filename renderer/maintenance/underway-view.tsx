import { Button } from '@mantine/core';
import { IconLoader2, IconPlayerStop } from '@tabler/icons-react';
import { CopyButton } from '../components/copy-button.tsx';
import { Explanation } from '../components/explanation.tsx';
import { count, percent } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { Elapsed } from '../migrations/run/elapsed.tsx';
import { visible } from '../migrations/words.ts';
import styles from './maintenance.module.css';
import { cancelUnderway, putUnderwayAway, shareOf, type Underway } from './underway.ts';

/** How a run goes that was begun here, then what came of it. */
export function UnderwayView({ underway }: { underway: Underway }) {
  const { phase, title, problem, log, ended, job, key, isCancelled, run } = underway;
  const isRunning = phase === 'running';
  return (
    <section className={styles.underway} aria-label={title}>
      <header className={styles.underwayHead}>
        {isRunning && <IconLoader2 size={14} aria-hidden className={styles.turning} />}
        <b dir="auto">{visible(title)}</b>
        {isRunning && <Elapsed since={underway.startedAt} />}
        <span className={styles.space} />
        {isRunning ? (
          <Button
            variant="outline"
            color="red"
            size="compact-sm"
            leftSection={<IconPlayerStop size={14} />}
            disabled={isCancelled || run === undefined}
            onClick={() => cancelUnderway(key)}
          >
            {isCancelled ? 'Stopping' : 'Stop'}
          </Button>
        ) : (
          <Button variant="subtle" size="compact-sm" onClick={() => putUnderwayAway(key)}>
            Put this away
          </Button>
        )}
      </header>
      {isRunning && <Far underway={underway} />}
      {problem ? (
        <Explanation explanation={problem} severity={isCancelled ? 'warning' : 'bad'} compact />
      ) : (
        !isRunning && <p role="status">{visible(ended?.said ?? job?.said ?? 'Done.')}</p>
      )}
      {log.length > 0 && (
        <details className={styles.log}>
          <summary>What the server said ({count(log.length)} lines)</summary>
          <div className={styles.logHead}>
            <CopyButton text={() => log.join('\n')} label="Copy all" withLabel />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
          <pre className={styles.lines} tabIndex={0} dir="auto">
            {visible(log.slice(-500).join('\n'))}
          </pre>
        </details>
      )}
    </section>
  );
}

function Far({ underway }: { underway: Underway }) {
  const { done, total } = shareOf(underway);
  const { step, operation, progress } = underway;
  return (
    <>
      <Progress done={done} total={total} label={underway.title} />
      <p className={styles.far} role="status">
        {step && (
          <span>
            {step.of > 1 && `${step.step} of ${step.of}: `}
            <bdi>{visible(step.object)}</bdi>
          </span>
        )}
        {progress && (
          <span>
            {count(progress.done)}
            {progress.total !== null && ` of ${count(progress.total)}`} {progress.unit},{' '}
            <bdi>{visible(progress.object)}</bdi>
          </span>
        )}
        {operation?.phase && (
          <span title={operation.meaning}>
            {operation.phase}
            {total > 0 && operation.total !== null && ` ${percent(Math.min(1, done / total))}`}
          </span>
        )}
        {operation && operation.blockedBy.length > 0 && (
          <b>waits for process {operation.blockedBy.join(', ')}</b>
        )}
      </p>
    </>
  );
}
