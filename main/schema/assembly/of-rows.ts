import type {
  ConstraintModel,
  DefaultPrivilegesModel,
  EventTriggerModel,
  ForeignServerModel,
  IndexModel,
  Oid,
  OtherModel,
  PolicyModel,
  Printed,
  RoutineModel,
  SchemaItem,
  TableKind,
  TableModel,
  TriggerModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';
import { grantsOf } from '../acl.ts';
import { withoutSecrets } from '../foreign-options.ts';
import { arrayOf, isTrue, numbersOf, textOf, textOrNull } from '../rows.ts';

export type Row = string[];

/** Shared by all that is not printed yet. */
export const later: Printed = { state: 'later' };

export interface Base {
  schemas: Map<Oid, SchemaItem>;
  parents: Map<Oid, Oid[]>;
  relations: Row[];
  routines: Row[];
  types: Row[];
}

export interface Lookups {
  role(id: string | undefined): string;
  named(kind: 'method' | 'tablespace' | 'language', id: string | undefined): string | null;
  collation(id: string | undefined): string | null;
  traits(id: string | undefined): { storage: string; collation: string } | undefined;
  type(key: string): string | undefined;
  extension(catalog: string, id: string | undefined): string | null;
}

export const oid = (field: string | undefined): Oid => field ?? '';
export const idOrNull = (field: string | undefined): Oid | null =>
  field === undefined || field === '\\N' ? null : field;

/** A catalogue's name as regclass prints it, with or without its schema. */
export const bare = (catalog: string | undefined): string => (catalog ?? '').replace(/^pg_catalog\./, '');

export function tableKind(row: Row): TableKind {
  const isPartition = isTrue(row[4]);
  switch (row[3]) {
    case 'p':
      return isPartition ? 'sub-partitioned' : 'partitioned';
    case 'v':
      return 'view';
    case 'm':
      return 'materialized-view';
    case 'f':
      return 'foreign-table';
    default:
      return isPartition ? 'partition' : 'table';
  }
}

export function typeKind(row: Row): TypeModel['kind'] {
  const kinds = { e: 'enum', d: 'domain', c: 'composite', r: 'range', p: 'shell' } as const;
  return kinds[row[3] as 'e'] ?? 'base';
}

export const constraintKinds: Record<string, ConstraintModel['kind']> = {
  p: 'primary-key',
  u: 'unique',
  c: 'check',
  f: 'foreign-key',
  x: 'exclusion',
  n: 'not-null',
  t: 'trigger',
};

export const actions: Record<string, NonNullable<ConstraintModel['onUpdate']>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

export function persistenceOf(letter: string | undefined): TableModel['persistence'] {
  return letter === 'u' ? 'unlogged' : letter === 't' ? 'temporary' : 'permanent';
}

export function storageName(letter: string | null): string | null {
  return { p: 'plain', e: 'external', m: 'main', x: 'extended' }[letter ?? ''] ?? letter;
}

/** The server keeps `pg_attver` there for itself: nobody set it, and other servers refuse it. */
export function columnOptions(options: string | undefined, foreignOptions: string | undefined): string[] {
  return [...arrayOf(options).filter((one) => !one.startsWith('pg_attver=')), ...arrayOf(foreignOptions)];
}

/** With oids in place of the names of its method and tablespace. */
export function indexOf(row: Row): IndexModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    table: oid(row[2]),
    unique: isTrue(row[3]),
    primary: isTrue(row[4]),
    valid: isTrue(row[5]),
    ready: isTrue(row[6]),
    method: row[7] ?? '',
    columns: numbersOf(row[8]),
    keyColumns: Number(row[9]),
    nullsNotDistinct: isTrue(row[10]),
    partial: isTrue(row[11]),
    clustered: isTrue(row[12]),
    replicaIdentity: isTrue(row[13]),
    parent: null,
    constraint: null,
    tablespace: idOrNull(row[14]),
    options: arrayOf(row[15]),
    definition: later,
    comment: null,
  };
}

