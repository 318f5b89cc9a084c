import { dbml } from '../../../preload/contract/diagram/export/dbml.ts';
import { mermaid } from '../../../preload/contract/diagram/export/mermaid.ts';
import { svg } from '../../../preload/contract/diagram/export/svg.ts';
import type { BoxMaker } from '../../../preload/contract/diagram/layout/arrange.ts';
import type { Diagram } from '../../../preload/contract/diagram/model/diagram.ts';
import type { Palette } from '../../../preload/contract/diagram/scene/palette.ts';
import { type Placed, Scene } from '../../../preload/contract/diagram/scene/scene.ts';
import type { UnitMeasures } from '../../../preload/contract/diagram/scene/text.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import type { ExportFormat } from '../worker/messages.ts';
import { png } from './png.ts';

interface Exported {
  name: string;
  blob: Blob;
  /** What the person should know of it; empty for nothing. */
  note: string;
}

/** What is drawn now, as a file: the tables that the filters let through, where they stand. */
export async function exportDiagram(of: {
  format: ExportFormat;
  model: SchemaModel;
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
  const drawing = { diagram, tables: [...placed.tables], model: of.model };
  switch (format) {
    case 'mermaid':
      return text('mmd', 'text/plain', mermaid(drawing));
    case 'dbml':
      return text('dbml', 'text/plain', dbml(drawing));
    case 'svg':
      return text('svg', 'image/svg+xml', svg(new Scene(diagram, placed, boxOf), palette, measure, database));
    case 'png':
      return { name: `${base}.png`, ...(await png(new Scene(diagram, placed, boxOf), palette, measure)) };
  }
}
