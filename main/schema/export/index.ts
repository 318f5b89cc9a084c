import { dbml as dbmlOf } from '../../../preload/contract/diagram/export/dbml.ts';
import { drawingOf } from '../../../preload/contract/diagram/export/drawing.ts';
import { mermaid as mermaidOf } from '../../../preload/contract/diagram/export/mermaid.ts';
import { picture } from '../../../preload/contract/diagram/export/picture.ts';
import type { ErdFormat } from '../../../preload/contract/schema.ts';
import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { isScratchOwner } from '../../lib/scratch-names.ts';
import { ddlOf, type ScriptOptions, scriptText } from '../ddl/index.ts';

const endings: Record<ErdFormat, string> = { mermaid: 'mmd', dbml: 'dbml', svg: 'svg', ddl: 'sql' };

/**
 * The structure as text, with a name for its file. A picture of thousands of tables takes seconds: call this in a worker.
 * @param schemas names; all when empty
 */
export function exportAs(
  format: ErdFormat,
  model: SchemaModel,
  schemas: string[] = [],
): { name: string; text: string } {
  const base = model.database.replace(/[^\p{L}\p{N}_-]+/gu, '_') || 'schema';
  const texts = { mermaid, dbml, svg, ddl };
  return { name: `${base}.${endings[format]}`, text: texts[format](model, schemas) };
}

/** The tables and what they refer to, for Mermaid; views are no entities. */
export const mermaid = (model: SchemaModel, schemas: string[] = []): string =>
  mermaidOf(drawingOf(model, schemas));

/** The tables, enums, indexes and references, for DBML. */
export const dbml = (model: SchemaModel, schemas: string[] = []): string => dbmlOf(drawingOf(model, schemas));

/** The picture that the diagram shows at first, views and enums in it. */
export const svg = (model: SchemaModel, schemas: string[] = []): string =>
  picture(drawingOf(model, schemas, { views: true }));

/**
 * The structure as SQL. With schemas, only what is in them, and nothing that belongs to no schema; what it needs from
 * elsewhere is to be there.
 */
export function ddl(model: SchemaModel, schemas: string[] = [], options: ScriptOptions = {}): string {
  // The owner of a scratch database is nobody's role elsewhere.
  const owners = isScratchOwner(model.user) ? { owners: false } : {};
  const { statements, missing } = ddlOf(model, { ...options, ...owners });
  const wanted = new Set(schemas);
  const chosen = wanted.size
    ? statements.filter(
        ({ schema, kind }) =>
          schema !== null && wanted.has(schema) && !/^(?:extension|publication)/.test(kind),
      )
    : statements;
  const complaints = missing.map(({ what, why }) => `Not in this script: ${what}. ${why}`);
  return scriptText([...scriptPreamble, ...chosen.map(({ sql }) => sql)], complaints);
}
