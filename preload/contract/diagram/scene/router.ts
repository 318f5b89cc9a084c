import type { Rect } from './camera.ts';
import { stub } from './crow.ts';

/** Room that lines keep from boxes: beside them the marks of their ends stand. */
const beside = stub;
const above = 14;
/** Round a box nothing may go through. */
const skin = 6;
/** What a corner costs, in units of way. */
const corner = 36;
/** How far round the two boxes ways are looked for. */
const detour = 150;
/** With more boxes in the way than these a line goes as a curve: nobody could follow it anyhow. */
const mostBoxes = 90;

interface Side {
  rect: Rect;
  /** Height of the row. */
  y: number;
}

/**
 * Finds ways for lines round boxes, along a grid made of the boxes' own edges: by A*, with a price on corners. Keeps its
 * buffers, so that thousands of lines make no garbage. Deterministic.
 */
export class Router {
  /** Steps taken so far, a measure of time that is the same on every machine: about 4 million a second. */
  steps = 0;
  #xs: Float64Array = new Float64Array(0);
  #ys: Float64Array = new Float64Array(0);
  /** For each point of the grid: 1 no way to the right, 2 no way down. */
  #walls = new Uint8Array(0);
  /** By point and by the way it was come to (0 along, 1 up or down). */
  #cost = new Float64Array(0);
  #from = new Int32Array(0);
  readonly #heap = new Heap();

  /**
   * The corners of a way between two boxes, ends included, x and y by turns; undefined when none was found.
   *
   * @param boxes what stands round both of them, themselves included
   */
  find(from: Side, to: Side, boxesIn: (window: Rect) => readonly Rect[]): number[] | undefined {
    const window = windowOf(from.rect, to.rect);
    const boxes = boxesIn(window);
    if (boxes.length > mostBoxes) return undefined;
    this.#makeGrid(from, to, boxes, window);
    this.#buildWalls(boxes);
    return this.#search(from, to);
  }

