/**
 * A database's structure as Howdah holds it: flat lists that refer to each other by oid, which is the key of an object
 * within one model and never shown. Texts are as PostgreSQL prints them. Built by `main/schema`, drawn and compared from
 * here; plain types, because checking a hundred thousand columns at each crossing would cost more than reading them.
 */

/** An object's oid within one model; as text, since catalogues differ in it and JSON keys are texts. */
export type Oid = string;

/** A text that needs the server's printing functions, which wait for locks: filled in later, or said why not. */
export type Printed =
  | { state: 'known'; text: string }
  /** Not asked yet. */
  | { state: 'later' }
  /** The object was locked when it was asked for. */
  | { state: 'waiting' }
  | { state: 'hidden'; why: string };

export interface Commented {
  comment: string | null;
}

/** One entry of an ACL: who gave what to whom. `grantee` is empty for PUBLIC. */
export interface Grant {
  grantee: string;
  grantor: string;
  /** As in an ACL item: `r`, `w`, `a`, … (PostgreSQL manual, "Privileges"). */
  privileges: string;
  /** Those of them that may be passed on. */
  grantable: string;
}

export interface Owned extends Commented {
  owner: string;
  /** Null: the default privileges. */
  grants: Grant[] | null;
}

export interface SchemaItem extends Owned {
  oid: Oid;
  name: string;
}

export type TableKind =
  | 'table'
  | 'partitioned'
  | 'partition'
  | 'view'
  | 'materialized-view'
  | 'foreign-table'
  /** A partition that is itself partitioned. */
  | 'sub-partitioned';

export interface ColumnModel extends Commented {
  /** attnum: place in the row type, from 1; gaps where columns were dropped. */
  number: number;
  name: string;
  /** As `format_type` prints it. */
  type: string;
  /** The type's oid, to find an enum, domain or composite of this model. */
  typeOid: Oid;
  notNull: boolean;
  /** Default or generation expression. */
  expression: Printed | null;
  identity: 'always' | 'by-default' | null;
  generated: 'stored' | 'virtual' | null;
  /** Schema-qualified where it is not the type's own. */
  collation: string | null;
  storage: string | null;
  compression: string | null;
  statistics: number | null;
  options: string[];
  /** For a child or a partition: whether it is defined there, and how many parents give it. */
  local: boolean;
  inherited: number;
  grants: Grant[] | null;
}

export interface TableModel extends Owned {
  oid: Oid;
  schema: Oid;
  name: string;
  kind: TableKind;
  persistence: 'permanent' | 'unlogged' | 'temporary';
  /** reltuples; -1 when never counted. */
  estimatedRows: number;
  /** relpages, in blocks. */
  pages: number;
  rowSecurity: boolean;
  forceRowSecurity: boolean;
  options: string[];
  accessMethod: string | null;
  tablespace: string | null;
  replicaIdentity: 'default' | 'nothing' | 'full' | 'index';
  /** Composite type it is made of (`OF`). */
  ofType: Oid | null;
  /** Parents by inheritance or as a partition, in order. */
  parents: Oid[];
  /** `RANGE (at)`, as pg_get_partkeydef prints it. */
  partitionKey: Printed | null;
  /** `FOR VALUES …`. */
  partitionBound: Printed | null;
  /** The query of a view. */
  definition: Printed | null;
  populated: boolean;
  checkOption: 'local' | 'cascaded' | null;
  server: string | null;
  serverOptions: string[];
  /** Of an extension, whose members are listed but not exported. */
  extension: string | null;
  columns: ColumnModel[];
}

export interface ConstraintModel extends Commented {
  oid: Oid;
  name: string;
  table: Oid | null;
  /** Domain it belongs to. */
  domain: Oid | null;
  kind: 'primary-key' | 'unique' | 'check' | 'foreign-key' | 'exclusion' | 'not-null' | 'trigger';
  /** attnums, in the constraint's order. */
  columns: number[];
  /** Foreign key: the table and columns referred to. */
  references: { table: Oid; columns: number[] } | null;
  onUpdate: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default' | null;
  onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default' | null;
  match: 'simple' | 'full' | null;
  deferrable: boolean;
  deferred: boolean;
  validated: boolean;
  enforced: boolean;
  noInherit: boolean;
  local: boolean;
  /** The parent's constraint that a partition has it from. */
  parent: Oid | null;
  index: Oid | null;
  /** As pg_get_constraintdef prints it. */
  definition: Printed;
}

export interface IndexModel extends Commented {
  oid: Oid;
  name: string;
  table: Oid;
  unique: boolean;
  primary: boolean;
  valid: boolean;
  ready: boolean;
  method: string;
  /** attnums; 0 for an expression. */
  columns: number[];
  keyColumns: number;
  nullsNotDistinct: boolean;
  partial: boolean;
  clustered: boolean;
  replicaIdentity: boolean;
  parent: Oid | null;
  constraint: Oid | null;
  tablespace: string | null;
  options: string[];
  /** Statistics targets of its columns, by their place from 1; absent where none was set. */
  statistics?: { column: number; target: number }[];
  /** As pg_get_indexdef prints it. */
  definition: Printed;
}

export interface SequenceModel extends Owned {
  oid: Oid;
  schema: Oid;
  name: string;
  persistence: 'permanent' | 'unlogged' | 'temporary';
  type: string;
  start: string;
  increment: string;
  minimum: string;
  maximum: string;
  cache: string;
  cycle: boolean;
  /** The column that owns it. */
  ownedBy: { table: Oid; column: number; identity: boolean } | null;
  extension: string | null;
}

