import { Flag } from '../model/diagram.ts';
import { badgeGap, badgePadding, badges, measures, type Row } from '../scene/boxes.ts';
import { type Camera, inSight, type Rect } from '../scene/camera.ts';
import { endMark, ends } from '../scene/crow.ts';
import { levelOf } from '../scene/lod.ts';
import { curve, type Line, type Scene } from '../scene/scene.ts';
import { type Measure, oneLine, shorten } from '../scene/text.ts';
import { fonts, type Palette } from './palette.ts';

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

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Widths of text at a size of 1 px, to cut what does not fit. */
export interface UnitMeasures {
  name: Measure;
  header: Measure;
  label: Measure;
}

/** At most so many lines are drawn while boxes are small: beyond it they would be a felt, and cost the frame. */
const mostLines = { far: 1500, middle: 3000, near: 6000 } as const;

/**
 * Draws the part of a scene that a camera sees into a context of `width` × `height` px (`ratio` device pixels each).
 * What is drawn of a box depends on the scale: far a block with a name, then name and keys, near all of it.
 */
export function paint(
  context: Context,
  scene: Scene,
  camera: Camera,
  size: { width: number; height: number; ratio: number },
  palette: Palette,
  measure: UnitMeasures,
  highlights: Highlights = noHighlights,
): void {
  const painter = new Painter(context, scene, camera, size, palette, measure, highlights);
  painter.paint();
}

class Painter {
  readonly level;
  readonly visible: number[];
  readonly related = new Set<number>();
  readonly strongLines = new Set<number>();

  constructor(
    readonly context: Context,
    readonly scene: Scene,
    readonly camera: Camera,
    readonly size: { width: number; height: number; ratio: number },
    readonly palette: Palette,
    readonly measure: UnitMeasures,
    readonly highlights: Highlights,
  ) {
    this.level = levelOf(camera.scale);
    this.visible = scene.inside(inSight(camera, size.width, size.height));
    for (const at of [highlights.selected, highlights.hovered]) {
      if (at === undefined) continue;
      for (const index of scene.linesOf(at)) {
        this.strongLines.add(index);
        const { from, to } = scene.relation(index);
        for (const table of [from, to]) {
          const other = scene.indexOf(table);
          if (other !== undefined && other !== at) this.related.add(other);
        }
      }
    }
    if (highlights.hoveredLine !== undefined) this.strongLines.add(highlights.hoveredLine);
  }

