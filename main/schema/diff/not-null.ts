import type { ColumnModel, ConstraintModel, TableModel } from '../../../preload/contract/schema-model.ts';
import { isPartition, isPartitioned } from '../ddl/model-names.ts';
import { quoted } from '../ddl/quote.ts';
import type { AlteredTable } from './altered-table.ts';
import type { Say } from './say.ts';
import type { Sides } from './sides.ts';

/** NOT NULL of one column; from 18 on it is a constraint with a name of its own. */
export function alterNotNull(
  s: Sides,
  say: Say,
  { want, table, from, parents, alter, only }: AlteredTable,
  old: ColumnModel,
  column: ColumnModel,
): void {
  const on = quoted(column.name);
  const is = s.want.names.notNull(table, column);
  const was = s.have.names.notNull(from, old);
  if (column.notNull === old.notNull) {
    if (!is?.local || !was || s.hasUnnamedNotNulls) return;
    const [before, after] = [quoted(was.name), quoted(is.name)];
    if (is.name !== was.name) say(want, `${alter} RENAME CONSTRAINT ${before} TO ${after}`);
    if (is.validated && !was.validated) say(want, `${alter} VALIDATE CONSTRAINT ${after}`);
    if (is.noInherit !== was.noInherit)
      say(want, `${alter} ALTER CONSTRAINT ${after} ${is.noInherit ? 'NO INHERIT' : 'INHERIT'}`);
    if (!is.validated && was.validated) {
      say(want, `${alter} ALTER COLUMN ${on} DROP NOT NULL`);
      addNotNull(say, want, only, is, column);
    }
    return;
  }
  // Up to 17 heirs have their own NOT NULL, and each is told; partitions follow their parent.
  const follows = isPartition(table) || s.actual.server.versionNumber >= 180000;
  const sameIn = (parent: TableModel | undefined) =>
    parent?.columns.some((one) => one.name === column.name && one.notNull === column.notNull) ?? false;
  if (follows && column.inherited > 0 && parents.some((parent) => sameIn(parent.is) && !sameIn(parent.was)))
    return;
  if (column.notNull && is && s.isSpecialNotNull(is, table, column)) {
    addNotNull(say, want, is.noInherit ? only : alter, is, column);
    return;
  }
  const reach = isPartitioned(table) || follows ? alter : only;
  say(want, `${reach} ALTER COLUMN ${on} ${column.notNull ? 'SET' : 'DROP'} NOT NULL`);
}

function addNotNull(
  say: Say,
  want: AlteredTable['want'],
  alter: string,
  constraint: ConstraintModel,
  column: ColumnModel,
): void {
  const how = `${constraint.noInherit ? ' NO INHERIT' : ''}${constraint.validated ? '' : ' NOT VALID'}`;
  say(want, `${alter} ADD CONSTRAINT ${quoted(constraint.name)} NOT NULL ${quoted(column.name)}${how}`);
}
