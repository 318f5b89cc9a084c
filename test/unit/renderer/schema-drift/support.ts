import type {
  AttributeDifference,
  Difference,
  MigrationStatement,
} from '../../../../preload/contract/schema-diff.ts';

export const attribute = (
  name: string,
  wanted: string | null,
  actual: string | null,
  notKnown?: string,
): AttributeDifference => ({ name, wanted, actual, ...(notKnown === undefined ? {} : { notKnown }) });

export function difference(changes: Partial<Difference>): Difference {
  return {
    kind: 'table',
    schema: 'public',
    name: 'public.plants',
    part: null,
    state: 'changed',
    attributes: [],
    ...changes,
  };
}

export function statement(sql: string, kind: string, name: string): MigrationStatement {
  return {
    sql,
    risk: 'change',
    object: { kind, name },
    locks: [],
    rewrites: 'no',
    scans: false,
    inTransaction: true,
  };
}
