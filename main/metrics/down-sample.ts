import { metricNames, type Series } from '../../preload/contract/metrics.ts';
import { type Extent, joinExtents, type Point } from './codec.ts';
import { mostPoints } from './grains.ts';

/** Series at equal steps. */
export interface Steps {
  from: number;
  stepMs: number;
  series: Record<string, Series>;
}

/**
 * Puts points into at most 300 equal steps, keeping extremes. A step without a point is a gap; steps are wider than
 * the widest beat of the points, so that an ordinary beat shows none.
 */
export function downSample(points: Point[], from: number, to: number): Steps {
  const stepMs = Math.max((to - from) / mostPoints, 1.2 * widestBeat(points), 1);
  const count = Math.max(1, Math.min(mostPoints, Math.ceil((to - from) / stepMs)));
  const buckets: Extent[][][] = Array.from({ length: count }, () => []);
  for (const point of points) {
    if (point.at < from || point.at > to) continue;
    buckets[Math.min(count - 1, Math.floor((point.at - from) / stepMs))]?.push(point.extents);
  }
  const joined = buckets.map((bucket) => (bucket.length > 0 ? joinExtents(bucket) : undefined));
  const series: Record<string, Series> = {};
  metricNames.forEach((name, index) => {
    const column = (part: keyof Extent): (number | null)[] =>
      joined.map((extents) => known(extents?.[index]?.[part]));
    const mean = column('mean');
    // A metric that was never known in this window is left out altogether.
    if (mean.some((value) => value !== null))
      series[name] = { mean, low: column('low'), high: column('high') };
  });
  return { from, stepMs, series };
}

const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** A pause longer than this, ms, may be a gap; a shorter one is only an ordinary beat. */
const shortestGapMs = 15_000;

/**
 * The widest distance between neighbouring points that is still the beat and no gap, ms. The beat changes (somebody
 * looks, a slow server is asked less often), so a distance is judged by those around it: a gap is three times as
 * wide as they are.
 */
function widestBeat(points: Point[]): number {
  const distances = points.slice(1).map((point, index) => point.at - (points[index]?.at ?? point.at));
  let widest = 0;
  distances.forEach((distance, index) => {
    if (distance <= widest) return;
    const around = distances.slice(Math.max(0, index - 5), index + 6).sort((a, b) => a - b);
    const usual = around[around.length >> 1] ?? distance;
    if (distance <= shortestGapMs || distance <= 3 * usual) widest = distance;
  });
  return widest;
}
