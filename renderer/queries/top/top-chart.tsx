import { useMemo } from 'react';
import type { TopStatements } from '../../../preload/contract/queries.ts';
import type { Crosshair } from '../../metrics/crosshair.ts';
import { SeriesChart } from '../../metrics/series-chart.tsx';
import type { TimeWindow } from '../../metrics/time-window.tsx';
import { linesOf, marksOf, pointsOf } from './lines.ts';
import { orderWords } from './words.ts';

interface TopChartProps {
  top: TopStatements;
  time: TimeWindow;
  crosshair: Crosshair;
}

/** What the list is ordered by over time, the biggest statements laid on each other. Drawing a span narrows the list to it. */
export function TopChart({ top, time, crosshair }: TopChartProps) {
  const { chart, rows, events, gaps } = top;
  const lines = useMemo(() => (chart ? linesOf(chart, rows) : []), [chart, rows]);
  const points = useMemo(() => (chart ? pointsOf(chart) : []), [chart]);
  const marks = useMemo(() => marksOf(events, gaps), [events, gaps]);
  if (!chart) return null;
  const { title, unitLabel, unit, format } = orderWords[chart.of];
  return (
    <SeriesChart
      id="statements"
      title={title}
      unitLabel={unitLabel}
      unit={unit}
      shape="stack"
      lines={lines}
      points={points}
      format={format}
      legend="newest"
      from={chart.from}
      to={chart.to}
      stepMs={chart.stepMs}
      events={marks}
      crosshair={crosshair}
      onZoom={time.onZoom}
      onBack={time.onBack}
    />
  );
}
