import type {
  ConstraintModel,
  IndexModel,
  Oid,
  SchemaModel,
  TableModel,
} from '../../../../preload/contract/schema-model.ts';
import type { DetailIndex, DetailReference, ObjectDetails, TableParts } from './details.ts';
import { columnGrants, defaultOf, grantWords } from './grants.ts';
import { byName, type Look } from './look.ts';
import { columnNotes, constraintNotes, keyWords, tableFacts, triggerWords } from './words.ts';

const kinds: Record<TableModel['kind'], string> = {
  table: 'table',
  partitioned: 'partitioned table',
  partition: 'partition',
  'sub-partitioned': 'partition, itself partitioned',
  view: 'view',
  'materialized-view': 'materialized view',
  'foreign-table': 'foreign table',
};

/** Null when it is no table, view or foreign table. */
export function tableDetails(look: Look, oid: Oid): ObjectDetails | null {
  const table = look.tables.get(oid);
  if (!table) return null;
  const schema = look.schema(table.schema);
  return {
    oid,
    what: 'table',
    kind: kinds[table.kind],
    schema: look.schemaName(table.schema),
    title: table.name,
    comment: table.comment,
    owner: table.owner,
    facts: tableFacts(table),
    access: {
      owner: table.owner,
      byDefault: defaultOf('table', table.grants),
      grants: grantWords('table', table.grants, table.owner),
      columns: columnGrants(table.columns, table.owner),
      schema: schema
        ? {
            name: schema.name,
            owner: schema.owner,
            grants: grantWords('schema', schema.grants, schema.owner),
          }
        : null,
    },
    table: tableParts(look, table),
    values: [],
    checks: [],
    attributes: [],
    definition: look.printed(oid, table.definition),
    usedBy: look.related(oid, table.schema, 'usedBy'),
    uses: look.related(oid, table.schema, 'uses'),
  };
}

function tableParts(look: Look, table: TableModel): TableParts {
  const { model } = look;
  const { oid } = table;
  const own = model.constraints.filter((constraint) => constraint.table === oid);
  const parent =
    table.kind === 'partition' || table.kind === 'sub-partitioned' ? table.parents[0] : undefined;
  return {
    name: table.name,
    kind: table.kind,
    estimatedRows: table.estimatedRows,
    rowSecurity: !table.rowSecurity ? 'off' : table.forceRowSecurity ? 'forced' : 'on',
    columns: columnsOf(look, table, own),
    keys: own
      .filter(({ kind }) => keyWords[kind] !== undefined)
      .map((one) =>
        look.keyOf(
          one,
          columnNames(table, one.columns),
          keyWords[one.kind] ?? one.kind,
          constraintNotes(one),
        ),
      ),
    foreignKeys: own
      .filter(({ kind, references }) => kind === 'foreign-key' && references)
      .map((one) => reference(look, one, one.references?.table ?? '', table, true))
      .sort(byName),
    referencedBy: model.constraints
      .filter(
        (one) => one.kind === 'foreign-key' && one.references?.table === oid && one.table && !one.parent,
      )
      .map((one) => reference(look, one, one.table ?? '', table, false))
      .sort((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : byName(a, b))),
    indexes: model.indexes
      .filter((index) => index.table === oid)
      .map((index) => indexOf(look, table, index))
      .sort(byName),
    triggers: triggersOf(look, table),
    policies: policiesOf(look, model, oid),
    parent: parent === undefined ? null : look.link(parent, table.schema),
    partitionKey: look.printed(`${oid}.key`, table.partitionKey),
    partitionBound: look.printed(`${oid}.bound`, table.partitionBound),
    partitions: model.tables
      .filter((one) => (one.kind === 'partition' || one.kind === 'sub-partitioned') && one.parents[0] === oid)
      .map((one) => ({
        oid: one.oid,
        schema: look.schemaName(one.schema),
        name: one.name,
        bound: look.printed(`${one.oid}.bound`, one.partitionBound),
      }))
      .sort(byName),
  };
}

