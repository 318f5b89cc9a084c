import type { Forecast } from '../../../preload/contract/storage.ts';
import { bytesWords, spanWords } from '../words.ts';

interface Point {
  at: number;
  bytes: number;
}

const day = 24 * 3_600_000;
/** Fewer points, or a shorter time, tell nothing of the time to come. */
const leastPoints = 3;
const leastMs = 2 * day;
/** More points than this make no better line, and slopes between all pairs are many. */
const mostPoints = 120;
/** What lies farther ahead is not worth a date, ms. */
const horizon = 5 * 365 * day;

/**
 * How a size goes on: the line of Theil and Sen (the median of the slopes between all pairs of points), which a few odd
 * measurements do not move. The span holds the middle 80 % of those slopes. It begins anew after a fall, such as a
 * VACUUM FULL or a dropped partition. Instead of a forecast it may give why there is none.
 */
export function forecast(points: readonly Point[]): Forecast | string {
  const since = lastSegment(points);
  const first = since[0];
  const last = since.at(-1);
  if (!first || !last) return 'No size has been measured yet.';
  const span = last.at - first.at;
  if (since.length < leastPoints || span < leastMs) {
    const before = since.length < points.length ? ` since it fell to ${bytesWords(first.bytes)}` : '';
    return `There is no forecast yet: it needs 3 measurements over 2 days, and there ${since.length === 1 ? 'is 1' : `are ${since.length}`} over ${spanWords(span)}${before}.`;
  }
  const slopes = slopesOf(thinned(since));
  const at = (share: number): number => slopes[Math.round(share * (slopes.length - 1))] ?? 0;
  const perDay = at(0.5) * day;
  const lowPerDay = at(0.1) * day;
  const highPerDay = at(0.9) * day;
  return {
    perDay,
    lowPerDay,
    highPerDay,
    from: first.at,
    to: last.at,
    points: since.length,
    reaches: perDay > 0 ? reaches(last, { perDay, lowPerDay, highPerDay }) : [],
  };
}

/** Points since the last fall by a twentieth and more. */
function lastSegment(points: readonly Point[]): readonly Point[] {
  for (let place = points.length - 1; place > 0; place -= 1) {
    const [before, after] = [points[place - 1], points[place]];
    if (before && after && after.bytes < before.bytes * 0.95) return points.slice(place);
  }
  return points;
}

function thinned(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / mostPoints);
  return points.filter((_, place) => place % every === 0 || place === points.length - 1);
}

/** Bytes a ms between all pairs, ascending. */
function slopesOf(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  points.forEach((a, place) => {
    for (const b of points.slice(place + 1))
      if (b.at > a.at) slopes.push((b.bytes - a.bytes) / (b.at - a.at));
  });
  return slopes.sort((a, b) => a - b);
}

function reaches(
  last: Point,
  pace: Pick<Forecast, 'perDay' | 'lowPerDay' | 'highPerDay'>,
): Forecast['reaches'] {
  const found: Forecast['reaches'] = [];
  for (const bytes of roundSizes()) {
    if (bytes <= last.bytes) continue;
    const when = (perDay: number): number | null => {
      const ms = ((bytes - last.bytes) / perDay) * day;
      return perDay > 0 && ms <= 2 * horizon ? last.at + ms : null;
    };
    const at = when(pace.perDay);
    if (at === null || at - last.at > horizon || found.length === 3) break;
    found.push({ bytes: String(bytes), at, earliest: when(pace.highPerDay), latest: when(pace.lowPerDay) });
  }
  return found;
}

/** 1, 2, 5, 10, … 500 MB, then GB and TB. */
function* roundSizes(): Generator<number> {
  for (const unit of [1024 ** 2, 1024 ** 3, 1024 ** 4, 1024 ** 5])
    for (const number of [1, 2, 5, 10, 20, 50, 100, 200, 500]) yield number * unit;
}
