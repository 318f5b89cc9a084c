import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import type { UnitMeasures } from '../canvas/paint.ts';
import type { Palette } from '../canvas/palette.ts';
import type { BoxMaker } from '../layout/arrange.ts';
import type { Diagram } from '../model/diagram.ts';
import { type Placed, Scene } from '../scene/scene.ts';
import type { ExportFormat } from '../worker/messages.ts';
import { dbml } from './dbml.ts';
import { mermaid } from './mermaid.ts';
import { png } from './png.ts';
import { svg } from './svg.ts';

interface Exported {
  name: string;
  blob: Blob;
  /** What the person should know of it; empty for nothing. */
  note: string;
}

/** What is drawn now, as a file: the tables that the filters let through, where they stand. */
export async function exportDiagram(of: {
  format: ExportFormat;
  model: Pick<SchemaModel, 'database'>;
  diagram: Diagram;
  placed: Placed;
  palette: Palette;
  measure: UnitMeasures;
  boxOf: BoxMaker;
}): Promise<Exported> {
  const { format, diagram, placed, palette, measure, boxOf } = of;
  const database = of.model.database || 'schema';
  const base = database.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '') || 'schema';
  const text = (extension: string, type: string, content: string): Exported => ({
    name: `${base}.${extension}`,
    blob: new Blob([content], { type }),
    note: '',
  });
  const tables = [...placed.tables];
  switch (format) {
    case 'mermaid':
      return text('mmd', 'text/plain', mermaid(diagram, tables));
    case 'dbml':
      return text('dbml', 'text/plain', dbml(diagram, tables));
    case 'svg':
      return text('svg', 'image/svg+xml', svg(new Scene(diagram, placed, boxOf), palette, measure, database));
    case 'png':
      return { name: `${base}.png`, ...(await png(new Scene(diagram, placed, boxOf), palette, measure)) };
  }
}
