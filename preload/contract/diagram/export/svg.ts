import { Flag } from '../model/diagram.ts';
import { badgeGap, badgePadding, badges, measures, rowMark } from '../scene/boxes.ts';
import { endMark, ends } from '../scene/crow.ts';
import { curve, eachCorner, type Line } from '../scene/lines.ts';
import type { Palette } from '../scene/palette.ts';
import type { Scene } from '../scene/scene.ts';
import { oneLine, type UnitMeasures } from '../scene/text.ts';

const margin = 40;

/** The whole scene as SVG, with all that is drawn when near. Text stays text; nothing is loaded from elsewhere. */
export function svg(scene: Scene, palette: Palette, measure: UnitMeasures, title: string): string {
  const bounds = scene.bounds();
  const width = Math.ceil(bounds.width + margin * 2);
  const height = Math.ceil(bounds.height + margin * 2);
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${n(bounds.x - margin)} ${n(bounds.y - margin)} ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font-family:${escaped(palette.mono)};font-size:${measures.fontSize}px;dominant-baseline:central}.h{font-weight:600;font-size:${measures.headerFontSize}px}.s{font-size:10px}.m{font-size:10px;font-weight:600}.r{font-family:${escaped(palette.sans)};font-weight:600;font-size:26px}</style>`,
    `<rect x="${n(bounds.x - margin)}" y="${n(bounds.y - margin)}" width="${width}" height="${height}" fill="${palette.sunken}"/>`,
  ];
  const tint = (schema: number): string => palette.tints[schema % palette.tints.length] ?? palette.soft;
  for (const { schema, x, y, width, height } of scene.regions) {
    const color = tint(schema);
    out.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${palette.surface}"/>`,
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${color}" fill-opacity="0.07" stroke="${color}" stroke-opacity="0.35"/>`,
      `<text class="r" x="${n(x + 10)}" y="${n(y + 24)}" fill="${color}">${escaped(oneLine(scene.diagram.schemas[schema] ?? ''))}</text>`,
    );
  }
  for (let index = 0; index < scene.relations.length; index += 1)
    out.push(relationSvg(scene, index, palette));
  for (let at = 0; at < scene.size; at += 1)
    out.push(boxSvg(scene, at, palette, measure, tint(scene.table(at).schema)));
  out.push('</svg>');
  return `${out.join('\n')}\n`;
}

function relationSvg(scene: Scene, index: number, palette: Palette): string {
  const relation = scene.relation(index);
  const line = scene.line(index);
  const isKey = relation.kind === 'foreign-key';
  const path = `<path d="${linePath(line)}" fill="none" stroke="${palette.faint}" stroke-width="1.25"${isKey ? '' : ' stroke-dasharray="4 4" stroke-opacity="0.7"'}/>`;
  if (!isKey) return path;
  const { from, to } = ends(relation);
  const marks = [
    endMark(from, line.x1, line.y1, line.direction1),
    endMark(to, line.x2, line.y2, line.direction2),
  ];
  const strokes = marks.flatMap(({ strokes }) => {
    const parts: string[] = [];
    for (let at = 0; at < strokes.length; at += 4) {
      parts.push(`M${n(strokes[at])} ${n(strokes[at + 1])}L${n(strokes[at + 2])} ${n(strokes[at + 3])}`);
    }
    return parts;
  });
  const rings = marks.flatMap(({ ring }) =>
    ring
      ? [
          `<circle cx="${n(ring.x)}" cy="${n(ring.y)}" r="${ring.radius}" fill="${palette.surface}" stroke="${palette.soft}"/>`,
        ]
      : [],
  );
  return `<g><title>${escaped(oneLine(relation.name))}</title>${path}<path d="${strokes.join('')}" fill="none" stroke="${palette.soft}" stroke-width="1.25"/>${rings.join('')}</g>`;
}

