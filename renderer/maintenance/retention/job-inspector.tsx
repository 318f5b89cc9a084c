import { Button } from '@mantine/core';
import { IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { RetentionJob, RetentionRun } from '../../../preload/contract/maintenance-retention.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { count, dateTime, duration } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Fact, Facts, Section } from '../../components/inspector-parts.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import { client } from '../../lib/client.ts';
import { visible } from '../../migrations/words.ts';
import styles from '../maintenance.module.css';
import { cancelUnderway, jobKey, startUnderway, useUnderway } from '../underway.ts';
import { UnderwayView } from '../underway-view.tsx';
import { Preview } from './preview-view.tsx';
import { useRuns } from './use-retention.ts';
import { outcomeWords, targetWords } from './words.ts';

interface JobInspectorProps {
  environment: Environment;
  job: RetentionJob;
  isConnected: boolean;
  onEdit: () => void;
  onChanged: () => void;
  onRemoved: () => void;
  onClose: () => void;
}

type Asked = 'run' | 'remove' | undefined;

/** One job: what it would do now, how its run goes, and what came of the others. */
export function JobInspector(props: JobInspectorProps) {
  const { environment, job, isConnected, onEdit, onChanged, onRemoved, onClose } = props;
  const [asked, setAsked] = useState<Asked>();
  const underway = useUnderway(jobKey(job.id));
  const isRunning = underway?.phase === 'running' || job.run !== null;
  const command = `howdah vacuum retention run ${quoted(environment.name)} ${quoted(job.name)} --scheduled`;
  const stop = (): void => {
    if (underway?.phase === 'running') cancelUnderway(underway.key);
    else if (job.run)
      void client.maintenance.cancel({ environment: environment.id, run: job.run }).then(onChanged);
  };
  return (
    <>
      <Inspector
        title={<bdi title={job.name}>{visible(job.name)}</bdi>}
        onClose={onClose}
        footer={
          <>
            {isRunning ? (
              <Button
                variant="outline"
                color="red"
                leftSection={<IconPlayerStop size={14} />}
                disabled={underway?.isCancelled ?? false}
                onClick={stop}
              >
                Stop after this batch
              </Button>
            ) : (
              <Button
                variant="filled"
                color="accent"
                leftSection={<IconPlayerPlay size={14} />}
                disabled={!isConnected}
                onClick={() => setAsked('run')}
              >
                Run now…
              </Button>
            )}
            <Button leftSection={<IconPencil size={14} />} disabled={!isConnected} onClick={onEdit}>
              Edit…
            </Button>
            <span className={styles.space} />
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={14} />}
              disabled={isRunning}
              onClick={() => setAsked('remove')}
            >
              Delete…
            </Button>
          </>
        }
      >
        <div className={styles.sections}>
          {underway && <UnderwayView underway={underway} />}
          <Facts>
            <Fact label="What it does">{visible(targetWords(job.target))}</Fact>
            <Fact label="Saved">{dateTime(job.savedAt)}</Fact>
            <Fact label="Lock is waited for">
              {duration(job.lockTimeoutMs)}, then {count(job.retries)} times more
            </Fact>
          </Facts>
          <Section title="By a schedule">
            {job.trouble !== null && (
              <p className={styles.entry} data-severity="warning">
                <SeverityIcon severity="warning" />
                <span>{visible(job.trouble)}</span>
              </p>
            )}
            {job.schedule && (
              <p className={styles.entry}>
                <code>{job.schedule.cron}</code> in {job.schedule.timeZone}
                {job.nextAt !== null && `, next at ${dateTime(job.nextAt)}`}, while Howdah runs.
              </p>
            )}
            <p className={styles.soft}>
              {job.schedule
                ? 'Where no console runs, cron or a systemd timer can:'
                : 'Put this into cron or a systemd timer:'}
            </p>
            <p className={styles.entry}>
              <code>{command}</code>
              <CopyButton text={command} label="Copy the command" />
            </p>
          </Section>
          {isConnected && !isRunning && (
            <Section title="What it would do now">
              <Preview environment={environment.id} target={job.target} />
            </Section>
          )}
          <Runs environment={environment.id} job={job} />
        </div>
      </Inspector>
      {asked === 'run' && (
        <ConfirmDialog
          title={`Run ${visible(job.name)} on ${environment.name}`}
          environment={environment}
          action="Run the job"
          destructive
          undo="What goes is gone for good. It can be stopped between two batches, or two partitions."
          onConfirm={(confirm) =>
            startUnderway({
              key: jobKey(job.id),
              environment: environment.id,
              title: job.name,
              view: 'retention',
              open: (signal) =>
                client.maintenance.retention.run(
                  {
                    environment: environment.id,
                    job: job.id,
                    ...(confirm === undefined ? {} : { confirm }),
                  },
                  { signal },
                ),
              onEnd: onChanged,
            })
          }
          onClose={() => setAsked(undefined)}
        >
          <Preview environment={environment.id} target={job.target} />
        </ConfirmDialog>
      )}
      {asked === 'remove' && (
        <ConfirmDialog
          title={`Delete the job ${visible(job.name)}`}
          environment={environment}
          action="Delete the job"
          destructive
          acts="console"
          undo="Its history is gone with it. What it has removed stays removed, and the audit log keeps its runs."
          onConfirm={async () => {
            await client.maintenance.retention.remove({ environment: environment.id, job: job.id });
            onRemoved();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** A name for a shell. */
const quoted = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function Runs({ environment, job }: { environment: string; job: RetentionJob }) {
  const { data } = useRuns(environment, job.id);
  return (
    <Section title="History" {...(data ? { of: data.length } : {})}>
      {data?.length === 0 && <p className={styles.soft}>It has never run.</p>}
      {data?.map((run) => (
        <Run key={run.id} run={run} />
      ))}
    </Section>
  );
}

function Run({ run: { startedAt, endedAt, outcome, by, said, dropped } }: { run: RetentionRun }) {
  const { word, severity } = outcomeWords[outcome];
  return (
    <div className={styles.operation} title={dropped.join('\n')}>
      <p className={styles.entry}>
        {severity && <SeverityIcon severity={severity} />}
        <b>{word}</b>
        <time dateTime={new Date(startedAt).toISOString()}>{dateTime(startedAt)}</time>
        <span className={styles.soft}>
          {by === 'hand' ? 'by hand' : 'by a schedule'}
          {endedAt !== null && `, ${duration(endedAt - startedAt)}`}
        </span>
      </p>
      <p className={styles.entry}>{visible(said)}</p>
    </div>
  );
}
