import { useElementSize } from '@mantine/hooks';
import { memo, useMemo } from 'react';
import type { History, ServerEvent } from '../../preload/contract/metrics.ts';
import { bytes, duration, percent, shortCount } from '../components/format.ts';
import type { Unit } from './axes.ts';
import { type ChartDefinition, type ChartPoint, chartPoints, highest } from './chart-data.ts';
import { ChartLegend, reading } from './chart-legend.tsx';
import { ChartOverlay } from './chart-overlay.tsx';
import styles from './charts.module.css';
import type { Crosshair } from './crosshair.ts';
import { useDrawn } from './draw-queue.ts';
import type { LivePoint } from './live-history.ts';
import { type Limit, TimeChart } from './time-chart.tsx';

interface ChartCardProps {
  chart: ChartDefinition;
  history: History;
  /** Where the axis begins: the history's start, or later. */
  from: number;
  limits: readonly Limit[];
  /** The newest live sample; undefined while there is none, as without a connection. */
  live: LivePoint | undefined;
  /** Changes when a person asks for another picture: it is then drawn without delay. */
  view: string;
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
  to: number;
  stepMs: number;
  events: readonly ServerEvent[];
}

/** How often a picture is renewed by live points, ms: less than a pixel's worth of the shortest window. */
const renewMs = 4000;

/** Heading, legend, picture and overlay of a chart whose points are already worked out. */
export function ChartFrame(props: ChartFrameProps) {
  const { chart, points, from, to, stepMs, limits, events, live, view, crosshair, onZoom, onBack } = props;
  const { ref, width, height } = useElementSize();
  const scene = useMemo(
    () => ({ ...sceneOf(chart, points, limits), from, to, stepMs, events, limits, width, height }),
    [chart, points, limits, from, to, stepMs, events, width, height],
  );
  const drawn = useDrawn(scene, `${view} ${width} ${height}`, renewMs);
  return (
    <section className={styles.card} aria-label={chart.title}>
      <header className={styles.heading}>
        <h2 className={styles.title}>{chart.title}</h2>
        <span className={styles.unit}>{chart.unitLabel}</span>
        {drawn?.above && (
          <span className={styles.above} title={`${drawn.above} lies above what is drawn`}>
            {drawn.above} ↑
          </span>
        )}
      </header>
      <ChartLegend chart={chart} points={points} live={live} stepMs={stepMs} crosshair={crosshair} />
      <div className={styles.picture} ref={ref}>
        {drawn && drawn.width > 0 && drawn.height > 0 && (
          <>
            <TimeChart
              points={drawn.points}
              lines={drawn.lines}
              shape={drawn.shape}
              unit={drawn.unit}
              from={drawn.from}
              to={drawn.to}
              top={drawn.top}
              limits={drawn.limits}
              width={drawn.width}
              height={drawn.height}
              axisLabel={axisLabels[drawn.unit]}
            />
            {!drawn.known && <span className={styles.nothing}>Nothing measured in this window</span>}
            <ChartOverlay
              id={chart.id}
              name={chart.title}
              reading={(at) => reading(chart, points, at, live)}
              from={drawn.from}
              to={drawn.to}
              stepMs={drawn.stepMs}
              width={drawn.width}
              height={drawn.height}
              events={drawn.events}
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

/** What is drawn of a chart, and up to where its axis goes. */
function sceneOf(
  { lines, shape, unit }: ChartFrameProps['chart'],
  points: readonly ChartPoint[],
  limits: readonly Limit[],
) {
  const peak = highest(points, shape);
  const limit = limits[0]?.value ?? 0;
  // A limit far above everything would press the data flat; it is then named at the top edge instead.
  const top = peak * 10 >= limit ? Math.max(peak, limit) : peak;
  return {
    points,
    lines,
    shape,
    unit,
    top,
    above: limits.find(({ value }) => value > top)?.label,
    known: points.some(({ values }) => values.some((value) => value !== null)),
  };
}

const axisLabels: Record<Unit, (value: number) => string> = {
  count: shortCount,
  rate: (value) =>
    value !== 0 && Math.abs(value) < 10 ? String(Number(value.toPrecision(2))) : shortCount(value),
  share: percent,
  bytes,
  ms: duration,
};
