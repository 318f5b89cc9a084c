import type {
  ColumnModel,
  ConstraintModel,
  SchemaModel,
  TableModel,
} from '../../../preload/contract/schema-model.ts';

/** Models made by hand. */
export function emptyModel(): SchemaModel {
  return {
    at: 0,
    server: { version: '15.20', versionNumber: 150020 },
    database: 'shop',
    user: 'deb',
    schemas: [{ oid: '1', name: 'public', owner: 'deb', grants: null, comment: null }],
    tables: [],
    constraints: [],
    indexes: [],
    sequences: [],
    types: [],
    routines: [],
    triggers: [],
    policies: [],
    extensions: [],
    eventTriggers: [],
    publications: [],
    foreignServers: [],
    dependencies: [],
    others: [],
    defaultPrivileges: [],
    unseen: [],
  };
}

export function column(number: number, name: string, more: Partial<ColumnModel> = {}): ColumnModel {
  return {
    number,
    name,
    type: 'integer',
    typeOid: '23',
    notNull: false,
    expression: null,
    identity: null,
    generated: null,
    collation: null,
    storage: null,
    compression: null,
    statistics: null,
    options: [],
    local: true,
    inherited: 0,
    grants: null,
    comment: null,
    ...more,
  };
}

export function table(oid: string, name: string, more: Partial<TableModel> = {}): TableModel {
  return {
    oid,
    schema: '1',
    name,
    kind: 'table',
    persistence: 'permanent',
    estimatedRows: -1,
    pages: 0,
    rowSecurity: false,
    forceRowSecurity: false,
    options: [],
    accessMethod: 'heap',
    tablespace: null,
    replicaIdentity: 'default',
    ofType: null,
    parents: [],
    partitionKey: null,
    partitionBound: null,
    definition: null,
    populated: true,
    checkOption: null,
    server: null,
    serverOptions: [],
    extension: null,
    columns: [column(1, 'id', { notNull: true })],
    owner: 'deb',
    grants: null,
    comment: null,
    ...more,
  };
}

export function constraint(
  oid: string,
  kind: ConstraintModel['kind'],
  on: string,
  columns: number[],
  definition: string,
  more: Partial<ConstraintModel> = {},
): ConstraintModel {
  return {
    oid,
    name: `${kind} ${oid}`,
    table: on,
    domain: null,
    kind,
    columns,
    references: null,
    onUpdate: null,
    onDelete: null,
    match: null,
    deferrable: false,
    deferred: false,
    validated: true,
    enforced: true,
    noInherit: false,
    local: true,
    parent: null,
    index: null,
    definition: { state: 'known', text: definition },
    comment: null,
    ...more,
  };
}
