import { type RateName, rateNames } from '../../../preload/contract/server.ts';

/** Mean and extremes of one series within a step; NaN where nothing is known. */
export interface Extent {
  mean: number;
  low: number;
  high: number;
}

export interface Point {
  at: number;
  extents: Extent[];
}

const unknown: Extent = { mean: Number.NaN, low: Number.NaN, high: Number.NaN };

/** One measurement: a double a series. */
export function packValues(values: Partial<Record<RateName, number>>): Uint8Array {
  return new Uint8Array(Float64Array.from(rateNames, (name) => values[name] ?? Number.NaN).buffer);
}

/** A step of a coarser grain: mean, low, high a series. */
export function packExtents(extents: readonly Extent[]): Uint8Array {
  return new Uint8Array(
    Float64Array.from(extents.flatMap(({ mean, low, high }) => [mean, low, high])).buffer,
  );
}

/** Reads either form. A series newer than the stored point is unknown there. */
export function unpack(blob: Uint8Array, isSingle: boolean): Extent[] {
  const doubles = new Float64Array(blob.slice().buffer);
  return rateNames.map((_, index) => {
    if (isSingle) {
      const value = doubles[index] ?? Number.NaN;
      return { mean: value, low: value, high: value };
    }
    const [mean = Number.NaN, low = Number.NaN, high = Number.NaN] = doubles.slice(index * 3, index * 3 + 3);
    return { mean, low, high };
  });
}

/** Joins points into one: the mean of means, and the extremes of all. */
export function join(points: readonly Extent[][]): Extent[] {
  return rateNames.map((_, index) => {
    const known = points.map((point) => point[index] ?? unknown).filter(({ mean }) => !Number.isNaN(mean));
    if (known.length === 0) return unknown;
    return {
      mean: known.reduce((sum, { mean }) => sum + mean, 0) / known.length,
      low: Math.min(...known.map(({ low }) => low)),
      high: Math.max(...known.map(({ high }) => high)),
    };
  });
}
