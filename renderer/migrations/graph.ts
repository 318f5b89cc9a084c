import type { MigrationEntry } from '../../preload/contract/migrations.ts';

/** What the gutter of one row draws. Lanes count from the left, from 0. */
export interface GraphRow {
  /** Lane of the row's own dot. */
  lane: number;
  /** Nothing comes after it. */
  isHead: boolean;
  /** Lanes that only pass by. */
  passes: number[];
  /** Lanes from above that end in the dot. */
  from: number[];
  /** Lanes below that begin in the dot: its parents. */
  to: number[];
}

export interface Graph {
  rows: GraphRow[];
  /** How many lanes there are at most side by side. */
  lanes: number;
}

type Node = Pick<MigrationEntry, 'id' | 'parents'>;

/**
 * The lines beside a list of migrations, newest first, as `git log --graph` draws them. A parent that is not further
 * down (it is unknown, or the graph has a circle) gets no line.
 */
export function graphOf(entries: readonly Node[]): Graph {
  const places = new Map(entries.map(({ id }, at) => [id, at]));
  /** What each lane leads to; null when it is free. */
  const lanes: (string | null)[] = [];
  let most = 0;
  const rows = entries.map(({ id, parents }, at): GraphRow => {
    const from = lanes.flatMap((target, lane) => (target === id ? [lane] : []));
    const lane = from[0] ?? free(lanes);
    for (const one of from) lanes[one] = null;
    const passes = lanes.flatMap((target, one) => (target !== null ? [one] : []));
    lanes[lane] = null;
    const to: number[] = [];
    for (const parent of new Set(parents)) {
      if ((places.get(parent) ?? -1) <= at) continue;
      const known = lanes.indexOf(parent);
      const next = known >= 0 ? known : to.includes(lane) || lanes[lane] !== null ? free(lanes) : lane;
      lanes[next] = parent;
      to.push(next);
    }
    most = Math.max(most, lanes.length, lane + 1);
    while (lanes.at(-1) === null) lanes.pop();
    return { lane, isHead: from.length === 0, passes, from, to };
  });
  return { rows, lanes: most };
}

function free(lanes: (string | null)[]): number {
  const at = lanes.indexOf(null);
  if (at >= 0) return at;
  lanes.push(null);
  return lanes.length - 1;
}
