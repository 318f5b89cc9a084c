import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration, plural } from '../../components/format.ts';
import { visible } from '../../migrations/words.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import styles from './restore.module.css';
import type { Restoring } from './restore-job.ts';
import { UndoSwap } from './undo-swap.tsx';

interface OutcomeProps {
  restoring: Restoring;
  target: Environment | undefined;
}

/** What came of a restore: what is there now, or why not and what is left. */
export function Outcome({ restoring, target }: OutcomeProps) {
  const { finished, failed, problem, phases } = restoring;
  if (finished) return <Finished restoring={restoring} finished={finished} target={target} />;
  if (failed)
    return (
      <Explanation
        explanation={failed.problem}
        severity={failed.cancelled ? 'warning' : 'bad'}
        actions={
          <div>
            {phases.length > 0 && <p>It was at: {visible(phases.at(-1) ?? '')}.</p>}
            <p className={styles.left}>{visible(failed.state)}</p>
          </div>
        }
      />
    );
  if (problem) return <Explanation explanation={problem} />;
  return (
    <Explanation
      severity="warning"
      explanation={{
        cause: 'restore-unheard',
        what: 'The restore was ended before it could tell what it leaves.',
        why: 'Listening to it was stopped, which ends it.',
        next: 'A database that was being made is dropped by itself; look at the server’s databases.',
      }}
    />
  );
}

interface FinishedProps extends OutcomeProps {
  finished: NonNullable<Restoring['finished']>;
}

function Finished({ restoring, finished, target }: FinishedProps) {
  const { database, kept, errors, ms } = finished;
  const { statusOf } = useEnvironments();
  const [isAsking, setAsking] = useState(false);
  // A swap ends the console's own sessions there too; it is back in a moment.
  const isBack = target !== undefined && statusOf(target.id).state === 'connected';
  /** Under which name the restored one is kept since the swap was undone. */
  const [undone, setUndone] = useState<string>();
  const where = target ? <bdi>{target.name}</bdi> : 'the server';
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.done} data-errors={errors > 0 || undefined}>
        <IconCheck size={16} aria-hidden />
        <span>
          <bdi className={styles.mono}>{visible(database)}</bdi> is restored on {where} in {duration(ms)}
          {errors > 0 ? `, with ${plural(errors, 'error')}.` : ', without errors.'}
        </span>
      </p>
      {restoring.options.only && errors === 0 && (
        <p>{plural(restoring.options.only.length, 'entry', 'entries')} of the backup were restored.</p>
      )}
      {kept !== null && undone === undefined && (
        <>
          <p>
            What was there before is kept as <bdi className={styles.mono}>{visible(kept)}</bdi> until somebody
            drops it.
          </p>
          {target && (
            <Button
              className={styles.undo ?? ''}
              leftSection={<IconArrowBackUp size={14} />}
              disabled={target.protection === 'read-only' || !isBack}
              title={isBack ? undefined : 'As soon as the environment is connected again.'}
              onClick={() => setAsking(true)}
            >
              Undo the swap…
            </Button>
          )}
        </>
      )}
      {undone !== undefined && (
        <p>
          The swap is undone: <bdi className={styles.mono}>{visible(database)}</bdi> is what it was before.
          The restored one is kept as <bdi className={styles.mono}>{visible(undone)}</bdi>.
        </p>
      )}
      {isAsking && target && kept !== null && (
        <UndoSwap
          environment={target}
          database={database}
          kept={kept}
          onDone={setUndone}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
