import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { MaintenanceHistory } from '../../preload/contract/maintenance.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { shortCount } from '../components/format.ts';
import { Loading } from '../components/loading.tsx';
import { explain } from '../lib/errors.ts';
import type { ChartPoint } from '../metrics/chart-data.ts';
import { Crosshair } from '../metrics/crosshair.ts';
import { SeriesChart } from '../metrics/series-chart.tsx';
import { TimeWindowPicker, useTimeWindow } from '../metrics/time-window.tsx';
import styles from './maintenance.module.css';
import { usePaceHistory } from './use-maintenance.ts';

type Values = readonly (number | null)[];

const charts = [
  { id: 'dead', title: 'Dead rows', unitLabel: 'rows of the database', of: 'dead' },
  { id: 'xid', title: 'Transaction age', unitLabel: 'transactions, oldest database', of: 'xidAge' },
  { id: 'xmin', title: 'Oldest snapshot held', unitLabel: 'transactions', of: 'xminAge' },
  { id: 'multixact', title: 'Multixact age', unitLabel: 'multixacts, oldest database', of: 'multixactAge' },
] as const;

/** Ages and dead rows over time, from the store: it works without a connection too. */
export function History({ environment, isConnected }: { environment: string; isConnected: boolean }) {
  const time = useTimeWindow('24h');
  const { data, error } = usePaceHistory(environment, time.window);
  const [crosshair] = useState(() => new Crosshair());
  const isEmpty = data?.xidAge.every((value) => value === null);
  return (
    <>
      <div className={styles.head}>
        <span className={styles.soft}>Measured every ten minutes while Howdah is connected.</span>
        <span className={styles.space} />
        <TimeWindowPicker time={time} />
      </div>
      {error && <Explanation explanation={explain(error)} />}
      {!data && !error && <Loading label="Loading what was measured" rows={8} />}
      {isEmpty && (
        <Empty icon={IconChartLine} title="Nothing measured in this window">
          {isConnected
            ? 'The first measurement comes within seconds of connecting, the next ones every ten minutes.'
            : 'Ages and dead rows are measured while the environment is connected.'}
        </Empty>
      )}
      {data && !isEmpty && (
        <div className={styles.charts}>
          {charts.map(({ id, title, unitLabel, of }) => (
            <HistoryChart
              key={id}
              id={id}
              title={title}
              unitLabel={unitLabel}
              values={data[of]}
              history={data}
              span={time.span}
              crosshair={crosshair}
              onZoom={time.onZoom}
              onBack={time.onBack}
            />
          ))}
        </div>
      )}
    </>
  );
}

interface HistoryChartProps {
  id: string;
  title: string;
  unitLabel: string;
  values: Values;
  history: MaintenanceHistory;
  span: readonly [number, number] | null;
  crosshair: Crosshair;
  onZoom: (span: readonly [number, number]) => void;
  onBack: () => void;
}

function HistoryChart({ id, title, unitLabel, values, history, span, ...rest }: HistoryChartProps) {
  const lines = useMemo(() => [{ id, label: title, color: 'var(--series-first)' }], [id, title]);
  const points = useMemo(() => pointsOf(values, history), [values, history]);
  return (
    <SeriesChart
      id={id}
      title={title}
      unitLabel={unitLabel}
      unit="count"
      shape="lines"
      lines={lines}
      points={points}
      format={shortCount}
      legend="newest"
      from={span?.[0] ?? history.from}
      to={span?.[1] ?? history.to}
      stepMs={history.stepMs}
      events={history.events}
      {...rest}
    />
  );
}

const pointsOf = (values: Values, { from, stepMs }: MaintenanceHistory): ChartPoint[] =>
  values.map((value, index) => ({ at: from + (index + 0.5) * stepMs, values: [value], bands: [null] }));

/** Dead rows of one table in the last day. */
export function TableHistory({ environment, table }: { environment: string; table: number }) {
  const { data } = usePaceHistory(environment, '24h', table);
  const [crosshair] = useState(() => new Crosshair());
  if (!data || data.dead.filter((value) => value !== null).length < 2)
    return <p className={styles.soft}>Not measured twice yet, or not among the most active tables.</p>;
  return (
    <div className={styles.chart}>
      <HistoryChart
        id="table-dead"
        title="Dead rows"
        unitLabel="last 24 h"
        values={data.dead}
        history={data}
        span={null}
        crosshair={crosshair}
        onZoom={() => undefined}
        onBack={() => undefined}
      />
    </div>
  );
}
