import { useMemo } from 'react';
import type { StatementDetail } from '../../../preload/contract/queries.ts';
import { rate } from '../../components/format.ts';
import type { Unit } from '../../metrics/axes.ts';
import type { Crosshair } from '../../metrics/crosshair.ts';
import { SeriesChart } from '../../metrics/series-chart.tsx';
import type { TimeWindow } from '../../metrics/time-window.tsx';
import { marksOf, trendPoints } from './lines.ts';
import styles from './top.module.css';
import { callTime } from './words.ts';

interface TrendsProps {
  detail: StatementDetail;
  time: TimeWindow;
  crosshair: Crosshair;
}

type Series = keyof StatementDetail['trend'];

interface Trend {
  id: Series;
  title: string;
  unitLabel: string;
  unit: Unit;
  format: (value: number) => string;
}

const first = 'var(--statement-1)';
const always: readonly Trend[] = [
  { id: 'meanMs', title: 'Mean', unitLabel: 'ms a call', unit: 'ms', format: callTime },
  { id: 'calls', title: 'Calls', unitLabel: 'a second', unit: 'rate', format: rate },
  { id: 'execMs', title: 'Time', unitLabel: 'ms a second', unit: 'rate', format: rate },
  { id: 'rows', title: 'Rows', unitLabel: 'a second', unit: 'rate', format: rate },
];
/** Drawn where there is something to draw. */
const sometimes: readonly Trend[] = [
  { id: 'read', title: 'Blocks read', unitLabel: 'a second', unit: 'rate', format: rate },
  { id: 'temp', title: 'Temporary blocks', unitLabel: 'a second', unit: 'rate', format: rate },
];

/** How one statement fared over the window. */
export function Trends({ detail, time, crosshair }: TrendsProps) {
  const { trend, from, to, stepMs, events, gaps } = detail;
  const marks = useMemo(() => marksOf(events, gaps), [events, gaps]);
  const shown = useMemo(
    () =>
      [...always, ...sometimes.filter(({ id }) => trend[id].some((value) => (value ?? 0) > 0))].map(
        (one) => ({
          ...one,
          lines: [{ id: one.id, label: one.title, color: first }],
          points: trendPoints(from, stepMs, [trend[one.id]]),
        }),
      ),
    [trend, from, stepMs],
  );
  return (
    <div className={styles.trends}>
      {shown.map(({ id, ...chart }) => (
        <SeriesChart
          key={id}
          id={`statement-${id}`}
          shape="lines"
          legend="newest"
          {...{ from, to, stepMs, crosshair }}
          {...chart}
          events={marks}
          onZoom={time.onZoom}
          onBack={time.onBack}
        />
      ))}
    </div>
  );
}
