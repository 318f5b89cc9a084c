import type { Rect } from './camera.ts';
import { spread, type Way } from './lanes.ts';
import { lineEnds, middleOf, type Routes, rowMiddles } from './lines.ts';
import { Router } from './router.ts';
import type { Scene } from './scene.ts';

/** Steps of the router that all lines of a picture may take together: a few seconds of a worker's time. */
export const routingBudget = 8_000_000;

/**
 * Ways for the lines of a scene round the boxes between their ends, short lines first, as far as the budget goes. Gives
 * a pause after each line, so that whoever runs it can do other things meanwhile; returns the routes.
 */
export function* findRoutes(scene: Scene, budget: number = routingBudget): Generator<void, Routes> {
  const router = new Router();
  const boxesIn = (window: Rect): Rect[] => scene.inside(window).map((at) => scene.rect(at));
  const ways: (Way | undefined)[] = new Array(scene.relations.length).fill(undefined);
  const groups = new Map<string, number>();
  for (const index of byLength(scene)) {
    if (router.steps >= budget) break;
    const way = findWay(scene, index, router, boxesIn);
    if (way) {
      const group = groups.get(way.end) ?? groups.size;
      groups.set(way.end, group);
      ways[index] = { group, points: way.points };
    }
    yield;
  }
  spread(
    ways.filter((way) => way !== undefined),
    boxesIn,
  );
  return flat(ways);
}

/** All at once. */
export function allRoutes(scene: Scene, budget: number = routingBudget): Routes {
  const finding = findRoutes(scene, budget);
  for (;;) {
    const { done, value } = finding.next();
    if (done) return value;
  }
}

/** Steps for the lines of a box that was just put down: not to be felt. */
const budgetOfMove = 200_000;

/** Leads the lines of a box anew after it was moved, as many as can be in an instant. */
export function leadLinesOf(scene: Scene, at: number): void {
  const router = new Router();
  const boxesIn = (window: Rect): Rect[] => scene.inside(window).map((other) => scene.rect(other));
  for (const index of scene.linesOf(at)) {
    if (router.steps >= budgetOfMove) return;
    const way = findWay(scene, index, router, boxesIn);
    if (way) scene.lead(index, Float32Array.from(way.points));
  }
}

/** The corners of one line, and what tells the row that it ends at. A line from a box to itself stays a curve. */
function findWay(
  scene: Scene,
  index: number,
  router: Router,
  boxesIn: (window: Rect) => Rect[],
): { points: number[]; end: string } | undefined {
  const from = scene.fromBox[index] ?? 0;
  const to = scene.toBox[index] ?? 0;
  if (from === to) return undefined;
  const [a, b] = lineEnds(
    scene.relation(index),
    { rect: scene.rect(from), table: scene.table(from) },
    { rect: scene.rect(to), table: scene.table(to) },
  );
  const y2 = middleOf(rowMiddles(b));
  const points = router.find({ rect: a.rect, y: middleOf(rowMiddles(a)) }, { rect: b.rect, y: y2 }, boxesIn);
  return points && { points, end: `${to} ${y2}` };
}

/** Places of lines, the shortest first: those are the ones that are looked at. */
function byLength(scene: Scene): number[] {
  const { x, y } = scene.placed;
  const long = scene.relations.map((_, index) => {
    const a = scene.fromBox[index] ?? 0;
    const b = scene.toBox[index] ?? 0;
    return Math.abs((x[a] ?? 0) - (x[b] ?? 0)) + Math.abs((y[a] ?? 0) - (y[b] ?? 0));
  });
  return [...scene.relations.keys()].sort((a, b) => (long[a] ?? 0) - (long[b] ?? 0) || a - b);
}

function flat(ways: readonly (Way | undefined)[]): Routes {
  const starts = new Int32Array(ways.length + 1);
  let size = 0;
  for (const [index, way] of ways.entries()) {
    starts[index] = size;
    size += way?.points.length ?? 0;
  }
  starts[ways.length] = size;
  const points = new Float32Array(size);
  for (const [index, way] of ways.entries()) if (way) points.set(way.points, starts[index] ?? 0);
  return { starts, points };
}
