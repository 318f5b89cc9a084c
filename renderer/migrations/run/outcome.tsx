import { Button } from '@mantine/core';
import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration, plural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../words.ts';
import styles from './run.module.css';
import type { Run } from './run-store.ts';
import { forceChoices, versionWords } from './run-words.ts';

interface OutcomeProps {
  environment: Environment;
  track: MigrationTrack;
  run: Run;
  onInspect: (id: string) => void;
  onForce: (version: string) => void;
}

/** How far a run is, what it waits for, what it ended with, and the ways out of a failure. */
export function Outcome({ track, run, onInspect, onForce }: OutcomeProps) {
  const { failed, finished, problem, isCancelled, notices } = run;
  return (
    <>
      {run.phase === 'running' && <Underway run={run} />}
      {run.phase === 'ended' && !failed && !problem && finished && !finished.cancelled && (
        <p className={styles.done} role="status">
          <IconCheck size={16} aria-hidden />
          {plural(finished.ran, 'migration')} run in {duration(finished.ms)}.
        </p>
      )}
      {run.phase === 'ended' && !failed && !problem && (isCancelled || finished?.cancelled) && (
        <Explanation
          severity="warning"
          explanation={{
            cause: 'run-cancelled',
            what: 'The run was cancelled.',
            why: 'You stopped it; the server ends the statement that ran.',
            next: 'The list shows where it stands now. Look at what of the last step is there before you run on.',
          }}
        />
      )}
      {problem && <Explanation explanation={problem} />}
      {failed && <Failed failed={failed} track={track} onInspect={onInspect} onForce={onForce} />}
      {notices.length > 0 && (
        <details className={styles.notices} open={notices.length <= 5}>
          <summary>{plural(notices.length, 'notice')} of the server</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it. */}
          <pre className={styles.text} tabIndex={0}>
            {visibleLines(notices)}
          </pre>
        </details>
      )}
    </>
  );
}

const visibleLines = (lines: readonly string[]): string => lines.map(visible).join('\n');

function Underway({ run }: { run: Run }) {
  const now = useNow();
  const { waiting, step, plan, isCancelled } = run;
  const current = plan.steps[step];
  return (
    <div className={styles.underway} role="status">
      <Progress done={Math.max(0, step)} total={plan.steps.length} label="Migrations run" />
      <p>
        <IconLoader2 size={14} aria-hidden className={styles.turning} />{' '}
        {isCancelled ? (
          'Cancelling: the server is asked to end the statement.'
        ) : waiting ? (
          <>
            Waiting for <b dir="auto">{visible(waiting.holder)}</b>, who migrates, since{' '}
            {duration(waiting.sinceMs)}.
          </>
        ) : current ? (
          <>
            {step + 1} of {plan.steps.length}: {current.direction}{' '}
            <bdi className="mono">{visible(current.name)}</bdi>
          </>
        ) : (
          'Taking the lock of the tool.'
        )}{' '}
        <span className={styles.soft}>
          {duration(Math.max(0, Math.floor((now - run.startedAt) / 1000) * 1000))}
        </span>
      </p>
    </div>
  );
}

interface FailedProps extends Pick<OutcomeProps, 'track' | 'onInspect' | 'onForce'> {
  failed: NonNullable<Run['failed']>;
}

function Failed({ failed, track, onInspect, onForce }: FailedProps) {
  const { problem, file, line, statement, state, waysOut, id } = failed;
  return (
    <Explanation
      explanation={problem}
      actions={
        <div className={styles.failure}>
          <p>
            <bdi className="mono">{visible(file)}</bdi>
            {line !== null && `, line ${line}`}
          </p>
          {statement !== null && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, and the keyboard must reach it.
            <pre className={styles.text} tabIndex={0}>
              {statement}
            </pre>
          )}
          <p className={styles.state}>{visible(state)}</p>
          {waysOut.length > 0 && (
            <ul className={styles.ways} aria-label="Ways out">
              {waysOut.map(({ said }) => (
                <li key={said}>{visible(said)}</li>
              ))}
            </ul>
          )}
          <div className={styles.choices}>
            <Button onClick={() => onInspect(id)}>Inspect it</Button>
            {track.tool === 'golang-migrate' &&
              forceChoices(track, id).map((version) => (
                <Button key={version} onClick={() => onForce(version)}>
                  Force {versionWords(version)}…
                </Button>
              ))}
          </div>
        </div>
      }
    />
  );
}
