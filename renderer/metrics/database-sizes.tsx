import { useQuery } from '@tanstack/react-query';
import { memo, useMemo } from 'react';
import type {
  DatabaseSize,
  ServerEvent,
  DatabaseSizes as Sizes,
  Window,
} from '../../preload/contract/metrics.ts';
import { Explanation } from '../components/explanation.tsx';
import { bytes, duration, exactBytes, milliseconds } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import type { DataColumn } from '../components/table/columns.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { useNow } from '../components/use-now.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';
import { ChartFrame } from './chart-card.tsx';
import type { ChartDefinition } from './chart-data.ts';
import styles from './charts.module.css';
import type { Crosshair } from './crosshair.ts';
import sizes from './database-sizes.module.css';
import { sizePoints } from './size-points.ts';

interface DatabaseSizesProps {
  environment: string;
  window: Window;
  /** The span that the charts beside it show. */
  from: number;
  to: number;
  events: readonly ServerEvent[];
  view: string;
  crosshair: Crosshair;
  onZoom: (span: readonly [number, number]) => void;
  onBack: () => void;
}

const totalChart: Omit<ChartDefinition, 'convert'> = {
  id: 'size',
  title: 'Size',
  unitLabel: 'all databases',
  unit: 'bytes',
  shape: 'lines',
  lines: [{ id: 'total', label: 'Total', color: 'var(--series-first)' }],
  format: (value) => bytes(value),
  legend: 'newest',
};

/** Size of every database and how it grew, and their sum over time. Measured on a slow beat of its own. */
export const DatabaseSizes = memo(function DatabaseSizes(props: DatabaseSizesProps) {
  const { environment, window, from, to } = props;
  const query = useQuery({
    queryKey: ['metrics', environment, 'databases', window],
    queryFn: () => client.metrics.databases({ environment, window }),
    placeholderData: (before, query) => (query?.queryKey[1] === environment ? before : undefined),
    refetchInterval: 60_000,
  });
  const points = useMemo(() => sizePoints(query.data?.total ?? []), [query.data]);
  const rows = useMemo(() => withShares(query.data?.databases ?? []), [query.data]);
  return (
    <>
      <ChartFrame
        chart={totalChart}
        points={points}
        from={from}
        to={to}
        stepMs={(to - from) / 100}
        limits={noLimits}
        events={props.events}
        live={undefined}
        view={props.view}
        crosshair={props.crosshair}
        onZoom={props.onZoom}
        onBack={props.onBack}
      />
      <section className={`${styles.card} ${sizes.panel}`} aria-label="Databases">
        <header className={styles.heading}>
          <h2 className={styles.title}>Databases</h2>
          {query.data && <Measured sizes={query.data} />}
        </header>
        {query.isPending ? (
          <Loading label="Loading sizes" rows={3} />
        ) : query.isError ? (
          <Explanation explanation={explain(query.error)} />
        ) : (
          <DataTable
            name="database-sizes"
            label="Database sizes"
            noun="database"
            columns={columns}
            rows={rows}
            keyOf={keyOf}
            sorting={largestFirst}
            footer={false}
            empty={
              <p className={sizes.none}>
                Not measured yet. Sizes walk the server's files, so they are taken seldom
                {query.data.nextAt !== null && <Next at={query.data.nextAt} />}.
              </p>
            }
          />
        )}
      </section>
    </>
  );
});

interface SizeRow extends DatabaseSize {
  /** Of the largest database, 0 to 1. */
  share: number;
}

const noLimits: [] = [];
const largestFirst = [{ id: 'bytes', desc: true }];
const keyOf = (row: SizeRow): string => row.database;

const columns: readonly DataColumn<SizeRow>[] = [
  {
    id: 'database',
    header: 'Database',
    width: 88,
    grow: true,
    always: true,
    value: (row) => row.database,
    cell: (row) => (
      <span dir="auto" title={row.database}>
        {row.database}
      </span>
    ),
  },
  {
    id: 'bytes',
    header: 'Size',
    width: 112,
    align: 'end',
    descendingFirst: true,
    value: (row) => (row.bytes === null ? null : Number(row.bytes)),
    text: (row) => row.bytes ?? '',
    cell: (row) =>
      row.bytes === null ? (
        <span className={sizes.none} title="This role may not connect to it, so its size is not told.">
          not visible
        </span>
      ) : (
        <span className={sizes.size} title={exactBytes(row.bytes)}>
          <span className={sizes.bar} aria-hidden>
            <span style={{ width: `${row.share * 100}%` }} />
          </span>
          {bytes(row.bytes)}
        </span>
      ),
  },
  {
    id: 'growth',
    header: 'Growth',
    hint: 'Since the first measurement in the window.',
    width: 80,
    align: 'end',
    descendingFirst: true,
    value: (row) => (row.growth === null ? null : Number(row.growth)),
    text: (row) => row.growth ?? '',
    cell: (row) =>
      row.growth === null ? (
        <span className={sizes.none} title="There is only one measurement in this window.">
          –
        </span>
      ) : (
        <span title={`${exactBytes(row.growth)} over ${duration(row.overMs ?? 0)}`}>
          {Number(row.growth) > 0 ? '+' : ''}
          {bytes(row.growth)}
        </span>
      ),
  },
];

function withShares(databases: readonly DatabaseSize[]): SizeRow[] {
  const largest = Math.max(1, ...databases.map(({ bytes: size }) => Number(size ?? 0)));
  return databases.map((database) => ({ ...database, share: Number(database.bytes ?? 0) / largest }));
}

/** When the sizes were measured, what that cost, and when it is done again. */
function Measured({ sizes: { databases, measuredMs, nextAt } }: { sizes: Sizes }) {
  const now = useNow();
  const at = databases[0]?.at;
  if (at === undefined) return null;
  return (
    <span className={styles.unit}>
      measured {now - at < 60_000 ? 'just now' : `${duration(Math.floor((now - at) / 60_000) * 60_000)} ago`}
      {measuredMs !== null && ` in ${milliseconds(measuredMs)}`}
      {nextAt !== null && <Next at={nextAt} />}
    </span>
  );
}

function Next({ at }: { at: number }) {
  const now = useNow();
  const left = at - now;
  return (
    <>, next {left < 60_000 ? 'within a minute' : `in ${duration(Math.ceil(left / 60_000) * 60_000)}`}</>
  );
}
