import type { ColumnModel, TableModel } from '../../../preload/contract/schema-model.ts';
import { hiddenValue } from '../foreign-options.ts';
import { alterWord, isPartition, isPartitioned, type ModelNames, relationKind } from './model-names.ts';
import {
  foreignOptions,
  literal,
  parameterName,
  parameters,
  quoted,
  splitOption,
  visibleOptions,
} from './quote.ts';
import type { SchemaObject } from './schema-object.ts';
import { isSpecialNotNull, persistenceWord, printed, realOptions } from './words.ts';

/** What is written within CREATE TABLE instead of after it, by table. */
export type Inlined = Map<string, SchemaObject[]>;

/** A column as CREATE TABLE and ADD COLUMN have it. */
export function columnText(
  table: TableModel,
  column: ColumnModel,
  inlined: SchemaObject[],
  names: ModelNames,
): string {
  const parts = [quoted(column.name)];
  if (table.ofType === null) {
    parts.push(column.type);
    const options = realOptions(column.options);
    if (table.server !== null && visibleOptions(options).length)
      parts.push(`OPTIONS (${foreignOptions(options)})`);
    if (column.collation) parts.push(`COLLATE ${column.collation}`);
  } else {
    parts.push('WITH OPTIONS');
  }
  for (const object of inlined) {
    if (object.of.kind === 'column' && object.of.column === column && object.inline)
      parts.push(object.inline);
  }
  const notNull = names.notNull(table, column);
  if (notNull && isSpecialNotNull(notNull, table, column)) {
    // One that is not proven has no place here, and comes after.
    if (notNull.validated)
      parts.push(`CONSTRAINT ${quoted(notNull.name)} NOT NULL${notNull.noInherit ? ' NO INHERIT' : ''}`);
  } else if (column.notNull) parts.push('NOT NULL');
  return parts.join(' ');
}

/** Whether a column is written in CREATE TABLE, or comes from a parent. */
export function isOwnColumn(table: TableModel, column: ColumnModel): boolean {
  return isPartition(table) || column.local || column.inherited === 0;
}

/** CREATE TABLE, and the settings that have no place in it. Partitions are made as tables and attached later. */
export function tableStatements(object: SchemaObject, names: ModelNames, inlined: SchemaObject[]): string[] {
  if (object.of.kind !== 'table') return [];
  const { table } = object.of;
  const name = names.of(table);
  const kind = relationKind(table);
  const foreign = kind === 'foreign table';
  const lines: string[] = [];
  for (const column of table.columns) {
    if (!isOwnColumn(table, column)) continue;
    const text = columnText(table, column, inlined, names);
    if (table.ofType !== null && text === `${quoted(column.name)} WITH OPTIONS`) continue;
    lines.push(text);
  }
  for (const one of inlined) if (one.kind === 'constraint' && one.inline) lines.push(one.inline);
  const ofType = table.ofType === null ? null : names.types.get(table.ofType);
  const parents = inlined.filter((one) => one.kind === 'inheritance').map((one) => one.inline);
  const key = table.partitionKey && printed(table.partitionKey).text;
  const options = realOptions(table.options);
  const body = lines.length ? `(\n  ${lines.join(',\n  ')}\n)` : ofType ? '' : '(\n)';
  const statement = [
    `CREATE ${persistenceWord(table.persistence)}${alterWord(kind)} ${name}${ofType ? ` OF ${names.of(ofType)}` : ''}${body ? ` ${body}` : ''}`,
    parents.length ? `INHERITS (${parents.join(', ')})` : '',
    isPartitioned(table) && key ? `PARTITION BY ${key}` : '',
    foreign && table.server !== null ? `SERVER ${quoted(table.server)}` : '',
    foreign && visibleOptions(table.serverOptions).length
      ? `OPTIONS (${foreignOptions(table.serverOptions)})`
      : '',
    !foreign && table.accessMethod && table.accessMethod !== 'heap'
      ? `USING ${quoted(table.accessMethod)}`
      : '',
    options.length ? `WITH (${parameters(options)})` : '',
    table.tablespace ? `TABLESPACE ${quoted(table.tablespace)}` : '',
  ]
    .filter(Boolean)
    .join('\n');
  const statements = [statement];
  for (const column of table.columns) {
    if (!isOwnColumn(table, column)) {
      const alter = `ALTER ${alterWord(kind)} ONLY ${name} ALTER COLUMN ${quoted(column.name)}`;
      const expression = inlined.find(({ of }) => of.kind === 'column' && of.column === column);
      if (expression?.create[0]) statements.push(...expression.create);
      else if (!column.generated) statements.push(`${alter} DROP DEFAULT`);
      if (column.notNull) statements.push(`${alter} SET NOT NULL`);
    }
    const notNull = names.notNull(table, column);
    if (notNull?.local && !notNull.validated) {
      const only = `ALTER ${alterWord(kind)} ${notNull.noInherit ? 'ONLY ' : ''}${name}`;
      statements.push(`${only} ADD CONSTRAINT ${quoted(notNull.name)} ${printed(notNull.definition).text}`);
    }
    statements.push(...columnSettings(table, names, null, column));
  }
  statements.push(...tableSettings(table, names, null));
  return statements;
}

