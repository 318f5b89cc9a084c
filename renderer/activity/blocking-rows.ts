import type { Backend, PreparedTransaction } from '../../preload/contract/activity.ts';
import type { BlockingLine, BlockingTree } from '../../preload/contract/blocking-tree.ts';
import type { Selection } from '../components/table/selection.ts';

/** One line of the blocking view. */
export interface BlockingRow {
  line: BlockingLine;
  /** Undefined for a prepared transaction, and for a blocker that is not in the sample. */
  backend: Backend | undefined;
  /** The prepared transaction that stands here, where it is known which one it is. */
  prepared: PreparedTransaction | undefined;
  /** For each level above the line: whether a guide runs on past it. The last one is the line's own branch. */
  guides: readonly boolean[];
}

/** Joins the lines of the tree with the backends and works out the guides drawn before each. */
export function blockingRows(
  tree: BlockingTree,
  backends: ReadonlyMap<number, Backend>,
  prepared: readonly PreparedTransaction[] = [],
): BlockingRow[] {
  const rows: BlockingRow[] = [];
  /** By depth: whether another line of that depth follows under the same parent. */
  const follows: boolean[] = [];
  for (let place = tree.lines.length - 1; place >= 0; place -= 1) {
    const line = tree.lines[place] as BlockingLine;
    const guides = Array.from({ length: line.depth }, (_, level) => follows[level + 1] ?? false);
    follows.length = line.depth + 1;
    follows[line.depth] = true;
    const held = prepared.find(({ pid }) => pid === line.pid);
    rows.push({ line, backend: backends.get(line.pid), prepared: held, guides });
  }
  return rows.reverse();
}

/** Drops lines without a session: there is nothing to cancel or end. The same object when none is dropped. */
export function selectableOnly(selection: Selection, rows: readonly BlockingRow[]): Selection {
  const barred = new Set(rows.filter(({ backend }) => !backend).map(({ line }) => line.key));
  const keys = [...selection.keys].filter((key) => !barred.has(key));
  return keys.length === selection.keys.size ? selection : { keys: new Set(keys), anchor: selection.anchor };
}

/** Levels of the tree that are indented; what lies deeper stands in one line and names its level. */
const mostGuides = 10;

/** The guides that are drawn before a line: of a deep one the outermost, and its own branch. */
export function drawnGuides(guides: readonly boolean[]): readonly boolean[] {
  return guides.length <= mostGuides ? guides : [...guides.slice(0, mostGuides - 1), ...guides.slice(-1)];
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
  return JSON.stringify([a.line, a.guides, a.prepared]) === JSON.stringify([b.line, b.guides, b.prepared]);
}