function columnsOf(look: Look, table: TableModel, own: readonly ConstraintModel[]): TableParts['columns'] {
  const inKey = (kind: ConstraintModel['kind']): Set<number> =>
    new Set(own.filter((one) => one.kind === kind).flatMap(({ columns }) => columns));
  const primary = inKey('primary-key');
  const foreign = inKey('foreign-key');
  const types = new Map(look.model.types.map((type) => [type.oid, type]));
  return table.columns.map((column) => {
    const type = types.get(column.typeOid);
    return {
      name: column.name,
      type: column.type,
      typeOid: type?.oid ?? null,
      notNull: column.notNull,
      primary: primary.has(column.number),
      foreign: foreign.has(column.number),
      expression: look.printed(`${table.oid}.${column.number}`, column.expression),
      notes: columnNotes(column),
      values: type?.kind === 'enum' ? type.values : null,
      comment: column.comment,
    };
  });
}

function indexOf(look: Look, table: TableModel, index: IndexModel): DetailIndex {
  const included = index.columns.slice(index.keyColumns);
  return {
    name: index.name,
    method: index.method,
    columns: index.columns
      .slice(0, index.keyColumns)
      .map((number) => (number === 0 ? '(expression)' : (columnNames(table, [number])[0] ?? '?')))
      .join(', '),
    notes: [
      index.primary ? 'primary key' : index.unique ? 'unique' : '',
      index.partial ? 'partial' : '',
      included.length > 0 ? `includes ${columnNames(table, included).join(', ')}` : '',
      index.nullsNotDistinct ? 'nulls not distinct' : '',
      index.clustered ? 'clustered on' : '',
      index.replicaIdentity ? 'replica identity' : '',
      index.valid ? '' : 'invalid: not used by queries',
    ].filter(Boolean),
    keeps: index.primary
      ? 'keeps the primary key'
      : index.constraint
        ? 'keeps a constraint'
        : index.unique
          ? 'keeps values unique'
          : index.replicaIdentity
            ? 'identifies rows for replication'
            : '',
    isBad: !index.valid,
    definition: look.printed(index.oid, index.definition),
    comment: index.comment,
  };
}

function triggersOf(look: Look, table: TableModel): TableParts['triggers'] {
  return look.model.triggers
    .filter((trigger) => trigger.table === table.oid)
    .map((trigger) => ({
      name: trigger.name,
      calls: look.link(trigger.function, table.schema),
      notes: [triggerWords[trigger.enabled], trigger.parent ? 'from the parent' : ''].filter(Boolean),
      definition: look.printed(trigger.oid, trigger.definition),
    }))
    .sort(byName);
}

function policiesOf(look: Look, model: SchemaModel, oid: Oid): TableParts['policies'] {
  return model.policies
    .filter((policy) => policy.table === oid)
    .map((policy) => ({
      name: policy.name,
      command: policy.command,
      permissive: policy.permissive,
      roles: policy.roles,
      using: look.printed(`${policy.oid}.using`, policy.using),
      check: look.printed(`${policy.oid}.check`, policy.check),
      comment: policy.comment,
    }))
    .sort(byName);
}

function reference(
  look: Look,
  one: ConstraintModel,
  otherOid: Oid,
  table: TableModel,
  isOut: boolean,
): DetailReference {
  const other = look.tables.get(otherOid);
  const there = one.references?.columns ?? [];
  return {
    name: one.name,
    oid: other ? otherOid : '',
    table: other ? look.nameFrom(table.schema, other) : 'a table that can’t be seen',
    columns: columnNames(table, isOut ? one.columns : there),
    otherColumns: other ? columnNames(other, isOut ? there : one.columns) : [],
    notes: constraintNotes(one),
  };
}

function columnNames(table: TableModel, numbers: readonly number[]): string[] {
  return numbers.map((number) => table.columns.find((column) => column.number === number)?.name ?? '?');
}
