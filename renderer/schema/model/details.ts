import type {
  ColumnModel,
  ConstraintModel,
  Oid,
  Printed,
  SchemaModel,
  TableModel,
} from '../../../preload/contract/schema-model.ts';
import type { Definitions } from './collect.ts';
import { compareNames } from './digest.ts';

/** What the inspector shows of one table, with all names looked up. */
export interface TableDetails {
  oid: Oid;
  schema: string;
  name: string;
  kind: TableModel['kind'] | 'enum';
  comment: string | null;
  owner: string;
  facts: { label: string; value: string }[];
  columns: DetailColumn[];
  /** Values of an enum. */
  values: string[];
  keys: { name: string; kind: string; columns: string[]; definition: Printed; notes: string[] }[];
  foreignKeys: DetailReference[];
  referencedBy: DetailReference[];
  indexes: {
    name: string;
    method: string;
    columns: string;
    notes: string[];
    isBad: boolean;
    definition: Printed;
  }[];
  triggers: { name: string; calls: string; enabled: string; definition: Printed }[];
  policies: {
    name: string;
    command: string;
    permissive: boolean;
    roles: string[];
    using: Printed | null;
    check: Printed | null;
  }[];
  /** Direct partitions. */
  partitions: { oid: Oid; name: string; bound: Printed | null }[];
  partitionKey: Printed | null;
  definition: Printed | null;
  /** Views that use it, and what a view uses. */
  usedBy: { oid: Oid; name: string }[];
  uses: { oid: Oid; name: string }[];
}

export interface DetailColumn {
  name: string;
  type: string;
  notNull: boolean;
  primary: boolean;
  foreign: boolean;
  expression: Printed | null;
  notes: string[];
  /** Values of its enum. */
  values: string[] | null;
  comment: string | null;
}

/** A foreign key seen from one side; `table` is the other one. */
export interface DetailReference {
  name: string;
  oid: Oid;
  table: string;
  columns: string[];
  otherColumns: string[];
  notes: string[];
}

/** Looks everything up in lists: asked for one table at a time, by a person. Null when there is no such table. */
export function tableDetails(model: SchemaModel, definitions: Definitions, oid: Oid): TableDetails | null {
  const schemas = new Map(model.schemas.map((schema) => [schema.oid, schema.name]));
  const table = model.tables.find((one) => one.oid === oid);
  if (!table) return enumDetails(model, schemas, oid);
  const tables = new Map(model.tables.map((one) => [one.oid, one]));
  const title = (other: Oid): string => {
    const one = tables.get(other);
    if (!one) return 'a table that can’t be seen';
    return one.schema === table.schema ? one.name : `${schemas.get(one.schema) ?? '?'}.${one.name}`;
  };
  const printed = <T extends Printed | null>(of: string, own: T): T =>
    own === null ? own : ((definitions.get(of) as T) ?? own);
  const enums = new Map(
    model.types.flatMap((type) => (type.kind === 'enum' ? [[type.oid, type.values]] : [])),
  );
  const own = model.constraints.filter((constraint) => constraint.table === oid);
  const inKey = (kind: ConstraintModel['kind']): Set<number> =>
    new Set(own.filter((one) => one.kind === kind).flatMap(({ columns }) => columns));
  const primary = inKey('primary-key');
  const foreign = inKey('foreign-key');

  return {
    oid,
    schema: schemas.get(table.schema) ?? '?',
    name: table.name,
    kind: table.kind,
    comment: table.comment,
    owner: table.owner,
    facts: facts(table),
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      notNull: column.notNull,
      primary: primary.has(column.number),
      foreign: foreign.has(column.number),
      expression: printed(`${oid}.${column.number}`, column.expression),
      notes: columnNotes(column),
      values: enums.get(column.typeOid) ?? null,
      comment: column.comment,
    })),
    values: [],
    keys: own
      .filter(({ kind }) => kind !== 'foreign-key' && kind !== 'not-null' && kind !== 'trigger')
      .map((one) => ({
        name: one.name,
        kind: keyWords[one.kind] ?? one.kind,
        columns: columnNames(table, one.columns),
        definition: printed(one.oid, one.definition),
        notes: constraintNotes(one),
      })),
    foreignKeys: own
      .filter(({ kind, references }) => kind === 'foreign-key' && references)
      .map((one) => reference(one, one.references?.table ?? '', title, tables, table, true))
      .sort(byName),
    referencedBy: model.constraints
      .filter(
        (one) => one.kind === 'foreign-key' && one.references?.table === oid && one.table && !one.parent,
      )
      .map((one) => reference(one, one.table ?? '', title, tables, table, false))
      .sort((a, b) => compareNames(a.table, b.table) || compareNames(a.name, b.name)),
    indexes: model.indexes
      .filter((index) => index.table === oid)
      .map((index) => ({
        name: index.name,
        method: index.method,
        columns: index.columns
          .slice(0, index.keyColumns)
          .map((number) => (number === 0 ? '(expression)' : (columnNames(table, [number])[0] ?? '?')))
          .join(', '),
        notes: [
          index.primary ? 'primary key' : index.unique ? 'unique' : '',
          index.partial ? 'partial' : '',
          index.columns.length > index.keyColumns
            ? `includes ${columnNames(table, index.columns.slice(index.keyColumns)).join(', ')}`
            : '',
          index.nullsNotDistinct ? 'nulls not distinct' : '',
          index.clustered ? 'clustered on' : '',
          index.valid ? '' : 'invalid: not used by queries',
        ].filter(Boolean),
        isBad: !index.valid,
        definition: printed(index.oid, index.definition),
      }))
      .sort(byName),
    triggers: model.triggers
      .filter((trigger) => trigger.table === oid)
      .map((trigger) => ({
        name: trigger.name,
        calls: model.routines.find((routine) => routine.oid === trigger.function)?.name ?? '',
        enabled: triggerWords[trigger.enabled],
        definition: printed(trigger.oid, trigger.definition),
      }))
      .sort(byName),
    policies: model.policies
      .filter((policy) => policy.table === oid)
      .map((policy) => ({
        name: policy.name,
        command: policy.command,
        permissive: policy.permissive,
        roles: policy.roles,
        using: printed(`${policy.oid}.using`, policy.using),
        check: printed(`${policy.oid}.check`, policy.check),
      }))
      .sort(byName),
    partitions: model.tables
      .filter((one) => (one.kind === 'partition' || one.kind === 'sub-partitioned') && one.parents[0] === oid)
      .map((one) => ({
        oid: one.oid,
        name: one.name,
        bound: printed(`${one.oid}.bound`, one.partitionBound),
      }))
      .sort(byName),
    partitionKey: printed(`${oid}.key`, table.partitionKey),
    definition: printed(oid, table.definition),
    usedBy: model.dependencies
      .filter(({ on, dependent }) => on === oid && dependent !== oid && tables.has(dependent))
      .map(({ dependent }) => ({ oid: dependent, name: title(dependent) })),
    uses: model.dependencies
      .filter(({ on, dependent }) => dependent === oid && on !== oid && tables.has(on))
      .map(({ on }) => ({ oid: on, name: title(on) })),
  };
}

