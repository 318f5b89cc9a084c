import type { Scene } from './scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The box that an arrow key goes to: the nearest one in that direction. A box that is related to the current one counts
 * as less than half as far.
 */
export function boxTowards(scene: Scene, from: number, direction: Direction): number | undefined {
  const start = scene.rect(from);
  const x = start.x + start.width / 2;
  const y = start.y + start.height / 2;
  const related = new Set(relatedBoxes(scene, from));
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < scene.size; at += 1) {
    if (at === from) continue;
    const rect = scene.rect(at);
    const dx = rect.x + rect.width / 2 - x;
    const dy = rect.y + rect.height / 2 - y;
    const along = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const across = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    // Within about 60° of where the arrow points.
    if (along <= 1 || across > along * 1.75) continue;
    const distance = (along + across * 1.5) * (related.has(at) ? 0.4 : 1);
    if (distance < least) {
      least = distance;
      best = at;
    }
  }
  return best;
}

/** Boxes a line away: first those it refers to, then those that refer to it, each once, in the order of the lines. */
export function relatedBoxes(scene: Scene, at: number): number[] {
  const table = scene.placed.tables[at];
  const out = new Set<number>();
  const into = new Set<number>();
  for (const index of scene.linesOf(at)) {
    const { from, to } = scene.relation(index);
    if (from === to) continue;
    const other = scene.indexOf(from === table ? to : from);
    if (other !== undefined) (from === table ? out : into).add(other);
  }
  return [...new Set([...out, ...into])];
}

/** The box whose middle is nearest to a point. */
export function nearestBox(scene: Scene, x: number, y: number): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < scene.size; at += 1) {
    const rect = scene.rect(at);
    const distance = Math.hypot(rect.x + rect.width / 2 - x, rect.y + rect.height / 2 - y);
    if (distance < least) {
      least = distance;
      best = at;
    }
  }
  return best;
}
