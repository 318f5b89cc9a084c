import type { Backend } from '../../preload/contract/activity.ts';
import type { BlockingLine, BlockingTree } from './blocking-tree.ts';

/** One line of the blocking view. */
export interface BlockingRow {
  line: BlockingLine;
  /** Undefined for a prepared transaction, and for a blocker that is not in the sample. */
  backend: Backend | undefined;
  /** For each level above the line: whether a guide runs on past it. The last one is the line's own branch. */
  guides: readonly boolean[];
}

/** Joins the lines of the tree with the backends and works out the guides drawn before each. */
export function blockingRows(tree: BlockingTree, backends: ReadonlyMap<number, Backend>): BlockingRow[] {
  const rows: BlockingRow[] = [];
  /** By depth: whether another line of that depth follows under the same parent. */
  const follows: boolean[] = [];
  for (let place = tree.lines.length - 1; place >= 0; place -= 1) {
    const line = tree.lines[place] as BlockingLine;
    const guides = Array.from({ length: line.depth }, (_, level) => follows[level + 1] ?? false);
    follows.length = line.depth + 1;
    follows[line.depth] = true;
    rows.push({ line, backend: backends.get(line.pid), guides });
  }
  return rows.reverse();
}

/** Reuses the rows of the tree before where nothing about them changed, so that they are not drawn again. */
export function shareRows(
  before: readonly BlockingRow[],
  next: readonly BlockingRow[],
): readonly BlockingRow[] {
  const known = new Map(before.map((row) => [row.line.key, row]));
  return next.map((row) => {
    const old = known.get(row.line.key);
    return old && old.backend === row.backend && same(old, row) ? old : row;
  });
}

function same(a: BlockingRow, b: BlockingRow): boolean {
  return JSON.stringify([a.line, a.guides]) === JSON.stringify([b.line, b.guides]);
}