function linePath(line: Line): string {
  const bracket = (x: number, rows: readonly number[]): string =>
    rows.length < 2 ? '' : `M${n(x)} ${n(rows[0])}V${n(rows.at(-1))}`;
  const parts = [`M${n(line.x1)} ${n(line.y1)}`];
  if (line.points) {
    eachCorner(line.points, (fromX, fromY, x, y, toX, toY) =>
      parts.push(`L${n(fromX)} ${n(fromY)}Q${n(x)} ${n(y)} ${n(toX)} ${n(toY)}`),
    );
  } else {
    const [sx, sy, c1x, c1y, c2x, c2y, ex, ey] = curve(line);
    parts.push(`L${n(sx)} ${n(sy)}C${n(c1x)} ${n(c1y)} ${n(c2x)} ${n(c2y)} ${n(ex)} ${n(ey)}`);
  }
  parts.push(`L${n(line.x2)} ${n(line.y2)}`, bracket(line.x1, line.rows1), bracket(line.x2, line.rows2));
  return parts.join('');
}

function boxSvg(scene: Scene, at: number, palette: Palette, measure: UnitMeasures, tint: string): string {
  const { x, y, width, height } = scene.rect(at);
  const table = scene.table(at);
  const box = scene.box(at);
  const dashed = table.kind === 'view' || table.kind === 'materialized-view' ? ' stroke-dasharray="4 3"' : '';
  const out = [
    `<g><title>${escaped(oneLine(`${scene.diagram.schemas[table.schema] ?? ''}.${table.name}`))}</title>`,
    `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${palette.raised}" stroke="${palette.lineStrong}"${dashed}/>`,
    `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${measures.header}" fill="${tint}" fill-opacity="0.18"/>`,
    `<text class="h" x="${n(x + measures.padding)}" y="${n(y + measures.header / 2)}" fill="${palette.text}">${escaped(box.title)}</text>`,
  ];
  let right = x + width - badgePadding;
  for (const badge of [...badges(table)].reverse()) {
    const own = measure.name(badge.text) * 10 + badgePadding * 2;
    right -= own;
    if (badge.kind !== 'word') {
      out.push(
        `<rect x="${n(right)}" y="${n(y + 6)}" width="${n(own)}" height="16" fill="${badge.kind === 'rls' ? palette.noticeSurface : palette.surface}" stroke="${badge.kind === 'rls' ? palette.notice : palette.lineStrong}"/>`,
      );
    }
    out.push(
      `<text class="s" x="${n(right + badgePadding)}" y="${n(y + 14)}" fill="${badge.kind === 'rls' ? palette.notice : palette.soft}">${escaped(badge.text)}</text>`,
    );
    right -= badgeGap;
  }
  for (const [row, content] of box.rows.entries()) {
    const middle = n(y + measures.header + (row + 0.5) * measures.row);
    const mark = rowMark(content);
    const isPlain = content.kind === 'column' || content.kind === 'value';
    if (mark) {
      out.push(
        `<text class="m" x="${n(x + 8)}" y="${middle}" fill="${mark === 'PK' ? palette.accent : palette.faint}">${mark}</text>`,
      );
    }
    out.push(
      `<text x="${n(x + measures.marks)}" y="${middle}" fill="${isPlain ? palette.text : palette.soft}">${escaped(content.name)}</text>`,
    );
    if (content.kind === 'column') {
      const type = `${content.type}${content.flags & Flag.notNull ? '' : '?'}`;
      out.push(
        `<text x="${n(x + width - measures.padding)}" y="${middle}" text-anchor="end" fill="${palette.soft}">${escaped(type)}</text>`,
      );
    }
  }
  out.push('</g>');
  return out.join('');
}

/** At most one digit behind the point: finer than any screen, and half the file. */
const n = (value: number | undefined): string => String(Math.round((value ?? 0) * 10) / 10);

/** For text and attributes; signs that XML 1.0 does not take at all are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`);
}
