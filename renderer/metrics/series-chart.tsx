import { useMemo } from 'react';
import type { ServerEvent } from '../../preload/contract/metrics.ts';
import type { Unit } from './axes.ts';
import { ChartFrame } from './chart-card.tsx';
import type { ChartDefinition, ChartPoint, LineDefinition } from './chart-data.ts';
import type { Crosshair } from './crosshair.ts';
import type { Limit } from './time-chart.tsx';

interface SeriesChartProps {
  /** One a page: the crosshair tells charts apart by it. */
  id: string;
  title: string;
  /** Of the value axis, in words: `per second`. */
  unitLabel: string;
  unit: Unit;
  shape: ChartDefinition['shape'];
  lines: readonly LineDefinition[];
  /** Values and bands by line, each point in the middle of its step; null is a gap. */
  points: readonly ChartPoint[];
  /** How a value is written in the legend. */
  format: (value: number) => string;
  /** Whether the legend says the sum over the window or the newest value while nothing is pointed at. */
  legend: 'sum' | 'newest';
  from: number;
  to: number;
  stepMs: number;
  /** Laid on it as thin marks: pass those that the answer of the server's history carries. */
  events: readonly ServerEvent[];
  limits?: readonly Limit[];
  crosshair: Crosshair;
  onZoom: (span: readonly [number, number]) => void;
  onBack: () => void;
}

const noLimits: readonly Limit[] = [];

/** A chart over time of anything: same looks, crosshair, zoom and marks of events as the charts of the overview. */
export function SeriesChart(props: SeriesChartProps) {
  const { id, title, unitLabel, unit, shape, lines, format, legend, limits = noLimits, ...rest } = props;
  const chart = useMemo(
    () => ({ id, title, unitLabel, unit, shape, lines, format, legend }),
    [id, title, unitLabel, unit, shape, lines, format, legend],
  );
  const view = `${rest.from} ${rest.to} ${lines.map((line) => line.id).join()}`;
  return <ChartFrame chart={chart} limits={limits} live={undefined} view={view} {...rest} />;
}
