import type { Oid, TableKind } from '../../schema-model.ts';

/*
 * What the diagram needs of a schema, small and flat: made in the worker from the whole model, and sent to the window
 * in pieces. Tables are spoken of by their place in `tables`, columns by their place in a table.
 */

/** What a column is, as bits of `DiagramTable.flags`. */
export const Flag = { primary: 1, foreign: 2, unique: 4, notNull: 8, enum: 16, generated: 32 } as const;

export type NodeKind = Exclude<TableKind, 'partition' | 'sub-partitioned'> | 'enum';

/** One box: a table, a view, or an enum with its values in place of columns. */
export interface DiagramTable {
  oid: Oid;
  /** Place in `Diagram.schemas`. */
  schema: number;
  name: string;
  kind: NodeKind;
  /** Names of columns; values of an enum. */
  columns: string[];
  /** For each column, its type's place in `Diagram.types`. Empty for enums. */
  types: number[];
  flags: number[];
  rowSecurity: 'off' | 'on' | 'forced';
  /** Partitions at every depth. */
  partitions: number;
  /** The first of them by name, for an opened box. */
  partitionNames: string[];
  /** -1 when never counted. */
  estimatedRows: number;
  /** It belongs to an extension, which brings it wherever it is installed. */
  isExtensions: boolean;
}

export type RelationKind = 'foreign-key' | 'inherits' | 'uses' | 'enum';

/** A line between two boxes, from what refers to what is referred to. */
export interface DiagramRelation {
  kind: RelationKind;
  name: string;
  from: number;
  to: number;
  fromColumns: number[];
  toColumns: number[];
  /** A column of the foreign key may be null: there may be nothing at the far end. */
  optional: boolean;
  /** The columns are unique where they refer from: at most one row refers to each. */
  unique: boolean;
}

export interface Diagram {
  schemas: string[];
  /** Texts of types, each once. */
  types: string[];
  tables: DiagramTable[];
  relations: DiagramRelation[];
}

/** Which of the tables are drawn. */
export interface DiagramFilter {
  /** Schemas that are not drawn, by name. */
  hiddenSchemas: string[];
  /** Part of the name, without regard to case; empty for all. */
  name: string;
  onlyConnected: boolean;
  views: boolean;
  enums: boolean;
  /** Tables, views and enums that belong to extensions. */
  extensions: boolean;
  /** Only this table and what is at most `depth` relations away from it. */
  focus: { table: number; depth: number } | null;
}

/** What is drawn until somebody chooses: all that is the database's own. */
export const everything: DiagramFilter = {
  hiddenSchemas: [],
  name: '',
  onlyConnected: false,
  views: true,
  enums: true,
  extensions: false,
  focus: null,
};
