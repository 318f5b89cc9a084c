import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type {
  RetentionCandidate,
  RetentionDraft,
  RetentionJob,
} from '../../../preload/contract/maintenance-retention.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Inspector } from '../../components/inspector.tsx';
import { Section } from '../../components/inspector-parts.tsx';
import { client } from '../../lib/client.ts';
import styles from '../maintenance.module.css';
import { JobFields } from './job-fields.tsx';
import { Preview } from './preview-view.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { candidateOf, newDraft, targetWords } from './words.ts';

interface JobFormProps {
  environment: Environment;
  candidates: readonly [RetentionCandidate, ...RetentionCandidate[]];
  /** Undefined: a new one. */
  job: RetentionJob | undefined;
  onSaved: (id: string) => void;
  onClose: () => void;
}

/** Makes a job, or changes one, with what it would do now beneath it. */
export function JobForm({ environment, candidates, job, onSaved, onClose }: JobFormProps) {
  const [draft, setDraft] = useState<RetentionDraft>(() => (job ? draftOf(job) : newDraft(candidates[0])));
  const [isNamed, setNamed] = useState(job !== undefined);
  const [asks, setAsks] = useState(false);
  // Each letter would have the server count anew.
  const [target] = useDebouncedValue(draft.target, 400);
  const candidate = candidateOf(draft.target, candidates);
  const change = (next: RetentionDraft['target']): void => {
    const table = candidateOf(next, candidates)?.table;
    setDraft((before) => ({
      ...before,
      target: next,
      ...(isNamed || table === undefined ? {} : { name: `old ${table}` }),
    }));
  };
  const name = draft.name.trim();
  return (
    <>
      <Inspector
        title={job ? <bdi>Edit {job.name}</bdi> : 'New retention job'}
        takeFocus
        onClose={onClose}
        footer={
          <>
            <Button
              type="submit"
              form="retention-form"
              variant="filled"
              color="accent"
              disabled={name === ''}
            >
              {job ? 'Save…' : 'Make the job…'}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </>
        }
      >
        <form
          id="retention-form"
          className={styles.sections}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (name !== '') setAsks(true);
          }}
        >
          <JobFields target={draft.target} candidates={candidates} candidate={candidate} onChange={change} />
          <TextInput
            label="Name"
            maxLength={100}
            value={draft.name}
            onChange={(event) => {
              setNamed(true);
              const typed = event.currentTarget.value;
              setDraft((before) => ({ ...before, name: typed }));
            }}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
          />
          <ScheduleFields
            schedule={draft.schedule}
            onChange={(schedule) => setDraft((before) => ({ ...before, schedule }))}
          />
          <Section title="What it would do now">
            <Preview environment={environment.id} target={target} />
          </Section>
        </form>
      </Inspector>
      {asks && (
        <ConfirmDialog
          title={`Save the job ${name} for ${environment.name}`}
          environment={environment}
          action="Save the job"
          undo={
            draft.schedule
              ? 'Nothing is removed by saving it. At its times it runs by itself, and asks nobody.'
              : 'Nothing is removed by saving it. Run by a schedule, it asks nobody.'
          }
          onConfirm={async (confirm) => {
            const input = {
              environment: environment.id,
              draft: { ...draft, name },
              ...(confirm === undefined ? {} : { confirm }),
            };
            const { retention } = client.maintenance;
            const saved = job
              ? await retention.change({ ...input, job: job.id })
              : await retention.add(input);
            onSaved(saved.id);
          }}
          onClose={() => setAsks(false)}
        >
          <p>{targetWords(draft.target)}.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

const draftOf = ({ name, target, schedule, lockTimeoutMs, retries }: RetentionJob): RetentionDraft => ({
  name,
  target,
  schedule,
  lockTimeoutMs,
  retries,
});
