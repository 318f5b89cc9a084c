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
 * Puts points into at most 300 equal steps, keeping extremes. A step without a point is a gap; steps are
 * never narrower than one and a half times the usual distance of the points, so that an ordinary beat shows none.
 */
export function downSample(points: Point[], from: number, to: number): Steps {
  const stepMs = Math.max((to - from) / mostPoints, 1.5 * usualDistance(points), 1);
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

/** The median distance between neighbouring points, ms; 0 for fewer than three. */
function usualDistance(points: Point[]): number {
  if (points.length < 3) return 0;
  const distances = points.slice(1).map((point, index) => point.at - (points[index]?.at ?? point.at));
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 0;
}
