import type { MigrationStatement, StatementFacts } from '../../../preload/contract/schema-diff.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';

/** Puts a statement behind the others; its locks and the like are found out unless they are given. */
export type Say = (
  object: Pick<SchemaObject, 'kind' | 'name'>,
  sql: string,
  risk?: MigrationStatement['risk'],
  more?: Partial<StatementFacts> & { note?: string },
) => void;
