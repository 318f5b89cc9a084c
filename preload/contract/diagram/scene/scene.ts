import type { BoxMaker } from '../layout/arrange.ts';
import { type Region, regionLabel, regionPadding } from '../layout/layout.ts';
import type { Diagram, DiagramRelation, DiagramTable } from '../model/diagram.ts';
import { type Box, measures } from './boxes.ts';
import { around, type Rect } from './camera.ts';
import { Grid } from './grid.ts';
import { directLine, type Line, lineEnds, type Routes, routedLine } from './lines.ts';

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
  /** Ways of lines round boxes, once they have been found. */
  routes?: Routes | undefined;
}

const mostRoutedFar = 3000;

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
  /** Ways that were found for lines of boxes since these were moved. */
  readonly #ways = new Map<number, Float32Array>();
  /** Boxes that were moved since they were laid out. */
  readonly #moved = new Set<number>();
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
    // By number: an iterator's pairs are a third of the time with thousands of relations.
    for (let place = 0; place < diagram.relations.length; place += 1) {
      const { from, to } = diagram.relations[place] as DiagramRelation;
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
    for (let index = 0; index < relations.length; index += 1) {
      const relation = diagram.relations[relations[index] ?? 0] as DiagramRelation;
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
    this.#moved.add(at);
    this.#grid.remove(at, this.rect(at));
    this.placed.x[at] = x;
    this.placed.y[at] = y;
    this.#grid.add(at);
    for (const index of this.linesOf(at)) {
      this.#lines[index] = undefined;
      this.#ways.delete(index);
    }
    this.#regions = undefined;
  }

  /**
   * Takes over the ways of lines that were found for this very arrangement, which saves making another scene.
   *
   * @returns whether it is this one
   */
  takeRoutes(placed: Placed): boolean {
    const { tables, opened } = this.placed;
    const isThis =
      placed.routes !== undefined &&
      placed.tables.length === tables.length &&
      placed.opened.length === opened.length &&
      placed.regions.every(
        ({ x, y }, at) => x === this.placed.regions[at]?.x && y === this.placed.regions[at]?.y,
      ) &&
      placed.tables.every(
        (table, at) =>
          table === tables[at] &&
          (this.#moved.has(at) ||
            (placed.x[at] === this.placed.x[at] && placed.y[at] === this.placed.y[at])) &&
          placed.height[at] === this.placed.height[at],
      );
    if (!isThis) return false;
    this.placed.routes = placed.routes;
    this.#lines.fill(undefined);
    return true;
  }

  /** Moves the boxes that were moved in another scene of this diagram to the same places in their regions. */
  moveLike(other: Scene): void {
    for (const old of other.#moved) {
      const table = other.placed.tables[old] ?? -1;
      const at = this.indexOf(table);
      const { schema } = other.table(old);
      const from = other.placed.regions.find((region) => region.schema === schema);
      const to = this.placed.regions.find((region) => region.schema === schema);
      if (at === undefined || !from || !to) continue;
      const { x, y } = other.rect(old);
      const here = this.rect(at);
      const there = { x: x - from.x + to.x, y: y - from.y + to.y };
      if (here.x !== there.x || here.y !== there.y) this.move(at, there.x, there.y);
    }
  }

  /** Leads a line of a moved box along corners, until one of its ends is moved again. */
  lead(index: number, corners: Float32Array): void {
    this.#ways.set(index, corners);
    this.#lines[index] = undefined;
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
      line = this.#makeLine(index);
      this.#lines[index] = line;
    }
    return line;
  }

  /** Whether lines go round boxes, and are few enough to be looked at one by one from afar too. */
  get hasRoutes(): boolean {
    return this.placed.routes !== undefined && this.relations.length <= mostRoutedFar;
  }

  /** Round the boxes in its way where that was found out, and neither end has been moved since; else a curve. */
  #makeLine(index: number): Line {
    const from = this.fromBox[index] ?? 0;
    const to = this.toBox[index] ?? 0;
    const [a, b] = lineEnds(
      this.relation(index),
      { rect: this.rect(from), table: this.table(from) },
      { rect: this.rect(to), table: this.table(to) },
    );
    const way = this.#ways.get(index);
    if (way) return routedLine(a, b, way);
    const { routes } = this.placed;
    const points = routes?.points.subarray(routes.starts[index], routes.starts[index + 1]);
    const isStanding = !this.#moved.has(from) && !this.#moved.has(to);
    return points && points.length > 0 && isStanding ? routedLine(a, b, points) : directLine(a, b);
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
