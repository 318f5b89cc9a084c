import { Button } from '@mantine/core';
import { IconArrowLeft, IconLoader2, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { RunAction } from '../../../preload/contract/migration-runs.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { Progress } from '../../components/progress.tsx';
import { CommandLine } from '../drive/command-line.tsx';
import { Output } from '../drive/output.tsx';
import { Elapsed } from '../run/elapsed.tsx';
import { Notices } from '../run/notices.tsx';
import runStyles from '../run/run.module.css';
import { actionWords } from '../run/run-words.ts';
import { useSeen } from '../run/use-seen.ts';
import { Where } from '../run/where.tsx';
import { visible } from '../words.ts';
import styles from './dry-run.module.css';
import type { DryRun } from './dry-run-job.ts';
import { cancelDryRun, putDryRunAway, startDryRun, useDryRun } from './dry-run-store.ts';
import { ReportView } from './report.tsx';

interface DryRunPanelProps {
  environment: Environment;
  track: MigrationTrack;
  /** Opens the preview of the same action, to run it here. */
  onReal: (action: RunAction) => void;
  /** Back to a driven tool's commands. */
  onCommands: () => void;
  onClose: () => void;
}

/** Migrations on a copy of the environment: how far it is, then what would come of them. */
export function DryRunPanel({ environment, track, onReal, onCommands, onClose }: DryRunPanelProps) {
  const dryRun = useDryRun(environment.id, track);
  useSeen('dry-run', dryRun);
  if (!dryRun)
    return (
      <Inspector title="Dry run on a copy" onClose={onClose}>
        <Loading label="Beginning the dry run" rows={4} />
      </Inspector>
    );
  const { action, copy, phase, report } = dryRun;
  const isRunning = phase === 'running';
  const leave = (next: () => void) => () => {
    putDryRunAway(dryRun);
    next();
  };
  const close = leave(onClose);
  return (
    <Inspector
      title={isRunning ? 'Dry run on a copy: running' : 'Dry run on a copy'}
      onClose={close}
      takeFocus
      footer={
        isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => cancelDryRun(dryRun)}
          >
            Cancel the dry run
          </Button>
        ) : (
          <>
            {action.kind === 'command' ? (
              <Button leftSection={<IconArrowLeft size={14} />} onClick={leave(onCommands)}>
                Back to the commands
              </Button>
            ) : (
              <Button
                {...(report && !report.problem ? { variant: 'filled', color: 'accent' } : {})}
                leftSection={<IconPlayerPlay size={14} />}
                onClick={leave(() => onReal(action))}
              >
                Run it for real…
              </Button>
            )}
            {copy === 'structure' && (
              <Button
                onClick={() => void startDryRun(environment.id, track, action, 'backup')}
                title="Restores the newest backup of this environment into a database of its own, and runs it there"
              >
                Try it with the rows of a backup
              </Button>
            )}
            <Button onClick={() => void startDryRun(environment.id, track, action, copy)}>Try again</Button>
            <Button onClick={close}>Close</Button>
          </>
        )
      }
    >
      <div className={runStyles.sections}>
        <Where environment={environment} by={track.title} />
        {action.kind === 'command' ? (
          <CommandLine text={action.command} />
        ) : (
          <p className={styles.soft}>
            {actionWords(action)}, on a copy{copy === 'backup' && ' of the newest backup'} that is removed
            afterwards.
          </p>
        )}
        {isRunning && <Underway dryRun={dryRun} />}
        {dryRun.problem && <Explanation explanation={dryRun.problem} />}
        {!isRunning && dryRun.isCancelled && !report && !dryRun.problem && <Cancelled />}
        {report && <ReportView report={report} track={track} />}
        {action.kind === 'command' && dryRun.printed.last > 0 && (
          <div className={styles.output}>
            <Output printed={dryRun.printed} isRunning={isRunning} />
          </div>
        )}
        <Notices notices={dryRun.run.notices} />
      </div>
    </Inspector>
  );
}

function Underway({ dryRun: { step, run, startedAt } }: { dryRun: DryRun }) {
  const name = run.names[run.step];
  const isAtRuns = name !== undefined && run.phase === 'running';
  return (
    <div className={runStyles.underway} role="status" tabIndex={-1} data-autofocus>
      <Progress done={step?.done ?? 0} total={step?.total ?? 0} label="Dry run" />
      <p>
        <IconLoader2 size={14} aria-hidden className={runStyles.turning} />{' '}
        {step ? `${step.done + 1} of ${step.total}: ${visible(step.step)}` : 'Beginning'}{' '}
        <Elapsed since={startedAt} />
      </p>
      {isAtRuns && (
        <p className={styles.soft}>
          {run.step + 1} of {run.total}: <bdi className="mono">{visible(name)}</bdi>
          {run.current && `, line ${run.current.line}`}
        </p>
      )}
    </div>
  );
}

function Cancelled() {
  return (
    <Explanation
      severity="notice"
      explanation={{
        cause: 'dry-run-cancelled',
        what: 'The dry run was cancelled.',
        why: 'The copy is removed, and the environment was only read.',
        next: 'Try it again whenever you want.',
      }}
    />
  );
}
