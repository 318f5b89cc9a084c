import type { DiagramRelation, DiagramTable } from '../model/diagram.ts';
import { columnRow, measures } from './boxes.ts';
import type { Rect } from './camera.ts';
import { stub } from './crow.ts';

/** A line between two boxes, as drawn: it leaves `x1, y1` in `direction1`, and comes to `x2, y2` from `direction2`. */
export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  direction1: 1 | -1;
  direction2: 1 | -1;
  /** Middles of the rows of a key of several columns, joined by a bracket. */
  rows1: number[];
  rows2: number[];
  /** Corners of a line round the boxes in its way, ends included, x and y by turns; undefined for a curve. */
  points: Float32Array | undefined;
  /** What the line stays within. */
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The corners of lines round boxes, flat, so that they cross between threads as they are. */
export interface Routes {
  /** For each line of the scene where its numbers begin in `points`; one more at the end. A line without any is a curve. */
  starts: Int32Array;
  /** x and y by turns. */
  points: Float32Array;
}

/** One end of a relation: the box, what is in it, and the columns there. */
export interface LineEnd {
  rect: Rect;
  table: DiagramTable;
  columns: readonly number[];
}

/** A curve that goes out at the sides that face each other; where the boxes stand above each other, round their right edges. */
export function directLine(from: LineEnd, to: LineEnd): Line {
  const a = from.rect;
  const b = to.rect;
  const apart = stub * 2;
  let direction1: 1 | -1 = 1;
  let direction2: 1 | -1 = 1;
  if (a.x + a.width + apart <= b.x) direction2 = -1;
  else if (b.x + b.width + apart <= a.x) direction1 = -1;
  const rows1 = rowMiddles(from);
  const rows2 = rowMiddles(to);
  const line: Line = {
    x1: direction1 > 0 ? a.x + a.width : a.x,
    y1: middleOf(rows1),
    x2: direction2 > 0 ? b.x + b.width : b.x,
    y2: middleOf(rows2),
    direction1,
    direction2,
    rows1,
    rows2,
    points: undefined,
    left: 0,
    top: 0,
    right: 0,
    bottom: 0,
  };
  const [sx, , c1x, , c2x, , ex] = curve(line);
  line.left = Math.min(line.x1, line.x2, sx, c1x, c2x, ex);
  line.right = Math.max(line.x1, line.x2, sx, c1x, c2x, ex);
  line.top = Math.min(line.y1, line.y2, ...rows1, ...rows2);
  line.bottom = Math.max(line.y1, line.y2, ...rows1, ...rows2);
  return line;
}

/** A line along corners that were found for it. */
export function routedLine(from: LineEnd, to: LineEnd, points: Float32Array): Line {
  const rows1 = rowMiddles(from);
  const rows2 = rowMiddles(to);
  const last = points.length - 2;
  const line: Line = {
    x1: points[0] ?? 0,
    y1: points[1] ?? 0,
    x2: points[last] ?? 0,
    y2: points[last + 1] ?? 0,
    direction1: (points[2] ?? 0) >= (points[0] ?? 0) ? 1 : -1,
    direction2: (points[last - 2] ?? 0) >= (points[last] ?? 0) ? 1 : -1,
    rows1,
    rows2,
    points,
    left: Number.POSITIVE_INFINITY,
    top: Math.min(...rows1, ...rows2),
    right: Number.NEGATIVE_INFINITY,
    bottom: Math.max(...rows1, ...rows2),
  };
  for (let at = 0; at < points.length; at += 2) {
    line.left = Math.min(line.left, points[at] ?? 0);
    line.right = Math.max(line.right, points[at] ?? 0);
    line.top = Math.min(line.top, points[at + 1] ?? 0);
    line.bottom = Math.max(line.bottom, points[at + 1] ?? 0);
  }
  return line;
}

