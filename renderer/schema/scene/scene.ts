import type { BoxMaker } from '../layout/arrange.ts';
import { type Region, regionLabel, regionPadding } from '../layout/layout.ts';
import type { Diagram, DiagramRelation, DiagramTable } from '../model/diagram.ts';
import { type Box, columnRow, measures } from './boxes.ts';
import type { Rect } from './camera.ts';
import { stub } from './crow.ts';
import { Grid } from './grid.ts';

/** Boxes and where they are, as they cross between the worker and the window. */
export interface Placed {
  /** Places of the tables that are drawn. */
  tables: Int32Array;
  x: Float64Array;
  y: Float64Array;
  width: Float32Array;
  height: Float32Array;
  regions: Region[];
  opened: readonly number[];
}

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
}

/** What is drawn, and where: boxes, lines between them and the regions behind. Boxes are spoken of by their place in it. */
export class Scene {
  readonly diagram: Diagram;
  readonly placed: Placed;
  /** Places in `diagram.relations` of those with both ends drawn. */
  readonly relations: Int32Array;
  /** For each of them the boxes at its ends. */
  readonly fromBox: Int32Array;
  readonly toBox: Int32Array;
  /** For each table of the diagram its box, or -1. */
  readonly #at: Int32Array;
  readonly #grid: Grid;
  readonly #boxOf: BoxMaker;
  readonly #opened: ReadonlySet<number>;
  readonly #lines: (Line | undefined)[];
  /** Lines by box, one box's behind the other's, and where each one's begin. */
  readonly #ofBox: Int32Array;
  readonly #starts: Int32Array;
  #regions: Region[] | undefined;

