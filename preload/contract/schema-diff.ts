import type { Unseen } from './schema-model.ts';

/** What differs between two structures, and the script that closes it. Plain types: made by `main/schema`, shown from here. */

export interface AttributeDifference {
  name: string;
  wanted: string | null;
  actual: string | null;
  /** Why it can't be told whether they differ; both texts are null then, or the one that is known is there. */
  notKnown?: string;
}

/** One object that differs. Never by oid: by kind and name. */
export interface Difference {
  kind: string;
  schema: string | null;
  /** `schema.table`, `schema.table: constraint`, … for a person. */
  name: string;
  /** The column, when it is one of a table or of a composite type. */
  part: string | null;
  state: 'only-wanted' | 'only-actual' | 'changed' | 'unknown';
  attributes: AttributeDifference[];
}

export interface CompareOptions {
  ignoreOwner?: boolean;
  ignorePrivileges?: boolean;
  ignoreComments?: boolean;
  /** Constraints and indexes that differ only in a name that the server made up are the same. */
  ignoreGeneratedNames?: boolean;
}

/** Table-level locks by name (PostgreSQL manual, "Explicit Locking"). */
export type LockMode =
  | 'ACCESS SHARE'
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';

/** What a statement does to a server while it runs. */
export interface StatementFacts {
  locks: { mode: LockMode; on: string }[];
  /** Writes every row of a table anew, while holding its lock. `perhaps`: it depends on something not known here. */
  rewrites: 'no' | 'yes' | 'perhaps';
  /** Reads every row of a table, while holding its lock. */
  scans: boolean;
  /** Whether it can be part of a transaction together with the statements that follow. */
  inTransaction: boolean;
}

export interface MigrationStatement extends StatementFacts {
  sql: string;
  /** `destroy`: takes something away that isn't made again by the script, or data with it. */
  risk: 'change' | 'destroy';
  /** What it is for. */
  object: { kind: string; name: string };
  note?: string;
}

/** Statements that make the actual structure like the wanted one, in the order in which they are to be run. */
export interface Migration {
  statements: MigrationStatement[];
  /** What the script leaves as it is, and why: texts that could not be read, changes that no statement can make. */
  leftOut: Unseen[];
}

/** One side of a comparison, as it was read. */
export interface ComparedSide {
  /** For a person: the environment's name, a snapshot's origin and date, a path. */
  label: string;
  database: string;
  serverVersion: string;
  /** When the structure was like this, ms since 1970. */
  at: number;
  /** What could not be read there. */
  unseen: Unseen[];
}

/** Names in the script are read without a search path, as they were printed; bodies of functions are checked when they run. */
export const scriptPreamble: readonly string[] = [
  "SELECT pg_catalog.set_config('search_path', '', false)",
  'SET check_function_bodies = false',
  "SET client_encoding = 'UTF8'",
  'SET standard_conforming_strings = on',
];