/** Heights of columns' rows; of the header where no columns are named. */
export function rowMiddles({ rect: { y }, table, columns }: LineEnd): number[] {
  if (columns.length === 0) return [y + measures.header / 2];
  const middle = (row: number): number => y + measures.header + (row + 0.5) * measures.row;
  if (columns.length === 1) return [middle(columnRow(table, columns[0] ?? 0))];
  return [...new Set(columns.map((column) => columnRow(table, column)))].sort((a, b) => a - b).map(middle);
}

export const middleOf = (rows: readonly number[]): number => ((rows[0] ?? 0) + (rows.at(-1) ?? 0)) / 2;

/** The ends of a relation between two boxes of the diagram. */
export const lineEnds = (
  { fromColumns, toColumns }: DiagramRelation,
  from: Omit<LineEnd, 'columns'>,
  to: Omit<LineEnd, 'columns'>,
): [LineEnd, LineEnd] => [
  { ...from, columns: fromColumns },
  { ...to, columns: toColumns },
];

/** The inner points of a line's curve: where its straight pieces end, and the two that pull it. */
export function curve(line: Line): [number, number, number, number, number, number, number, number] {
  const { x1, y1, x2, y2, direction1, direction2 } = line;
  const start = x1 + stub * direction1;
  const end = x2 + stub * direction2;
  const isFacing = direction1 !== direction2;
  const pull = isFacing
    ? Math.min(260, Math.max(24, Math.abs(end - start) * 0.45))
    : Math.min(200, 24 + Math.abs(y2 - y1) * 0.2) + Math.abs(end - start) * 0.3;
  return [start, y1, start + pull * direction1, y1, end + pull * direction2, y2, end, y2];
}

/** Distance of a point from a line, in units; good to about a unit. */
export function distanceTo(line: Line, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  const { points } = line;
  if (points) {
    for (let at = 2; at < points.length; at += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = points.subarray(at - 2, at + 2);
      nearest = Math.min(nearest, toSegment(ax, ay, bx, by, x, y));
    }
    return nearest;
  }
  const [sx, sy, c1x, c1y, c2x, c2y, ex, ey] = curve(line);
  nearest = Math.min(toSegment(line.x1, line.y1, sx, sy, x, y), toSegment(ex, ey, line.x2, line.y2, x, y));
  let px = sx;
  let py = sy;
  for (let step = 1; step <= 24; step += 1) {
    const t = step / 24;
    const u = 1 - t;
    const qx = u * u * u * sx + 3 * u * u * t * c1x + 3 * u * t * t * c2x + t * t * t * ex;
    const qy = u * u * u * sy + 3 * u * u * t * c1y + 3 * u * t * t * c2y + t * t * t * ey;
    nearest = Math.min(nearest, toSegment(px, py, qx, qy, x, y));
    px = qx;
    py = qy;
  }
  return nearest;
}

function toSegment(x1: number, y1: number, x2: number, y2: number, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const long = dx * dx + dy * dy;
  const t = long === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / long));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

/**
 * The pieces of a line along corners, these rounded: straight to the first point, then round the second to the third.
 *
 * @param visit x and y of the end of a straight piece, of the corner, and of where the next piece begins
 */
export function eachCorner(
  points: Float32Array,
  visit: (fromX: number, fromY: number, x: number, y: number, toX: number, toY: number) => void,
): void {
  for (let at = 2; at + 3 < points.length; at += 2) {
    const [px = 0, py = 0, x = 0, y = 0, nx = 0, ny = 0] = points.subarray(at - 2, at + 4);
    const before = Math.abs(x - px) + Math.abs(y - py);
    const after = Math.abs(nx - x) + Math.abs(ny - y);
    const radius = Math.min(rounding, before / 2, after / 2);
    const back = before === 0 ? 0 : radius / before;
    const on = after === 0 ? 0 : radius / after;
    visit(x + (px - x) * back, y + (py - y) * back, x, y, x + (nx - x) * on, y + (ny - y) * on);
  }
}

/** Radius of corners, in units. */
const rounding = 8;
