import { Flag } from '../../../preload/contract/diagram/model/diagram.ts';
import {
  badgeGap,
  badgePadding,
  badges,
  measures,
  type Row,
  rowMark,
} from '../../../preload/contract/diagram/scene/boxes.ts';
import { oneLine, shorten, wrapped } from '../../../preload/contract/diagram/scene/text.ts';
import type { Frame } from './frame.ts';
import { fonts, mixed } from './palette.ts';

/** Px that a row has to be high for its name to stand in it. */
const smallestRow = 8.4;

const rowsFit = ({ camera }: Frame): boolean => measures.row * camera.scale >= smallestRow;

/** Boxes in sight, with as much in them as can be read. */
export function paintBoxes(frame: Frame): void {
  if (frame.level === 'far') farBoxes(frame);
  else for (const at of uppermostLast(frame)) box(frame, at);
}

/** What is pointed at and what is selected lie on top, wherever they were dragged. */
function uppermostLast({ visible, highlights: { hovered, selected } }: Frame): readonly number[] {
  if (hovered === undefined && selected === undefined) return visible;
  const rest = visible.filter((at) => at !== hovered && at !== selected);
  const isSeen = (at: number | undefined): at is number => at !== undefined && visible.includes(at);
  return [...rest, ...[hovered === selected ? undefined : hovered, selected].filter(isSeen)];
}

/** Blocks, those of a schema in one go, with a name where there is room for one. */
function farBoxes(frame: Frame): void {
  const { context, scene, camera, palette } = frame;
  const bySchema = new Map<number, number[]>();
  for (const at of frame.visible) {
    const { schema } = scene.table(at);
    const members = bySchema.get(schema);
    if (members) members.push(at);
    else bySchema.set(schema, [at]);
  }
  const share = camera.scale < 0.05 ? 0.5 : 0.28;
  const { x, y, width, height } = scene.placed;
  for (const [schema, members] of bySchema) {
    context.fillStyle = mixed(frame.tint(schema), palette.raised, share);
    for (const at of members) {
      context.fillRect(
        Math.round(frame.x(x[at] ?? 0)),
        Math.round(frame.y(y[at] ?? 0)),
        Math.max(1, Math.round((width[at] ?? 0) * camera.scale)),
        Math.max(1, Math.round((height[at] ?? 0) * camera.scale)),
      );
    }
  }
  const fontSize = 10;
  context.font = fonts.name(palette, fontSize);
  context.fillStyle = palette.text;
  if (camera.scale < 0.1) return;
  for (const at of frame.visible) {
    const { x, y, width, height } = scene.rect(at);
    const room = width * camera.scale - 4;
    if (room < 26 || height * camera.scale < fontSize + 2) continue;
    const text = shorten(oneLine(scene.table(at).name), room / fontSize, frame.measure.name);
    if (text) context.fillText(text, frame.x(x) + 2, Math.round(frame.y(y) + fontSize * 0.5 + 2));
  }
}

function box(frame: Frame, at: number): void {
  const { context, scene, camera, palette } = frame;
  const { scale } = camera;
  const rect = scene.rect(at);
  const table = scene.table(at);
  const x = Math.round(frame.x(rect.x));
  const y = Math.round(frame.y(rect.y));
  const width = Math.round(rect.width * scale);
  const height = Math.round(rect.height * scale);
  const isHovered = frame.highlights.hovered === at;

  context.fillStyle = palette.raised;
  context.fillRect(x, y, width, height);
  const isMiddle = frame.level === 'middle';
  const title = isMiddle ? middleTitle(frame, at, width, height) : undefined;
  const header = title ? Math.min(height, title.height) : measures.header * scale;
  context.globalAlpha = isHovered ? 0.3 : 0.18;
  context.fillStyle = frame.tint(table.schema);
  context.fillRect(x, y, width, header);
  context.globalAlpha = 1;
  context.strokeStyle = frame.related.has(at) ? palette.accent : palette.lineStrong;
  context.lineWidth = 1;
  if (table.kind === 'view' || table.kind === 'materialized-view') context.setLineDash([4, 3]);
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash([]);
  if (title) middleInside(frame, at, x, y, width, height, title);
  else nearInside(frame, at, x, y, width);
}

interface MiddleTitle {
  lines: readonly string[];
  /** Of its text, px. */
  size: number;
  /** Of all of it, px. */
  height: number;
  aside: string;
  asideWidth: number;
}

