import { ActionIcon, SegmentedControl, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch, IconStack2 } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, count, exactBytes } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Limits } from '../limits.tsx';
import styles from '../parts.module.css';
import { BarLegend, totalOf } from '../sizes.tsx';
import { useGrowth, wholeDatabase } from '../use-growth.ts';
import { useTables } from '../use-tables.ts';
import { Databases } from './databases.tsx';
import { schemaColumns, tableColumns } from './table-columns.tsx';
import { TableInspector } from './table-inspector.tsx';
import { keptTables, type SchemaRow, schemaRows, type TableRow, tableRows } from './table-rows.ts';

const keyOf = ({ table }: TableRow): string => String(table.oid);
const schemaOf = ({ schema }: SchemaRow): string => schema;
const largestFirst = [{ id: 'total', desc: true }];
const largestSchemaFirst = [{ id: 'size', desc: true }];
const noneOpened: ReadonlySet<number> = new Set();

const by = ['tables', 'schemas', 'databases'] as const;
type By = (typeof by)[number];

/** What takes space: tables with what they are made of, their schemas, or the databases. */
export default function Tables({ environment, status, choice }: ViewProps) {
  const isConnected = status.state === 'connected';
  const { tables: live, isFetching, problem, refresh } = useTables(environment.id, isConnected);
  const growth = useGrowth(environment.id, '30d', wholeDatabase);
  const [grouped, setGrouped] = useState<By>('tables');
  const [filter, setFilter] = useState('');
  const [opened, setOpened] = useState(noneOpened);
  const [shown, setShown] = useState<number>();

  const toggle = useCallback((oid: number) => {
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(oid)) next.add(oid);
      return next;
    });
  }, []);
  const growers = useMemo(
    () => new Map(growth.data?.growers.map((one) => [one.oid, one]) ?? []),
    [growth.data],
  );
  const isKept = !live && !isConnected;
  const tables = useMemo(
    () => live?.tables ?? (isKept && growth.data ? keptTables(growth.data.growers) : undefined),
    [live, isKept, growth.data],
  );
  const rows = useMemo(
    () => tableRows(tables ?? [], { filter, opened, growers, onToggle: toggle }),
    [tables, filter, opened, growers, toggle],
  );
  const schemas = useMemo(() => schemaRows(tables ?? []), [tables]);
  usePaletteActions(
    useMemo(
      () => [
        { id: 'storage-measure', label: 'Measure sizes again', icon: IconRefresh, run: refresh },
        ...by.map((one) => ({
          id: `storage-by-${one}`,
          label: `Show sizes by ${one}`,
          icon: IconStack2,
          run: () => setGrouped(one),
        })),
      ],
      [refresh],
    ),
  );
  const open = useCallback(({ table }: TableRow) => setShown(table.oid), []);
  const active = useCallback(
    (row: TableRow | null) => setShown((before) => (before === undefined || !row ? before : row.table.oid)),
    [],
  );
  const inspected = shown === undefined ? undefined : tables?.find(({ oid }) => oid === shown);

  return (
    <>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <SegmentedControl
            aria-label="Sizes by"
            value={grouped}
            onChange={(next) => setGrouped(next as By)}
            data={[
              { value: 'tables', label: 'By table' },
              { value: 'schemas', label: 'By schema' },
              { value: 'databases', label: 'By database' },
            ]}
          />
          {grouped === 'tables' && (
            <TextInput
              data-filter
              className={styles.search ?? ''}
              placeholder="Search"
              aria-label="Search in names of schemas and tables"
              leftSection={<IconSearch size={14} />}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
            />
          )}
          <span className={styles.space} />
          <State live={live} isKept={isKept} keptAt={growth.data?.lastAt ?? null} />
          <ActionIcon
            variant="default"
            aria-label="Measure again"
            title="Measure again"
            disabled={!isConnected}
            loading={isFetching}
            onClick={refresh}
          >
            <IconRefresh size={14} />
          </ActionIcon>
        </div>
        {problem && (
          <div className={styles.limits}>
            <Explanation explanation={problem} severity={tables ? 'warning' : 'bad'} />
          </div>
        )}
        <Limits limits={live?.limits ?? []} />
        {grouped === 'databases' ? (
          <Databases environment={environment.id} />
        ) : !tables ? (
          !problem && <Loading label="Reading the tables" rows={14} />
        ) : grouped === 'schemas' ? (
          <div className={styles.table}>
            <DataTable
              name="storage-schemas"
              label="Schemas by size"
              noun="schema"
              columns={schemaColumns}
              rows={schemas}
              keyOf={schemaOf}
              sorting={largestSchemaFirst}
              note={<Total tables={tables} whole={live?.databaseBytes ?? null} />}
            />
          </div>
        ) : (
          <div className={styles.table}>
            <DataTable
              name="storage-tables"
              label="Tables by size"
              noun="table"
              columns={tableColumns}
              rows={rows}
              keyOf={keyOf}
              sorting={largestFirst}
              filterSignature={`${filter} ${opened.size}`}
              onOpen={open}
              onActive={active}
              onShortcut={(key, [row]) => {
                if ((key !== 'ArrowRight' && key !== 'ArrowLeft') || row?.table.kind !== 'partitioned table')
                  return false;
                if (row.isOpen === (key === 'ArrowRight')) return false;
                toggle(row.table.oid);
                return true;
              }}
              empty={<Nothing isFiltered={filter !== ''} isKept={isKept} />}
              note={<Total tables={tables} whole={live?.databaseBytes ?? null} />}
            />
          </div>
        )}
      </div>
      {inspected && (
        <TableInspector
          key={inspected.oid}
          environment={environment}
          isConnected={isConnected}
          table={inspected}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  );
}

interface StateProps {
  live: ReturnType<typeof useTables>['tables'];
  isKept: boolean;
  keptAt: number | null;
}

/** How well the sizes are known. */
function State({ live, isKept, keptAt }: StateProps) {
  if (isKept && keptAt !== null) {
    return (
      <span className={styles.soft}>
        As kept <TimeAgo at={keptAt} />
      </span>
    );
  }
  if (!live) return null;
  if (!live.done) {
    return (
      <span className={styles.soft} role="status">
        {live.of === 0
          ? 'As the last VACUUM or ANALYZE noted; measuring'
          : `Measured ${count(live.measured)} of ${count(live.of)}`}
      </span>
    );
  }
  return (
    <span className={styles.soft}>
      Measured <TimeAgo at={live.at} />
    </span>
  );
}

function Total({
  tables,
  whole,
}: {
  tables: NonNullable<StateProps['live']>['tables'];
  whole: string | null;
}) {
  const total = tables
    .filter(({ kind }) => kind !== 'partitioned table')
    .reduce((sum, { size }) => sum + totalOf(size), 0);
  return (
    <span className={styles.total} title={exactBytes(total)}>
      <BarLegend />
      {bytes(total)} in tables
      {whole !== null && `, of ${bytes(whole)} in the database with its catalogs`}
    </span>
  );
}

function Nothing({ isFiltered, isKept }: { isFiltered: boolean; isKept: boolean }) {
  if (isFiltered) return <Empty title="No table has such a name" />;
  return (
    <Empty
      icon={IconStack2}
      title={isKept ? 'No sizes have been kept yet' : 'There is no table in this database'}
    >
      {isKept
        ? 'Connect the environment: its tables are measured then, and once an hour from there on.'
        : 'System catalogs are left out.'}
    </Empty>
  );
}
