import type { Definitions } from '../../../../preload/contract/diagram/model/collect.ts';
import type { Oid, SchemaModel } from '../../../../preload/contract/schema-model.ts';
import type { ObjectDetails } from './details.ts';
import { Look } from './look.ts';
import { routineDetails } from './routine.ts';
import { sequenceDetails } from './sequence.ts';
import { tableDetails } from './table.ts';
import { typeDetails } from './type.ts';

/** Looks everything up in lists: asked for one object at a time, by a person. Null when there is no such object. */
export function objectDetails(model: SchemaModel, definitions: Definitions, oid: Oid): ObjectDetails | null {
  const look = new Look(model, definitions);
  return (
    tableDetails(look, oid) ??
    typeDetails(look, oid) ??
    routineDetails(look, oid) ??
    sequenceDetails(look, oid)
  );
}
