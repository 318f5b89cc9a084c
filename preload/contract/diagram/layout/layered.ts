import type { Packed, Size } from './pack.ts';

/** Between two boxes of a column, and between two columns, where the lines run. */
const below = 36;
const beside = 96;

/**
 * Lays out one connected component in columns from left to right: what is referred to stands left of what refers to it.
 * Orders each column by the middle of its neighbours (`sweeps` times over), and pulls boxes towards them without
 * letting them overlap. Deterministic; about linear in boxes and lines.
 *
 * @param edges pairs of places, from what refers to what is referred to
 */
export function layered(
  sizes: readonly Size[],
  edges: readonly (readonly [number, number])[],
  sweeps: number,
): Packed {
  const out = sizes.map((): number[] => []);
  const both = sizes.map((): number[] => []);
  for (const [from, to] of edges) {
    if (from === to) continue;
    out[from]?.push(to);
    both[from]?.push(to);
    both[to]?.push(from);
  }
  const columns = wrap(sizes, layers(out, both), both);
  const column = new Int32Array(sizes.length);
  for (const [at, members] of columns.entries()) for (const place of members) column[place] = at;

  const y = new Float64Array(sizes.length);
  for (const members of columns) stack(members, sizes, y);
  const middle = (place: number): number => (y[place] ?? 0) + (sizes[place]?.height ?? 0) / 2;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forth = sweep % 2 === 0;
    for (let step = 0; step < columns.length; step += 1) {
      const at = forth ? step : columns.length - 1 - step;
      const members = columns[at] as number[];
      // The last sweeps only pull; ordering by what stands on one side alone would undo what the other side gained.
      const wanted = new Map<number, number>();
      for (const place of members)
        wanted.set(place, mean(both[place] ?? [], column, at, forth, sweep, middle) ?? middle(place));
      const sorted = [...members].sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a - b);
      columns[at] = sorted;
      settle(sorted, sizes, (place) => (wanted.get(place) ?? 0) - (sizes[place]?.height ?? 0) / 2, y);
    }
  }

  return bands(columns, sizes, y);
}

/** Puts the columns beside each other; a long chain goes on below, so that it keeps the shape of a screen. */
function bands(columns: readonly (readonly number[])[], sizes: readonly Size[], y: Float64Array): Packed {
  const x = new Float64Array(sizes.length);
  const widths = columns.map((members) =>
    members.reduce((most, place) => Math.max(most, sizes[place]?.width ?? 0), 0),
  );
  const total = widths.reduce((sum, width) => sum + width + beside, 0);
  const area = sizes.reduce((sum, { width, height }) => sum + (width + beside) * (height + below), 0);
  const limit = Math.max(2000, Math.sqrt(area) * 2.4);
  const parts = total > limit * 1.3 ? Math.ceil(total / limit) : 1;
  let width = 0;
  let down = 0;
  let first = 0;
  while (first < columns.length) {
    let last = first;
    let left = 0;
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (
      ;
      last < columns.length && (left === 0 || left + (widths[last] ?? 0) <= total / parts + 1);
      last += 1
    ) {
      for (const place of columns[last] ?? []) {
        x[place] = left;
        top = Math.min(top, y[place] ?? 0);
        bottom = Math.max(bottom, (y[place] ?? 0) + (sizes[place]?.height ?? 0));
      }
      left += (widths[last] ?? 0) + beside;
    }
    for (const members of columns.slice(first, last)) {
      for (const place of members) y[place] = Math.round((y[place] ?? 0) - top + down);
    }
    width = Math.max(width, left - beside);
    down += Math.ceil(bottom - top) + below * 2;
    first = last;
  }
  return { x, y, width, height: Math.max(0, down - below * 2) };
}

/** Mean of the neighbours' middles: in the first sweeps of those on the side come from, later of all. */
function mean(
  neighbours: readonly number[],
  column: Int32Array,
  at: number,
  forth: boolean,
  sweep: number,
  middle: (place: number) => number,
): number | undefined {
  let sum = 0;
  let weight = 0;
  for (const other of neighbours) {
    const distance = (column[other] ?? 0) - at;
    if (distance === 0) continue;
    if (sweep < 4 && (forth ? distance > 0 : distance < 0)) continue;
    // Near columns pull more.
    const pull = 1 / Math.abs(distance);
    sum += middle(other) * pull;
    weight += pull;
  }
  return weight === 0 ? undefined : sum / weight;
}

