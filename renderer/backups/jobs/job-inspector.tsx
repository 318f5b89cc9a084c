import { Button, Switch } from '@mantine/core';
import { IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { dateTime } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { explain } from '../../lib/errors.ts';
import { History } from './history.tsx';
import { cancelJob, runJob, useJobRunning } from './job-store.ts';
import { JobUnderway } from './job-underway.tsx';
import { actionWords, inZone, noNextWords, retentionWords } from './job-words.ts';
import styles from './jobs.module.css';
import { Prune } from './prune.tsx';
import { ScheduleWords } from './schedule-words.tsx';
import { SystemSchedules } from './system-schedules.tsx';

interface JobInspectorProps {
  environment: Environment;
  job: BackupJob;
  onEdit: () => void;
  onRemove: () => void;
  onSwitch: (isOn: boolean) => void;
  onClose: () => void;
}

/** One job: what it does and when, how its run goes, what came of the others, and what its rules would remove. */
export function JobInspector({ environment, job, onEdit, onRemove, onSwitch, onClose }: JobInspectorProps) {
  const running = useJobRunning(job.id);
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const isRunning = job.run !== null || running?.phase === 'running';
  const { action, schedule } = job;
  const run = async (): Promise<void> => {
    setStarting(true);
    setProblem(undefined);
    try {
      await runJob(job, environment.id);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setStarting(false);
    }
  };
  return (
    <Inspector
      title={<bdi title={job.name}>{job.name}</bdi>}
      aside={
        <Switch
          size="xs"
          label={job.isOn ? 'On' : 'Off'}
          checked={job.isOn}
          onChange={(event) => onSwitch(event.currentTarget.checked)}
        />
      }
      onClose={onClose}
      footer={
        <>
          {isRunning ? (
            <Button
              variant="outline"
              color="red"
              leftSection={<IconPlayerStop size={14} />}
              disabled={running?.phase === 'running' && running.isCancelled}
              onClick={() => cancelJob(job)}
            >
              Cancel the run
            </Button>
          ) : (
            <Button
              variant="filled"
              color="accent"
              leftSection={<IconPlayerPlay size={14} />}
              loading={isStarting}
              disabled={job.trouble !== null}
              onClick={() => void run()}
            >
              Run now
            </Button>
          )}
          <Button leftSection={<IconPencil size={14} />} onClick={onEdit}>
            Edit…
          </Button>
          <span className={styles.space} />
          <Button variant="subtle" color="red" leftSection={<IconTrash size={14} />} onClick={onRemove}>
            Delete…
          </Button>
        </>
      }
    >
      <div className={styles.sections}>
        {job.trouble !== null && (
          <p className={styles.trouble} role="status">
            {job.trouble}
          </p>
        )}
        {problem && <Explanation explanation={problem} />}
        <JobUnderway job={job} running={running} />
        <Facts>
          <Fact label="What it does">{actionWords(action)}</Fact>
          {action.kind === 'backup' && (
            <Fact label="Into">{action.folder ?? 'The environment’s own folder'}</Fact>
          )}
          <Fact label="When">
            <ScheduleWords schedule={schedule} />
          </Fact>
          {schedule?.by === 'howdah' && (
            <Fact label="Missed runs">
              {schedule.missed === 'catch-up' ? 'Run once, later' : 'Told, and not run'}
            </Fact>
          )}
          <Fact label="Next">
            {job.nextAt === null ? (
              noNextWords(job)
            ) : (
              <span title={`${dateTime(job.nextAt)} here`}>
                {inZone(job.nextAt, schedule?.timeZone ?? 'UTC')}, {schedule?.timeZone}
              </span>
            )}
          </Fact>
          {action.kind === 'backup' && <Fact label="What stays">{retentionWords(job.retention)}</Fact>}
        </Facts>
        {schedule?.by === 'system' && (
          <Section title="The system’s own scheduler">
            <SystemSchedules job={job} />
          </Section>
        )}
        <History job={job} />
        {action.kind === 'backup' && job.retention !== null && (
          <Section title="What stays and what goes">
            <Prune environment={environment} job={job} />
          </Section>
        )}
      </div>
    </Inspector>
  );
}
