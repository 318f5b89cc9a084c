import { type Arrangement, arrange, boxMaker } from '../layout/arrange.ts';
import { everything } from '../model/diagram.ts';
import { measures } from '../scene/boxes.ts';
import { allRoutes } from '../scene/routes.ts';
import { type Placed, Scene } from '../scene/scene.ts';
import type { Drawing } from './drawing.ts';
import { estimatedMeasures, lightPalette } from './light.ts';
import { svg } from './svg.ts';

/** How thoroughly a picture that nobody waits for at a screen is laid out. */
const sweeps = 24;

/**
 * A drawing as an SVG picture where there is no window: laid out from nothing, in the light theme, text measured by
 * estimate. Takes about a second for 1,000 tables.
 */
export function picture(drawing: Drawing): string {
  const { diagram, model } = drawing;
  const boxOf = boxMaker(diagram, {
    name: (text) => estimatedMeasures.name(text) * measures.fontSize,
    header: (text) => estimatedMeasures.header(text) * measures.headerFontSize,
  });
  const options = { filter: everything, opened: new Set<number>(), places: [], sweeps };
  const arrangement = arrange(diagram, options, boxOf, drawing.tables);
  const placed = placedOf(arrangement, []);
  placed.routes = allRoutes(new Scene(diagram, placed, boxOf));
  const scene = new Scene(diagram, placed, boxOf);
  return svg(scene, lightPalette, estimatedMeasures, model.database || 'schema');
}

/** An arrangement as it crosses between threads. */
export function placedOf({ boxes, x, y, regions }: Arrangement, opened: readonly number[]): Placed {
  return {
    tables: Int32Array.from(boxes, ({ table }) => table),
    x,
    y,
    width: Float32Array.from(boxes, ({ width }) => width),
    height: Float32Array.from(boxes, ({ height }) => height),
    regions,
    opened,
  };
}
