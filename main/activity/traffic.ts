import { type MetricName, metricNames } from '../../preload/contract/metrics.ts';
import type { MetricStore } from '../metrics/index.ts';

export type MetricPoints = ReturnType<MetricStore['points']>;

/** What a database did over some time. Counts are of that time; a null is not known. */
export interface Traffic {
  /** Where it comes from, as a sentence ends with it: `in the last hour`. */
  during: string;
  commits: number | null;
  rollbacks: number | null;
  deadlocks: number | null;
  /** Share of blocks found in shared buffers, 0 to 1; null where too little was read to tell. */
  hit: number | null;
}

/** What the server's own counters say. */
export interface TrafficRow extends Record<string, unknown> {
  commits: number;
  rollbacks: number;
  hits: number;
  reads: number;
  deadlocks: number;
  /** ms since they were reset; null where they never were. */
  since_ms: number | null;
}

/** Points stand for at most this long, ms: what lies beyond is a gap. */
const widest = 2 * 60_000;
/** Less than this much known, ms, tells nothing of a database. */
const leastKnown = 10 * 60_000;
/** Rows read a second below which the cache does not matter. */
const leastRows = 1000;
/** Blocks below which the cache does not matter, where only counters are known. */
const leastBlocks = 1_000_000;

/** What the history of a database's metrics comes to; undefined where too little of it is known. */
export function trafficOfHistory(points: MetricPoints, to: number, during: string): Traffic | undefined {
  const widths = points.map(({ at }, index) => Math.min(widest, (points[index + 1]?.at ?? to) - at) / 1000);
  const known = (name: MetricName): [value: number, seconds: number][] => {
    const column = metricNames.indexOf(name);
    return points.flatMap(({ extents }, index): [number, number][] => {
      const value = extents[column]?.mean ?? Number.NaN;
      return Number.isNaN(value) ? [] : [[value, widths[index] ?? 0]];
    });
  };
  const total = (name: MetricName): number | null => {
    const values = known(name);
    return values.length === 0 ? null : values.reduce((sum, [value, seconds]) => sum + value * seconds, 0);
  };
  const seconds = known('database.commits').reduce((sum, [, width]) => sum + width, 0);
  if (seconds * 1000 < leastKnown) return undefined;
  return {
    during,
    commits: total('database.commits'),
    rollbacks: total('database.rollbacks'),
    deadlocks: total('database.deadlocks'),
    hit: (total('database.tuplesRead') ?? 0) / seconds < leastRows ? null : weightedHit(points, widths),
  };
}

/** Hit ratios weighed by the rows that were read meanwhile: what an idle minute missed says little. */
function weightedHit(points: MetricPoints, widths: readonly number[]): number | null {
  const hit = metricNames.indexOf('database.hit');
  const rows = metricNames.indexOf('database.tuplesRead');
  let sum = 0;
  let weight = 0;
  points.forEach(({ extents }, index) => {
    const ratio = extents[hit]?.mean ?? Number.NaN;
    const read = (extents[rows]?.mean ?? Number.NaN) * (widths[index] ?? 0);
    if (Number.isNaN(ratio) || Number.isNaN(read)) return;
    sum += ratio * read;
    weight += read;
  });
  return weight > 0 ? sum / weight : null;
}

/** What the server's counters come to. Deadlocks of unknown age are not told: they may be of years ago. */
export function trafficOfCounters(row: TrafficRow): Traffic {
  const isRecent = row.since_ms !== null && row.since_ms <= 24 * 3_600_000;
  return {
    during: row.since_ms === null ? 'since its counters began' : 'since its counters were reset',
    commits: row.commits,
    rollbacks: row.rollbacks,
    deadlocks: isRecent ? row.deadlocks : null,
    hit: row.hits + row.reads < leastBlocks ? null : row.hits / (row.hits + row.reads),
  };
}
