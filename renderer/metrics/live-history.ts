import type { History, MetricName, Series } from '../../preload/contract/metrics.ts';

/** What one live sample measured. */
export interface LivePoint {
  at: number;
  values: Partial<Record<MetricName, number>>;
}

/** A history that live points are still being added to. */
export interface GrowingHistory extends History {
  /** How many measurements the last, unfinished point holds, by series. */
  lastCounts: Readonly<Record<string, number>>;
}

/**
 * Makes a history ready for live points. What the store put into its last point is taken as one measurement;
 * the next refetch sets that right.
 */
export function growing(history: History): GrowingHistory {
  return { ...history, lastCounts: {} };
}

/**
 * Adds a live point: into the last step when it falls into it, else the window moves on by whole steps, and
 * steps nobody measured are gaps. Points before the end of what the store knew are left out.
 */
export function append(history: GrowingHistory, point: LivePoint): GrowingHistory {
  const { from, stepMs } = history;
  const length = pointsOf(history);
  const last = length - 1;
  const place = Math.floor((point.at - from) / stepMs);
  if (length === 0 || place < last) return history;

  const shift = place - last;
  const names = new Set([...Object.keys(history.series), ...Object.keys(point.values)]);
  const series: Record<string, Series> = {};
  const lastCounts: Record<string, number> = {};
  for (const name of names) {
    const moved = move(history.series[name] ?? gaps(length), shift);
    const value = point.values[name as MetricName];
    const before = shift === 0 ? (history.lastCounts[name] ?? (moved.mean[last] === null ? 0 : 1)) : 0;
    series[name] = value === undefined ? moved : put(moved, last, value, before);
    lastCounts[name] = value === undefined ? before : before + 1;
  }
  return {
    ...history,
    from: from + shift * stepMs,
    to: history.to + shift * stepMs,
    series,
    lastCounts,
  };
}

/** Number of points in every series. */
export function pointsOf(history: Pick<History, 'from' | 'to' | 'stepMs' | 'series'>): number {
  const first = Object.values(history.series)[0];
  return first ? first.mean.length : Math.round((history.to - history.from) / history.stepMs);
}

function gaps(length: number): Series {
  const nothing = Array<null>(length).fill(null);
  return { mean: nothing, low: nothing, high: nothing };
}

function move(series: Series, by: number): Series {
  if (by === 0) return series;
  const slide = (values: (number | null)[]): (number | null)[] => {
    const kept = values.slice(Math.min(by, values.length));
    return [...kept, ...Array<null>(values.length - kept.length).fill(null)];
  };
  return { mean: slide(series.mean), low: slide(series.low), high: slide(series.high) };
}

/** Folds a value into one step that already holds `before` measurements. */
function put(series: Series, place: number, value: number, before: number): Series {
  const mean = series.mean.slice();
  const low = series.low.slice();
  const high = series.high.slice();
  const known = mean[place] ?? null;
  mean[place] = known === null || before === 0 ? value : known + (value - known) / (before + 1);
  low[place] = Math.min(low[place] ?? value, value);
  high[place] = Math.max(high[place] ?? value, value);
  return { mean, low, high };
}

/** Steps that are shown at least, however short the time since measuring began. */
const leastSteps = 25;

/** The start of the first step in which anything was measured; null when nothing was. */
export function firstMeasured({ from, stepMs, series }: History): number | null {
  const firsts = Object.values(series).map(({ mean }) => mean.findIndex((value) => value !== null));
  const first = Math.min(...firsts.filter((place) => place >= 0));
  return Number.isFinite(first) ? from + first * stepMs : null;
}

/**
 * From where on there is something to show: the window's start, or, while measuring has only just begun, the
 * first measurement, so that the first minutes are not pressed into the right edge.
 */
export function firstToShow(history: History): number {
  const { from, to, stepMs } = history;
  const first = firstMeasured(history);
  return first === null ? from : Math.max(from, Math.min(first, to - leastSteps * stepMs));
}