export function routineOf(
  row: Row,
  look: Lookups,
  aggregates: Map<string | undefined, string>,
): RoutineModel {
  return {
    oid: oid(row[0]),
    schema: oid(row[1]),
    name: textOf(row[2]),
    kind: ({ p: 'procedure', a: 'aggregate', w: 'window' } as const)[row[4] as 'p'] ?? 'function',
    arguments: textOf(row[3]),
    result: textOrNull(row[5]),
    language: look.named('language', row[6]) ?? '',
    volatility: ({ i: 'immutable', s: 'stable' } as const)[row[7] as 'i'] ?? 'volatile',
    securityDefiner: isTrue(row[8]),
    extension: look.extension('pg_proc', row[0]),
    definition: row[4] === 'a' ? aggregateOf(aggregates.get(row[0])) : later,
    owner: look.role(row[9]),
    grants: grantsOf(row[10]),
    comment: null,
  };
}

function aggregateOf(text: string | undefined): Printed {
  if (text !== undefined) return { state: 'known', text };
  return {
    state: 'hidden',
    why: 'What it is made of could not be read, and PostgreSQL does not print aggregates.',
  };
}

export const firing = { D: 'disabled', R: 'replica', A: 'always' } as const;

export function triggerOf(row: Row): TriggerModel {
  return {
    oid: oid(row[0]),
    table: oid(row[1]),
    name: textOf(row[2]),
    function: oid(row[3]),
    enabled: firing[row[4] as 'D'] ?? 'origin',
    parent: idOrNull(row[5]),
    definition: later,
    comment: null,
  };
}

export const policyCommands = { r: 'select', a: 'insert', w: 'update', d: 'delete' } as const;

export function policyOf(row: Row, look: Lookups): PolicyModel {
  return {
    oid: oid(row[0]),
    table: oid(row[1]),
    name: textOf(row[2]),
    command: policyCommands[row[3] as 'r'] ?? 'all',
    permissive: isTrue(row[4]),
    roles: arrayOf(row[5])
      .filter((id) => id !== '0')
      .map(look.role),
    using: isTrue(row[6]) ? later : null,
    check: isTrue(row[7]) ? later : null,
    comment: null,
  };
}

export function eventTriggerOf(row: Row, look: Lookups): EventTriggerModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    event: textOf(row[2]),
    tags: arrayOf(row[3]),
    function: oid(row[4]),
    enabled: firing[row[5] as 'D'] ?? 'origin',
    owner: look.role(row[6]),
    comment: null,
  };
}

export function serverOf(row: Row, look: Lookups): ForeignServerModel {
  return {
    oid: oid(row[0]),
    name: textOf(row[1]),
    owner: look.role(row[2]),
    wrapper: textOf(row[3]),
    type: textOrNull(row[4]),
    version: textOrNull(row[5]),
    options: withoutSecrets(arrayOf(row[6])),
    grants: grantsOf(row[7]),
    comment: null,
  };
}

export function defaultPrivilegesOf(row: Row, look: Lookups): DefaultPrivilegesModel {
  return {
    oid: oid(row[0]),
    role: look.role(row[1]),
    schema: idOrNull(row[2]),
    on: defaultsOn[row[3] as 'r'] ?? 'tables',
    grants: grantsOf(row[4]) ?? [],
  };
}

const defaultsOn = {
  r: 'tables',
  S: 'sequences',
  f: 'functions',
  T: 'types',
  n: 'schemas',
  L: 'large objects',
} as const;

/** A row of one of the statements of `catalog/others`, which all have the same columns. */
export function otherOf(row: Row, look: Lookups): OtherModel {
  const [kind, id, schema, name, identity, table, owner, acl, definition, also] = row;
  const text = textOrNull(definition);
  return {
    oid: oid(id),
    kind: textOf(kind) as OtherModel['kind'],
    schema: idOrNull(schema),
    name: textOf(name),
    identity: textOf(identity),
    table: idOrNull(table),
    owner: owner === '\\N' ? null : look.role(owner),
    grants: grantsOf(acl),
    definition: text === null ? later : { state: 'known', text },
    also: arrayOf(also),
    comment: null,
  };
}
