import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import type { Oid, SchemaModel, Unseen } from '../../../preload/contract/schema-model.ts';
import { relationKey } from './model-names.ts';
import { objectsOf } from './objects.ts';
import { commented } from './quote.ts';
import type { SchemaObject } from './schema-object.ts';
import { arrange, creation, isBrought, type ScriptOptions } from './script.ts';

export type { ScriptOptions } from './script.ts';

export interface Ddl {
  /** One statement each, without the semicolon at its end; in an order in which they can be run. */
  statements: { sql: string; schema: string | null; kind: string; name: string }[];
  /** What could not be written, and why. */
  missing: Unseen[];
}

/**
 * Everything user-made of a model as statements that make it anew in an empty database of the same server version.
 * Texts that are not known are left out and named in `missing`.
 */
export function ddlOf(model: SchemaModel, options: ScriptOptions = {}): Ddl {
  const objects = objectsOf(model);
  const { placed, inlined } = arrange(objects);
  const within = new Set([...inlined.values()].flat().map(({ key }) => key));
  const stubbed = new Set<string>();
  const ddl: Ddl = { statements: [], missing: [...model.unseen] };
  for (const { object, stub } of placed) {
    if (stub) stubbed.add(object.key);
    if (isBrought(object, objects)) continue;
    for (const why of stub ? [] : [...object.unknown, ...object.lacks])
      ddl.missing.push({ what: object.name, why });
    if (object.unknown.length && object.kind !== 'table' && object.kind !== 'foreign table') continue;
    const about = { schema: object.schema, kind: object.kind, name: object.name };
    const statements = creation(object, stub, objects, inlined, stubbed.has(object.key), options);
    const made = within.has(object.key)
      ? statements.filter((sql) => !object.create.includes(sql))
      : statements;
    for (const sql of made) ddl.statements.push({ sql, ...about });
  }
  return ddl;
}

/** The whole model as one SQL script. What is not known is a comment at its head. */
export function printSchema(model: SchemaModel, options: ScriptOptions = {}): string {
  const { statements, missing } = ddlOf(model, options);
  return scriptText(
    [...scriptPreamble, ...statements.map(({ sql }) => sql)],
    missing.map(({ what, why }) => `Not in this script: ${what}. ${why}`),
  );
}

/** One table, view or foreign table with all that belongs to it, as SQL. Empty when the model has no such relation. */
export function printTable(model: SchemaModel, oid: Oid, options: ScriptOptions = {}): string {
  const table = model.tables.find((table) => table.oid === oid);
  if (!table) return '';
  const part = partOf(model, oid);
  const objects = objectsOf(part);
  const key = relationKey(objects.names, table);
  const { placed, inlined } = arrange(objects);
  const within = new Set([...inlined.values()].flat().map(({ key }) => key));
  const belongs = (object: SchemaObject): boolean => {
    for (
      let at: SchemaObject | undefined = object;
      at;
      at = at.table ? objects.all.get(at.table) : undefined
    ) {
      if (at.key === key) return true;
    }
    return false;
  };
  const statements: string[] = [];
  const missing: string[] = [];
  for (const { object, stub } of placed) {
    if (stub || !belongs(object) || isBrought(object, objects)) continue;
    missing.push(...object.unknown);
    const made = creation(object, false, objects, inlined, false, options);
    statements.push(...(within.has(object.key) ? made.filter((sql) => !object.create.includes(sql)) : made));
  }
  return scriptText(statements, missing);
}

/** The model with one table's own things only; names of everything else stay known. */
function partOf(model: SchemaModel, oid: Oid): SchemaModel {
  const over = new Set(
    model.indexes.flatMap(({ table, parent }) => (table === oid && parent ? [parent] : [])),
  );
  return {
    ...model,
    routines: [],
    constraints: model.constraints.filter(({ table }) => table === oid),
    indexes: model.indexes.filter((index) => index.table === oid || over.has(index.oid)),
    triggers: model.triggers.filter(({ table }) => table === oid),
    policies: model.policies.filter(({ table }) => table === oid),
    sequences: model.sequences.filter(({ ownedBy }) => ownedBy?.table === oid),
    publications: [],
    eventTriggers: [],
    extensions: [],
    others: (model.others ?? []).filter((other) => other.table === oid),
    defaultPrivileges: [],
  };
}

export function scriptText(statements: string[], comments: string[]): string {
  const head = comments.map((text) => `${commented(text)}\n`).join('');
  return `${head}${head && statements.length ? '\n' : ''}${statements.map((sql) => `${sql};\n`).join('\n')}`;
}