/** Statements for what a column has besides its definition, from one state to another. */
export function columnSettings(
  table: TableModel,
  names: ModelNames,
  from: ColumnModel | null,
  to: ColumnModel,
): string[] {
  const kind = relationKind(table);
  const alter = `ALTER ${alterWord(kind)} ${kind === 'table' ? 'ONLY ' : ''}${names.of(table)} ALTER COLUMN ${quoted(to.name)}`;
  const statements: string[] = [];
  if ((to.storage ?? null) !== (from?.storage ?? null)) {
    if (to.storage) statements.push(`${alter} SET STORAGE ${to.storage.toUpperCase()}`);
  }
  if ((to.compression ?? null) !== (from?.compression ?? null)) {
    statements.push(`${alter} SET COMPRESSION ${to.compression ? to.compression : 'DEFAULT'}`);
  }
  if ((to.statistics ?? -1) !== (from?.statistics ?? -1)) {
    statements.push(`${alter} SET STATISTICS ${to.statistics ?? -1}`);
  }
  if (table.server !== null) {
    if (from) {
      const changes = changedForeignOptions(realOptions(from.options), realOptions(to.options));
      if (changes) statements.push(`${alter} OPTIONS (${changes})`);
    }
  } else {
    statements.push(...changedParameters(alter, realOptions(from?.options ?? []), realOptions(to.options)));
  }
  return statements;
}

/** SET and RESET of storage parameters. */
export function changedParameters(alter: string, from: string[], to: string[]): string[] {
  const added = to.filter((option) => !from.includes(option));
  const kept = new Set(to.map((option) => splitOption(option).name));
  const gone = from.map((option) => splitOption(option).name).filter((name) => !kept.has(name));
  return [
    ...(added.length ? [`${alter} SET (${parameters(added)})`] : []),
    ...(gone.length ? [`${alter} RESET (${gone.map(parameterName).join(', ')})`] : []),
  ];
}

/** ADD, SET and DROP of foreign options; empty when there is nothing to do. */
export function changedForeignOptions(from: string[], to: string[]): string {
  const before = new Map(from.map(splitOption).map(({ name, value }) => [name, value]));
  const after = new Map(to.map(splitOption).map(({ name, value }) => [name, value]));
  const parts: string[] = [];
  for (const [name, value] of after) {
    if (value === hiddenValue) continue;
    if (!before.has(name)) parts.push(`ADD ${quoted(name)} ${literal(value)}`);
    else if (before.get(name) !== value) parts.push(`SET ${quoted(name)} ${literal(value)}`);
  }
  for (const name of before.keys()) if (!after.has(name)) parts.push(`DROP ${quoted(name)}`);
  return parts.join(', ');
}

/** Row security and replica identity. */
export function tableSettings(
  table: TableModel,
  names: ModelNames,
  before: { table: TableModel; names: ModelNames } | null,
): string[] {
  const from = before?.table;
  if (relationKind(table) === 'foreign table') return [];
  const name = names.of(table);
  const statements: string[] = [];
  if (table.rowSecurity !== (from?.rowSecurity ?? false)) {
    statements.push(`ALTER TABLE ${name} ${table.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  }
  if (table.forceRowSecurity !== (from?.forceRowSecurity ?? false)) {
    statements.push(
      `ALTER TABLE ONLY ${name} ${table.forceRowSecurity ? '' : 'NO '}FORCE ROW LEVEL SECURITY`,
    );
  }
  const identity = names.replicaIdentity(table);
  const was = before ? before.names.replicaIdentity(before.table) : 'default';
  if (identity !== was && identity !== 'index') {
    statements.push(`ALTER TABLE ONLY ${name} REPLICA IDENTITY ${identity.toUpperCase()}`);
  }
  return statements;
}