  paint(): void {
    const { context, size, palette } = this;
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.fillStyle = palette.sunken;
    context.fillRect(0, 0, size.width, size.height);
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    this.regions();
    this.lines();
    if (this.level === 'far') this.farBoxes();
    else for (const at of this.visible) this.box(at);
    this.strong();
    this.rings();
    this.regionLabels();
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

  regions(): void {
    const { context, camera } = this;
    for (const region of this.scene.regions) {
      if (!this.isInSight(region)) continue;
      const x = this.x(region.x);
      const y = this.y(region.y);
      const width = region.width * camera.scale;
      const height = region.height * camera.scale;
      context.fillStyle = this.palette.surface;
      context.fillRect(x, y, width, height);
      context.globalAlpha = 0.07;
      context.fillStyle = this.tint(region.schema);
      context.fillRect(x, y, width, height);
      context.globalAlpha = 0.35;
      context.strokeStyle = this.tint(region.schema);
      context.lineWidth = 1;
      context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), Math.round(height));
      context.globalAlpha = 1;
    }
  }

  /** Labels stay readable at any scale, and stay in sight while any of their region is. */
  regionLabels(): void {
    const { context, camera, size } = this;
    for (const region of this.scene.regions) {
      if (!this.isInSight(region)) continue;
      const left = this.x(region.x);
      const top = this.y(region.y);
      const width = region.width * camera.scale;
      const height = region.height * camera.scale;
      const isAbove = top < 0;
      const fontSize = Math.round(
        Math.max(11, Math.min(isAbove ? 13 : 26 * Math.max(1, camera.scale), 26 * camera.scale)),
      );
      const name = oneLine(this.scene.diagram.schemas[region.schema] ?? '');
      const room = Math.min(width - 8, size.width - 16);
      if (room < 24 || height < fontSize + 4) continue;
      const text = shorten(name, room / fontSize, this.measure.label);
      if (!text) continue;
      const own = this.measure.label(text) * fontSize;
      const x = Math.min(Math.max(left + Math.min(10, width * 0.04), 8), Math.max(8, left + width - own - 8));
      const y = Math.min(
        Math.max(top + fontSize * 0.85 + 2, fontSize * 0.85 + 4),
        top + height - fontSize / 2,
      );
      const isFloating = y > top + 60 * camera.scale || this.level === 'far';
      context.font = fonts.label(this.palette, fontSize);
      if (isFloating) {
        context.globalAlpha = 0.86;
        context.fillStyle = this.palette.surface;
        context.fillRect(x - 4, y - fontSize * 0.7, own + 8, fontSize * 1.4);
        context.globalAlpha = 1;
      }
      context.fillStyle = this.tint(region.schema);
      context.fillText(text, x, y);
    }
  }

  lines(): void {
    const { context, scene, level, palette } = this;
    const indices = this.linesInSight();
    context.lineWidth = level === 'near' ? 1.25 : 1;
    // As strong as can be told apart: many lines are drawn fainter, so that boxes stay in front.
    const crowd = Math.min(1, 400 / Math.max(1, indices.length));
    const alpha = level === 'far' ? 0.25 + 0.35 * crowd : 0.5 + 0.4 * crowd;
    for (const kind of ['solid', 'dashed'] as const) {
      context.globalAlpha = kind === 'solid' ? alpha : alpha * 0.7;
      context.strokeStyle = palette.faint;
      context.setLineDash(kind === 'dashed' && level !== 'far' ? [4, 4] : []);
      let pending = 0;
      context.beginPath();
      for (const index of indices) {
        if ((scene.relation(index).kind === 'foreign-key') !== (kind === 'solid')) continue;
        if (level === 'far') this.traceFar(index);
        else this.trace(scene.line(index));
        // Short paths are filled faster than one of thousands of pieces.
        pending += 1;
        if (pending === 40) {
          context.stroke();
          context.beginPath();
          pending = 0;
        }
      }
      context.stroke();
    }
    context.setLineDash([]);
    if (this.camera.scale >= 0.4) {
      context.globalAlpha = Math.max(alpha, 0.75);
      context.strokeStyle = palette.soft;
      this.marks(indices);
    }
    context.globalAlpha = 1;
  }

  linesInSight(): number[] {
    const { scene, camera, size } = this;
    const most = mostLines[this.level];
    const indices: number[] = [];
    const { width, height } = size;
    if (this.level === 'far') return this.farLinesInSight(most);
    for (let index = 0; index < scene.relations.length; index += 1) {
      const { x1, y1, x2, y2 } = scene.line(index);
      const left = this.x(Math.min(x1, x2)) - 60 * camera.scale;
      const right = this.x(Math.max(x1, x2)) + 60 * camera.scale;
      const top = this.y(Math.min(y1, y2));
      const bottom = this.y(Math.max(y1, y2));
      if (left > width || right < 0 || top > height || bottom < 0) continue;
      indices.push(index);
    }
    return thinned(indices, most);
  }

  /** From afar a line goes from middle to middle: where it leaves its box can't be seen, and need not be worked out. */
  farLinesInSight(most: number): number[] {
    const { scene, size } = this;
    const indices: number[] = [];
    for (let index = 0; index < scene.relations.length; index += 1) {
      const [x1, y1, x2, y2] = this.middles(index);
      if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > size.width) continue;
      if (Math.max(y1, y2) < 0 || Math.min(y1, y2) > size.height) continue;
      if (Math.abs(x1 - x2) + Math.abs(y1 - y2) >= 6) indices.push(index);
    }
    return thinned(indices, most);
  }

  /** The middles of the boxes at a line's ends, in px. */
  middles(index: number): [number, number, number, number] {
    const { x, y, width, height } = this.scene.placed;
    const a = this.scene.fromBox[index] ?? 0;
    const b = this.scene.toBox[index] ?? 0;
    return [
      this.x((x[a] ?? 0) + (width[a] ?? 0) / 2),
      this.y((y[a] ?? 0) + (height[a] ?? 0) / 2),
      this.x((x[b] ?? 0) + (width[b] ?? 0) / 2),
      this.y((y[b] ?? 0) + (height[b] ?? 0) / 2),
    ];
  }

  traceFar(index: number): void {
    const [x1, y1, x2, y2] = this.middles(index);
    this.context.moveTo(x1, y1);
    this.context.lineTo(x2, y2);
  }

  trace(line: Line): void {
    const { context } = this;
    const [sx, sy, c1x, c1y, c2x, c2y, ex, ey] = curve(line);
    context.moveTo(this.x(line.x1), this.y(line.y1));
    context.lineTo(this.x(sx), this.y(sy));
    context.bezierCurveTo(this.x(c1x), this.y(c1y), this.x(c2x), this.y(c2y), this.x(ex), this.y(ey));
    context.lineTo(this.x(line.x2), this.y(line.y2));
    this.bracket(line.x1, line.rows1);
    this.bracket(line.x2, line.rows2);
  }

  /** Joins the rows of a key of several columns. */
  bracket(x: number, rows: readonly number[]): void {
    if (rows.length < 2) return;
    const { context } = this;
    context.moveTo(this.x(x), this.y(rows[0] ?? 0));
    context.lineTo(this.x(x), this.y(rows.at(-1) ?? 0));
  }

  marks(indices: readonly number[]): void {
    const { context, scene, camera } = this;
    const rings: { x: number; y: number; radius: number }[] = [];
    context.lineWidth = Math.max(1, 1.25 * Math.min(1, camera.scale));
    context.beginPath();
    for (const index of indices) {
      const relation = scene.relation(index);
      if (relation.kind !== 'foreign-key') continue;
      const line = scene.line(index);
      const { from, to } = ends(relation);
      for (const { strokes, ring } of [
        endMark(from, line.x1, line.y1, line.direction1),
        endMark(to, line.x2, line.y2, line.direction2),
      ]) {
        for (let at = 0; at < strokes.length; at += 4) {
          context.moveTo(this.x(strokes[at] ?? 0), this.y(strokes[at + 1] ?? 0));
          context.lineTo(this.x(strokes[at + 2] ?? 0), this.y(strokes[at + 3] ?? 0));
        }
        if (ring) rings.push(ring);
      }
    }
    context.stroke();
    context.fillStyle = this.palette.surface;
    for (const { x, y, radius } of rings) {
      context.beginPath();
      context.arc(this.x(x), this.y(y), radius * camera.scale, 0, Math.PI * 2);
      context.fill();
      context.stroke();
    }
  }

  /** Blocks, those of a schema in one go, with a name where there is room for one. */
  farBoxes(): void {
    const { context, scene, camera, palette } = this;
    const bySchema = new Map<number, number[]>();
    for (const at of this.visible) {
      const { schema } = scene.table(at);
      const members = bySchema.get(schema);
      if (members) members.push(at);
      else bySchema.set(schema, [at]);
    }
    const isTiny = camera.scale < 0.05;
    for (const [schema, members] of bySchema) {
      for (const [color, alpha] of [
        [palette.raised, 1],
        [this.tint(schema), isTiny ? 0.5 : 0.28],
      ] as const) {
        context.globalAlpha = alpha;
        context.fillStyle = color;
        for (const at of members) {
          const { x, y, width, height } = scene.rect(at);
          context.fillRect(
            Math.round(this.x(x)),
            Math.round(this.y(y)),
            Math.max(1, Math.round(width * camera.scale)),
            Math.max(1, Math.round(height * camera.scale)),
          );
        }
      }
    }
    context.globalAlpha = 1;
    const fontSize = 10;
    context.font = fonts.name(palette, fontSize);
    context.fillStyle = palette.text;
    if (camera.scale < 0.1) return;
    for (const at of this.visible) {
      const { x, y, width, height } = scene.rect(at);
      const room = width * camera.scale - 4;
      if (room < 26 || height * camera.scale < fontSize + 2) continue;
      const text = shorten(oneLine(scene.table(at).name), room / fontSize, this.measure.name);
      if (text) context.fillText(text, this.x(x) + 2, Math.round(this.y(y) + fontSize * 0.5 + 2));
    }
  }

  box(at: number): void {
    const { context, scene, camera, palette } = this;
    const { scale } = camera;
    const rect = scene.rect(at);
    const table = scene.table(at);
    const x = Math.round(this.x(rect.x));
    const y = Math.round(this.y(rect.y));
    const width = Math.round(rect.width * scale);
    const height = Math.round(rect.height * scale);
    const isHovered = this.highlights.hovered === at;

    context.fillStyle = palette.raised;
    context.fillRect(x, y, width, height);
    const isMiddle = this.level === 'middle';
    const header = isMiddle
      ? Math.min(height, Math.max(16, measures.header * scale))
      : measures.header * scale;
    context.globalAlpha = isHovered ? 0.3 : 0.18;
    context.fillStyle = this.tint(table.schema);
    context.fillRect(x, y, width, header);
    context.globalAlpha = 1;
    context.strokeStyle = this.related.has(at) ? palette.accent : palette.lineStrong;
    context.lineWidth = 1;
    if (table.kind === 'view' || table.kind === 'materialized-view') context.setLineDash([4, 3]);
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    context.setLineDash([]);
    if (isMiddle) this.middleInside(at, x, y, width, height, header);
    else this.nearInside(at, x, y, width);
  }

  /** The name and the keys, in a size that can be read, as many as there is room for. */
  middleInside(at: number, x: number, y: number, width: number, height: number, header: number): void {
    const { context, scene, palette } = this;
    const table = scene.table(at);
    const room = width - 8;
    context.font = fonts.header(palette, 11);
    context.fillStyle = palette.text;
    const aside =
      table.rowSecurity !== 'off' || table.kind === 'partitioned'
        ? badgeText(table.partitions, table.rowSecurity, table.kind === 'partitioned')
        : '';
    const asideWidth = aside ? this.measure.name(aside) * 9 + 6 : 0;
    const showsAside = room - asideWidth > 60;
    const name = oneLine(table.name);
    const titleRoom = room - (showsAside ? asideWidth : 0);
    const titleSize = this.measure.header(name) * 11 <= titleRoom ? 11 : 9;
    if (titleSize !== 11) context.font = fonts.header(palette, titleSize);
    const title = shorten(name, titleRoom / titleSize, this.measure.header);
    context.fillText(title, x + 4, y + header / 2 + 0.5);
    context.font = fonts.name(palette, 9);
    context.fillStyle = palette.soft;
    if (aside && showsAside) context.fillText(aside, x + width - asideWidth + 2, y + header / 2 + 0.5);
    const line = 11;
    let top = y + header + 2;
    for (const row of scene.box(at).rows) {
      if (row.kind !== 'column' || !(row.flags & (Flag.primary | Flag.foreign))) continue;
      if (top + line > y + height) break;
      const mark = row.flags & Flag.primary ? 'PK ' : 'FK ';
      context.fillText(shorten(`${mark}${row.name}`, room / 9, this.measure.name), x + 4, top + line / 2);
      top += line;
    }
  }

  nearInside(at: number, x: number, y: number, width: number): void {
    const { context, scene, camera, palette } = this;
    const { scale } = camera;
    const box = scene.box(at);
    const table = scene.table(at);
    // Sizes in steps of half a px: each one is a set of glyphs to be drawn anew.
    const size = Math.round(measures.fontSize * scale * 2) / 2;
    const headerSize = Math.round(measures.headerFontSize * scale * 2) / 2;
    context.font = fonts.header(palette, headerSize);
    context.fillStyle = palette.text;
    context.fillText(box.title, x + measures.padding * scale, y + (measures.header / 2 + 0.5) * scale);

    const smallSize = Math.round(10 * scale * 2) / 2;
    context.font = fonts.name(palette, smallSize);
    let right = x + width - badgePadding * scale;
    for (const badge of [...badges(table)].reverse()) {
      const own = this.measure.name(badge.text) * smallSize + badgePadding * 2 * scale;
      right -= own;
      if (badge.kind !== 'word') {
        context.fillStyle = badge.kind === 'rls' ? palette.noticeSurface : palette.surface;
        context.fillRect(right, y + 6 * scale, own, 16 * scale);
        context.strokeStyle = badge.kind === 'rls' ? palette.notice : palette.lineStrong;
        context.lineWidth = 1;
        context.strokeRect(
          Math.round(right) + 0.5,
          Math.round(y + 6 * scale) + 0.5,
          Math.round(own) - 1,
          Math.round(16 * scale) - 1,
        );
      }
      context.fillStyle = badge.kind === 'rls' ? palette.notice : palette.soft;
      context.fillText(badge.text, right + badgePadding * scale, y + 14.5 * scale);
      right -= badgeGap * scale;
    }
    this.rows(box.rows, x, y + measures.header * scale, width, size, smallSize);
  }

  /** By column of text, so that fonts and colours change a few times a box and not at each row. */
  rows(rows: readonly Row[], x: number, top: number, width: number, size: number, smallSize: number): void {
    const { context, camera, palette } = this;
    const { scale } = camera;
    const first = Math.max(0, Math.floor(-top / (measures.row * scale)));
    const last = Math.min(rows.length, Math.ceil((this.size.height - top) / (measures.row * scale)));
    const middle = (row: number): number => top + (row + 0.5) * measures.row * scale;
    const nameX = x + measures.marks * scale;

    context.font = fonts.name(palette, size);
    for (let at = first; at < last; at += 1) {
      const row = rows[at] as Row;
      context.fillStyle = row.kind === 'column' || row.kind === 'value' ? palette.text : palette.soft;
      context.fillText(row.name, nameX, middle(at));
    }
    context.fillStyle = palette.soft;
    context.textAlign = 'right';
    for (let at = first; at < last; at += 1) {
      const row = rows[at] as Row;
      if (row.kind !== 'column') continue;
      const isNullable = !(row.flags & Flag.notNull);
      const end = x + width - measures.padding * scale;
      context.fillText(row.type, isNullable ? end - 8 * scale : end, middle(at));
      if (isNullable) context.fillText('?', end + 1 * scale, middle(at));
    }
    context.textAlign = 'left';
    context.font = fonts.header(palette, smallSize);
    for (let at = first; at < last; at += 1) {
      const row = rows[at] as Row;
      const mark = rowMark(row);
      if (!mark) continue;
      context.fillStyle = mark === 'PK' ? palette.accent : palette.faint;
      context.fillText(mark, x + 8 * scale, middle(at));
    }
  }

  /** Lines of what is selected or pointed at, above everything else. */
  strong(): void {
    if (this.strongLines.size === 0) return;
    const { context, scene, palette } = this;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    const indices = [...this.strongLines].slice(0, 500);
    context.beginPath();
    for (const index of indices) {
      if (this.level === 'far') this.traceFar(index);
      else this.trace(scene.line(index));
    }
    context.stroke();
    if (this.camera.scale >= 0.4) this.marks(indices);
  }

  rings(): void {
    const { context, scene, palette, highlights } = this;
    const { selected, hovered } = highlights;
    const ring = (at: number, grow: number, width: number, color: string): void => {
      const { x, y, width: w, height: h } = scene.rect(at);
      context.strokeStyle = color;
      context.lineWidth = width;
      context.strokeRect(
        Math.round(this.x(x)) - grow,
        Math.round(this.y(y)) - grow,
        Math.max(1, Math.round(w * this.camera.scale)) + grow * 2,
        Math.max(1, Math.round(h * this.camera.scale)) + grow * 2,
      );
    };
    if (hovered !== undefined && hovered !== selected) ring(hovered, 0.5, 1, palette.accent);
    if (selected === undefined) return;
    ring(selected, 1, 2, palette.accent);
    if (highlights.focused) ring(selected, 5, 2, palette.focus);
  }
}

/** At most so many of some lines; the same ones at each frame, so that nothing flickers. */
function thinned(indices: number[], most: number): number[] {
  if (indices.length <= most) return indices;
  const step = indices.length / most;
  return Array.from({ length: most }, (_, at) => indices[Math.floor(at * step)] as number);
}

/** The sign left of a row. */
export function rowMark(row: Row): string {
  if (row.kind === 'value') return '•';
  if (row.kind !== 'column') return '';
  if (row.flags & Flag.primary) return row.flags & Flag.foreign ? 'PF' : 'PK';
  if (row.flags & Flag.foreign) return 'FK';
  return row.flags & Flag.unique ? 'U' : '';
}

function badgeText(partitions: number, rowSecurity: string, isPartitioned: boolean): string {
  return [isPartitioned ? `⊞${partitions}` : '', rowSecurity === 'off' ? '' : 'RLS']
    .filter(Boolean)
    .join(' ');
}
