import type { IndexModel, Oid, TableModel } from '../../../../preload/contract/schema-model.ts';
import { alterWord, isPartitioned, relationKey, relationKind } from '../model-names.ts';
import { qualified, quoted } from '../quote.ts';
import { ranks } from '../schema-object.ts';
import { printed, yes } from '../words.ts';
import type { Builder } from './builder.ts';

export function addIndex(b: Builder, index: IndexModel): void {
  const names = b.names;
  if (index.constraint) return;
  const table = names.tables.get(index.table);
  if (!table || table.extension) return;
  const schema = names.schema(table.schema);
  const name = qualified(schema, index.name);
  const definition = printed(index.definition);
  const tablespace = index.tablespace ? ` TABLESPACE ${quoted(index.tablespace)}` : '';
  const tableKey = relationKey(names, table);
  const key = `index ${name}`;
  const label = `${schema}.${index.name}`;
  b.put('index', key, {
    schema,
    name: label,
    // One that not all partitions have must come after them: a partition that is attached gets what its parent has.
    rank:
      table.kind === 'materialized-view'
        ? ranks['materialized view'] + 1
        : isPartitioned(table) && !index.valid
          ? ranks.partition + 0.2
          : ranks.index,
    table: tableKey,
    needs: [tableKey, ...b.references.in(definition.text ?? '')],
    attributes: {
      table: names.of(table),
      definition: definition.value,
      tablespace: index.tablespace,
      'statistics targets':
        (index.statistics ?? [])
          .map(({ column, target }) => `${column}: ${target}`)
          .sort()
          .join(', ') || null,
      // Whether all partitions have it is seen at the partitions.
      valid: isPartitioned(table) ? null : yes(index.valid),
    },
    create:
      definition.text === null
        ? []
        : [indexStatement(definition.text, tablespace), ...indexStatistics(name, [], index.statistics)],
    drop: [`DROP INDEX ${name}`],
    unknown: [definition.why && `The index ${label} is not known: ${definition.why}`],
    of: { kind: 'index', index },
    extras: [b.extras(`INDEX ${name}`, index)],
  });
  indexSettings(b, index, table, key, label);
  if (index.parent) attachIndex(b, index, index.parent, key, table);
}

/** Statistics targets of an index's columns, from some to others. */
export function indexStatistics(
  name: string,
  from: IndexModel['statistics'] = [],
  to: IndexModel['statistics'] = [],
): string[] {
  const set = (column: number, target: number) =>
    `ALTER INDEX ${name} ALTER COLUMN ${column} SET STATISTICS ${target}`;
  const kept = new Set(to.map(({ column }) => column));
  return [
    ...to
      .filter((one) => !from.some(({ column, target }) => column === one.column && target === one.target))
      .map(({ column, target }) => set(column, target)),
    ...from.filter(({ column }) => !kept.has(column)).map(({ column }) => set(column, -1)),
  ];
}

/** A partition's index belongs to its parent's. */
export function attachIndex(
  b: Builder,
  child: IndexModel,
  parent: Oid,
  key: string,
  table: TableModel,
): void {
  const over = b.names.indexes.get(parent);
  const overTable = over && b.names.tables.get(over.table);
  if (!overTable) return;
  const childName = qualified(b.names.schema(table.schema), child.name);
  const overName = qualified(b.names.schema(overTable.schema), over.name);
  b.put('index', `index partition ${childName}`, {
    name: childName,
    rank: ranks.partition + 0.5,
    table: key,
    needs: [key, `partition ${b.names.of(table)}`, b.constraintOfIndex.get(parent) ?? `index ${overName}`],
    attributes: { 'partition of index': overName },
    create: [`ALTER INDEX ${overName} ATTACH PARTITION ${childName}`],
    drop: [],
    fold: { into: key, part: null },
  });
}

export function indexSettings(
  b: Builder,
  index: IndexModel,
  table: TableModel,
  key: string,
  name: string,
): void {
  const on = b.names.of(table);
  const word = alterWord(relationKind(table));
  const setting = (attribute: string, create: string, drop: string) =>
    b.put('index', `${attribute} ${on}`, {
      name,
      rank: ranks.index + 0.5,
      table: key,
      needs: [key],
      attributes: { [attribute]: quoted(index.name) },
      create: [create],
      drop: [drop],
      fold: { into: relationKey(b.names, table), part: null },
    });
  if (index.clustered && !isPartitioned(table)) {
    setting(
      'cluster on',
      `ALTER ${word} ${on} CLUSTER ON ${quoted(index.name)}`,
      `ALTER ${word} ${on} SET WITHOUT CLUSTER`,
    );
  }
  if (index.replicaIdentity && table.replicaIdentity === 'index') {
    setting(
      'replica identity index',
      `ALTER TABLE ONLY ${on} REPLICA IDENTITY USING INDEX ${quoted(index.name)}`,
      `ALTER TABLE ONLY ${on} REPLICA IDENTITY DEFAULT`,
    );
  }
}

/** pg_get_indexdef leaves the tablespace out; it belongs before WHERE. */
function indexStatement(definition: string, tablespace: string): string {
  if (!tablespace || / TABLESPACE /.test(definition)) return definition;
  const where = definition.indexOf(' WHERE ');
  return where < 0
    ? definition + tablespace
    : definition.slice(0, where) + tablespace + definition.slice(where);
}