function enumDetails(model: SchemaModel, schemas: ReadonlyMap<Oid, string>, oid: Oid): TableDetails | null {
  const type = model.types.find((one) => one.oid === oid);
  if (type?.kind !== 'enum') return null;
  const columns = model.tables.flatMap((table) =>
    table.kind === 'partition'
      ? []
      : table.columns
          .filter(({ typeOid }) => typeOid === oid)
          .map(({ name }) => ({ oid: table.oid, name: `${table.name}.${name}` })),
  );
  return {
    oid,
    schema: schemas.get(type.schema) ?? '?',
    name: type.name,
    kind: 'enum',
    comment: type.comment,
    owner: type.owner,
    facts: [],
    columns: [],
    values: type.values,
    keys: [],
    foreignKeys: [],
    referencedBy: [],
    indexes: [],
    triggers: [],
    policies: [],
    partitions: [],
    partitionKey: null,
    definition: null,
    usedBy: columns,
    uses: [],
  };
}

const byName = (a: { name: string }, b: { name: string }): number => compareNames(a.name, b.name);

const keyWords: Partial<Record<ConstraintModel['kind'], string>> = {
  'primary-key': 'Primary key',
  unique: 'Unique',
  check: 'Check',
  exclusion: 'Exclusion',
};

const triggerWords = {
  origin: '',
  disabled: 'disabled',
  replica: 'on replicas only',
  always: 'always, on replicas too',
} as const;

function facts(table: TableModel): { label: string; value: string }[] {
  const all: { label: string; value: string }[] = [];
  if (table.persistence !== 'permanent') all.push({ label: 'Persistence', value: table.persistence });
  if (table.rowSecurity) {
    all.push({ label: 'Row security', value: table.forceRowSecurity ? 'on, for the owner too' : 'on' });
  }
  if (table.tablespace) all.push({ label: 'Tablespace', value: table.tablespace });
  if (table.accessMethod && table.accessMethod !== 'heap')
    all.push({ label: 'Access method', value: table.accessMethod });
  if (table.options.length > 0) all.push({ label: 'Options', value: table.options.join(', ') });
  if (table.replicaIdentity !== 'default')
    all.push({ label: 'Replica identity', value: table.replicaIdentity });
  if (table.server) all.push({ label: 'Foreign server', value: table.server });
  if (table.extension) all.push({ label: 'Extension', value: table.extension });
  if (table.kind === 'materialized-view' && !table.populated)
    all.push({ label: 'Content', value: 'not populated yet' });
  return all;
}

function columnNotes(column: ColumnModel): string[] {
  return [
    column.identity ? `identity ${column.identity === 'always' ? 'always' : 'by default'}` : '',
    column.generated ? `generated, ${column.generated}` : '',
    column.collation ? `collation ${column.collation}` : '',
    column.local ? '' : 'inherited',
  ].filter(Boolean);
}

function constraintNotes(one: ConstraintModel): string[] {
  return [
    one.deferrable ? (one.deferred ? 'deferrable, initially deferred' : 'deferrable') : '',
    one.validated ? '' : 'not validated',
    one.enforced ? '' : 'not enforced',
    one.onDelete && one.onDelete !== 'no action' ? `on delete ${one.onDelete}` : '',
    one.onUpdate && one.onUpdate !== 'no action' ? `on update ${one.onUpdate}` : '',
    one.match === 'full' ? 'match full' : '',
  ].filter(Boolean);
}

function reference(
  one: ConstraintModel,
  otherOid: Oid,
  title: (oid: Oid) => string,
  tables: ReadonlyMap<Oid, TableModel>,
  table: TableModel,
  isOut: boolean,
): DetailReference {
  const other = tables.get(otherOid);
  const there = one.references?.columns ?? [];
  return {
    name: one.name,
    oid: otherOid,
    table: title(otherOid),
    columns: columnNames(table, isOut ? one.columns : there),
    otherColumns: other ? columnNames(other, isOut ? there : one.columns) : [],
    notes: constraintNotes(one),
  };
}

function columnNames(table: TableModel, numbers: readonly number[]): string[] {
  return numbers.map((number) => table.columns.find((column) => column.number === number)?.name ?? '?');
}
