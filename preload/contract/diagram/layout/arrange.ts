import type { DiagramPlace } from '../../schema.ts';
import type { Diagram, DiagramFilter } from '../model/diagram.ts';
import { visibleTables } from '../model/filter.ts';
import { type Box, type Measures, makeBox } from '../scene/boxes.ts';
import { layout, type Region } from './layout.ts';

/** Everything that is drawn and where: what the layout gives, with the places taken by hand put over it. */
export interface Arrangement {
  boxes: Box[];
  /** Upper left corners, in the order of `boxes`. */
  x: Float64Array;
  y: Float64Array;
  /** As laid out. Places are counted from their corners, so that they stay good when another schema grows. */
  regions: Region[];
}

export interface ArrangeOptions {
  filter: DiagramFilter;
  /** Partitioned tables whose partitions are listed, by place. */
  opened: ReadonlySet<number>;
  places: readonly DiagramPlace[];
  sweeps: number;
}

/**
 * Filters, measures and lays out.
 *
 * @param visible places of tables that are drawn; what the filter lets through unless given
 */
export function arrange(
  diagram: Diagram,
  options: ArrangeOptions,
  boxOf: BoxMaker,
  visible: readonly number[] = visibleTables(diagram, options.filter),
): Arrangement {
  const boxes = visible.map((place) => boxOf(place, options.opened.has(place)));
  const { x, y, regions } = layout(diagram, visible, boxes, options.sweeps);
  // In a narrowed view things stand elsewhere; a place by hand would mean nothing there.
  if (!options.filter.focus && !options.filter.name)
    applyPlaces(diagram, options.places, visible, regions, x, y);
  return { boxes, x, y, regions };
}

function applyPlaces(
  diagram: Diagram,
  places: readonly DiagramPlace[],
  visible: readonly number[],
  regions: readonly Region[],
  x: Float64Array,
  y: Float64Array,
): void {
  if (places.length === 0) return;
  const wanted = new Map(places.map((place) => [`${place.schema}\0${place.table}`, place]));
  const bySchema = new Map(regions.map((region) => [region.schema, region]));
  for (const [at, table] of visible.entries()) {
    const row = diagram.tables[table];
    if (!row) continue;
    const place = wanted.get(`${diagram.schemas[row.schema] ?? ''}\0${row.name}`);
    const region = bySchema.get(row.schema);
    if (!place || !region) continue;
    x[at] = region.x + place.x;
    y[at] = region.y + place.y;
  }
}

export type BoxMaker = (place: number, opened: boolean) => Box;

/** Makes each box once and keeps it. */
export function boxMaker(diagram: Diagram, measure: Measures): BoxMaker {
  const kept: (Box | undefined)[] = [];
  return (place, opened) => {
    if (opened) return makeBox(diagram, place, true, measure);
    let box = kept[place];
    if (!box) {
      box = makeBox(diagram, place, false, measure);
      kept[place] = box;
    }
    return box;
  };
}