  constructor(diagram: Diagram, placed: Placed, boxOf: BoxMaker) {
    this.diagram = diagram;
    this.placed = placed;
    this.#boxOf = boxOf;
    this.#opened = new Set(placed.opened);
    this.#at = new Int32Array(diagram.tables.length).fill(-1);
    for (let at = 0; at < placed.tables.length; at += 1) this.#at[placed.tables[at] ?? 0] = at;
    this.#grid = new Grid(placed.tables.length, (at) => this.rect(at));
    const relations: number[] = [];
    const counts = new Int32Array(placed.tables.length + 1);
    for (const [place, { from, to }] of diagram.relations.entries()) {
      const a = this.#at[from] ?? -1;
      const b = this.#at[to] ?? -1;
      if (a < 0 || b < 0) continue;
      relations.push(place);
      counts[a + 1] = (counts[a + 1] ?? 0) + 1;
      if (a !== b) counts[b + 1] = (counts[b + 1] ?? 0) + 1;
    }
    for (let at = 1; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + (counts[at - 1] ?? 0);
    this.relations = Int32Array.from(relations);
    this.fromBox = new Int32Array(relations.length);
    this.toBox = new Int32Array(relations.length);
    this.#starts = counts;
    this.#ofBox = new Int32Array(counts.at(-1) ?? 0);
    const next = counts.slice();
    const put = (at: number, index: number): void => {
      this.#ofBox[next[at] ?? 0] = index;
      next[at] = (next[at] ?? 0) + 1;
    };
    for (const [index, place] of relations.entries()) {
      const relation = diagram.relations[place] as DiagramRelation;
      const a = this.#at[relation.from] ?? 0;
      const b = this.#at[relation.to] ?? 0;
      this.fromBox[index] = a;
      this.toBox[index] = b;
      put(a, index);
      if (a !== b) put(b, index);
    }
    this.#lines = new Array(relations.length);
  }

  get size(): number {
    return this.placed.tables.length;
  }

  /** The box of a table, if it is drawn. */
  indexOf(table: number): number | undefined {
    const at = this.#at[table] ?? -1;
    return at < 0 ? undefined : at;
  }

  table(at: number): DiagramTable {
    return this.diagram.tables[this.placed.tables[at] ?? -1] as DiagramTable;
  }

  isOpened(at: number): boolean {
    return this.#opened.has(this.placed.tables[at] ?? -1);
  }

  /** The inside of a box, made when first asked for. */
  box(at: number): Box {
    const table = this.placed.tables[at] ?? -1;
    return this.#boxOf(table, this.#opened.has(table));
  }

  rect(at: number): Rect {
    const { x, y, width, height } = this.placed;
    return { x: x[at] ?? 0, y: y[at] ?? 0, width: width[at] ?? 0, height: height[at] ?? 0 };
  }

  /** Boxes that touch a rectangle. */
  inside(rect: Rect): number[] {
    return this.#grid.query(rect);
  }

  /** The uppermost box at a point. */
  hit(x: number, y: number): number | undefined {
    return this.#grid.query({ x, y, width: 0.001, height: 0.001 }).at(-1);
  }

  /** The row of a box at a height, in units below its upper edge; undefined for the header. */
  rowAt(at: number, y: number): number | undefined {
    const row = Math.floor((y - (this.placed.y[at] ?? 0) - measures.header) / measures.row);
    return row >= 0 && row < this.box(at).rows.length ? row : undefined;
  }

  /** Moves a box; lines and regions follow. */
  move(at: number, x: number, y: number): void {
    this.#grid.remove(at, this.rect(at));
    this.placed.x[at] = x;
    this.placed.y[at] = y;
    this.#grid.add(at);
    for (const index of this.linesOf(at)) this.#lines[index] = undefined;
    this.#regions = undefined;
  }

  /** Lines from and to a box, by their place in `relations`. */
  linesOf(at: number): readonly number[] {
    return [...this.#ofBox.subarray(this.#starts[at] ?? 0, this.#starts[at + 1] ?? 0)];
  }

  relation(index: number): DiagramRelation {
    return this.diagram.relations[this.relations[index] ?? -1] as DiagramRelation;
  }

  line(index: number): Line {
    let line = this.#lines[index];
    if (!line) {
      const relation = this.relation(index);
      line = route(this, relation, this.fromBox[index] ?? 0, this.toBox[index] ?? 0);
      this.#lines[index] = line;
    }
    return line;
  }

  /** The regions as drawn: as laid out, and as much larger as boxes were moved out of them. */
  get regions(): readonly Region[] {
    if (this.#regions) return this.#regions;
    const bySchema = new Map(this.placed.regions.map((region) => [region.schema, { ...region }]));
    for (let at = 0; at < this.size; at += 1) {
      const region = bySchema.get(this.table(at).schema);
      if (!region) continue;
      const { x, y, width, height } = this.rect(at);
      const right = Math.max(region.x + region.width, x + width + regionPadding);
      const bottom = Math.max(region.y + region.height, y + height + regionPadding);
      region.x = Math.min(region.x, x - regionPadding);
      region.y = Math.min(region.y, y - regionLabel);
      region.width = right - region.x;
      region.height = bottom - region.y;
    }
    this.#regions = [...bySchema.values()];
    return this.#regions;
  }

  /** All that is drawn. */
  bounds(): Rect {
    return around(this.regions);
  }
}

export function around(rects: readonly Rect[]): Rect {
  if (rects.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Goes out at the sides that face each other; where the boxes stand above each other, round their right edges. */
function route(scene: Scene, relation: DiagramRelation, from: number, to: number): Line {
  const a = scene.rect(from);
  const b = scene.rect(to);
  const apart = stub * 2;
  let direction1: 1 | -1 = 1;
  let direction2: 1 | -1 = 1;
  if (a.x + a.width + apart <= b.x) direction2 = -1;
  else if (b.x + b.width + apart <= a.x) direction1 = -1;
  const rows1 = rowMiddles(scene, from, relation.fromColumns);
  const rows2 = rowMiddles(scene, to, relation.toColumns);
  return {
    x1: direction1 > 0 ? a.x + a.width : a.x,
    y1: middleOf(rows1),
    x2: direction2 > 0 ? b.x + b.width : b.x,
    y2: middleOf(rows2),
    direction1,
    direction2,
    rows1,
    rows2,
  };
}

/** Heights of columns' rows; of the header where no columns are named. */
function rowMiddles(scene: Scene, at: number, columns: readonly number[]): number[] {
  const top = scene.placed.y[at] ?? 0;
  if (columns.length === 0) return [top + measures.header / 2];
  const table = scene.table(at);
  if (columns.length === 1)
    return [top + measures.header + (columnRow(table, columns[0] ?? 0) + 0.5) * measures.row];
  const rows = [...new Set(columns.map((column) => columnRow(table, column)))].sort((a, b) => a - b);
  return rows.map((row) => top + measures.header + (row + 0.5) * measures.row);
}

const middleOf = (rows: readonly number[]): number => ((rows[0] ?? 0) + (rows.at(-1) ?? 0)) / 2;

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
  const [sx, sy, c1x, c1y, c2x, c2y, ex, ey] = curve(line);
  let nearest = Math.min(
    toSegment(line.x1, line.y1, sx, sy, x, y),
    toSegment(ex, ey, line.x2, line.y2, x, y),
  );
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
