import type { History, MetricName, Series } from '../../preload/contract/metrics.ts';
import type { Unit } from './axes.ts';
import { type LivePoint, pointsOf } from './live-history.ts';

/** One point of a chart: when, and per line its value with the extremes around it. Null is a gap. */
export interface ChartPoint {
  at: number;
  values: readonly (number | null)[];
  /** Lowest and highest per line; null where they say no more than the value. */
  bands: readonly (readonly [number, number] | null)[];
}

export interface LineDefinition {
  id: string;
  label: string;
  /** CSS colour. */
  color: string;
}

export interface ChartDefinition {
  id: string;
  title: string;
  /** Of the value axis, in words: `per second`. */
  unitLabel: string;
  unit: Unit;
  /** `stack` lays the lines on each other. */
  shape: 'stack' | 'lines' | 'bars';
  /** `metric` is where the line comes from; none for what is not kept as a metric. */
  lines: readonly (LineDefinition & { metric?: MetricName })[];
  /** Turns a stored mean into what is drawn; `stepMs` is the length of a point. */
  convert?: (value: number, stepMs: number) => number;
  /** How a value is written in the legend. */
  format: (value: number) => string;
  /**
   * What the legend says while nothing is pointed at: what the live sample says now, the sum over the window,
   * or the newest measurement of what is measured seldom.
   */
  legend: 'live' | 'sum' | 'newest';
}

/** The points of one chart out of a history. Each stands in the middle of its step. */
export function chartPoints(history: History, chart: ChartDefinition): ChartPoint[] {
  const { from, stepMs } = history;
  const convert = chart.convert ?? ((value: number) => value);
  const series = chart.lines.map((line): Series | undefined => line.metric && history.series[line.metric]);
  return Array.from({ length: pointsOf(history) }, (_, place) => {
    const values = series.map((one) => {
      const value = one?.mean[place] ?? null;
      return value === null ? null : convert(value, stepMs);
    });
    const bands = series.map((one) => {
      const low = one?.low[place] ?? null;
      const high = one?.high[place] ?? null;
      if (chart.shape !== 'lines' || low === null || high === null || low === high) return null;
      return [convert(low, stepMs), convert(high, stepMs)] as const;
    });
    return { at: from + (place + 0.5) * stepMs, values, bands };
  });
}

/** The lines laid on each other: from where to where each one reaches. A gap in all of them is a gap. */
export function stack(points: readonly ChartPoint[]): (readonly (readonly [number, number] | null)[])[] {
  return points.map(({ values }) => {
    if (values.every((value) => value === null)) return values.map(() => null);
    let below = 0;
    return values.map((value) => {
      const from = below;
      below += value ?? 0;
      return [from, below] as const;
    });
  });
}

/** The highest thing drawn. */
export function highest(points: readonly ChartPoint[], shape: ChartDefinition['shape']): number {
  let top = 0;
  for (const { values, bands } of points) {
    if (shape === 'stack') {
      top = Math.max(
        top,
        values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
      );
      continue;
    }
    for (const value of values) if (value !== null) top = Math.max(top, value);
    for (const band of bands) if (band) top = Math.max(top, band[1]);
  }
  return top;
}

/** The point whose step holds the instant, by place; -1 when there is none. */
export function pointAt(points: readonly ChartPoint[], at: number): number {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return -1;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = points[middle] as ChartPoint;
    const next = points[middle + 1] as ChartPoint;
    if ((here.at + next.at) / 2 < at) low = middle + 1;
    else high = middle;
  }
  const step = points.length > 1 ? (last.at - first.at) / (points.length - 1) : Number.POSITIVE_INFINITY;
  return Math.abs((points[low] as ChartPoint).at - at) <= step ? low : -1;
}

/**
 * The values that a legend names, by line. Under the crosshair those of its point; else those of now, which
 * only a live sample knows: the last point of a chart is a mean over its step.
 */
export function legendValues(
  chart: Omit<ChartDefinition, 'convert'>,
  points: readonly ChartPoint[],
  at: number | null,
  live: LivePoint | undefined,
): readonly (number | null)[] {
  const nothing = chart.lines.map(() => null);
  if (at !== null) return points[pointAt(points, at)]?.values ?? nothing;
  if (chart.legend === 'live')
    return chart.lines.map(({ metric }) => (metric && live?.values[metric]) ?? null);
  if (chart.legend === 'newest') {
    return points.findLast(({ values }) => values.some((value) => value !== null))?.values ?? nothing;
  }
  return chart.lines.map((_, line) =>
    points.reduce<number | null>((sum, { values }) => {
      const value = values[line] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

/** Places of points that stand alone between gaps: a line through them would not be seen. */
export function isolated(points: readonly ChartPoint[], line: number): ReadonlySet<number> {
  const alone = new Set<number>();
  points.forEach((point, place) => {
    const has = (other: number): boolean => (points[other]?.values[line] ?? null) !== null;
    if (point.values[line] !== null && !has(place - 1) && !has(place + 1)) alone.add(place);
  });
  return alone;
}
