import type {
  ColumnModel,
  ConstraintModel,
  DefaultPrivilegesModel,
  Grant,
  IndexModel,
  OtherKind,
  PolicyModel,
  PublicationModel,
  RoutineModel,
  SequenceModel,
  TableModel,
  TriggerModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';
import type { ModelNames } from './model-names.ts';
import type { GrantTarget } from './privileges.ts';

/** Why a text is not there. */
export interface NotKnown {
  notKnown: string;
}
export type AttributeValue = string | null | NotKnown;

export type ObjectKind =
  | 'schema'
  | 'extension'
  | 'type'
  | 'foreign server'
  | 'sequence'
  | 'routine'
  | 'table'
  | 'foreign table'
  | 'default'
  | 'identity'
  | 'inheritance'
  | 'partition'
  | 'sequence owner'
  | 'domain constraint'
  | 'constraint'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'foreign key'
  | 'trigger'
  | 'policy'
  | 'publication'
  | 'publication table'
  | 'publication schema'
  | 'event trigger'
  | 'default privileges'
  | OtherKind;

/** Order in which kinds are written where nothing else says so; the same as pg_dump's, roughly. */
export const ranks: Record<ObjectKind, number> = {
  schema: 0,
  extension: 1,
  type: 2,
  'foreign server': 3,
  sequence: 4,
  routine: 5,
  table: 6,
  'foreign table': 6,
  inheritance: 7,
  default: 8,
  identity: 8,
  'sequence owner': 9,
  'domain constraint': 10,
  constraint: 11,
  index: 12,
  partition: 13,
  view: 14,
  'materialized view': 15,
  'foreign key': 17,
  trigger: 18,
  policy: 19,
  publication: 20,
  'publication table': 21,
  'publication schema': 21,
  'event trigger': 22,
  language: 1.2,
  'access method': 1.3,
  collation: 1.5,
  'foreign-data wrapper': 2.8,
  'user mapping': 3.5,
  conversion: 5.2,
  operator: 5.3,
  'operator family': 5.4,
  'operator class': 5.5,
  cast: 5.6,
  transform: 5.7,
  'text search parser': 5.71,
  'text search template': 5.72,
  'text search dictionary': 5.73,
  'text search configuration': 5.74,
  statistics: 12.8,
  rule: 16,
  subscription: 23,
  'security labels': 24,
  // What is made before is not to get them.
  'default privileges': 25,
};

/** Owner, comment and privileges of an object or of a column. */
export interface Extras {
  /** `TABLE "s"."t"`, as COMMENT ON names it; the key by which two are matched. */
  on: string;
  comment: string | null;
  /** As ALTER … OWNER TO names it. */
  ownerOf: string | null;
  owner: string;
  target: GrantTarget | null;
  grants: Grant[] | null;
  version: number;
  /** Column of the object's table that it is about. */
  part: string | null;
  /** The schema that it is in. */
  schema: string | null;
}

/** One thing that a statement makes. Names are resolved: nothing in here needs the model, but for `of`. */
export interface SchemaObject {
  /** The same in two models for the same thing. */
  key: string;
  kind: ObjectKind;
  rank: number;
  schema: string | null;
  /** For a person. */
  name: string;
  /** Key of the table it goes away with. */
  table: string | null;
  attributes: Record<string, AttributeValue>;
  /** Keys of what must be there before. */
  needs: Set<string>;
  /** Better before, but can be done without. */
  wants: Set<string>;
  create: string[];
  drop: string[];
  /** Text within CREATE TABLE that does the same as `create`. */
  inline: string | null;
  /** A view with the same columns and nothing in it, for views that need each other. */
  stub: string | null;
  extras: Extras[];
  /** A check that its table has from a parent, and not of its own. */
  fromParent: boolean;
  unknown: string[];
  /** What its statements leave out. */
  lacks: string[];
  /** Shown as an attribute of another object, or of a column of it. */
  fold: { into: string; part: string | null } | null;
  of: Source;
}

export type Source =
  | { kind: 'table'; table: TableModel }
  | { kind: 'column'; table: TableModel; column: ColumnModel; sequence: SequenceModel | null }
  | { kind: 'type'; type: TypeModel }
  | { kind: 'sequence'; sequence: SequenceModel }
  | { kind: 'routine'; routine: RoutineModel }
  | { kind: 'constraint'; constraint: ConstraintModel }
  | { kind: 'index'; index: IndexModel }
  | { kind: 'trigger'; trigger: TriggerModel }
  | { kind: 'policy'; policy: PolicyModel }
  | { kind: 'publication'; publication: PublicationModel }
  | { kind: 'default privileges'; defaults: DefaultPrivilegesModel }
  | { kind: 'other'; table?: string };

export interface ObjectsOptions {
  /** Versions of both servers that are compared: what only one of them can know is no difference. */
  versions?: readonly [number, number];
  /** Objects belong to whoever runs the script. */
  ignoreOwner?: boolean;
  ignorePrivileges?: boolean;
  ignoreComments?: boolean;
}

export interface Objects {
  all: Map<string, SchemaObject>;
  /** Foreign keys that partitions have from their parents: theirs once they are taken off. */
  clones: Map<string, SchemaObject>;
  names: ModelNames;
}
