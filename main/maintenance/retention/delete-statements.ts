import type { RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { qualified, quoted } from '../names.ts';

export type DeleteTarget = Extract<RetentionTarget, { kind: 'delete' }>;

/** A table of its own, or a partition at the bottom. */
export interface Leaf extends Record<string, unknown> {
  schema: string;
  name: string;
  kind: string;
}

/**
 * One batch: the rows are found and locked by their place, and those that somebody else holds are passed over, so that
 * a batch never waits for the application. $1 is the moment, $2 the most rows.
 */
export function batchStatement(leaf: { schema: string; name: string }, column: string): string {
  const table = qualified(leaf);
  return `DELETE FROM ONLY ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ONLY ${table} WHERE ${quoted(column)} < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`;
}

/** Rows of the whole table, with its partitions, that are old enough. $1 is the moment. */
export const oldRows = ({ schema, table, column }: DeleteTarget): string =>
  `FROM ${qualified({ schema, name: table })} WHERE ${quoted(column)} < $1`;
