import { Button, NumberInput } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationTrack, RunAction, RunPlan } from '../../../preload/contract/migrations.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProtectionBadge } from '../../components/protection-badge.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import { Outcome } from './outcome.tsx';
import { PlanSteps } from './plan-steps.tsx';
import styles from './run.module.css';
import { destroys } from './run-job.ts';
import { cancelRun, putAway, type Run, runKey, startRun, useRun } from './run-store.ts';
import { actionWords, actOf, undoWords } from './run-words.ts';

interface RunPanelProps {
  environment: Environment;
  track: MigrationTrack;
  action: RunAction;
  onLook: () => void;
  onInspect: (id: string) => void;
  onForce: (version: string) => void;
  onClose: () => void;
}

/** What an action would run, then how it runs and what came of it. */
export function RunPanel(props: RunPanelProps) {
  const { environment, track, onClose } = props;
  const key = runKey(environment.id, track.key);
  const run = useRun(key);
  const close = (): void => {
    putAway(key);
    onClose();
  };
  return run ? (
    <Running {...props} run={run} onAgain={() => putAway(key)} onClose={close} />
  ) : (
    <Preview {...props} onClose={close} />
  );
}

function Where({ environment, track }: Pick<RunPanelProps, 'environment' | 'track'>) {
  return (
    <p className={styles.where}>
      <Swatch color={environment.color} />
      <bdi className={styles.whereName}>{environment.name}</bdi>
      <ProtectionBadge protection={environment.protection} />
      <span className={styles.soft}>{track.title}</span>
    </p>
  );
}

