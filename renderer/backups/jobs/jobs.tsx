import { Button, TextInput } from '@mantine/core';
import { IconCalendarClock, IconFilter, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { BackupJob } from '../../../preload/contract/backup-jobs.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { client } from '../../lib/client.ts';
import { useLive } from '../../lib/use-live.ts';
import { useEnvironments } from '../../shell/environments-provider.tsx';
import { jobActions } from './job-actions.ts';
import { jobColumns } from './job-columns.tsx';
import { JobForm } from './job-form.tsx';
import { JobInspector } from './job-inspector.tsx';
import { actionWords } from './job-words.ts';
import styles from './jobs.module.css';
import { RemoveJob } from './remove-job.tsx';
import { useSwitches } from './use-switches.ts';

const keyOf = ({ id }: BackupJob): string => id;
const byName = [{ id: 'name', desc: false }];

/** What is open beside the list: a job, or the form for one, old or new. */
type Opened = { kind: 'job'; id: string } | { kind: 'form'; id: string | undefined } | undefined;

interface JobsProps {
  environmentId: string;
  /** Of the room's views, to stand in the same line. */
  choice?: ReactNode;
}

/** Backups and their proofs by the clock: what runs when, what came of it, and what is kept. */
export default function Jobs({ environmentId, choice }: JobsProps) {
  const { environments = [] } = useEnvironments();
  const environment = environments.find(({ id }) => id === environmentId);
  const { value, problem } = useLive('backup-jobs', (options) =>
    client.backups.jobs.watch(undefined, options),
  );
  const [opened, setOpened] = useState<Opened>();
  const [removing, setRemoving] = useState<BackupJob>();
  const [filter, setFilter] = useState('');
  const own = useMemo(
    () =>
      value?.filter(
        (job) => environment && (job.environment === environment.id || job.environment === environment.name),
      ),
    [value, environment],
  );
  const [jobs, onSwitch] = useSwitches(own);
  const words = filter.trim().toLowerCase();
  const shown = useMemo(
    () =>
      (jobs ?? []).filter(({ name, action }) =>
        `${name} ${actionWords(action)}`.toLowerCase().includes(words),
      ),
    [jobs, words],
  );
  const columns = useMemo(() => jobColumns(onSwitch), [onSwitch]);
  const inspected = opened?.kind === 'job' ? jobs?.find(({ id }) => id === opened.id) : undefined;
  const edited = opened?.kind === 'form' ? jobs?.find(({ id }) => id === opened.id) : undefined;
  const openJob = (id: string): void => setOpened({ kind: 'job', id });
  const actionsOf = ([job]: readonly BackupJob[]) =>
    job && environment
      ? jobActions(job, environment.id, {
          onEdit: () => setOpened({ kind: 'form', id: job.id }),
          onRemove: () => setRemoving(job),
          onSwitch: () => onSwitch(job, !job.isOn),
          onBegun: () => openJob(job.id),
        })
      : [];
  if (!environment) return null;
  const add = (
    <Button
      variant="filled"
      color="accent"
      leftSection={<IconPlus size={14} />}
      onClick={() => setOpened({ kind: 'form', id: undefined })}
    >
      New job…
    </Button>
  );

  return (
    <div className={styles.screen}>
      <div className={styles.tools}>
        {choice}
        <TextInput
          data-filter
          type="search"
          aria-label="Filter the jobs"
          placeholder="Filter (/)"
          leftSection={<IconFilter size={14} />}
          className={styles.filter ?? ''}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <span className={styles.space} />
        {add}
      </div>
      {problem && (
        <div className={styles.problem}>
          <Explanation explanation={problem} />
        </div>
      )}
      {jobs ? (
        <div className={styles.table}>
          <DataTable
            name="backup-jobs"
            label="Jobs"
            noun="job"
            columns={columns}
            rows={shown}
            keyOf={keyOf}
            sorting={byName}
            live
            filterSignature={words}
            onOpen={({ id }) => openJob(id)}
            onActive={(row) => row && opened?.kind === 'job' && openJob(row.id)}
            actions={actionsOf}
            empty={
              words === '' ? (
                <Empty icon={IconCalendarClock} title="No job backs this environment up" actions={add}>
                  A job makes a backup, or proves the ones that are there, at the times that you give it, and
                  keeps as many as you want.
                </Empty>
              ) : (
                <Empty
                  icon={IconFilter}
                  title="No job matches"
                  actions={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
                />
              )
            }
          />
        </div>
      ) : (
        !problem && <Loading label="Loading the jobs" rows={6} />
      )}
      {inspected && (
        <JobInspector
          key={inspected.id}
          environment={environment}
          job={inspected}
          onEdit={() => setOpened({ kind: 'form', id: inspected.id })}
          onRemove={() => setRemoving(inspected)}
          onSwitch={(isOn) => onSwitch(inspected, isOn)}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened?.kind === 'form' && (opened.id === undefined || edited) && (
        <JobForm
          key={opened.id ?? ''}
          environment={environment}
          job={edited}
          taken={new Set(value?.map(({ name }) => name))}
          onSaved={openJob}
          onClose={() => setOpened(undefined)}
        />
      )}
      {removing && (
        <RemoveJob
          environment={environment}
          job={removing}
          onRemoved={() => setOpened(undefined)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </div>
  );
}
