import { columnRow } from '../../../preload/contract/diagram/scene/boxes.ts';
import { type Camera, inSight, type Rect } from '../../../preload/contract/diagram/scene/camera.ts';
import { type Level, levelOf } from '../../../preload/contract/diagram/scene/lod.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';

/** What stands out. All by place in the scene. */
export interface Highlights {
  selected: number | undefined;
  hovered: number | undefined;
  hoveredLine: number | undefined;
  /** Whether the selected box has the keyboard. */
  focused: boolean;
}

export const noHighlights: Highlights = {
  selected: undefined,
  hovered: undefined,
  hoveredLine: undefined,
  focused: false,
};

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Window of the canvas in px, and device pixels each. */
export interface Size {
  width: number;
  height: number;
  ratio: number;
}

/** One picture in the making: what is drawn, from where, with what, and what of it is in sight and stands out. */
export class Frame {
  readonly context: Context;
  readonly scene: Scene;
  readonly camera: Camera;
  readonly size: Size;
  readonly palette: Palette;
  readonly measure: UnitMeasures;
  readonly highlights: Highlights;
  readonly level: Level;
  /** Boxes in sight. */
  readonly visible: readonly number[];
  /** Boxes a line away from what stands out. */
  readonly related = new Set<number>();
  /** For each box the rows where lines of what stands out end. */
  readonly strongRows = new Map<number, Set<number>>();
  /** Lines of what stands out. */
  readonly strongLines = new Set<number>();

  constructor(
    context: Context,
    scene: Scene,
    camera: Camera,
    size: Size,
    look: { palette: Palette; measure: UnitMeasures; highlights: Highlights },
  ) {
    this.context = context;
    this.scene = scene;
    this.camera = camera;
    this.size = size;
    this.palette = look.palette;
    this.measure = look.measure;
    this.highlights = look.highlights;
    this.level = levelOf(camera.scale);
    this.visible = scene.inside(inSight(camera, size.width, size.height));
    const { selected, hovered, hoveredLine } = look.highlights;
    for (const at of [selected, hovered]) {
      if (at === undefined) continue;
      for (const index of scene.linesOf(at)) {
        this.strongLines.add(index);
        this.#relate(index, at);
      }
    }
    if (hoveredLine === undefined) return;
    this.strongLines.add(hoveredLine);
    this.#relate(hoveredLine);
  }

  x(x: number): number {
    return (x - this.camera.x) * this.camera.scale;
  }

  y(y: number): number {
    return (y - this.camera.y) * this.camera.scale;
  }

  tint(schema: number): string {
    const { tints, soft } = this.palette;
    return tints[schema % tints.length] ?? soft;
  }

  isInSight(rect: Rect): boolean {
    const { width, height } = this.size;
    const x = this.x(rect.x);
    const y = this.y(rect.y);
    return (
      x < width &&
      y < height &&
      x + rect.width * this.camera.scale > 0 &&
      y + rect.height * this.camera.scale > 0
    );
  }

  #relate(index: number, besides?: number): void {
    const { fromColumns, toColumns } = this.scene.relation(index);
    for (const [at, columns] of [
      [this.scene.fromBox[index] ?? 0, fromColumns],
      [this.scene.toBox[index] ?? 0, toColumns],
    ] as const) {
      if (at !== besides) this.related.add(at);
      const rows = this.strongRows.get(at) ?? new Set();
      for (const column of columns) rows.add(columnRow(this.scene.table(at), column));
      this.strongRows.set(at, rows);
    }
  }
}
