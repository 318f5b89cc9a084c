import type { Camera } from '../../../preload/contract/diagram/scene/camera.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import type { Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';
import { type Context, Frame, type Highlights, noHighlights, type Size } from './frame.ts';
import { paintBoxes } from './paint-boxes.ts';
import { paintLines, paintStrongLines } from './paint-lines.ts';
import { paintRegionLabels, paintRegions } from './paint-regions.ts';

/**
 * Draws the part of a scene that a camera sees into a context of `width` × `height` px (`ratio` device pixels each).
 * What is drawn of a box depends on the scale: far a block with a name, then name and keys, near all of it. Without lines
 * it takes half the time.
 */
export function paint(
  context: Context,
  scene: Scene,
  camera: Camera,
  size: Size,
  palette: Palette,
  measure: UnitMeasures,
  highlights: Highlights = noHighlights,
  withLines = true,
): void {
  const frame = new Frame(context, scene, camera, size, { palette, measure, highlights });
  context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  context.fillStyle = palette.sunken;
  context.fillRect(0, 0, size.width, size.height);
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  paintRegions(frame);
  if (withLines) paintLines(frame);
  paintBoxes(frame);
  paintStrongLines(frame);
  paintRings(frame);
  paintRegionLabels(frame);
}

/** Round what is pointed at, what is selected, and what has the keyboard. */
function paintRings(frame: Frame): void {
  const { context, scene, palette, highlights } = frame;
  const { selected, hovered } = highlights;
  const ring = (at: number, grow: number, width: number, color: string): void => {
    const { x, y, width: w, height: h } = scene.rect(at);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.strokeRect(
      Math.round(frame.x(x)) - grow,
      Math.round(frame.y(y)) - grow,
      Math.max(1, Math.round(w * frame.camera.scale)) + grow * 2,
      Math.max(1, Math.round(h * frame.camera.scale)) + grow * 2,
    );
  };
  if (hovered !== undefined && hovered !== selected) ring(hovered, 0.5, 1, palette.accent);
  if (selected === undefined) return;
  ring(selected, 1, 2, palette.accent);
  if (highlights.focused) ring(selected, 5, 2, palette.focus);
}
