import { ActionIcon, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChartLine, IconFilterOff, IconRefresh, IconSearch, IconTrashX } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { LeftoverIndex, MaintainedTable } from '../../preload/contract/maintenance.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { count, plural, shortCount } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { nothingSelected } from '../components/table/selection.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import { explain } from '../lib/errors.ts';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import type { ViewProps } from '../shell/room-props.ts';
import { ActDialog, type AskedAct } from './act-dialog.tsx';
import { tableActions } from './act-words.ts';
import { DropLeftover } from './drop-leftover.tsx';
import { History } from './history.tsx';
import styles from './maintenance.module.css';
import { Ages, Holders, Leftovers, Operations } from './panels.tsx';
import { tableColumns } from './table-columns.tsx';
import { TableInspector } from './table-inspector.tsx';
import { actKey, useUnderway } from './underway.ts';
import { UnderwayView } from './underway-view.tsx';
import { useOperations, useReadAgain, useStatus } from './use-maintenance.ts';

const keyOf = ({ oid }: MaintainedTable): string => String(oid);
const urgentFirst = [{ id: 'state', desc: false }];
const toneOf = ({ state }: MaintainedTable): string | undefined => (state === 'danger' ? 'bad' : undefined);

type Shown = 'now' | 'history';

/** Dead rows, ages, who holds them back, what runs, and what can be done about it. */
export default function Vacuum({ environment, status, choice }: ViewProps) {
  const isConnected = status.state === 'connected';
  const [chosen, setShown] = useState<Shown>('now');
  // Without a connection there is what was kept.
  const shown = isConnected ? chosen : 'history';
  const [typed, setTyped] = useState('');
  const [filter] = useDebouncedValue(typed, 200);
  const [system, setSystem] = useState(false);
  const [opened, setOpened] = useState<number>();
  const [selection, setSelection] = useState(nothingSelected);
  const [asked, setAsked] = useState<AskedAct>();
  const [dropping, setDropping] = useState<LeftoverIndex>();
  const { data, error, isFetching } = useStatus(environment.id, { filter, system, isConnected });
  const operations = useOperations(environment.id, isConnected && shown === 'now');
  const readAgain = useReadAgain(environment.id);
  const underway = useUnderway(actKey(environment.id));
  const refused =
    environment.protection === 'read-only'
      ? `${environment.name} is read-only.`
      : underway?.phase === 'running'
        ? 'Another one runs already.'
        : isConnected
          ? undefined
          : 'Howdah is not connected.';
  const ask = useCallback(
    (kind: AskedAct['kind'], tables: readonly MaintainedTable[]): void =>
      setAsked({ kind, tables: tables.slice(0, 200) }),
    [],
  );
  const actionsOf = useCallback(
    (tables: readonly MaintainedTable[]) => tableActions(tables, refused, ask),
    [refused, ask],
  );
  const tables = data?.tables;
  const selected = useMemo(
    () => tables?.filter((table) => selection.keys.has(keyOf(table))) ?? [],
    [tables, selection],
  );
  const inspected = tables?.find(({ oid }) => oid === opened);
  usePaletteActions(
    useMemo(() => {
      const about = selected.length > 0 ? selected : inspected ? [inspected] : [];
      return [
        { id: 'vacuum-again', label: 'Read dead rows and ages again', icon: IconRefresh, run: readAgain },
        {
          id: 'vacuum-history',
          label: chosen === 'now' ? 'Show ages and dead rows over time' : 'Show the tables as they are now',
          icon: IconChartLine,
          run: () => setShown(chosen === 'now' ? 'history' : 'now'),
        },
        ...(about.length > 0 && refused === undefined
          ? tableActions(about, undefined, ask).map(({ id, label, run }) => ({
              id: `vacuum-${id}`,
              label,
              detail: about.length === 1 ? (about[0]?.name ?? '') : plural(about.length, 'table'),
              icon: IconTrashX,
              run,
            }))
          : []),
      ];
    }, [readAgain, chosen, selected, inspected, refused, ask]),
  );

  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <SegmentedControl
            aria-label="Shown"
            value={shown}
            disabled={!isConnected}
            onChange={(next) => setShown(next as Shown)}
            data={[
              { value: 'now', label: 'Now' },
              { value: 'history', label: 'Over time' },
            ]}
          />
          {shown === 'now' && (
            <>
              <TextInput
                data-filter
                type="search"
                className={styles.search ?? ''}
                placeholder="Search"
                aria-label="Search in names of schemas and tables"
                leftSection={<IconSearch size={14} />}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
              <Checkbox
                size="xs"
                label="Catalogues"
                checked={system}
                onChange={(event) => setSystem(event.currentTarget.checked)}
              />
            </>
          )}
          <span className={styles.space} />
          {data && shown === 'now' && (
            <span className={styles.soft}>
              {plural(data.due, 'table')} due, {shortCount(data.dead)} dead rows
            </span>
          )}
          {shown === 'now' && (
            <ActionIcon
              variant="default"
              aria-label="Read again"
              title="Read again"
              loading={isFetching}
              onClick={readAgain}
            >
              <IconRefresh size={14} />
            </ActionIcon>
          )}
        </div>
        {underway && <UnderwayView underway={underway} />}
        {shown === 'history' ? (
          <History environment={environment.id} isConnected={isConnected} />
        ) : (
          <>
            <div className={styles.notes}>
              {error && (
                <Explanation explanation={explain(error)} severity={data ? 'warning' : 'bad'} compact />
              )}
              {data?.limits.map((limit) => (
                <Explanation key={limit.cause} explanation={limit} severity="notice" compact />
              ))}
              {data && !data.autovacuum && (
                <Explanation explanation={autovacuumOff} severity="warning" compact />
              )}
            </div>
            {data && <Leftovers leftovers={data.leftovers} onDrop={setDropping} />}
            {!data ? (
              !error && <Loading label="Reading dead rows and ages" rows={14} />
            ) : (
              <>
                <div className={styles.panels}>
                  <Ages {...data} />
                  <Holders holders={data.holders} at={data.at} />
                  <Operations operations={operations.data?.operations} />
                </div>
                <div className={styles.table}>
                  <DataTable
                    name="maintenance-tables"
                    label="Tables by what is due"
                    noun="table"
                    columns={tableColumns}
                    rows={data.tables}
                    keyOf={keyOf}
                    sorting={urgentFirst}
                    live
                    filterSignature={`${filter} ${system}`}
                    selection={selection}
                    onSelect={setSelection}
                    onOpen={({ oid }) => setOpened(oid)}
                    onActive={(row) =>
                      setOpened((before) => (before === undefined || !row ? before : row.oid))
                    }
                    actions={actionsOf}
                    toneOf={toneOf}
                    note={
                      <>
                        {data.count > data.tables.length &&
                          `The most urgent of ${count(data.count)}; search for the others. `}
                        Read <TimeAgo at={data.at} />
                      </>
                    }
                    empty={
                      <Empty
                        icon={IconFilterOff}
                        title={filter === '' ? 'There are no tables' : 'No table has that in its name'}
                      >
                        {filter === '' && !system && 'Only the server’s own catalogues are there.'}
                      </Empty>
                    }
                  />
                </div>
              </>
            )}
          </>
        )}
      </div>
      {inspected && shown === 'now' && (
        <TableInspector
          key={inspected.oid}
          environment={environment}
          table={inspected}
          actions={actionsOf([inspected])}
          onClose={() => setOpened(undefined)}
        />
      )}
      {asked && (
        <ActDialog
          environment={environment}
          asked={asked}
          onEnd={readAgain}
          onClose={() => setAsked(undefined)}
        />
      )}
      {dropping && (
        <DropLeftover
          environment={environment}
          index={dropping}
          onDropped={readAgain}
          onClose={() => setDropping(undefined)}
        />
      )}
    </>
  );
}

const autovacuumOff = {
  cause: 'autovacuum-off',
  what: 'Autovacuum is off for the whole server.',
  why: 'Dead rows stay until somebody vacuums; only what is too old is still vacuumed by itself.',
  next: 'Turn it on; no restart is needed.',
  command: 'ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();',
};
