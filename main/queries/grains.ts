const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A coarseness at which steps are kept: `ms` each (0: from one snapshot to the next), for `keepMs`. */
export interface Grain {
  ms: number;
  keepMs: number;
  /** Most statements that a step keeps by themselves where a hundred environments are watched. */
  least: number;
}

/** Each is made from the one before. */
export const grains: readonly Grain[] = [
  { ms: 0, keepMs: 6 * hour + 10 * minute, least: 130 },
  { ms: 10 * minute, keepMs: 3 * day + hour, least: 100 },
  { ms: hour, keepMs: 8 * day + 2 * hour, least: 90 },
  { ms: 2 * hour, keepMs: 35 * day, least: 84 },
];

/**
 * Most statements that a step keeps by themselves: up to twice as many where fewer environments share the room that
 * the store may take. At their least, two steps fit into a page of the store. test/bench/statements.bench.ts
 * measures it.
 */
export function mostIn(grain: Grain | undefined, environments: number): number {
  return Math.round((grain?.least ?? 0) * Math.max(1, Math.min(2, 100 / Math.max(1, environments))));
}

export const windowMs = { '1h': hour, '24h': day, '7d': 7 * day, '30d': 30 * day } as const;

/** Most points of one line that reach a screen. */
export const mostPoints = 300;

/** Index of the finest grain that still reaches back to `from`. */
export function grainFor(from: number, now: number): number {
  const index = grains.findIndex(({ keepMs }) => now - keepMs <= from);
  return index < 0 ? grains.length - 1 : index;
}
