import { Button, TextInput } from '@mantine/core';
import { IconFileImport, IconFilter, IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { plural } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { worstFinding } from '../environments/findings.ts';
import { useActions, useImporting } from '../shell/actions.tsx';
import { useEnvironments } from '../shell/environments-provider.tsx';
import { FirstRun } from './first-run.tsx';
import { FleetTable } from './fleet-table.tsx';
import styles from './home.module.css';
import { HomeMenu } from './home-menu.tsx';
import { Notices } from './notices.tsx';
import { filtered, nextSort, type Row, type Sort, sections } from './rows.ts';
import { SampleButton } from './sample-button.tsx';

const ImportScreen = lazy(() => import('../imports/import-screen.tsx'));

/** All environments and their state at a glance; or the import, until it is closed. */
export function Home() {
  if (useImporting().open) {
    return (
      <Suspense fallback={<Loading label="Loading the import" />}>
        <ImportScreen />
      </Suspense>
    );
  }
  return <Fleet />;
}

function Fleet() {
  const { environments, statusOf, problem } = useEnvironments();
  const { add, importFrom } = useActions();
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>();
  const words = useDeferredValue(filter);
  const rows = useMemo<Row[]>(
    () => (environments ?? []).map((environment) => ({ environment, status: statusOf(environment.id) })),
    [environments, statusOf],
  );
  const shown = useMemo(() => sections(filtered(rows, words), sort), [rows, words, sort]);
  const count = shown.reduce((sum, section) => sum + section.rows.length, 0);

  if (!environments) {
    return problem ? (
      <div className={styles.notice}>
        <Explanation explanation={problem} />
      </div>
    ) : (
      <Loading label="Loading environments" rows={12} />
    );
  }
  if (environments.length === 0) {
    return (
      <>
        <Notices />
        <FirstRun />
      </>
    );
  }
  return (
    <>
      <Notices />
      <div className={styles.toolbar}>
        <TextInput
          data-filter
          type="search"
          aria-label="Filter environments"
          placeholder="Filter (/)"
          leftSection={<IconFilter size={14} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter) {
              event.preventDefault();
              setFilter('');
            }
          }}
          className={styles.filter ?? ''}
        />
        <Summary rows={rows} shown={count} />
        <div className={styles.sample}>
          <SampleButton />
        </div>
        <Button leftSection={<IconFileImport size={14} />} onClick={() => importFrom()}>
          Import
        </Button>
        <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={() => add()}>
          Add an environment
        </Button>
        <HomeMenu />
      </div>
      {count === 0 ? (
        <Empty
          icon={IconFilter}
          title="No environment matches"
          actions={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
        >
          The filter looks in name, group, host, database, user, version, state and findings.
        </Empty>
      ) : (
        <FleetTable
          sections={shown}
          sort={sort}
          onSort={(column) => setSort((before) => nextSort(before, column))}
        />
      )}
    </>
  );
}

function Summary({ rows, shown }: { rows: readonly Row[]; shown: number }) {
  const connected = rows.filter(({ status }) => status.state === 'connected').length;
  const worst = rows.map(({ status }) => worstFinding(status)?.severity);
  const bad = worst.filter((severity) => severity === 'bad').length;
  const warnings = worst.filter((severity) => severity === 'warning').length;
  return (
    <p className={styles.summary} aria-live="polite">
      {shown === rows.length
        ? plural(rows.length, 'environment')
        : `${shown} of ${plural(rows.length, 'environment')}`}
      <span className={styles.connected}>{connected} connected</span>
      {bad > 0 && <span className={styles.bad}>{bad} in trouble</span>}
      {warnings > 0 && <span className={styles.warning}>{plural(warnings, 'warning')}</span>}
    </p>
  );
}
