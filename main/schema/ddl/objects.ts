import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { isTable } from './model-names.ts';
import { Builder } from './objects/builder.ts';
import { addConstraint } from './objects/constraints.ts';
import { addIndex } from './objects/indexes.ts';
import { addDependencies } from './objects/needs.ts';
import { addDefaultPrivileges, addOther } from './objects/others.ts';
import { addPublication } from './objects/publications.ts';
import { addEventTrigger, addPolicy, addRoutine, addTrigger } from './objects/routines.ts';
import { addExtension, addSchema, addServer } from './objects/schemas.ts';
import { addSequence } from './objects/sequences.ts';
import { addTable } from './objects/tables.ts';
import { addType } from './objects/types.ts';
import { addView } from './objects/views.ts';
import type { Objects, ObjectsOptions } from './schema-object.ts';

/**
 * Everything user-made of a model as single things with their statements, in no order. Members of extensions are left
 * out, and so is what a partition has from its parent.
 */
export function objectsOf(model: SchemaModel, options: ObjectsOptions = {}): Objects {
  const b = new Builder(model, options);
  for (const schema of model.schemas) addSchema(b, schema);
  for (const extension of model.extensions) addExtension(b, extension);
  for (const server of model.foreignServers) addServer(b, server);
  for (const type of model.types) if (!type.extension) addType(b, type);
  for (const sequence of model.sequences) {
    if (!sequence.extension && !sequence.ownedBy?.identity) addSequence(b, sequence);
  }
  for (const routine of model.routines) {
    if (!routine.extension && !b.isConstructor(routine)) addRoutine(b, routine);
  }
  for (const table of model.tables) {
    if (table.extension) continue;
    if (isTable(table)) addTable(b, table);
    else addView(b, table);
  }
  for (const constraint of model.constraints) addConstraint(b, constraint);
  for (const index of model.indexes) addIndex(b, index);
  for (const trigger of model.triggers) addTrigger(b, trigger);
  for (const policy of model.policies) addPolicy(b, policy);
  for (const publication of model.publications) addPublication(b, publication);
  for (const trigger of model.eventTriggers) addEventTrigger(b, trigger);
  for (const other of model.others ?? []) addOther(b, other);
  for (const defaults of model.defaultPrivileges ?? []) addDefaultPrivileges(b, defaults);
  addDependencies(b);
  for (const object of b.all.values()) object.needs.delete(object.key);
  return { all: b.all, clones: b.clones, names: b.names };
}