  #makeGrid(from: Side, to: Side, boxes: readonly Rect[], window: Rect): void {
    const xs: number[] = [];
    const ys: number[] = [from.y, to.y];
    const right = window.x + window.width;
    const bottom = window.y + window.height;
    for (const { x, y, width, height } of boxes) {
      for (const at of [x - beside, x + width + beside]) if (at >= window.x && at <= right) xs.push(at);
      for (const at of [y - above, y + height + above]) if (at >= window.y && at <= bottom) ys.push(at);
    }
    this.#xs = ascending(xs);
    this.#ys = ascending(ys);
  }

  #buildWalls(boxes: readonly Rect[]): void {
    const across = this.#xs.length;
    const down = this.#ys.length;
    const size = across * down;
    if (this.#walls.length < size) {
      this.#walls = new Uint8Array(size);
      this.#cost = new Float64Array(size * 2);
      this.#from = new Int32Array(size * 2);
    }
    this.#walls.fill(0, 0, size);
    this.#cost.fill(Number.POSITIVE_INFINITY, 0, size * 2);
    for (const box of boxes) {
      const left = box.x - skin;
      const right = box.x + box.width + skin;
      const top = box.y - skin;
      const bottom = box.y + box.height + skin;
      // Lines strictly inside, and the last before it: from there no step goes in.
      const firstX = lowerBound(this.#xs, left, true);
      const lastX = lowerBound(this.#xs, right, false) - 1;
      const firstY = lowerBound(this.#ys, top, true);
      const lastY = lowerBound(this.#ys, bottom, false) - 1;
      for (let row = firstY; row <= lastY; row += 1) {
        for (let column = Math.max(0, firstX - 1); column <= lastX; column += 1)
          this.#walls[row * across + column] = (this.#walls[row * across + column] ?? 0) | 1;
      }
      for (let row = Math.max(0, firstY - 1); row <= lastY; row += 1) {
        for (let column = firstX; column <= lastX; column += 1)
          this.#walls[row * across + column] = (this.#walls[row * across + column] ?? 0) | 2;
      }
    }
  }

  #search(from: Side, to: Side): number[] | undefined {
    const xs = this.#xs;
    const ys = this.#ys;
    const across = xs.length;
    const row1 = lowerBound(ys, from.y, false);
    const row2 = lowerBound(ys, to.y, false);
    const columnsOf = ({ rect }: Side): number[] =>
      [rect.x - beside, rect.x + rect.width + beside].map((x) => lowerBound(xs, x, false));
    const goals = columnsOf(to).map((column) => row2 * across + column);
    const goalXs = goals.map((goal) => xs[goal % across] ?? 0);
    const rest = (point: number): number => {
      const x = xs[point % across] ?? 0;
      const y = ys[Math.floor(point / across)] ?? 0;
      return Math.min(...goalXs.map((goal) => Math.abs(goal - x))) + Math.abs(to.y - y);
    };
    const heap = this.#heap;
    heap.clear();
    for (const column of columnsOf(from)) {
      const point = row1 * across + column;
      this.#cost[point * 2] = 0;
      this.#from[point * 2] = -1;
      heap.push(point * 2, rest(point));
    }
    const relax = (state: number, next: number, way: 0 | 1, length: number): void => {
      const turn = (state & 1) === way ? 0 : corner;
      const cost = (this.#cost[state] ?? 0) + length + turn;
      const at = next * 2 + way;
      if (cost >= (this.#cost[at] ?? 0) - 1e-9) return;
      this.#cost[at] = cost;
      this.#from[at] = state;
      heap.push(at, cost + rest(next));
    };
    for (let state = heap.pop(); state !== undefined; state = heap.pop()) {
      this.steps += 1;
      const point = state >> 1;
      // A way that ends up or down takes one more corner.
      if (goals.includes(point) && (state & 1) === 0) return this.#trace(state, from, to);
      if (goals.includes(point)) relax(state, point, 0, 0);
      const column = point % across;
      const row = Math.floor(point / across);
      const x = xs[column] ?? 0;
      const y = ys[row] ?? 0;
      // Up and down rather near to the goal, so that lines to the same row join early.
      const steep = 1 + Math.min(...goalXs.map((goal) => Math.abs(goal - x))) * 0.0002;
      const walls = this.#walls;
      if (column + 1 < across && !((walls[point] ?? 0) & 1))
        relax(state, point + 1, 0, (xs[column + 1] ?? 0) - x);
      if (column > 0 && !((walls[point - 1] ?? 0) & 1)) relax(state, point - 1, 0, x - (xs[column - 1] ?? 0));
      if (row + 1 < ys.length && !((walls[point] ?? 0) & 2))
        relax(state, point + across, 1, ((ys[row + 1] ?? 0) - y) * steep);
      if (row > 0 && !((walls[point - across] ?? 0) & 2))
        relax(state, point - across, 1, (y - (ys[row - 1] ?? 0)) * steep);
    }
    return undefined;
  }

  #trace(end: number, from: Side, to: Side): number[] {
    const across = this.#xs.length;
    const inner: [number, number][] = [];
    for (let state = end; state >= 0; state = this.#from[state] ?? -1) {
      const point = state >> 1;
      inner.push([this.#xs[point % across] ?? 0, this.#ys[Math.floor(point / across)] ?? 0]);
    }
    inner.reverse();
    const edge = ({ rect, y }: Side, x: number): [number, number] => [
      x > rect.x + rect.width / 2 ? rect.x + rect.width : rect.x,
      y,
    ];
    const all = [edge(from, inner[0]?.[0] ?? 0), ...inner, edge(to, inner.at(-1)?.[0] ?? 0)];
    return withoutStraight(all).flat();
  }
}

function windowOf(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x) - detour;
  const y = Math.min(a.y, b.y) - detour;
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) + detour - x,
    height: Math.max(a.y + a.height, b.y + b.height) + detour - y,
  };
}

/** Leaves out points in the middle of a straight piece. */
function withoutStraight(points: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = [];
  for (const point of points) {
    const before = kept.at(-1);
    const beforeThat = kept.at(-2);
    if (before && before[0] === point[0] && before[1] === point[1]) continue;
    const isStraight =
      before &&
      beforeThat &&
      ((beforeThat[0] === before[0] && before[0] === point[0]) ||
        (beforeThat[1] === before[1] && before[1] === point[1]));
    if (isStraight) kept.pop();
    kept.push(point);
  }
  return kept;
}

const ascending = (values: number[]): Float64Array => Float64Array.from(new Set(values)).sort();

/** The first place whose value is at least `value`, or greater when `beyond`. */
function lowerBound(values: Float64Array, value: number, beyond: boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const own = values[middle] ?? 0;
    if (own < value || (beyond && own === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** States by what they promise to cost; of equal ones the one that came first. */
class Heap {
  #states: number[] = [];
  #keys: number[] = [];

  clear(): void {
    this.#states.length = 0;
    this.#keys.length = 0;
  }

  push(state: number, key: number): void {
    const states = this.#states;
    const keys = this.#keys;
    let at = states.length;
    states.push(state);
    keys.push(key);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((keys[up] as number) <= key) break;
      states[at] = states[up] as number;
      keys[at] = keys[up] as number;
      at = up;
    }
    states[at] = state;
    keys[at] = key;
  }

  pop(): number | undefined {
    const states = this.#states;
    const keys = this.#keys;
    const first = states[0];
    const state = states.pop();
    const key = keys.pop();
    if (first === undefined || state === undefined || key === undefined || states.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= states.length) break;
      if (down + 1 < states.length && (keys[down + 1] as number) < (keys[down] as number)) down += 1;
      if ((keys[down] as number) >= key) break;
      states[at] = states[down] as number;
      keys[at] = keys[down] as number;
      at = down;
    }
    states[at] = state;
    keys[at] = key;
    return first;
  }
}
