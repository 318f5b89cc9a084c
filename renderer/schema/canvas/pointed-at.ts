import { Flag } from '../../../preload/contract/diagram/model/diagram.ts';
import { distanceTo } from '../../../preload/contract/diagram/scene/lines.ts';
import { levels } from '../../../preload/contract/diagram/scene/lod.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';

/** What is pointed at, in words; undefined for nothing. */
export function hoverWords(
  scene: Scene,
  hovered: number | undefined,
  hoveredLine: number | undefined,
  point: { x: number; y: number } | undefined,
  scale: number,
): string | undefined {
  if (hoveredLine !== undefined) {
    const relation = scene.relation(hoveredLine);
    const name = (table: number): string => scene.diagram.tables[table]?.name ?? '';
    const columns = (table: number, of: readonly number[]): string =>
      of.length === 0
        ? ''
        : ` (${of.map((column) => scene.diagram.tables[table]?.columns[column] ?? '').join(', ')})`;
    const words = {
      'foreign-key': 'refers to',
      inherits: 'inherits from',
      uses: 'uses',
      enum: 'has values of',
    };
    return `${relation.name ? `${relation.name}: ` : ''}${name(relation.from)}${columns(relation.from, relation.fromColumns)} ${words[relation.kind]} ${name(relation.to)}${columns(relation.to, relation.toColumns)}`;
  }
  if (hovered === undefined) return undefined;
  const table = scene.table(hovered);
  const full = `${scene.diagram.schemas[table.schema] ?? ''}.${table.name}`;
  if (scale < levels.near || !point) return full;
  const row = scene.rowAt(hovered, point.y);
  const content = row === undefined ? undefined : scene.box(hovered).rows[row];
  if (content?.kind !== 'column') return full;
  const type = scene.diagram.types[table.types[content.column] ?? -1] ?? '';
  return `${full}.${table.columns[content.column] ?? ''} ${type}${content.flags & Flag.notNull ? ', not null' : ', may be null'}`;
}

/** The line under a point, where lines can be told apart. */
export function lineAt(scene: Scene, x: number, y: number, scale: number): number | undefined {
  if (scale < levels.middle) return undefined;
  const reach = 5 / scale;
  let best: number | undefined;
  let least = reach;
  for (let index = 0; index < scene.relations.length; index += 1) {
    const line = scene.line(index);
    if (x < line.left - reach || x > line.right + reach) continue;
    if (y < line.top - reach || y > line.bottom + reach) continue;
    const distance = distanceTo(line, x, y);
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
}