function Preview({ environment, track, action: first, onLook, onClose }: RunPanelProps) {
  const [action, setAction] = useState(first);
  const [lockTimeout, setLockTimeout] = useState(4);
  const [retries, setRetries] = useState(5);
  const [isAsking, setAsking] = useState(false);
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const preview = useQuery({
    queryKey: ['migrations', environment.id, 'preview', track.key, action],
    queryFn: ({ signal }) =>
      client.migrations.preview({ environment: environment.id, track: track.key, action }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const plan = preview.data;
  const faults = plan?.steps.flatMap((step) => step.faults) ?? [];
  const refused =
    environment.protection === 'read-only'
      ? `${environment.name} is read-only: it is shown what would run, and nothing is run from here.`
      : undefined;
  const asks = plan && (environment.protection === 'guarded' || destroys(plan) || faults.length > 0);

  const start = async (confirm: string | undefined): Promise<void> => {
    if (!plan) return;
    const options = { action, lockTimeoutMs: Math.round(lockTimeout * 1000), retries };
    await startRun({ environment: environment.id, track: track.key, plan, options, confirm, onEnd: onLook });
  };
  const startHere = async (): Promise<void> => {
    setStarting(true);
    setProblem(undefined);
    try {
      await start(undefined);
    } catch (error) {
      setProblem(explain(error));
      setStarting(false);
    }
  };

  return (
    <Inspector
      title={actionWords(action)}
      onClose={onClose}
      footer={
        plan &&
        plan.steps.length > 0 && (
          <>
            <Button
              variant="filled"
              color={destroys(plan) ? 'red' : 'accent'}
              leftSection={<IconPlayerPlay size={14} />}
              loading={isStarting}
              disabled={refused !== undefined || preview.isFetching}
              onClick={() => (asks ? setAsking(true) : void startHere())}
            >
              {actOf(action, plan)}
              {asks ? '…' : ''}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
            {refused && <span className={styles.refused}>{refused}</span>}
          </>
        )
      }
    >
      <div className={styles.sections}>
        <Where environment={environment} track={track} />
        <Options
          action={action}
          onAction={setAction}
          lockTimeout={lockTimeout}
          onLockTimeout={setLockTimeout}
          retries={retries}
          onRetries={setRetries}
        />
        {problem && <Explanation explanation={problem} />}
        {preview.isError && (
          <Explanation
            explanation={explain(preview.error)}
            actions={<Button onClick={() => void preview.refetch()}>Look again</Button>}
          />
        )}
        {plan ? (
          <Planned plan={plan} />
        ) : (
          !preview.isError && <Loading label="Working out what would run" rows={6} />
        )}
      </div>
      {isAsking && plan && (
        <ConfirmDialog
          title={`${actOf(action, plan)} on ${environment.name}`}
          environment={environment}
          action={actOf(action, plan)}
          destructive={destroys(plan)}
          undo={undoWords(plan)}
          onConfirm={start}
          onClose={() => setAsking(false)}
        >
          <p>
            From <bdi className="mono">{visible(plan.from)}</bdi> to{' '}
            <bdi className="mono">{visible(plan.to)}</bdi>:
          </p>
          <ul className={styles.names}>
            {plan.steps.slice(0, 12).map(({ id, name, direction }) => (
              <li key={`${id} ${direction}`}>
                {direction} <bdi className="mono">{visible(name)}</bdi>
              </li>
            ))}
            {plan.steps.length > 12 && <li>and {plan.steps.length - 12} more</li>}
          </ul>
          {faults.slice(0, 3).map((fault) => (
            <p key={fault} className={styles.fault}>
              {visible(fault)}
            </p>
          ))}
        </ConfirmDialog>
      )}
    </Inspector>
  );
}

function Planned({ plan }: { plan: RunPlan }) {
  if (plan.steps.length === 0) return <p role="status">There is nothing to run: it stands there already.</p>;
  return (
    <>
      <p className={styles.way}>
        From <bdi className="mono">{visible(plan.from)}</bdi> to{' '}
        <bdi className="mono">{visible(plan.to)}</bdi>
      </p>
      <PlanSteps plan={plan} />
    </>
  );
}

interface OptionsProps {
  action: RunAction;
  onAction: (action: RunAction) => void;
  lockTimeout: number;
  onLockTimeout: (seconds: number) => void;
  retries: number;
  onRetries: (retries: number) => void;
}

function Options({ action, onAction, lockTimeout, onLockTimeout, retries, onRetries }: OptionsProps) {
  return (
    <div className={styles.options}>
      {(action.kind === 'up' || action.kind === 'down') && (
        <NumberInput
          label="How many"
          placeholder={action.kind === 'up' ? 'All' : '1'}
          min={1}
          max={100_000}
          allowDecimal={false}
          allowNegative={false}
          value={action.count ?? ''}
          onChange={(value) => {
            const count = typeof value === 'number' && value >= 1 ? Math.floor(value) : undefined;
            if (action.kind === 'down') onAction({ kind: 'down', count: count ?? 1 });
            else onAction(count === undefined ? { kind: 'up' } : { kind: 'up', count });
          }}
        />
      )}
      <NumberInput
        label="lock_timeout"
        title="How long a statement waits for a lock before it gives up, so that it does not hold up everybody behind it. 0: for ever."
        suffix=" s"
        min={0}
        max={600}
        value={lockTimeout}
        onChange={(value) => typeof value === 'number' && onLockTimeout(value)}
      />
      <NumberInput
        label="Retries"
        title="How often it is tried again after a lock timeout."
        min={0}
        max={50}
        allowDecimal={false}
        value={retries}
        onChange={(value) => typeof value === 'number' && onRetries(value)}
      />
    </div>
  );
}

type RunningProps = RunPanelProps & { run: Run; onAgain: () => void };

function Running({ environment, track, run, onAgain, onInspect, onForce, onClose }: RunningProps) {
  const isRunning = run.phase === 'running';
  return (
    <Inspector
      title={
        isRunning ? `${actOf(run.options.action, run.plan)}: running` : actOf(run.options.action, run.plan)
      }
      onClose={onClose}
      footer={
        isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => cancelRun(runKey(environment.id, track.key))}
          >
            Cancel the run
          </Button>
        ) : (
          <>
            {(run.failed || run.problem || run.isCancelled) && (
              <Button onClick={onAgain}>Look again and retry</Button>
            )}
            <Button onClick={onClose}>Close</Button>
          </>
        )
      }
    >
      <div className={styles.sections}>
        <Where environment={environment} track={track} />
        <Outcome environment={environment} run={run} track={track} onInspect={onInspect} onForce={onForce} />
        <PlanSteps plan={run.plan} run={run} />
      </div>
    </Inspector>
  );
}
