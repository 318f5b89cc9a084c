import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Inspector } from '../../components/inspector.tsx';
import type { Act } from './failed.tsx';
import { Outcome } from './outcome.tsx';
import { PlanSteps } from './plan-steps.tsx';
import { Preview } from './preview.tsx';
import styles from './run.module.css';
import { cancelRun, putAway, type Run, useRun } from './run-store.ts';
import { actOf } from './run-words.ts';
import { useSeen } from './use-seen.ts';
import { Where } from './where.tsx';

interface RunPanelProps {
  environment: Environment;
  track: MigrationTrack;
  /** Undefined: the run that is there already. */
  action: RunAction | undefined;
  /** Does what a way out of a failure says, but for running again. */
  onAct: (act: Act) => void;
  onDryRun: (action: RunAction) => void;
  onClose: () => void;
}

/** What an action would run, then how it runs and what came of it. */
export function RunPanel(props: RunPanelProps) {
  const { environment, track, action, onDryRun, onClose } = props;
  const run = useRun(environment.id, track);
  useSeen('run', run);
  if (run) {
    const close = (): void => {
      putAway(run);
      onClose();
    };
    return <Running {...props} run={run} onAgain={() => putAway(run)} onClose={close} />;
  }
  return (
    <Preview
      environment={environment}
      track={track}
      action={action ?? { kind: 'up' }}
      onDryRun={onDryRun}
      onClose={onClose}
    />
  );
}

type RunningProps = RunPanelProps & { run: Run; onAgain: () => void };

function Running({ environment, track, run, onAgain, onAct, onClose }: RunningProps) {
  const isRunning = run.phase === 'running';
  const act = actOf(run.options.action, run.plan);
  return (
    <Inspector
      title={isRunning ? `${act}: running` : act}
      onClose={onClose}
      takeFocus
      footer={
        isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            disabled={run.isCancelled}
            onClick={() => cancelRun(environment.id, run)}
          >
            {run.isCancelled ? 'Cancelling' : 'Cancel the run'}
          </Button>
        ) : (
          <>
            {(run.failed || run.problem || run.isCancelled) && (
              <Button onClick={onAgain}>Look again and retry</Button>
            )}
            <Button onClick={onClose} data-autofocus>
              Close
            </Button>
          </>
        )
      }
    >
      <div className={styles.sections}>
        <Where environment={environment} by={track.title} />
        <Outcome run={run} track={track} onAct={(way) => (way.kind === 'again' ? onAgain() : onAct(way))} />
        <PlanSteps plan={run.plan} run={run} />
      </div>
    </Inspector>
  );
}