/** The name in a size that can be read, in as many lines as it takes where columns do not show, and there is room. */
function middleTitle(frame: Frame, at: number, width: number, height: number): MiddleTitle {
  const { scene, camera, measure } = frame;
  const table = scene.table(at);
  const room = width - 8;
  const badge =
    table.rowSecurity !== 'off' || table.kind === 'partitioned'
      ? badgeText(table.partitions, table.rowSecurity, table.kind === 'partitioned')
      : '';
  const asideWidth = badge ? measure.name(badge) * 9 + 6 : 0;
  const aside = room - asideWidth > 60 ? badge : '';
  const titleRoom = room - (aside ? asideWidth : 0);
  const name = oneLine(table.name);
  const large = rowsFit(frame) ? 10 : 11;
  const size = measure.header(name) * large <= titleRoom ? large : 9;
  const most = rowsFit(frame) ? 1 : Math.max(1, Math.min(3, Math.floor((height - 4) / titleLine)));
  const lines = wrapped(name, titleRoom / size, measure.header, most);
  const least = Math.max(16, measures.header * camera.scale);
  return { lines, size, height: Math.max(least, lines.length * titleLine + 4), aside, asideWidth };
}

/** Px from one line of a name to the next. */
const titleLine = 10;

/** The name and the keys, as many as there is room for. */
function middleInside(
  frame: Frame,
  at: number,
  x: number,
  y: number,
  width: number,
  height: number,
  title: MiddleTitle,
): void {
  const { context, scene, palette } = frame;
  const room = width - 8;
  const header = Math.min(height, title.height);
  context.font = fonts.header(palette, title.size);
  context.fillStyle = palette.text;
  const first = y + (header - (title.lines.length - 1) * titleLine) / 2 + 0.5;
  for (const [line, text] of title.lines.entries()) context.fillText(text, x + 4, first + line * titleLine);
  context.font = fonts.name(palette, 9);
  context.fillStyle = palette.soft;
  if (title.aside) context.fillText(title.aside, x + width - title.asideWidth + 2, first);
  if (rowsFit(frame)) {
    namesInside(frame, at, x, y, width);
    return;
  }
  const line = 11;
  let top = y + header + 2;
  for (const row of scene.box(at).rows) {
    if (row.kind !== 'column' || !(row.flags & (Flag.primary | Flag.foreign))) continue;
    if (top + line > y + height) break;
    const mark = row.flags & Flag.primary ? 'PK ' : 'FK ';
    context.fillText(shorten(`${mark}${row.name}`, room / 9, frame.measure.name), x + 4, top + line / 2);
    top += line;
  }
}

/** Names of columns where their rows are, so that lines end at them; types only fit when near. */
function namesInside(frame: Frame, at: number, x: number, y: number, width: number): void {
  const { context, scene, camera, palette } = frame;
  const { scale } = camera;
  const size = Math.max(8, Math.round(measures.fontSize * scale * 2) / 2);
  const top = y + measures.header * scale;
  strongRows(frame, at, x, top, width);
  context.font = fonts.name(palette, size);
  const indent = 4 + 14 * scale;
  for (const [row, { kind, name, ...rest }] of scene.box(at).rows.entries()) {
    const middle = top + (row + 0.5) * measures.row * scale;
    if (middle < 0 || middle > frame.size.height) continue;
    const flags = 'flags' in rest ? rest.flags : 0;
    if (flags & (Flag.primary | Flag.foreign)) {
      context.fillStyle = flags & Flag.primary ? palette.accent : palette.faint;
      context.fillRect(x + 4, middle - 1.5, 3, 3);
    }
    context.fillStyle =
      kind === 'column' && flags & (Flag.primary | Flag.foreign) ? palette.text : palette.soft;
    context.fillText(shorten(name, (width - indent - 3) / size, frame.measure.name), x + indent, middle);
  }
}

function nearInside(frame: Frame, at: number, x: number, y: number, width: number): void {
  const { context, scene, camera, palette } = frame;
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
    const own = frame.measure.name(badge.text) * smallSize + badgePadding * 2 * scale;
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
  const top = y + measures.header * scale;
  strongRows(frame, at, x, top, width);
  rows(frame, box.rows, x, top, width, size, smallSize);
}

/** Rows where lines of what stands out end, so that the eye finds the columns that belong together. */
function strongRows(frame: Frame, at: number, x: number, top: number, width: number): void {
  const { context, camera, palette } = frame;
  const high = measures.row * camera.scale;
  context.fillStyle = palette.selected;
  for (const row of frame.strongRows.get(at) ?? [])
    context.fillRect(x + 1, top + row * high, width - 2, high);
}

/** By column of text, so that fonts and colours change a few times a box and not at each row. */
function rows(
  frame: Frame,
  rows: readonly Row[],
  x: number,
  top: number,
  width: number,
  size: number,
  smallSize: number,
): void {
  const { context, camera, palette } = frame;
  const { scale } = camera;
  const first = Math.max(0, Math.floor(-top / (measures.row * scale)));
  const last = Math.min(rows.length, Math.ceil((frame.size.height - top) / (measures.row * scale)));
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

function badgeText(partitions: number, rowSecurity: string, isPartitioned: boolean): string {
  return [isPartitioned ? `⊞${partitions}` : '', rowSecurity === 'off' ? '' : 'RLS']
    .filter(Boolean)
    .join(' ');
}
