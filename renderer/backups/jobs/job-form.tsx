import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BackupJob, BackupJobDraft } from '../../../preload/contract/backup-jobs.ts';
import type { Explanation as ExplanationData } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { Explanation } from '../../components/explanation.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { belowInput } from '../restore/field-order.ts';
import { ActionFields } from './action-fields.tsx';
import { draftOf, newJob } from './job-draft.ts';
import styles from './jobs.module.css';
import { RetentionFields } from './retention-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';

interface JobFormProps {
  environment: Environment;
  /** Undefined: a new one. */
  job: BackupJob | undefined;
  /** Names of all jobs. */
  taken: ReadonlySet<string>;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** Makes a job, or changes one. */
export function JobForm({ environment, job, taken, onSaved, onClose }: JobFormProps) {
  const [draft, setDraft] = useState(() => (job ? draftOf(job) : newJob(environment, taken)));
  const [isBusy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const [isEdited, setEdited] = useState(false);
  const [problem, setProblem] = useState<ExplanationData>();
  const change = (changes: Partial<BackupJobDraft>): void => {
    setDraft((before) => ({ ...before, ...changes }));
    setEdited(true);
    setProblem(undefined);
  };
  const isNameTaken = draft.name.trim() !== job?.name && taken.has(draft.name.trim());
  const lacks =
    draft.name.trim() === '' ||
    isNameTaken ||
    draft.schedule?.cron.trim() === '' ||
    (draft.action.kind === 'engine' && draft.action.engine === '') ||
    (draft.action.kind === 'backup' && draft.action.folder?.trim() === '');
  const save = async (): Promise<void> => {
    if (lacks || isBusy) return;
    setBusy(true);
    setProblem(undefined);
    // Rules are about backups that a job made.
    const kept = draft.action.kind === 'backup' ? draft : { ...draft, retention: null };
    try {
      const saved = job
        ? await client.backups.jobs.change({ job: job.id, draft: kept })
        : await client.backups.jobs.add(kept);
      onSaved(saved.id);
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  // What was typed is not thrown away by one key; the same key again goes on with it.
  const close = (): void => {
    if (isEdited) setAsks(!asks);
    else onClose();
  };
  return (
    <Inspector
      title={job ? <bdi>Edit {job.name}</bdi> : 'New job'}
      takeFocus
      onClose={close}
      footer={
        asks ? (
          <>
            <b role="alert">Discard changes?</b>
            <span className={styles.space} />
            <Button autoFocus onClick={() => setAsks(false)}>
              Keep editing
            </Button>
            <Button variant="filled" color="red" onClick={onClose}>
              Discard
            </Button>
          </>
        ) : (
          <>
            <Button
              type="submit"
              form="job-form"
              variant="filled"
              color="accent"
              loading={isBusy}
              disabled={lacks}
            >
              {job ? 'Save' : 'Make the job'}
            </Button>
            <Button onClick={close}>Cancel</Button>
          </>
        )
      }
    >
      <form
        id="job-form"
        className={styles.sections}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const wrong = event.currentTarget.querySelector<HTMLElement>('details [aria-invalid=true]');
          wrong?.closest('details')?.setAttribute('open', '');
          if (wrong) wrong.focus();
          else void save();
        }}
      >
        {problem && <Explanation explanation={problem} />}
        <TextInput
          label="Name"
          inputWrapperOrder={belowInput}
          description="How the list and `howdah backups run` call it."
          maxLength={100}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={isNameTaken ? 'Another job has this name.' : undefined}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
        <ActionFields
          environment={environment}
          action={draft.action}
          onChange={(action) => change({ action })}
        />
        <ScheduleFields schedule={draft.schedule} onChange={(schedule) => change({ schedule })} />
        {draft.action.kind === 'backup' && (
          <RetentionFields
            environment={environment}
            job={job}
            retention={draft.retention}
            onChange={(retention) => change({ retention })}
          />
        )}
      </form>
    </Inspector>
  );
}
