import { useElementSize } from '@mantine/hooks';
import { memo, useMemo } from 'react';
import type { History, ServerEvent } from '../../preload/contract/metrics.ts';
import { bytes, percent, shortCount } from '../components/format.ts';
import type { Unit } from './axes.ts';
import { type ChartDefinition, type ChartPoint, chartPoints, highest } from './chart-data.ts';
import { ChartOverlay } from './chart-overlay.tsx';
import type { Crosshair } from './crosshair.ts';
import { ChartLegend, reading } from './chart-legend.tsx';
import styles from './charts.module.css';
import { type Limit, TimeChart } from './time-chart.tsx';

interface ChartCardProps {
  chart: ChartDefinition;
  history: History;
  limits: readonly Limit[];
  crosshair: Crosshair;
  onZoom: (span: readonly [number, number]) => void;
  onBack: () => void;
}

/** One chart of the page with its heading and legend. */
export const ChartCard = memo(function ChartCard({ chart, history, limits, ...rest }: ChartCardProps) {
  const points = useMemo(() => chartPoints(history, chart), [history, chart]);
  return (
    <ChartFrame
      chart={chart}
      points={points}
      from={history.from}
      to={history.to}
      stepMs={history.stepMs}
      limits={limits}
      events={history.events}
      {...rest}
    />
  );
});

interface ChartFrameProps extends Omit<ChartCardProps, 'history' | 'chart'> {
  chart: Omit<ChartDefinition, 'convert'>;
  points: readonly ChartPoint[];
  from: number;
  to: number;
  stepMs: number;
  events: readonly ServerEvent[];
}

/** Heading, legend, picture and overlay of a chart whose points are already worked out. */
export function ChartFrame(props: ChartFrameProps) {
  const { chart, points, from, to, stepMs, limits, events, crosshair, onZoom, onBack } = props;
  const { ref, width, height } = useElementSize();
  const peak = highest(points, chart.shape);
  const limit = limits[0]?.value ?? 0;
  // A limit far above everything would press the data flat; it is then named at the top edge instead.
  const shown = peak * 10 >= limit ? Math.max(peak, limit) : peak;
  const above = limits.filter(({ value }) => value > shown);
  const known = points.some(({ values }) => values.some((value) => value !== null));
  return (
    <section className={styles.card} aria-label={chart.title}>
      <header className={styles.heading}>
        <h3 className={styles.title}>{chart.title}</h3>
        <span className={styles.unit}>{chart.unitLabel}</span>
        {above[0] && (
          <span className={styles.above} title={`${above[0].label} lies above what is drawn`}>
            {above[0].label} ↑
          </span>
        )}
      </header>
      <ChartLegend chart={chart} points={points} crosshair={crosshair} />
      <div className={styles.picture} ref={ref}>
        {width > 0 && height > 0 && (
          <>
            <TimeChart
              points={points}
              lines={chart.lines}
              shape={chart.shape}
              unit={chart.unit}
              from={from}
              to={to}
              top={shown}
              limits={limits}
              width={width}
              height={height}
              axisLabel={axisLabels[chart.unit]}
            />
            {!known && <span className={styles.nothing}>Nothing measured in this window</span>}
            <ChartOverlay
              id={chart.id}
              name={chart.title}
              reading={reading(chart, points, null)}
              from={from}
              to={to}
              stepMs={stepMs}
              width={width}
              height={height}
              events={events}
              crosshair={crosshair}
              onZoom={onZoom}
              onBack={onBack}
            />
          </>
        )}
      </div>
    </section>
  );
}

const axisLabels: Record<Unit, (value: number) => string> = {
  count: shortCount,
  rate: (value) => (value !== 0 && Math.abs(value) < 10 ? String(Number(value.toPrecision(2))) : shortCount(value)),
  share: percent,
  bytes,
};
