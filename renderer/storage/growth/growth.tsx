import { ActionIcon, Button, SegmentedControl, Select } from '@mantine/core';
import { IconChartLine, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import {
  type Forecast,
  type Grower,
  type GrowthOf,
  type GrowthWindow,
  growthWindows,
} from '../../../preload/contract/storage.ts';
import { Empty } from '../../components/empty.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { bytes, dateTime, duration, exactBytes } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { notifyProblem } from '../../components/notify.tsx';
import type { DataColumn } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { visible } from '../../migrations/words.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { ViewProps } from '../../shell/room-props.ts';
import { Limits } from '../limits.tsx';
import styles from '../parts.module.css';
import { Spark, signedBytes } from '../sizes.tsx';
import { useGrowth, wholeDatabase } from '../use-growth.ts';
import { GrowthChart } from './growth-chart.tsx';

const keyOf = ({ oid }: Grower): string => String(oid);
const fastestFirst = [{ id: 'growth', desc: true }];
const none = <span className={styles.soft}>–</span>;

const columns: readonly DataColumn<Grower>[] = [
  {
    id: 'name',
    header: 'Table',
    width: 260,
    grow: true,
    always: true,
    value: ({ schema, name }) => `${schema}.${name}`,
    cell: ({ schema, name, gone }) => (
      <bdi>
        <span className={styles.soft}>{visible(schema)}.</span>
        {visible(name)}
        {gone && <span className={styles.soft}> dropped</span>}
      </bdi>
    ),
  },
  {
    id: 'size',
    header: 'Size',
    width: 100,
    align: 'end',
    descendingFirst: true,
    value: (row) => Number(row.bytes),
    cell: (row) => <span title={exactBytes(row.bytes)}>{bytes(row.bytes)}</span>,
  },
  {
    id: 'growth',
    header: 'Growth',
    hint: 'Since the first measurement in the window.',
    width: 100,
    align: 'end',
    always: true,
    descendingFirst: true,
    value: ({ growth }) => (growth === null ? null : Number(growth)),
    cell: ({ growth }) =>
      growth === null ? none : <span title={exactBytes(growth)}>{signedBytes(growth)}</span>,
  },
  {
    id: 'over',
    header: 'Over',
    width: 90,
    align: 'end',
    descendingFirst: true,
    value: ({ overMs }) => overMs,
    cell: ({ overMs }) => (overMs === null ? none : duration(overMs)),
  },
  {
    id: 'spark',
    header: 'Trend',
    width: 140,
    value: () => null,
    text: ({ spark }) => spark.join(' '),
    cell: ({ spark }) => <Spark values={spark} />,
  },
];

/** How sizes went, what grew, and how it goes on. From the store: it works without a connection too. */
export default function GrowthView({ environment, status, choice }: ViewProps) {
  const [window, setWindow] = useState<GrowthWindow>('30d');
  const [of, setOf] = useState<GrowthOf>(wholeDatabase);
  const [isMeasuring, setMeasuring] = useState(false);
  const query = useGrowth(environment.id, window, of);
  const queryClient = useQueryClient();
  const growth = query.data;
  const measure = useCallback(async (): Promise<void> => {
    setMeasuring(true);
    try {
      await client.storage.measureNow({ environment: environment.id });
      await queryClient.invalidateQueries({ queryKey: ['storage', environment.id, 'growth'] });
    } catch (error) {
      notifyProblem(explain(error), { environment });
    } finally {
      setMeasuring(false);
    }
  }, [environment, queryClient]);
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'storage-look',
          label: 'Measure and keep sizes now',
          icon: IconRefresh,
          run: () => void measure(),
        },
        ...growthWindows.map((one) => ({
          id: `storage-window-${one}`,
          label: `Show growth over ${one}`,
          icon: IconChartLine,
          run: () => setWindow(one),
        })),
      ],
      [measure],
    ),
  );
  const open = useCallback(({ oid }: Grower) => setOf({ kind: 'table', oid }), []);
  const isConnected = status.state === 'connected';
  const table = of.kind === 'table' ? growth?.growers.find(({ oid }) => oid === of.oid) : undefined;
  const title =
    of.kind === 'database'
      ? 'Whole database'
      : of.kind === 'schema'
        ? visible(of.schema)
        : table
          ? visible(`${table.schema}.${table.name}`)
          : 'Table';

  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        {choice}
        <SegmentedControl
          aria-label="Window"
          value={window}
          onChange={(next) => setWindow(next as GrowthWindow)}
          data={growthWindows.map((one) => ({ value: one, label: one.replace('d', ' d') }))}
        />
        <Select
          aria-label="Schema"
          placeholder="All schemas"
          clearable
          searchable
          value={of.kind === 'schema' ? of.schema : null}
          onChange={(schema) => setOf(schema === null ? wholeDatabase : { kind: 'schema', schema })}
          data={growth?.schemas.map(({ schema }) => ({ value: schema, label: visible(schema) })) ?? []}
        />
        {of.kind !== 'database' && <Button onClick={() => setOf(wholeDatabase)}>Whole database</Button>}
        <span className={styles.space} />
        {growth?.lastAt != null && (
          <span className={styles.soft}>
            Measured <TimeAgo at={growth.lastAt} />
          </span>
        )}
        <ActionIcon
          variant="default"
          aria-label="Measure now"
          title="Measure now"
          disabled={!isConnected}
          loading={isMeasuring}
          onClick={() => void measure()}
        >
          <IconRefresh size={14} />
        </ActionIcon>
      </div>
      <Limits limits={growth?.limits ?? []} />
      {query.isError ? (
        <div className={styles.limits}>
          <Explanation explanation={explain(query.error)} />
        </div>
      ) : !growth ? (
        <Loading label="Loading the sizes" rows={12} />
      ) : growth.lastAt === null ? (
        <Empty
          icon={IconChartLine}
          title="No sizes have been kept yet"
          actions={
            isConnected && (
              <Button variant="filled" color="accent" loading={isMeasuring} onClick={() => void measure()}>
                Measure now
              </Button>
            )
          }
        >
          While Howdah runs and the environment is connected, sizes are taken once an hour: kept by the hour
          for a week, by the day for a year.
        </Empty>
      ) : (
        <div className={styles.growth}>
          <div className={styles.picture}>
            <GrowthChart id="growth" title={title} growth={growth} />
          </div>
          <Ahead forecast={growth.forecast} why={growth.noForecast} />
          <DataTable
            name="storage-growers"
            label="Tables by growth"
            noun="table"
            columns={columns}
            rows={growth.growers}
            keyOf={keyOf}
            sorting={fastestFirst}
            onOpen={open}
            note="Enter or double-click draws one above"
            empty={<Empty title="There is no table" />}
          />
        </div>
      )}
    </div>
  );
}

const dayOf = (at: number): string => dateTime(at).slice(0, 10);

/** How it goes on, and how sure that is. */
function Ahead({ forecast, why }: { forecast: Forecast | null; why: string | null }) {
  if (!forecast) return <p className={styles.soft}>{why}</p>;
  const { perDay, lowPerDay, highPerDay, reaches, points, from } = forecast;
  return (
    <p className={styles.ahead} title={`From ${points} measurements since ${dateTime(from)}`}>
      <span>
        At this pace <b>{signedBytes(Math.round(perDay))} a day</b>{' '}
        <span className={styles.soft}>
          ({signedBytes(Math.round(lowPerDay))} to {signedBytes(Math.round(highPerDay))})
        </span>
      </span>
      {reaches.map(({ bytes: size, at, earliest, latest }) => (
        <span
          key={size}
          title={`Between ${earliest === null ? 'an unknown day' : dayOf(earliest)} and ${latest === null ? 'a day that can’t be told' : dayOf(latest)}`}
        >
          {bytes(size)} on <b>{dayOf(at)}</b>
        </span>
      ))}
      {reaches.length === 0 && (
        <span className={styles.soft}>No round size is reached within five years.</span>
      )}
    </p>
  );
}
