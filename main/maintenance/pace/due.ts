/** What was counted of one heap at one time. */
export interface Counted {
  /** ms since 1970. */
  at: number;
  dead: number;
  inserted: number;
  changed: number;
}

type Counter = 'dead' | 'inserted' | 'changed';

/** Shorter than this, ms, tells nothing of a pace. */
const shortestMs = 5 * 60_000;
/** Farther ahead, ms, nothing is told. */
const farthestMs = 366 * 24 * 3_600_000;

/**
 * When a counter passes a threshold if it goes on as of late, ms since 1970. What was counted before it last fell back
 * (a vacuum, an analyze, a reset) says nothing of it; dead rows fall a little by themselves, when pages are pruned.
 *
 * @param past oldest first; the last is that of now
 * @returns null without two measurements some minutes apart, where it does not grow, or where that is far ahead
 */
export function dueAt(past: readonly Counted[], counter: Counter, threshold: number | null): number | null {
  const last = past.at(-1);
  if (!last || threshold === null || last[counter] > threshold) return null;
  let first = last;
  for (let index = past.length - 2; index >= 0; index -= 1) {
    const one = past[index] as Counted;
    const next = past[index + 1] as Counted;
    const fell = counter === 'dead' ? next.dead < one.dead / 2 : next[counter] < one[counter];
    if (fell || one.at >= next.at) break;
    first = one;
  }
  const ms = last.at - first.at;
  const grown = last[counter] - first[counter];
  if (ms < shortestMs || grown <= 0) return null;
  const ahead = ((threshold - last[counter]) / grown) * ms;
  return ahead > farthestMs ? null : Math.round(last.at + ahead);
}
