import type { StatementGap } from '../../preload/contract/queries.ts';
import { peakAt, width } from './counters.ts';
import { mostPoints } from './grains.ts';
import { marks } from './marks.ts';
import { slices } from './slices.ts';
import type { Step } from './step.ts';
import { type PackedStep, unpackStep } from './step-store.ts';

/** What happened in a window, by statement. */
export interface WindowSums {
  /** Ids of statements; 0 is those too small to have been kept alone. */
  ids: number[];
  /** A row each, counters and peak. */
  rows: Float64Array[];
  total: Float64Array;
  /** Counters known in any step of it, and in all. */
  knownSome: number;
  knownAll: number;
  covered: { from: number; to: number } | null;
  gaps: StatementGap[];
  /** Work of a long step that only partly lies in the window was counted by its share of time. */
  isCut: boolean;
  evicted: number;
}

/** The steps of a window, read, with how much of each lies in it. */
interface ReadStep extends Step {
  share: number;
}

/** A step cut by the window's border whose length matters, ms. */
const longStepMs = 20 * 60_000;

/** Reads steps one by one, letting others have their turn. */
export async function* readSteps(
  packed: readonly PackedStep[],
  from: number,
  to: number,
): AsyncGenerator<ReadStep, void, void> {
  const turn = slices();
  for (const one of packed) {
    await turn();
    const share = shareOf(one, from, to);
    if (share > 0) yield { ...unpackStep(one), share };
  }
}

/** How much of a step lies between two times, 0 to 1. */
function shareOf(step: { from: number; to: number }, from: number, to: number): number {
  const length = step.to - step.from;
  if (length <= 0) return 0;
  return Math.max(0, Math.min(step.to, to) - Math.max(step.from, from)) / length;
}

/** Sums up a window. `each` sees every step on the way. */
export async function sumWindow(
  packed: readonly PackedStep[],
  from: number,
  to: number,
  each?: (step: ReadStep) => void,
): Promise<WindowSums> {
  const places = new Map<number, number>();
  // Column by column, which is how steps are kept: several times as fast as row by row.
  const sums = Array.from({ length: width }, () => new Float64Array(1024));
  const total = new Float64Array(width);
  const gaps: StatementGap[] = [];
  let knownSome = 0;
  let knownAll = -1;
  let first: number | null = null;
  let last = from;
  let isCut = false;
  let evicted = 0;
  for await (const step of readSteps(packed, from, to)) {
    each?.(step);
    first ??= Math.max(from, step.from);
    last = Math.max(last, Math.min(to, step.to));
    knownSome |= step.known;
    knownAll &= step.known;
    evicted += step.evicted;
    if (step.share < 1 && step.to - step.from > longStepMs && step.marks & marks.unwatched) isCut = true;
    noteGap(gaps, step);
    const at = Int32Array.from(step.ids, (id) => {
      const known = places.get(id);
      if (known !== undefined) return known;
      places.set(id, places.size);
      return places.size - 1;
    });
    step.columns.forEach((values, column) => {
      const to = roomFor(sums, column, places.size);
      if (column === peakAt)
        for (let entry = 0; entry < at.length; entry += 1) {
          const place = at[entry] as number;
          to[place] = Math.max(to[place] as number, values[entry] as number);
        }
      else
        for (let entry = 0; entry < at.length; entry += 1) {
          const place = at[entry] as number;
          to[place] = (to[place] as number) + (values[entry] as number) * step.share;
        }
    });
  }
  const ids = [...places.keys()];
  const rows = ids.map((_, place) => Float64Array.from(sums, (values) => values[place] ?? 0));
  for (const row of rows) {
    row.forEach((value, column) => {
      total[column] = column === peakAt ? Math.max(total[column] ?? 0, value) : (total[column] ?? 0) + value;
    });
  }
  return {
    ids,
    rows,
    total,
    knownSome,
    knownAll: first === null ? 0 : knownAll,
    covered: first === null ? null : { from: first, to: last },
    gaps,
    isCut,
    evicted,
  };
}

/** A column with room for so many. */
function roomFor(sums: Float64Array[], column: number, length: number): Float64Array {
  const before = sums[column] as Float64Array;
  if (before.length >= length) return before;
  const more = new Float64Array(2 * length);
  more.set(before);
  sums[column] = more;
  return more;
}

/** Times that steps say little about; those that touch become one. */
export function noteGap(gaps: StatementGap[], { from, to, marks: bits }: Step): void {
  const kind = bits & marks.unwatched ? 'unwatched' : bits & marks.lost ? 'lost' : undefined;
  if (!kind) return;
  const last = gaps.at(-1);
  if (last && last.kind === kind && last.to >= from) last.to = to;
  else gaps.push({ from, to, kind });
}

/** Equal steps to put sums into: at most 300, none shorter than what was measured. */
export interface Bins {
  from: number;
  to: number;
  stepMs: number;
  count: number;
}

const shortestBin = 60_000;

/** Steps over a window for what these packed steps tell: wide enough that an ordinary beat leaves no hole. */
export function binsFor(packed: readonly PackedStep[], from: number, to: number): Bins {
  const usual = packed
    .map((step) => step.to - step.from)
    .sort((a, b) => a - b)
    .at(Math.floor(packed.length * 0.9));
  const least = Math.max(shortestBin, Math.min(usual ?? 0, (to - from) / 12));
  const stepMs = Math.max((to - from) / mostPoints, Math.min(least, to - from), 1);
  return { from, to, stepMs, count: Math.max(1, Math.ceil((to - from) / stepMs - 1e-9)) };
}

/** Adds a step's value to the bins that it lies in, by its share of time in each; those become known. */
export function spread(
  values: (number | null)[],
  { from, stepMs, count }: Bins,
  step: { from: number; to: number },
  value: number,
): void {
  const length = step.to - step.from;
  const first = Math.max(0, Math.floor((step.from - from) / stepMs));
  const last = Math.min(count - 1, Math.floor((step.to - 1 - from) / stepMs));
  for (let bin = first; bin <= last; bin += 1) {
    const start = from + bin * stepMs;
    const inside = Math.min(step.to, start + stepMs) - Math.max(step.from, start);
    if (inside > 0) values[bin] = (values[bin] ?? 0) + (value * inside) / length;
  }
}

/** How much of each bin is covered by steps, ms: what is summed there is of that time. */
export function coverage(packed: readonly PackedStep[], bins: Bins): Float64Array {
  const covered: (number | null)[] = Array.from({ length: bins.count }, () => null);
  for (const step of packed) spread(covered, bins, step, step.to - step.from);
  return Float64Array.from(covered, (ms) => ms ?? 0);
}

/** Sums in bins as rates a second; null where nothing was measured. */
export function perSecond(sums: readonly (number | null)[], covered: Float64Array): (number | null)[] {
  return sums.map((sum, bin) => {
    const ms = covered[bin] ?? 0;
    return ms > 0 ? ((sum ?? 0) / ms) * 1000 : null;
  });
}
