import { Button } from '@mantine/core';
import { IconCalendarX, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { RetentionCandidate, RetentionJob } from '../../../preload/contract/maintenance-retention.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { dateTime } from '../../components/format.ts';
import { Inspector } from '../../components/inspector.tsx';
import { Loading } from '../../components/loading.tsx';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import styles from '../maintenance.module.css';
import { JobForm } from './job-form.tsx';
import { JobInspector } from './job-inspector.tsx';
import { useCandidates, useJobs, useJobsChanged } from './use-retention.ts';
import { outcomeWords, targetWords } from './words.ts';

const keyOf = ({ id }: RetentionJob): string => id;
const byName = [{ id: 'name', desc: false }];

type Opened = { kind: 'job'; id: string } | { kind: 'form'; id: string | undefined } | undefined;

/** Rules by which old rows go: partitions dropped, rows deleted in batches, by hand or by a schedule. */
export default function Retention({ environment, status, choice }: ViewProps) {
  const isConnected = status.state === 'connected';
  const { data: jobs, error } = useJobs(environment.id);
  const [opened, setOpened] = useState<Opened>();
  const changed = useJobsChanged(environment.id);
  const inspected = opened?.kind === 'job' ? jobs?.find(({ id }) => id === opened.id) : undefined;
  const edited = opened?.kind === 'form' ? jobs?.find(({ id }) => id === opened.id) : undefined;
  usePaletteActions(
    useMemo(
      () =>
        isConnected
          ? [
              {
                id: 'retention-new',
                label: 'New retention job…',
                keywords: 'delete old rows drop partitions',
                icon: IconPlus,
                run: () => setOpened({ kind: 'form', id: undefined }),
              },
            ]
          : [],
      [isConnected],
    ),
  );
  const add = (
    <Button
      variant="filled"
      color="accent"
      leftSection={<IconPlus size={14} />}
      disabled={!isConnected}
      onClick={() => setOpened({ kind: 'form', id: undefined })}
    >
      New job…
    </Button>
  );
  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <span className={styles.space} />
          {add}
        </div>
        {error && (
          <div className={styles.notes}>
            <Explanation explanation={explain(error)} severity={jobs ? 'warning' : 'bad'} />
          </div>
        )}
        {!jobs ? (
          !error && <Loading label="Loading the retention jobs" rows={6} />
        ) : (
          <div className={styles.table}>
            <DataTable
              name="retention-jobs"
              label="Retention jobs"
              noun="job"
              columns={columns}
              rows={jobs}
              keyOf={keyOf}
              sorting={byName}
              onOpen={({ id }) => setOpened({ kind: 'job', id })}
              onActive={(row) => row && opened?.kind === 'job' && setOpened({ kind: 'job', id: row.id })}
              empty={
                <Empty icon={IconCalendarX} title="No rule removes old rows here" actions={add}>
                  A job drops partitions whose range is over, or deletes old rows in small batches. It shows
                  what would go before it is saved and before each run.
                </Empty>
              }
            />
          </div>
        )}
      </div>
      {inspected && (
        <JobInspector
          key={inspected.id}
          environment={environment}
          job={inspected}
          isConnected={isConnected}
          onEdit={() => setOpened({ kind: 'form', id: inspected.id })}
          onChanged={changed}
          onRemoved={() => {
            setOpened(undefined);
            changed();
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened?.kind === 'form' && isConnected && (opened.id === undefined || edited) && (
        <Form
          key={opened.id ?? ''}
          environment={environment}
          job={edited}
          onSaved={(id) => {
            changed();
            setOpened({ kind: 'job', id });
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

/** The form, once it is known which tables there are. */
function Form(props: Omit<Parameters<typeof JobForm>[0], 'candidates'>) {
  const { data, error } = useCandidates(props.environment.id);
  if (data && isSome(data.candidates)) return <JobForm {...props} candidates={data.candidates} />;
  return (
    <Inspector title="New retention job" onClose={props.onClose}>
      {error ? (
        <Explanation explanation={explain(error)} />
      ) : data ? (
        <Empty title="No table has a column of time">
          Rows are told by their age, so a table needs a date, a timestamp, or a range of partitions.
        </Empty>
      ) : (
        <Loading label="Looking for tables with a column of time" rows={6} />
      )}
    </Inspector>
  );
}

const isSome = (
  all: readonly RetentionCandidate[],
): all is readonly [RetentionCandidate, ...RetentionCandidate[]] => all.length > 0;

const columns: readonly DataColumn<RetentionJob>[] = [
  {
    id: 'name',
    header: 'Job',
    width: 200,
    always: true,
    value: ({ name }) => name,
    cell: ({ name, trouble }) => (
      <span className={styles.state}>
        {trouble !== null && (
          <span title={trouble}>
            <SeverityIcon severity="warning" />
          </span>
        )}
        <bdi title={name}>{visible(name)}</bdi>
      </span>
    ),
  },
  {
    id: 'target',
    header: 'What it does',
    width: 320,
    grow: true,
    value: ({ target }) => targetWords(target),
    cell: ({ target }) => <bdi>{visible(targetWords(target))}</bdi>,
  },
  {
    id: 'last',
    header: 'Last outcome',
    width: 112,
    value: ({ lastRun, run }) =>
      run !== null ? 'Runs' : lastRun ? outcomeWords[lastRun.outcome].word : null,
    cell: ({ lastRun, run }) => {
      if (run !== null) return 'Runs';
      if (!lastRun) return <span className={styles.soft}>Never ran</span>;
      const { word, severity } = outcomeWords[lastRun.outcome];
      return (
        <span className={styles.state} title={lastRun.said}>
          {severity && <SeverityIcon severity={severity} />}
          {word}
        </span>
      );
    },
  },
  {
    id: 'age',
    header: 'Age',
    width: 96,
    align: 'end',
    value: ({ lastRun }) => (lastRun ? -lastRun.startedAt : null),
    text: ({ lastRun }) => (lastRun ? dateTime(lastRun.startedAt) : ''),
    cell: ({ lastRun }) => <TimeAgo at={lastRun?.startedAt} as="age" />,
  },
  {
    id: 'said',
    header: 'What came of it',
    width: 360,
    hiddenAtFirst: 'narrow',
    value: ({ lastRun }) => lastRun?.said ?? null,
    cell: ({ lastRun }) => <span title={lastRun?.said}>{visible(lastRun?.said ?? '')}</span>,
  },
];
