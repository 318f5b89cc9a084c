import { Button } from '@mantine/core';
import {
  IconAlertOctagon,
  IconArrowLeft,
  IconCheck,
  IconCircleDashed,
  IconLoader2,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration, plural } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Progress } from '../../components/progress.tsx';
import { Elapsed } from '../run/elapsed.tsx';
import { type Act, Failed } from '../run/failed.tsx';
import { Notices } from '../run/notices.tsx';
import runStyles from '../run/run.module.css';
import { Where } from '../run/where.tsx';
import { visible } from '../words.ts';
import { MarkSeedsDialog } from './mark-seeds-dialog.tsx';
import styles from './seeds.module.css';
import { cancelSeeds, type SeedRun } from './seeds-store.ts';

interface SeedRunningProps {
  environment: Environment;
  run: SeedRun;
  onBack: () => void;
  onClose: () => void;
}

/** Seeds that run or ran: which file, which statement, and what came of it. */
export function SeedRunning({ environment, run, onBack, onClose }: SeedRunningProps) {
  const [marked, setMarked] = useState<{ file: string; ran: boolean }>();
  const { failed, finished, problem, isCancelled } = run;
  const isRunning = run.phase === 'running';
  const act = (way: Act): void => {
    if (way.kind === 'again') onBack();
    else if (way.kind === 'mark' || way.kind === 'unmark')
      setMarked({ file: way.id, ran: way.kind === 'mark' });
  };
  return (
    <Inspector
      title={isRunning ? 'Seeds: running' : 'Seeds'}
      onClose={onClose}
      takeFocus
      footer={
        isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            disabled={isCancelled}
            onClick={() => cancelSeeds(environment.id)}
          >
            {isCancelled ? 'Cancelling' : 'Cancel the run'}
          </Button>
        ) : (
          <>
            <Button leftSection={<IconArrowLeft size={14} />} onClick={onBack} data-autofocus>
              Back to the seeds
            </Button>
            <Button onClick={onClose}>Close</Button>
          </>
        )
      }
    >
      <div className={runStyles.sections}>
        <Where environment={environment} by="Seeds" />
        <p>
          <bdi className={styles.path}>{visible(run.folder)}</bdi>
        </p>
        {isRunning && <Underway run={run} />}
        {!isRunning && !failed && !problem && finished && !finished.cancelled && (
          <p className={runStyles.done} role="status">
            <IconCheck size={16} aria-hidden />
            {plural(finished.ran, 'file')} run in {duration(finished.ms)}.
          </p>
        )}
        {!isRunning && !failed && !problem && (finished?.cancelled || (isCancelled && !finished)) && (
          <Explanation
            severity="warning"
            explanation={{
              cause: 'seeds-cancelled',
              what: 'The run was cancelled.',
              why: finished
                ? `It was stopped between two files: ${plural(finished.ran, 'file')} had run.`
                : 'It was stopped before it could tell how far it came; the server ends the statement that ran.',
              next: 'The list shows which files ran.',
            }}
          />
        )}
        {problem && <Explanation explanation={problem} />}
        {failed && (
          <Failed
            failed={failed}
            canAct={({ kind }) => kind === 'again' || kind === 'mark' || kind === 'unmark'}
            onAct={act}
          />
        )}
        <Files run={run} />
        <Notices notices={run.notices} />
      </div>
      {marked && (
        <MarkSeedsDialog
          environment={environment}
          folder={run.folder}
          files={[marked.file]}
          ran={marked.ran}
          onTake={onBack}
          onClose={() => setMarked(undefined)}
        />
      )}
    </Inspector>
  );
}

function Underway({ run }: { run: SeedRun }) {
  const { step, total, names, current, isCancelled, startedAt } = run;
  const name = names[step];
  return (
    <div className={runStyles.underway} role="status" tabIndex={-1} data-autofocus>
      <Progress done={Math.max(0, step)} total={total} label="Files run" />
      <p>
        <IconLoader2 size={14} aria-hidden className={runStyles.turning} />{' '}
        {isCancelled ? (
          'Cancelling: the server is asked to end the statement.'
        ) : name === undefined ? (
          'Reading the files.'
        ) : (
          <>
            {step + 1} of {total}: <bdi className="mono">{visible(name)}</bdi>
            {current && `, line ${current.line}`}
          </>
        )}{' '}
        <Elapsed since={startedAt} />
      </p>
      {current && <pre className={runStyles.sql}>{current.text}</pre>}
    </div>
  );
}

/** Those that were begun, and those that still wait. */
function Files({ run }: { run: SeedRun }) {
  const { names, files, step, phase, failed, finished } = run;
  const left = files.filter((file) => !names.includes(file));
  const isOver = phase === 'ended';
  const wentWell = isOver && !failed && finished !== undefined && !finished.cancelled;
  return (
    <ol className={styles.begun} aria-label="Files">
      {names.map((name, at) => {
        const isLast = at === step;
        const state = !isLast || wentWell ? 'done' : failed ? 'failed' : isOver ? 'stopped' : 'running';
        return <File key={name} name={name} state={state} />;
      })}
      {!wentWell && left.map((name) => <File key={name} name={name} state="waits" />)}
    </ol>
  );
}

const looks = {
  done: IconCheck,
  failed: IconAlertOctagon,
  stopped: IconPlayerStop,
  running: IconLoader2,
  waits: IconCircleDashed,
};

function File({ name, state }: { name: string; state: keyof typeof looks }) {
  const Icon = looks[state];
  return (
    <li data-state={state}>
      <Icon
        size={14}
        stroke={2}
        aria-hidden
        className={state === 'running' ? runStyles.turning : undefined}
      />
      <bdi className={styles.mono}>{visible(name)}</bdi>
      <span className={styles.word}>{state === 'waits' ? 'not begun' : state}</span>
    </li>
  );
}
