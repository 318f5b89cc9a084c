const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A coarseness at which points are kept: `ms` a step (0 is raw), for `keepMs`. */
export interface Grain {
  ms: number;
  keepMs: number;
}

/** Raw for an hour and a bit, then ever coarser up to a year. Each is made from the one before. */
export const grains: readonly Grain[] = [
  { ms: 0, keepMs: hour + 10 * minute },
  { ms: minute, keepMs: day + hour },
  { ms: 10 * minute, keepMs: 31 * day },
  { ms: 2 * hour, keepMs: 366 * day },
];

/** Lengths of the named windows, ms. */
export const windowMs = { '1h': hour, '24h': day, '7d': 7 * day, '30d': 30 * day } as const;

/** The most points of one series that reach a screen. */
export const mostPoints = 300;

/** Index of the finest grain that still reaches back to `from`. */
export function grainFor(from: number, now: number): number {
  const index = grains.findIndex((grain) => now - grain.keepMs <= from);
  return index < 0 ? grains.length - 1 : index;
}
