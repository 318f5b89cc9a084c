import { Button } from '@mantine/core';
import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration, plural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { visible } from '../words.ts';
import { Elapsed } from './elapsed.tsx';
import { type Act, Failed } from './failed.tsx';
import { Notices } from './notices.tsx';
import styles from './run.module.css';
import type { Run } from './run-store.ts';
import { forceChoices, versionWords } from './run-words.ts';

interface OutcomeProps {
  track: MigrationTrack;
  run: Run;
  onAct: (act: Act) => void;
}

/** How far a run is, what it waits for, what it ended with, and the ways out of a failure. */
export function Outcome({ track, run, onAct }: OutcomeProps) {
  const { failed, finished, problem, isCancelled, notices } = run;
  const hasEnded = run.phase === 'ended';
  return (
    <>
      {!hasEnded && <Underway run={run} />}
      {hasEnded && !failed && !problem && finished && !finished.cancelled && (
        <p className={styles.done} role="status">
          <IconCheck size={16} aria-hidden />
          {plural(finished.ran, 'migration')} run in {duration(finished.ms)}.
        </p>
      )}
      {hasEnded && !failed && !problem && (finished?.cancelled || (isCancelled && !finished)) && (
        <Cancelled run={run} />
      )}
      {problem && <Explanation explanation={problem} />}
      {failed && (
        <Failed
          failed={failed}
          canAct={(act) => canAct(track, act)}
          onAct={onAct}
          more={moreActs(track, failed, onAct)}
        />
      )}
      <Notices notices={notices} />
    </>
  );
}

/** Whether the list knows what is meant. */
function canAct({ entries }: Pick<MigrationTrack, 'entries'>, act: Act): boolean {
  return 'id' in act ? entries.some(({ id }) => id === act.id) : true;
}

/** What can be done in any case, where the ways out do not offer it. */
function moreActs(
  track: MigrationTrack,
  { id, waysOut }: NonNullable<Run['failed']>,
  onAct: OutcomeProps['onAct'],
) {
  const offers = (kind: Act['kind']): boolean => waysOut.some(({ act }) => act?.kind === kind);
  const inspects = !offers('inspect') && canAct(track, { kind: 'inspect', id });
  const forces = track.tool === 'golang-migrate' && !offers('force') && !offers('again');
  if (!inspects && !forces) return undefined;
  return (
    <>
      {inspects && <Button onClick={() => onAct({ kind: 'inspect', id })}>Inspect it</Button>}
      {forces &&
        forceChoices(track, id).map((version) => (
          <Button key={version} onClick={() => onAct({ kind: 'force', version })}>
            Force {versionWords(version)}…
          </Button>
        ))}
    </>
  );
}

/** Stopped between two migrations, or before its end was heard. */
function Cancelled({ run: { finished, plan } }: { run: Run }) {
  const total = plural(plan.steps.length, 'migration');
  return (
    <Explanation
      severity="warning"
      explanation={{
        cause: 'run-cancelled',
        what: 'The run was cancelled.',
        why: finished
          ? `It was stopped between two migrations: ${finished.ran} of ${total} had run, and none is half done.`
          : 'It was stopped before it could tell how far it came; the server ends the statement that ran.',
        next: finished
          ? 'Go on with what is left whenever you want.'
          : 'The list shows where it stands now. Look at what of the last step is there before you run on.',
      }}
    />
  );
}

function Underway({ run }: { run: Run }) {
  const { waiting, step, plan, isCancelled } = run;
  const current = plan.steps[step];
  return (
    // The panel's first place for the keyboard: what follows is reached by Tab, and Enter does nothing here.
    <div className={styles.underway} role="status" tabIndex={-1} data-autofocus>
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
        <Elapsed since={run.startedAt} />
      </p>
    </div>
  );
}
