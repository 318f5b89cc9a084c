import type { SchemaItem, SchemaModel, TableModel } from '../../preload/contract/schema-model.ts';

/**
 * Both models, cut down to what is in some schemas, by name; as they are when there are none. What is elsewhere stays
 * known by name, for what refers to it, and is no difference; nor is what belongs to no schema.
 */
export function withinSchemas(
  wanted: SchemaModel,
  actual: SchemaModel,
  schemas: readonly string[],
): { wanted: SchemaModel; actual: SchemaModel } {
  if (schemas.length === 0) return { wanted, actual };
  const chosen = new Set(schemas);
  // Those that are not compared are the same on both sides.
  const others = new Map<string, SchemaItem>();
  for (const one of [...actual.schemas, ...wanted.schemas])
    if (!chosen.has(one.name)) others.set(one.name, one);
  return { wanted: cut(wanted, chosen, others), actual: cut(actual, chosen, others) };
}

/**
 * A model for one table's sake: all others are known by name and no more, so that they cost nothing. Its parents and
 * its children stay as they are.
 */
export function around(model: SchemaModel, { oid, parents }: TableModel): SchemaModel {
  const near = new Set([oid, ...parents]);
  return {
    ...model,
    tables: model.tables.map((one) =>
      near.has(one.oid) || one.parents.includes(oid) ? one : { ...one, extension: elsewhere },
    ),
  };
}

/** Marks what is left to others, as members of extensions are. */
const elsewhere = '(another schema)';

function cut(
  model: SchemaModel,
  chosen: ReadonlySet<string>,
  others: ReadonlyMap<string, SchemaItem>,
): SchemaModel {
  const inside = new Set(model.schemas.flatMap(({ oid, name }) => (chosen.has(name) ? [oid] : [])));
  const tables = new Set(model.tables.flatMap(({ oid, schema }) => (inside.has(schema) ? [oid] : [])));
  const mark = <T extends { schema: string; extension: string | null }>(list: T[]): T[] =>
    list.map((one) => (inside.has(one.schema) ? one : { ...one, extension: elsewhere }));
  const present = new Set(model.schemas.map(({ name }) => name));
  const missing = [...others.values()].filter(({ name }) => !present.has(name));
  return {
    ...model,
    schemas: [
      ...model.schemas.map((one) => {
        const same = others.get(one.name);
        return same ? { ...same, oid: one.oid } : one;
      }),
      ...missing.map((one) => ({ ...one, oid: `other ${one.oid}` })),
    ],
    tables: mark(model.tables),
    sequences: mark(model.sequences),
    types: mark(model.types),
    routines: mark(model.routines),
    extensions: [],
    publications: [],
    eventTriggers: [],
    foreignServers: [],
    ...(model.others
      ? {
          others: model.others.filter(
            ({ schema, table }) => (schema && inside.has(schema)) || (table && tables.has(table)),
          ),
        }
      : {}),
    ...(model.defaultPrivileges
      ? { defaultPrivileges: model.defaultPrivileges.filter(({ schema }) => schema && inside.has(schema)) }
      : {}),
  };
}
