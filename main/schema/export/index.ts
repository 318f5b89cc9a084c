import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { ddlOf, preamble, type ScriptOptions, scriptText } from '../ddl/index.ts';
import { dbml } from './dbml.ts';
import { mermaid } from './mermaid.ts';

export { dbml } from './dbml.ts';
export { mermaid } from './mermaid.ts';

/** What the main process can write; pictures are the window's. */
export type TextFormat = 'mermaid' | 'dbml' | 'ddl';

const endings: Record<TextFormat, string> = { mermaid: 'mmd', dbml: 'dbml', ddl: 'sql' };

/**
 * The structure as text, with a name for its file.
 * @param schemas names; all when empty
 */
export function exportAs(
  format: TextFormat,
  model: SchemaModel,
  schemas: string[] = [],
): { name: string; text: string } {
  const base = model.database.replace(/[^\p{L}\p{N}_-]+/gu, '_') || 'schema';
  const texts = { mermaid, dbml, ddl };
  return { name: `${base}.${endings[format]}`, text: texts[format](model, schemas) };
}

/**
 * The structure as SQL. With schemas, only what is in them, and nothing that belongs to no schema; what it needs from
 * elsewhere is to be there.
 */
export function ddl(model: SchemaModel, schemas: string[] = [], options: ScriptOptions = {}): string {
  const { statements, missing } = ddlOf(model, options);
  const wanted = new Set(schemas);
  const chosen = wanted.size
    ? statements.filter(
        ({ schema, kind }) =>
          schema !== null && wanted.has(schema) && !/^(?:extension|publication)/.test(kind),
      )
    : statements;
  const complaints = missing.map(({ what, why }) => `Not in this script: ${what}. ${why}`);
  return scriptText([...preamble, ...chosen.map(({ sql }) => sql)], complaints);
}
