import type { Rect } from './camera.ts';

/** Between two lines beside each other, as far as there is room. */
const apart = 7;
const nearest = 2.5;
/** Kept from boxes: beside them the marks of lines' ends stand. */
const clear = { along: 18, across: 7 } as const;
/** How far a piece may be moved to either side. */
const reach = 64;

/** A way that lines share as far as they go the same way: those that end at the same row. */
export interface Way {
  /** Equal for ways that may run together. */
  group: number;
  /** Corners, x and y by turns; moved in place. */
  points: number[];
}

interface Piece {
  way: Way;
  /** Place of its first corner. */
  at: number;
  position: number;
  start: number;
  end: number;
}

/** Moves pieces of different ways that would lie on each other apart, up and down first, then those along. */
export function spread(ways: readonly Way[], boxesIn: (window: Rect) => readonly Rect[]): void {
  for (const isUpright of [true, false]) {
    const byPosition = Map.groupBy(pieces(ways, isUpright), ({ position }) => Math.round(position / 3));
    for (const own of byPosition.values()) for (const bundle of bundles(own)) fan(bundle, isUpright, boxesIn);
  }
}

/** All straight pieces but the first and the last of each way, which are bound to their rows. */
function pieces(ways: readonly Way[], isUpright: boolean): Piece[] {
  const found: Piece[] = [];
  const own = isUpright ? 0 : 1;
  for (const way of ways) {
    const { points } = way;
    for (let at = 2; at + 5 < points.length; at += 2) {
      const position = points[at + own] as number;
      if (position !== points[at + 2 + own]) continue;
      const a = points[at + 1 - own] as number;
      const b = points[at + 3 - own] as number;
      found.push({ way, at, position, start: Math.min(a, b), end: Math.max(a, b) });
    }
  }
  return found;
}

/** Pieces that touch each other, directly or by others. */
function bundles(pieces: Piece[]): Piece[][] {
  pieces.sort((a, b) => a.start - b.start || a.end - b.end || a.way.group - b.way.group);
  const all: Piece[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const piece of pieces) {
    if (piece.start > end) all.push([]);
    all.at(-1)?.push(piece);
    end = Math.max(end, piece.end);
  }
  return all;
}

function fan(bundle: readonly Piece[], isUpright: boolean, boxesIn: (window: Rect) => readonly Rect[]): void {
  const lanes: { group: number; start: number; end: number }[][] = [];
  const laneOf = bundle.map(({ way: { group }, start, end }) => {
    const isFree = (lane: (typeof lanes)[number]): boolean =>
      lane.every((other) => other.group === group || other.end <= start || other.start >= end);
    let lane = lanes.findIndex((own) => own.some((other) => other.group === group) && isFree(own));
    if (lane < 0) lane = lanes.findIndex(isFree);
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]?.push({ group, start, end });
    return lane;
  });
  if (lanes.length < 2) return;
  const position = bundle[0]?.position ?? 0;
  const start = Math.min(...bundle.map((piece) => piece.start));
  const end = Math.max(...bundle.map((piece) => piece.end));
  const { low, high } = room(position, start, end, isUpright, boxesIn);
  const step = Math.max(nearest, Math.min(apart, (high - low) / lanes.length));
  // Towards the side with more room; back over the other when it is not enough.
  const total = step * (lanes.length - 1);
  const first =
    high - position >= position - low
      ? Math.max(low, Math.min(position, high - total))
      : Math.min(high, Math.max(position, low + total));
  const direction = high - position >= position - low ? 1 : -1;
  const own = isUpright ? 0 : 1;
  for (const [at, { way, at: corner }] of bundle.entries()) {
    const moved = first + direction * step * (laneOf[at] ?? 0);
    way.points[corner + own] = moved;
    way.points[corner + 2 + own] = moved;
  }
}

/** How far to either side of a piece there is no box. */
function room(
  position: number,
  start: number,
  end: number,
  isUpright: boolean,
  boxesIn: (window: Rect) => readonly Rect[],
): { low: number; high: number } {
  const window = isUpright
    ? { x: position - reach, y: start, width: reach * 2, height: end - start }
    : { x: start, y: position - reach, width: end - start, height: reach * 2 };
  const kept = isUpright ? clear.along : clear.across;
  let low = position - reach;
  let high = position + reach;
  for (const { x, y, width, height } of boxesIn(window)) {
    const [from, to] = isUpright ? [x, x + width] : [y, y + height];
    if ((from + to) / 2 < position) low = Math.max(low, Math.min(position, to + kept));
    else high = Math.min(high, Math.max(position, from - kept));
  }
  return { low, high };
}
