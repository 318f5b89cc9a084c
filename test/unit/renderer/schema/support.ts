import { type Arrangement, arrange, boxMaker } from '../../../../preload/contract/diagram/layout/arrange.ts';
import {
  type Diagram,
  type DiagramFilter,
  everything,
} from '../../../../preload/contract/diagram/model/diagram.ts';
import { digest } from '../../../../preload/contract/diagram/model/digest.ts';
import { Scene } from '../../../../preload/contract/diagram/scene/scene.ts';
import { estimatedMeasure } from '../../../../preload/contract/diagram/scene/text.ts';
import type { DiagramPlace } from '../../../../preload/contract/schema.ts';
import type { SchemaModel } from '../../../../preload/contract/schema-model.ts';

export const measure = { name: estimatedMeasure(12), header: estimatedMeasure(13) };
export const unit = { name: estimatedMeasure(1), header: estimatedMeasure(1), label: estimatedMeasure(1) };

export interface Drawn {
  diagram: Diagram;
  arrangement: Arrangement;
  scene: Scene;
  /** Place of a table by its name. */
  place: (name: string) => number;
}

interface Options {
  filter?: Partial<DiagramFilter>;
  places?: DiagramPlace[];
  opened?: number[];
  sweeps?: number;
}

export function draw(model: SchemaModel, options: Options = {}): Drawn {
  return drawDiagram(digest(model), options);
}

export function drawDiagram(
  diagram: Diagram,
  { filter, places = [], opened = [], sweeps = 2 }: Options = {},
): Drawn {
  const boxOf = boxMaker(diagram, measure);
  const arrangement = arrange(
    diagram,
    { filter: { ...everything, ...filter }, opened: new Set(opened), places, sweeps },
    boxOf,
  );
  const scene = new Scene(
    diagram,
    {
      tables: Int32Array.from(arrangement.boxes, ({ table }) => table),
      x: arrangement.x,
      y: arrangement.y,
      width: Float32Array.from(arrangement.boxes, ({ width }) => width),
      height: Float32Array.from(arrangement.boxes, ({ height }) => height),
      regions: arrangement.regions,
      opened,
    },
    boxOf,
  );
  return {
    diagram,
    arrangement,
    scene,
    place: (name) => {
      const at = diagram.tables.findIndex((table) => table.name === name);
      if (at < 0) throw new Error(`There is no table ${name}.`);
      return at;
    },
  };
}

/** Pairs of boxes that overlap, by name. */
export function overlaps({ scene }: Drawn): string[] {
  const found: string[] = [];
  for (let a = 0; a < scene.size; a += 1) {
    for (const b of scene.inside(scene.rect(a))) {
      if (b > a) found.push(`${scene.table(a).name} and ${scene.table(b).name}`);
    }
  }
  return found;
}
