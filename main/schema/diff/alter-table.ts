import type { ColumnModel, TableModel } from '../../../preload/contract/schema-model.ts';
import { alterWord, isPartition, isPartitioned, relationKind } from '../ddl/model-names.ts';
import { quoted } from '../ddl/quote.ts';
import type { SchemaObject } from '../ddl/schema-object.ts';
import { isGenerated } from '../ddl/script.ts';
import {
  changedForeignOptions,
  changedParameters,
  columnSettings,
  columnText,
  isOwnColumn,
  tableSettings,
} from '../ddl/tables.ts';
import { realOptions } from '../ddl/words.ts';
import type { AlteredTable } from './altered-table.ts';
import { castsDirectly, isVolatile, isWidening, losesNothing } from './cast-facts.ts';
import { typesOf } from './columns.ts';
import { alterNotNull } from './not-null.ts';
import type { Say } from './say.ts';
import type { ColumnChanges, KeptParent, Sides } from './sides.ts';

/** Brings columns, storage and settings of a table to what is wanted. */
export function alterTable(s: Sides, say: Say, want: SchemaObject, have: SchemaObject): void {
  if (want.of.kind !== 'table' || have.of.kind !== 'table') return;
  const { table } = want.of;
  const from = have.of.table;
  const word = alterWord(relationKind(table));
  const altered: AlteredTable = {
    want,
    table,
    from,
    parents: s.keptParents(from),
    alter: `ALTER ${word} ${s.want.names.of(table)}`,
    only: `ALTER ${word} ONLY ${s.want.names.of(table)}`,
  };
  const changes = s.columns.get(want.key) ?? { dropped: [], added: [], retyped: [] };
  dropColumns(s, say, altered, changes);
  for (const column of changes.added) addColumn(s, say, altered, column);
  retypeColumns(s, say, altered, changes);
  alterColumns(s, say, altered, changes);
  alterSettings(s, say, altered);
}

const has = (table: TableModel | undefined, column: string): boolean =>
  table?.columns.some(({ name }) => name === column) ?? false;

function dropColumns(
  s: Sides,
  say: Say,
  { want, table, from, parents, alter }: AlteredTable,
  changes: ColumnChanges,
): void {
  for (const column of changes.dropped) {
    // The type takes its typed tables along.
    if (table.ofType !== null) continue;
    const comesWith = column.inherited > 0 && !column.local;
    if (comesWith && parents.some(({ was }) => has(was, column.name))) continue;
    // Went first, with what hung on it.
    const key = `default ${s.have.names.of(from)}.${quoted(column.name)}`;
    const generated = s.have.all.get(key);
    if (generated && isGenerated(generated) && s.gone.has(key)) continue;
    say(want, `${alter} DROP COLUMN ${quoted(column.name)}`, 'destroy');
  }
}

function addColumn(s: Sides, say: Say, altered: AlteredTable, column: ColumnModel): void {
  const { want, table, parents, alter, only } = altered;
  const { names } = s.want;
  const on = quoted(column.name);
  const settings = () => {
    for (const sql of columnSettings(table, names, null, column)) say(want, sql);
  };
  if (table.ofType !== null) {
    settings();
    if (column.notNull) say(want, `${only} ALTER COLUMN ${on} SET NOT NULL`);
    return;
  }
  const inherits = column.inherited > 0 && parents.some(({ is }) => has(is, column.name));
  if (inherits || !isOwnColumn(table, column)) {
    const hasDefault = s.want.all.has(`default ${names.of(table)}.${on}`);
    if (!hasDefault && !column.generated) say(want, `${only} ALTER COLUMN ${on} DROP DEFAULT`);
    const isNotNull = ({ is }: KeptParent) =>
      is?.columns.some((one) => one.name === column.name && one.notNull) ?? false;
    if (column.notNull && !(isPartition(table) && parents.some(isNotNull)))
      say(want, `${only} ALTER COLUMN ${on} SET NOT NULL`);
    settings();
    return;
  }
  const ofColumn = ['default', 'identity'].flatMap((kind) => {
    const object = s.want.all.get(`${kind} ${names.of(table)}.${on}`);
    // Identity can't be handed down with the column; it is added to the parent alone, after.
    return object && !(kind === 'identity' && s.hasHeirs(altered.from)) ? [object] : [];
  });
  const expression = column.expression?.state === 'known' ? column.expression.text : null;
  const rewrites =
    column.generated === 'stored' || column.identity
      ? 'yes'
      : expression === null || column.generated
        ? 'no'
        : isVolatile(expression);
  const isFilled = expression !== null || ofColumn.some(({ kind }) => kind === 'identity');
  say(want, `${alter} ADD COLUMN ${columnText(table, column, ofColumn, names)}`, 'change', {
    rewrites,
    ...(column.notNull && !isFilled
      ? { note: 'It fails when the table has rows: they would have no value in it.' }
      : {}),
  });
  s.madeColumns.add(`${want.key} ${column.name}`);
  for (const { key } of ofColumn) s.madeWithColumns.add(key);
  settings();
}

