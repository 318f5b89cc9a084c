import type { Oid, Printed, TableModel } from '../../../../preload/contract/schema-model.ts';
import type { Access } from './grants.ts';
import type { DetailFact } from './words.ts';

/** What the inspector shows of anything that has a name in a schema. */
export interface ObjectDetails {
  oid: Oid;
  what: 'table' | 'type' | 'routine' | 'sequence';
  /** In words: `partitioned table`, `enum`, `function`. */
  kind: string;
  schema: string;
  /** With arguments, for a routine. */
  title: string;
  comment: string | null;
  owner: string;
  facts: DetailFact[];
  access: Access;
  /** Only what has columns, rows and all that goes with them. */
  table: TableParts | null;
  /** Values of an enum. */
  values: string[];
  /** Of a domain. */
  checks: DetailKey[];
  /** Attributes of a composite type. */
  attributes: { name: string; type: string; comment: string | null }[];
  /** A routine's or a view's text. */
  definition: Printed | null;
  /** What uses it, and what it uses. */
  usedBy: DetailLink[];
  uses: DetailLink[];
}

export interface TableParts {
  name: string;
  kind: TableModel['kind'];
  /** -1 when never counted. */
  estimatedRows: number;
  rowSecurity: 'off' | 'on' | 'forced';
  columns: DetailColumn[];
  keys: DetailKey[];
  foreignKeys: DetailReference[];
  referencedBy: DetailReference[];
  indexes: DetailIndex[];
  triggers: { name: string; calls: DetailLink | null; notes: string[]; definition: Printed }[];
  policies: DetailPolicy[];
  parent: DetailLink | null;
  partitionKey: Printed | null;
  partitionBound: Printed | null;
  /** Direct ones. */
  partitions: { oid: Oid; schema: string; name: string; bound: Printed | null }[];
}

export interface DetailColumn {
  name: string;
  type: string;
  /** What the type is, where it is of this model. */
  typeOid: Oid | null;
  notNull: boolean;
  primary: boolean;
  foreign: boolean;
  expression: Printed | null;
  notes: string[];
  /** Values of its enum. */
  values: string[] | null;
  comment: string | null;
}

export interface DetailKey {
  name: string;
  kind: string;
  columns: string[];
  definition: Printed;
  notes: string[];
  comment: string | null;
}

export interface DetailIndex {
  name: string;
  method: string;
  columns: string;
  notes: string[];
  /** Why it must stay though no query uses it; empty otherwise. */
  keeps: string;
  isBad: boolean;
  definition: Printed;
  comment: string | null;
}

export interface DetailPolicy {
  name: string;
  command: string;
  permissive: boolean;
  roles: string[];
  using: Printed | null;
  check: Printed | null;
  comment: string | null;
}

/** A foreign key seen from one side; `table` is the other one. */
export interface DetailReference {
  name: string;
  /** Empty when it can't be seen. */
  oid: Oid;
  table: string;
  columns: string[];
  otherColumns: string[];
  notes: string[];
}

export interface DetailLink {
  oid: Oid;
  name: string;
}
