import { type Rect, touches } from '../../../preload/contract/diagram/scene/camera.ts';

/** Which lower corner the map lies in: the one where writing ends, or where it begins. */
export type MapSide = 'end' | 'start';

/** Px between the map and the edges of the canvas. */
const inset = 12;

/**
 * The corner where the map hides nothing of the table that is selected; where it would in both, the usual one.
 *
 * @param selected in px of the canvas
 */
export function mapSide(
  selected: Rect | undefined,
  canvas: { width: number; height: number },
  map: { width: number; height: number },
): MapSide {
  if (!selected) return 'end';
  const y = canvas.height - map.height - inset;
  const hides = (x: number): boolean => touches(selected, { x, y, ...map });
  return hides(canvas.width - map.width - inset) && !hides(inset) ? 'start' : 'end';
}
