import { type MetricName, metricNames } from '../../preload/contract/metrics.ts';

/** Mean and extremes of one metric inside one step of time. NaN where nothing is known. */
export interface Extent {
  mean: number;
  low: number;
  high: number;
}

/** One stored point: its time, and the extents in the contract's order of metrics. */
export interface Point {
  at: number;
  extents: Extent[];
}

/** Packs a raw sample: one double a metric. */
export function packRaw(values: Partial<Record<MetricName, number>>): Uint8Array {
  return new Uint8Array(Float64Array.from(metricNames, (name) => values[name] ?? Number.NaN).buffer);
}

/** Steps of coarser grains are most of what is kept: floats of four bytes, which are good to seven digits. */
const floats = 1;

/** Packs a step of a coarser grain: mean, low, high a metric, behind one byte that says how. */
export function packExtents(extents: Extent[]): Uint8Array {
  const values = Float32Array.from(extents.flatMap(({ mean, low, high }) => [mean, low, high]));
  const packed = new Uint8Array(1 + values.byteLength);
  packed[0] = floats;
  packed.set(new Uint8Array(values.buffer), 1);
  return packed;
}

/** Reads either form. A metric newer than the stored point is unknown there. */
export function unpack(blob: Uint8Array, raw: boolean): Extent[] {
  // Steps were once kept as doubles, without the byte in front.
  const isFloats = blob.byteLength % 4 === 1;
  const values = isFloats ? new Float32Array(blob.slice(1).buffer) : new Float64Array(blob.slice().buffer);
  return metricNames.map((_, index) => {
    if (raw) {
      const value = values[index] ?? Number.NaN;
      return { mean: value, low: value, high: value };
    }
    const at = index * 3;
    return {
      mean: values[at] ?? Number.NaN,
      low: values[at + 1] ?? Number.NaN,
      high: values[at + 2] ?? Number.NaN,
    };
  });
}

/** Joins points into one: the mean of means, and the extremes of all. Unknown parts are left out. */
export function joinExtents(points: Extent[][]): Extent[] {
  return metricNames.map((_, index) => {
    let sum = 0;
    let count = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      const extent = point[index];
      if (!extent || Number.isNaN(extent.mean)) continue;
      sum += extent.mean;
      count += 1;
      low = Math.min(low, extent.low);
      high = Math.max(high, extent.high);
    }
    return count === 0
      ? { mean: Number.NaN, low: Number.NaN, high: Number.NaN }
      : { mean: sum / count, low, high };
  });
}
