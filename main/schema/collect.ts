import type { SchemaProgress } from '../../preload/contract/schema.ts';
import type { Printed, SchemaModel } from '../../preload/contract/schema-model.ts';
import { putDefinitions } from './definition-keys.ts';

/** Puts a reading together to one model, definitions and all; undefined where it gave none. */
export async function collectModel(reading: AsyncIterable<SchemaProgress>): Promise<SchemaModel | undefined> {
  let model: SchemaModel | undefined;
  const definitions: Record<string, Printed> = {};
  for await (const event of reading) {
    if (event.kind === 'definitions') Object.assign(definitions, event.definitions);
    if (event.kind !== 'part') continue;
    const { part } = event;
    // The first part of a model carries what it is of; a second reading begins anew.
    if (part.at !== undefined) model = { ...part } as SchemaModel;
    else if (model) append(model, part);
  }
  if (model) putDefinitions(model, definitions);
  return model;
}

function append(model: SchemaModel, part: Partial<SchemaModel>): void {
  for (const [name, list] of Object.entries(part)) {
    const known = model[name as 'tables'];
    if (Array.isArray(known)) for (const one of list as (typeof known)[number][]) known.push(one);
  }
}