export type TypeModel = Owned & {
  oid: Oid;
  schema: Oid;
  name: string;
  extension: string | null;
} & (
    | { kind: 'enum'; values: string[] }
    | {
        kind: 'domain';
        base: string;
        notNull: boolean;
        default: string | null;
        collation: string | null;
      }
    | {
        kind: 'composite';
        columns: { name: string; type: string; collation: string | null; comment: string | null }[];
      }
    | {
        kind: 'range';
        subtype: string;
        subtypeOperatorClass: string | null;
        collation: string | null;
        canonical: string | null;
        subtypeDiff: string | null;
        multirange: string | null;
      }
    | { kind: 'base' | 'shell' }
  );

export interface RoutineModel extends Owned {
  oid: Oid;
  schema: Oid;
  name: string;
  kind: 'function' | 'procedure' | 'aggregate' | 'window';
  /** Identity arguments, as pg_get_function_identity_arguments prints them. */
  arguments: string;
  result: string | null;
  language: string;
  volatility: 'immutable' | 'stable' | 'volatile';
  securityDefiner: boolean;
  extension: string | null;
  definition: Printed;
}

export interface TriggerModel extends Commented {
  oid: Oid;
  table: Oid;
  name: string;
  function: Oid;
  enabled: 'origin' | 'disabled' | 'replica' | 'always';
  /** The parent's trigger that a partition has it from. */
  parent: Oid | null;
  definition: Printed;
}

export interface PolicyModel extends Commented {
  oid: Oid;
  table: Oid;
  name: string;
  command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  permissive: boolean;
  /** Empty for PUBLIC. */
  roles: string[];
  using: Printed | null;
  check: Printed | null;
}

export interface ExtensionModel extends Commented {
  oid: Oid;
  name: string;
  schema: Oid;
  version: string;
  owner: string;
}

export interface EventTriggerModel extends Commented {
  oid: Oid;
  name: string;
  event: string;
  tags: string[];
  function: Oid;
  enabled: 'origin' | 'disabled' | 'replica' | 'always';
  owner: string;
}

export interface PublicationModel extends Commented {
  oid: Oid;
  name: string;
  owner: string;
  allTables: boolean;
  /** `insert`, `update`, `delete`, `truncate`. */
  operations: string[];
  viaRoot: boolean;
  /** Whether stored generated columns are published. 18 and later. */
  generatedColumns?: 'none' | 'stored';
  tables: { table: Oid; columns: number[] | null; filter: Printed | null }[];
  schemas: Oid[];
}

export interface ForeignServerModel extends Owned {
  oid: Oid;
  name: string;
  wrapper: string;
  type: string | null;
  version: string | null;
  options: string[];
}

/** What is exported and compared as the statements that make it, without being looked into. */
export interface OtherModel extends Commented {
  oid: Oid;
  kind: OtherKind;
  schema: Oid | null;
  /** Without its schema or table. */
  name: string;
  /** As COMMENT ON and DROP name it: `app.===(integer,integer)`, `keep ON app.t`. Empty where no statement can. */
  identity: string;
  /** The table or view that it is part of. */
  table: Oid | null;
  /** Null for what nobody owns. */
  owner: string | null;
  grants: Grant[] | null;
  definition: Printed;
  /** Statements behind the definition. */
  also: string[];
}

export type OtherKind =
  | 'rule'
  | 'statistics'
  | 'collation'
  | 'conversion'
  | 'operator'
  | 'operator family'
  | 'operator class'
  | 'cast'
  | 'transform'
  | 'language'
  | 'access method'
  | 'foreign-data wrapper'
  | 'user mapping'
  | 'text search parser'
  | 'text search template'
  | 'text search dictionary'
  | 'text search configuration'
  /** Named only. */
  | 'subscription'
  | 'security labels';

/** ALTER DEFAULT PRIVILEGES of one role, everywhere or in one schema. */
export interface DefaultPrivilegesModel {
  oid: Oid;
  role: string;
  /** Null: everywhere. Then `grants` is all there is; in a schema they come on top. */
  schema: Oid | null;
  on: 'tables' | 'sequences' | 'functions' | 'types' | 'schemas' | 'large objects';
  grants: Grant[];
}

/** A view, rule or routine body that uses a relation. */
export interface DependencyModel {
  dependent: Oid;
  on: Oid;
}

/** What the role may not read, in words for a person. */
export interface Unseen {
  what: string;
  why: string;
}

export interface SchemaModel {
  /** ms since 1970, by the server's clock. */
  at: number;
  server: { version: string; versionNumber: number };
  database: string;
  user: string;
  schemas: SchemaItem[];
  tables: TableModel[];
  constraints: ConstraintModel[];
  indexes: IndexModel[];
  sequences: SequenceModel[];
  types: TypeModel[];
  routines: RoutineModel[];
  triggers: TriggerModel[];
  policies: PolicyModel[];
  extensions: ExtensionModel[];
  eventTriggers: EventTriggerModel[];
  publications: PublicationModel[];
  foreignServers: ForeignServerModel[];
  dependencies: DependencyModel[];
  /** Absent in models that were kept before these were read. */
  others?: OtherModel[];
  defaultPrivileges?: DefaultPrivilegesModel[];
  unseen: Unseen[];
}

/** Everything there is by name, for a tree that is there at once. */
export interface NamesModel {
  schemas: { oid: Oid; name: string }[];
  relations: { oid: Oid; schema: Oid; name: string; kind: TableKind | 'sequence'; parent: Oid | null }[];
  routines: { oid: Oid; schema: Oid; name: string; arguments: string }[];
  types: { oid: Oid; schema: Oid; name: string; kind: TypeModel['kind'] }[];
}