function retypeColumns(
  s: Sides,
  say: Say,
  { want, alter, parents }: AlteredTable,
  changes: ColumnChanges,
): void {
  for (const { from: old, to } of changes.retyped) {
    if (to.inherited > 0 && parents.some(({ was }) => has(was, to.name))) continue;
    const collate = to.collation ? ` COLLATE ${to.collation}` : '';
    const through = typesOf(s, old).size || !castsDirectly(old.type, to.type) ? '::text' : '';
    const asIs = to.type === old.type && !through;
    // By itself it is cast as an assignment is. Foreign partitions take no USING.
    const using = through ? ` USING ${quoted(to.name)}::text::${to.type}` : '';
    const safe = asIs || losesNothing(old.type, to.type);
    say(
      want,
      `${alter} ALTER COLUMN ${quoted(to.name)} TYPE ${to.type}${collate}${using}`,
      safe ? 'change' : 'destroy',
      {
        rewrites: isWidening(old.type, to.type) && old.collation === to.collation ? 'no' : 'yes',
        ...(safe ? {} : { note: 'Values that the new type can’t hold are cut off, or make it fail.' }),
      },
    );
  }
}

function alterColumns(s: Sides, say: Say, altered: AlteredTable, changes: ColumnChanges): void {
  const { want, table, from, only } = altered;
  const before = new Map(from.columns.map((column) => [column.name, column]));
  for (const column of table.columns) {
    const old = before.get(column.name);
    if (!old || changes.added.includes(column)) continue;
    alterNotNull(s, say, altered, old, column);
    const retyped = changes.retyped.some(({ to }) => to === column);
    const state = retyped ? { ...old, storage: null, compression: null } : old;
    for (const sql of columnSettings(table, s.want.names, state, column)) say(want, sql);
    if (state.storage && !column.storage) {
      const word = s.actual.server.versionNumber >= 160000 ? 'DEFAULT' : defaultStorage(column.type);
      say(want, `${only} ALTER COLUMN ${quoted(column.name)} SET STORAGE ${word}`);
    }
  }
}

function alterSettings(s: Sides, say: Say, { want, table, from, alter, only }: AlteredTable): void {
  if (table.persistence !== from.persistence && !isPartitioned(table)) {
    say(want, `${alter} SET ${table.persistence === 'unlogged' ? 'UNLOGGED' : 'LOGGED'}`);
  }
  const method = table.accessMethod ?? 'heap';
  if (relationKind(table) === 'table' && method !== (from.accessMethod ?? 'heap')) {
    say(want, `${alter} SET ACCESS METHOD ${quoted(method)}`);
  }
  if (table.tablespace !== from.tablespace) {
    say(want, `${alter} SET TABLESPACE ${quoted(table.tablespace ?? 'pg_default')}`);
  }
  for (const sql of changedParameters(only, realOptions(from.options), realOptions(table.options)))
    say(want, sql);
  const options = changedForeignOptions(from.serverOptions, table.serverOptions);
  if (options) say(want, `${alter} OPTIONS (${options})`);
  for (const sql of tableSettings(table, s.want.names, { table: from, names: s.have.names })) say(want, sql);
}

/** Storage that a type begins with (typstorage), before 16, which has a word for it. */
function defaultStorage(type: string): string {
  return /^(?:numeric|inet|cidr)/.test(type) ? 'MAIN' : 'EXTENDED';
}
