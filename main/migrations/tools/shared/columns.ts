import type { CandidateTable } from '../../tool.ts';

/** Types as `format_type` prints them. */
export const types = {
  text: /^(text|character varying(\(\d+\))?|character\(\d+\))$/,
  bigint: /^bigint$/,
  integer: /^(integer|bigint|smallint)$/,
  boolean: /^boolean$/,
  timestamp: /^timestamp(\(\d\))? (with|without) time zone$/,
  bytea: /^bytea$/,
  json: /^jsonb?$/,
} as const;

/** Whether each of the named columns is there and of its type; columns beside them don't matter. */
export function hasColumns(table: CandidateTable, wanted: Record<string, keyof typeof types>): boolean {
  const found = new Map(table.columns.map((column) => [column.name, column.type]));
  return Object.entries(wanted).every(([name, type]) => types[type].test(found.get(name) ?? ''));
}

/** As `hasColumns`, and there are no columns beside them. */
export const hasOnlyColumns = (table: CandidateTable, wanted: Record<string, keyof typeof types>): boolean =>
  table.columns.length === Object.keys(wanted).length && hasColumns(table, wanted);

export const columnNames = (table: CandidateTable): string[] => table.columns.map(({ name }) => name);
