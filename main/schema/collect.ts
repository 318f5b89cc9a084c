import type { SchemaProgress } from '../../preload/contract/schema.ts';
import { putDefinitions } from '../../preload/contract/schema-definitions.ts';
import type { Printed, SchemaModel } from '../../preload/contract/schema-model.ts';

/** Puts a reading together to one model, definitions and all; undefined where it gave none. */
export async function collectModel(reading: AsyncIterable<SchemaProgress>): Promise<SchemaModel | undefined> {
  let model: SchemaModel | undefined;
  const definitions: Record<string, Printed> = {};
  for await (const event of reading) {
    if (event.kind === 'definitions') Object.assign(definitions, event.definitions);
    if (event.kind === 'part') model = withPart(model, event.part);
  }
  if (model) putDefinitions(model, definitions);
  return model;
}

/** The same of parts that are there already; each is asked for when it is its turn. */
export function joinParts(
  parts: Iterable<() => Partial<SchemaModel>>,
  definitions: Record<string, Printed>,
): SchemaModel | undefined {
  let model: SchemaModel | undefined;
  for (const part of parts) model = withPart(model, part());
  if (model) putDefinitions(model, definitions);
  return model;
}

/** The first part of a model carries what it is of; a second reading begins anew. */
function withPart(model: SchemaModel | undefined, part: Partial<SchemaModel>): SchemaModel | undefined {
  if (part.at !== undefined) return { ...part } as SchemaModel;
  if (model) append(model, part);
  return model;
}

function append(model: SchemaModel, part: Partial<SchemaModel>): void {
  for (const [name, list] of Object.entries(part)) {
    const known = model[name as 'tables'];
    if (Array.isArray(known)) for (const one of list as (typeof known)[number][]) known.push(one);
  }
}
