import type { TableModel } from '../../../preload/contract/schema-model.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';
import type { KeptParent } from './sides.ts';

/** A table that stays, and what is done to it. */
export interface AlteredTable {
  want: SchemaObject;
  table: TableModel;
  from: TableModel;
  /** Parents it has before and after: what is done to them is done to it. */
  parents: KeptParent[];
  /** `ALTER TABLE "s"."t"`, and the same with ONLY. */
  alter: string;
  only: string;
}
