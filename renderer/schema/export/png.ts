import { levels } from '../../../preload/contract/diagram/scene/lod.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';
import { paint } from '../canvas/paint.ts';

const margin = 40;
/** What browsers draw without giving up: px on a side, and in all. */
const longest = 16_000;
const most = 64_000_000;

/** The whole scene as a picture, at twice its size as far as that can be had. Says when it had to be smaller than life. */
export async function png(
  scene: Scene,
  palette: Palette,
  measure: UnitMeasures,
): Promise<{ blob: Blob; note: string }> {
  const bounds = scene.bounds();
  const width = bounds.width + margin * 2;
  const height = bounds.height + margin * 2;
  const scale = Math.min(2, longest / width, longest / height, Math.sqrt(most / (width * height)));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.floor(width * scale)),
    Math.max(1, Math.floor(height * scale)),
  );
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This window gives no canvas to draw on.');
  const camera = { x: bounds.x - margin, y: bounds.y - margin, scale };
  paint(context, scene, camera, { width: canvas.width, height: canvas.height, ratio: 1 }, palette, measure);
  return {
    blob: await canvas.convertToBlob({ type: 'image/png' }),
    note:
      scale < levels.near
        ? `The picture shows tables at ${Math.round(scale * 100)} % of their size, without all columns. SVG keeps everything.`
        : '',
  };
}
