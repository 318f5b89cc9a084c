import { emptyModel } from '../../../preload/contract/diagram/model/collect.ts';
import type { NamesModel, SchemaModel } from '../../../preload/contract/schema-model.ts';
import { awkwardModel, believableModel, syntheticModel } from './models.ts';

/* Makes a model and hands it over in parts, away from the page, as a console does: the page only takes it off the wire. */

const perPart = 150;

self.addEventListener('message', ({ data }: MessageEvent<{ model: string; hold: boolean }>) => {
  const model = makeModel(data.model);
  self.postMessage({ kind: 'names', names: namesOf(model) });
  if (data.hold) {
    self.postMessage({ kind: 'step', step: 'Reading columns', done: 41_200, total: 100_000 });
    return;
  }
  const lists = Object.entries(model).filter(([, value]) => Array.isArray(value)) as [
    keyof SchemaModel,
    unknown[],
  ][];
  const { at, server, database, user } = model;
  self.postMessage({ kind: 'part', part: { at, server, database, user }, last: false });
  for (const [key, list] of lists) {
    for (let from = 0; from < list.length; from += perPart) {
      self.postMessage({ kind: 'part', part: { [key]: list.slice(from, from + perPart) }, last: false });
    }
  }
  self.postMessage({ kind: 'part', part: {}, last: true });
  self.postMessage({ kind: 'definitions', definitions: {}, last: true });
});

function makeModel(name: string): SchemaModel {
  if (name === 'empty') return emptyModel();
  if (name === 'awkward') return awkwardModel();
  if (name === 'believable') return believableModel();
  return syntheticModel(Number(name));
}

function namesOf(model: SchemaModel): NamesModel {
  return {
    schemas: model.schemas.map(({ oid, name }) => ({ oid, name })),
    relations: model.tables.map(({ oid, schema, name, kind, parents }) => ({
      oid,
      schema,
      name,
      kind,
      parent: kind === 'partition' ? (parents[0] ?? null) : null,
    })),
    routines: [],
    types: model.types.map(({ oid, schema, name, kind }) => ({ oid, schema, name, kind })),
  };
}