/** Each box in the column right of all it refers to; circles are broken where a walk meets itself. */
function layers(out: readonly (readonly number[])[], both: readonly (readonly number[])[]): number[][] {
  const layer = new Int32Array(out.length).fill(-1);
  const isOpen = new Uint8Array(out.length);
  // Those referred to most begin, so that circles are broken at them.
  const starts = out.map((_, place) => place);
  const into = (place: number): number => (both[place]?.length ?? 0) - (out[place]?.length ?? 0);
  starts.sort((a, b) => into(b) - into(a) || a - b);
  for (const start of starts) {
    if (layer[start] !== -1) continue;
    // By an own stack: a chain of thousands of tables is deeper than the engine's.
    const walk: { place: number; next: number; depth: number }[] = [{ place: start, next: 0, depth: 0 }];
    isOpen[start] = 1;
    while (walk.length > 0) {
      const top = walk[walk.length - 1] as { place: number; next: number; depth: number };
      const targets = out[top.place] ?? [];
      if (top.next < targets.length) {
        const target = targets[top.next] as number;
        top.next += 1;
        if (isOpen[target] === 1) continue;
        if (layer[target] !== -1) {
          top.depth = Math.max(top.depth, (layer[target] ?? 0) + 1);
        } else {
          isOpen[target] = 1;
          walk.push({ place: target, next: 0, depth: 0 });
        }
        continue;
      }
      layer[top.place] = top.depth;
      isOpen[top.place] = 0;
      walk.pop();
      const parent = walk[walk.length - 1];
      if (parent) parent.depth = Math.max(parent.depth, top.depth + 1);
    }
  }
  moveRight(layer, out, both);
  const columns: number[][] = [];
  for (let place = 0; place < out.length; place += 1) {
    const at = layer[place] ?? 0;
    while (columns.length <= at) columns.push([]);
    columns[at]?.push(place);
  }
  return columns.filter((members) => members.length > 0);
}

/**
 * What is referred to more than it refers to moves right, next to the first of those that refer to it: its lines get
 * shorter, and what only one table needs, an enum or a list of kinds, stands beside that table.
 */
function moveRight(
  layer: Int32Array,
  out: readonly (readonly number[])[],
  both: readonly (readonly number[])[],
): void {
  const order = [...layer.keys()].sort((a, b) => (layer[b] ?? 0) - (layer[a] ?? 0) || a - b);
  for (const place of order) {
    const own = layer[place] ?? 0;
    const refers = out[place]?.length ?? 0;
    if ((both[place]?.length ?? 0) - refers < refers) continue;
    let first = Number.POSITIVE_INFINITY;
    for (const other of both[place] ?? []) {
      const at = layer[other] ?? 0;
      if (at > own) first = Math.min(first, at);
    }
    if (Number.isFinite(first)) layer[place] = Math.max(own, first - 1);
  }
}

/** Splits columns that are much taller than the component should be, so that it comes near to the shape of a screen. */
function wrap(
  sizes: readonly Size[],
  columns: readonly number[][],
  both: readonly (readonly number[])[],
): number[][] {
  let area = 0;
  for (const { width, height } of sizes) area += (width + beside) * (height + below);
  const limit = Math.max(Math.sqrt(area / 1.5), 1000);
  return columns.flatMap((members) => {
    const tall = members.reduce((sum, place) => sum + (sizes[place]?.height ?? 0) + below, 0);
    if (tall <= limit * 1.25 || members.length < 2) return [members];
    const parts = Math.ceil(tall / limit);
    // Those with most lines next to what they refer to.
    const sorted = [...members].sort((a, b) => (both[b]?.length ?? 0) - (both[a]?.length ?? 0) || a - b);
    const split: number[][] = [];
    let height = Number.POSITIVE_INFINITY;
    for (const place of sorted) {
      const own = (sizes[place]?.height ?? 0) + below;
      if (height + own > tall / parts + own / 2) {
        split.push([]);
        height = 0;
      }
      split[split.length - 1]?.push(place);
      height += own;
    }
    return split;
  });
}

function stack(members: readonly number[], sizes: readonly Size[], y: Float64Array): void {
  const tall = members.reduce((sum, place) => sum + (sizes[place]?.height ?? 0) + below, 0);
  let at = -tall / 2;
  for (const place of members) {
    y[place] = at;
    at += (sizes[place]?.height ?? 0) + below;
  }
}

/**
 * Moves the boxes of a column, in their order, as near to where they want to be as goes without overlaps (least squares,
 * by pooling those that press on each other).
 */
function settle(
  members: readonly number[],
  sizes: readonly Size[],
  wanted: (place: number) => number,
  y: Float64Array,
): void {
  const blocks: { first: number; count: number; offset: number; height: number; sum: number }[] = [];
  for (const [at, place] of members.entries()) {
    const height = (sizes[place]?.height ?? 0) + below;
    blocks.push({ first: at, count: 1, offset: 0, height, sum: wanted(place) });
    for (;;) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (!last || !before) break;
      const end = before.sum / before.count + before.height;
      if (end <= last.sum / last.count) break;
      // Sums are of wanted places as they would be for the block's first member.
      before.sum += last.sum - last.count * before.height;
      before.count += last.count;
      before.height += last.height;
      blocks.pop();
    }
  }
  for (const block of blocks) {
    let at = block.sum / block.count;
    for (let member = block.first; member < block.first + block.count; member += 1) {
      const place = members[member] as number;
      y[place] = at;
      at += (sizes[place]?.height ?? 0) + below;
    }
  }
}
