import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay, IconTestPipe } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunAction, RunPlan } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../words.ts';
import { PlanSteps } from './plan-steps.tsx';
import styles from './run.module.css';
import { destroys } from './run-job.ts';
import { RunOptions } from './run-options.tsx';
import { startRun } from './run-store.ts';
import { actionWords, actOf, undoWords } from './run-words.ts';
import { Where } from './where.tsx';

interface PreviewProps {
  environment: Environment;
  track: MigrationTrack;
  action: RunAction;
  onDryRun: (action: RunAction) => void;
  onClose: () => void;
}

/** What an action would run, and the way to run it: for real, or on a copy first. */
export function Preview({ environment, track, action: first, onDryRun, onClose }: PreviewProps) {
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
    await startRun({ environment: environment.id, track, plan, options, confirm });
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
      takeFocus
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
            <Button
              leftSection={<IconTestPipe size={14} />}
              title="Runs it in a scratch database that is made like this one, and tells times, locks and what it changes. Nothing is changed here."
              onClick={() => onDryRun(action)}
            >
              Try it on a copy first
            </Button>
            <Button onClick={onClose}>Cancel</Button>
            {refused && <span className={styles.refused}>{refused}</span>}
          </>
        )
      }
    >
      <div className={styles.sections}>
        <Where environment={environment} by={track.title} />
        <RunOptions
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
          {plan.warnings.slice(0, 3).map((warning) => (
            <Warning key={warning} text={warning} />
          ))}
        </ConfirmDialog>
      )}
    </Inspector>
  );
}

function Planned({ plan }: { plan: RunPlan }) {
  const warnings = [...new Set(plan.warnings)].map((text) => <Warning key={text} text={text} />);
  if (plan.steps.length === 0)
    return (
      <>
        <p role="status">There is nothing to run: it stands there already.</p>
        {warnings}
      </>
    );
  return (
    <>
      <p className={styles.way}>
        From <bdi className="mono">{visible(plan.from)}</bdi> to{' '}
        <bdi className="mono">{visible(plan.to)}</bdi>
      </p>
      {warnings}
      <PlanSteps plan={plan} />
    </>
  );
}

/** What is to be known before it runs and does not stop it. */
function Warning({ text }: { text: string }) {
  return (
    <p className={styles.warning}>
      <IconAlertTriangle size={14} role="img" aria-label="Warning" /> {visible(text)}
    </p>
  );
}
