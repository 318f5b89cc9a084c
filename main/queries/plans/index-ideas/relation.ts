/** A table as far as the choice of an index needs it. Figures are those of the last ANALYZE. */
export interface Relation {
  database: string;
  schema: string;
  name: string;
  /** Null when the table was never analysed. */
  rows: number | null;
  bytes: number;
  /** The partitioned table that it is a part of. */
  root: { schema: string; name: string } | null;
  columns: ReadonlyMap<string, Column>;
  indexes: readonly KnownIndex[];
}

interface Column {
  name: string;
  type: string;
  /** pg_type.typcategory. */
  category: string;
  /** How many different values there are; null when nobody has counted, or this role may not see it. */
  distinct: number | null;
  /** Share of NULLs, 0 to 1. */
  nulls: number | null;
  /** Bytes. */
  width: number | null;
}

export interface KnownIndex {
  name: string;
  method: string;
  /** Key columns in their order; null stands for an expression. */
  keys: { column: string | null; descending: boolean; nullsFirst: boolean }[];
  partial: boolean;
  valid: boolean;
}

export const relationKey = (schema: string, name: string): string => JSON.stringify([schema, name]);
