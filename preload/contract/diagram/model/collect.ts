import type { Printed, SchemaModel } from '../../schema-model.ts';

export function emptyModel(): SchemaModel {
  return {
    at: 0,
    server: { version: '', versionNumber: 0 },
    database: '',
    user: '',
    schemas: [],
    tables: [],
    constraints: [],
    indexes: [],
    sequences: [],
    types: [],
    routines: [],
    triggers: [],
    policies: [],
    extensions: [],
    eventTriggers: [],
    publications: [],
    foreignServers: [],
    dependencies: [],
    unseen: [],
  };
}

/** Puts a part's lists behind those that are there, and takes over what else it says. */
export function addPart(model: SchemaModel, part: Partial<SchemaModel>): void {
  const target = model as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(part)) {
    const before = target[key];
    if (Array.isArray(value) && Array.isArray(before)) {
      for (const one of value) before.push(one);
    } else if (value !== undefined) {
      target[key] = value;
    }
  }
}

/**
 * Texts that came later than the model, by oid; with a dot and more behind it where an object has several: attnum for a
 * column's expression, `key` and `bound` for partitions, `using` and `check` for policies.
 */
export type Definitions = Map<string, Printed>;

export function addDefinitions(all: Definitions, some: Record<string, Printed>): void {
  for (const [key, printed] of Object.entries(some)) all.set(key, printed);
}
