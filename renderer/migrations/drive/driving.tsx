import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArrowLeft, IconCheck, IconLoader2, IconPlayerStop } from '@tabler/icons-react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { Explanation } from '../../components/explanation.tsx';
import { duration } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Elapsed } from '../run/elapsed.tsx';
import runStyles from '../run/run.module.css';
import { Where } from '../run/where.tsx';
import { CommandLine } from './command-line.tsx';
import styles from './drive.module.css';
import { type Drive, endWords } from './drive-job.ts';
import { cancelDrive } from './drive-store.ts';
import { Output } from './output.tsx';

interface DrivingProps {
  environment: Environment;
  track: MigrationTrack;
  drive: Drive;
  onBack: () => void;
  onClose: () => void;
}

/** A command that runs or ran: its line, its output as it comes, and how it ended. */
export function Driving({ environment, track, drive, onBack, onClose }: DrivingProps) {
  const { command, printed } = drive;
  const isRunning = drive.phase === 'running';
  return (
    <Inspector
      title={<span title={command.title}>{isRunning ? `Running: ${command.title}` : command.title}</span>}
      onClose={onClose}
      takeFocus
      footer={
        isRunning ? (
          <Button
            variant="outline"
            color="red"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => cancelDrive(drive)}
          >
            Cancel the command
          </Button>
        ) : (
          <>
            <Button leftSection={<IconArrowLeft size={14} />} onClick={onBack}>
              Back to the commands
            </Button>
            <Button onClick={onClose}>Close</Button>
          </>
        )
      }
    >
      <div className={styles.driving}>
        <Where environment={environment} by={track.title} />
        <CommandLine text={command.command} />
        <How drive={drive} />
        <Output printed={printed} isRunning={isRunning} />
      </div>
    </Inspector>
  );
}

function How({ drive }: { drive: Drive }) {
  const { phase, startedAt, isCancelled, problem, ended } = drive;
  if (phase === 'running')
    return (
      <p role="status">
        <IconLoader2 size={14} aria-hidden className={runStyles.turning} /> Running{' '}
        <Elapsed since={startedAt} />
      </p>
    );
  if (problem) return <Explanation explanation={problem} />;
  if (!ended) return isCancelled ? <Cancelled /> : <p role="status">How it ended was not heard.</p>;
  if (ended.code === 0)
    return (
      <p className={runStyles.done} role="status">
        <IconCheck size={16} aria-hidden />
        Exit code 0 after {duration(ended.ms)}.
      </p>
    );
  return (
    <p className={styles.failed} role="alert">
      <IconAlertOctagon size={16} aria-hidden />
      Failed: {endWords(ended)} after {duration(ended.ms)}.
    </p>
  );
}

function Cancelled() {
  return (
    <Explanation
      severity="warning"
      explanation={{
        cause: 'command-cancelled',
        what: 'The command was cancelled.',
        why: 'It was ended with everything that it had started, wherever it was.',
        next: 'The list shows where the tool stands now, as far as it records that. It may have left its own lock behind: its commands say how that is released.',
      }}
    />
  );
}
