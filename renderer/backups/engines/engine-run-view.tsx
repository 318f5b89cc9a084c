import { Button } from '@mantine/core';
import { IconCheck, IconLoader2, IconPlayerStop } from '@tabler/icons-react';
import { Explanation } from '../../components/explanation.tsx';
import { CommandLine } from '../../migrations/drive/command-line.tsx';
import { Output } from '../../migrations/drive/output.tsx';
import { Elapsed } from '../../migrations/run/elapsed.tsx';
import { visible } from '../../migrations/words.ts';
import type { EngineRunning } from './engine-run.ts';
import { cancelEngine, putEngineAway } from './engine-store.ts';
import styles from './engines.module.css';

/** A backup that the engine makes, with what it prints; then what came of it. */
export function EngineRunView({ running }: { running: EngineRunning }) {
  const { key, phase, command, printed, failed, finished, problem, isCancelled, startedAt } = running;
  const isRunning = phase === 'running';
  return (
    <section className={styles.run} aria-label="Backup by the engine">
      <div className={styles.runHead}>
        {isRunning ? (
          <p role="status">
            <IconLoader2 size={14} aria-hidden className={styles.turning} />{' '}
            {isCancelled ? 'Cancelling: the engine is asked to end.' : 'The engine makes a backup'}{' '}
            <Elapsed since={startedAt} />
          </p>
        ) : finished ? (
          <p role="status">
            <IconCheck size={16} aria-hidden />{' '}
            {finished.label === null ? (
              'The engine has made a backup.'
            ) : (
              <>
                The backup <bdi className={styles.mono}>{finished.label}</bdi> is made.
              </>
            )}
          </p>
        ) : (
          <p role="status">{isCancelled ? 'The backup was cancelled.' : 'There is no new backup.'}</p>
        )}
        <span className={styles.space} />
        {isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            disabled={isCancelled}
            onClick={() => cancelEngine(key)}
          >
            {isCancelled ? 'Cancelling' : 'Cancel the backup'}
          </Button>
        ) : (
          <Button variant="subtle" onClick={() => putEngineAway(key)}>
            Put this away
          </Button>
        )}
      </div>
      {problem && <Explanation explanation={problem} />}
      {failed && (
        <Explanation
          explanation={failed.problem}
          severity={failed.cancelled ? 'warning' : 'bad'}
          actions={<p className={styles.left}>{visible(failed.state)}</p>}
        />
      )}
      {command !== undefined && <CommandLine text={command} />}
      <div className={styles.log}>
        <Output printed={printed} isRunning={isRunning} />
      </div>
    </section>
  );
}
