import type { DatabaseSizes } from '../../preload/contract/metrics.ts';
import type { ChartPoint } from './chart-data.ts';

/**
 * Total sizes as points of a chart. Where measurements lie much farther apart than usual nobody measured, and
 * a gap is put between them.
 */
export function sizePoints(total: DatabaseSizes['total']): ChartPoint[] {
  const distances = total.slice(1).map(({ at }, place) => at - (total[place]?.at ?? at));
  const usual = [...distances].sort((a, b) => a - b)[distances.length >> 1] ?? 0;
  return total.flatMap(({ at, bytes }, place): ChartPoint[] => {
    const point = { at, values: [bytes], bands: [null] };
    const distance = distances[place - 1] ?? 0;
    return usual > 0 && distance > 2.5 * usual
      ? [{ at: at - distance / 2, values: [null], bands: [null] }, point]
      : [point];
  });
}
