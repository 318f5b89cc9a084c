import { emptyModel } from '../../../preload/contract/diagram/model/collect.ts';
import type {
  ColumnModel,
  ConstraintModel,
  Oid,
  Printed,
  SchemaModel,
  TableModel,
  TypeModel,
} from '../../../preload/contract/schema-model.ts';

const known = (text: string): Printed => ({ state: 'known', text });

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface ColumnPlan {
  name: string;
  type?: string;
  typeOid?: Oid;
  notNull?: boolean;
}

/** Puts a model together by names, as a test would say it. */
export class ModelBuilder {
  readonly model: SchemaModel = {
    ...emptyModel(),
    at: 0,
    database: 'fixture',
    user: 'reader',
    server: { version: '17.2', versionNumber: 170_002 },
  };
  #oid = 16_384;

  oid(): Oid {
    this.#oid += 1;
    return String(this.#oid);
  }

  schema(name: string): Oid {
    const oid = this.oid();
    this.model.schemas.push({ oid, name, comment: null, owner: 'owner', grants: null });
    return oid;
  }

  table(
    schema: Oid,
    name: string,
    columns: readonly ColumnPlan[],
    about: Partial<TableModel> = {},
  ): TableModel {
    const table: TableModel = {
      oid: this.oid(),
      schema,
      name,
      kind: 'table',
      persistence: 'permanent',
      estimatedRows: 1200,
      pages: 12,
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
      comment: null,
      owner: 'owner',
      grants: null,
      columns: columns.map((column, at) => makeColumn(column, at + 1)),
      ...about,
    };
    this.model.tables.push(table);
    return table;
  }

  enum(schema: Oid, name: string, values: string[]): TypeModel {
    const type: TypeModel = {
      kind: 'enum',
      oid: this.oid(),
      schema,
      name,
      values,
      comment: null,
      owner: 'owner',
      grants: null,
      extension: null,
    };
    this.model.types.push(type);
    return type;
  }

  key(table: TableModel, kind: 'primary-key' | 'unique', columns: readonly string[]): ConstraintModel {
    const name = `${table.name}_${kind === 'primary-key' ? 'pkey' : `${columns.join('_')}_key`}`;
    const index = this.oid();
    const constraint = this.#constraint(table, kind, name, columns, { index });
    this.model.indexes.push({
      oid: index,
      name,
      table: table.oid,
      unique: true,
      primary: kind === 'primary-key',
      valid: true,
      ready: true,
      method: 'btree',
      columns: numbers(table, columns),
      keyColumns: columns.length,
      nullsNotDistinct: false,
      partial: false,
      clustered: false,
      replicaIdentity: false,
      parent: null,
      constraint: constraint.oid,
      tablespace: null,
      options: [],
      comment: null,
      definition: known(`CREATE UNIQUE INDEX ${name} ON ${table.name} USING btree (${columns.join(', ')})`),
    });
    return constraint;
  }

  reference(
    from: TableModel,
    columns: readonly string[],
    to: TableModel,
    there: readonly string[],
    about: Partial<ConstraintModel> = {},
  ): ConstraintModel {
    return this.#constraint(from, 'foreign-key', `${from.name}_${columns.join('_')}_fkey`, columns, {
      references: { table: to.oid, columns: numbers(to, there) },
      onUpdate: 'no action',
      onDelete: 'no action',
      match: 'simple',
      definition: known(`FOREIGN KEY (${columns.join(', ')}) REFERENCES ${to.name}(${there.join(', ')})`),
      ...about,
    });
  }

  #constraint(
    table: TableModel,
    kind: ConstraintModel['kind'],
    name: string,
    columns: readonly string[],
    about: Partial<ConstraintModel>,
  ): ConstraintModel {
    const constraint: ConstraintModel = {
      oid: this.oid(),
      name,
      table: table.oid,
      domain: null,
      kind,
      columns: numbers(table, columns),
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
      comment: null,
      definition: known(`${kind === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE'} (${columns.join(', ')})`),
      ...about,
    };
    this.model.constraints.push(constraint);
    return constraint;
  }
}

function numbers(table: TableModel, columns: readonly string[]): number[] {
  return columns.map((name) => table.columns.find((column) => column.name === name)?.number ?? 0);
}

function makeColumn(
  { name, type = 'text', typeOid = '25', notNull = false }: ColumnPlan,
  number: number,
): ColumnModel {
  return {
    number,
    name,
    type,
    typeOid,
    notNull,
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
  };
}

const types = [
  'text',
  'integer',
  'bigint',
  'timestamp with time zone',
  'numeric(12,2)',
  'boolean',
  'jsonb',
  'uuid',
];
const words = [
  'order',
  'customer',
  'invoice',
  'device',
  'reading',
  'asset',
  'work',
  'plan',
  'audit',
  'message',
  'price',
  'ticket',
];

/** N tables over 20 schemas, 10 columns, 2 foreign keys and 3 indexes each; most refer to older tables of their own schema. */
export function syntheticModel(tables: number, seed = 1): SchemaModel {
  const random = seeded(seed);
  const builder = new ModelBuilder();
  const schemaCount = Math.max(1, Math.min(20, Math.ceil(tables / 8)));
  const schemas = Array.from({ length: schemaCount }, (_, at) => ({
    oid: builder.schema(`area_${String(at + 1).padStart(2, '0')}`),
    tables: [] as TableModel[],
  }));
  const all: TableModel[] = [];
  for (let at = 0; at < tables; at += 1) {
    const home = schemas[at % schemaCount];
    if (!home) continue;
    const name = `${words[at % words.length]}_${words[(at * 7 + 3) % words.length]}_${at + 1}`;
    const table = builder.table(home.oid, name, [
      { name: 'id', type: 'bigint', typeOid: '20', notNull: true },
      { name: 'parent_id', type: 'bigint', typeOid: '20', notNull: true },
      { name: 'other_id', type: 'bigint', typeOid: '20' },
      ...Array.from({ length: 7 }, (_, column) => ({
        name: `${words[(at + column) % words.length]}_${column + 1}`,
        type: types[(at + column * 3) % types.length] ?? 'text',
        notNull: (at + column) % 3 === 0,
      })),
    ]);
    table.rowSecurity = at % 17 === 0;
    builder.key(table, 'primary-key', ['id']);
    for (const column of ['parent_id', 'other_id']) {
      const near = random() < 0.9 ? home.tables : all;
      const target = near.length === 0 ? table : near[Math.floor(random() ** 2 * near.length)];
      if (target) builder.reference(table, [column], target, ['id']);
    }
    home.tables.push(table);
    all.push(table);
  }
  return builder.model;
}

/** A small system such as people have: some schemas, lookups, a hub, partitions, enums, views, row security. */
export function believableModel(): SchemaModel {
  const builder = new ModelBuilder();
  const id = { name: 'id', type: 'bigint', typeOid: '20', notNull: true };
  const at = (name: string, notNull = true): ColumnPlan => ({
    name,
    type: 'timestamp with time zone',
    typeOid: '1184',
    notNull,
  });
  const ref = (name: string, notNull = true): ColumnPlan => ({
    name,
    type: 'bigint',
    typeOid: '20',
    notNull,
  });
  const text = (name: string, notNull = true): ColumnPlan => ({ name, type: 'text', notNull });
  const sales = builder.schema('sales');
  const core = builder.schema('core');
  const iot = builder.schema('telemetry');
  builder.schema('empty_one');
  const status = builder.enum(sales, 'order_status', ['draft', 'placed', 'paid', 'shipped', 'returned']);
  const role = builder.enum(core, 'member_role', ['owner', 'admin', 'member']);
  const tenants = builder.table(core, 'tenants', [id, text('name'), text('plan'), at('created_at')], {
    comment: 'Who pays.',
  });
  const people = builder.table(core, 'people', [
    id,
    text('email'),
    text('full_name', false),
    at('created_at'),
  ]);
  const members = builder.table(
    core,
    'tenant_members',
    [
      ref('tenant_id'),
      ref('person_id'),
      { name: 'role', type: 'member_role', typeOid: role.oid, notNull: true },
    ],
    { rowSecurity: true, forceRowSecurity: true },
  );
  const profiles = builder.table(core, 'profiles', [
    ref('person_id'),
    text('bio', false),
    { name: 'settings', type: 'jsonb', notNull: true },
  ]);
  const sessions = builder.table(core, 'sessions', [id, ref('person_id'), at('expires_at')]);
  const customers = builder.table(
    sales,
    'customers',
    [id, ref('tenant_id'), text('name'), text('email', false)],
    { rowSecurity: true },
  );
  const products = builder.table(sales, 'products', [
    id,
    text('sku'),
    text('title'),
    { name: 'price', type: 'numeric(12,2)', notNull: true },
    ref('parent_id', false),
  ]);
  const orders = builder.table(
    sales,
    'orders',
    [
      id,
      ref('tenant_id'),
      ref('customer_id'),
      { name: 'status', type: 'order_status', typeOid: status.oid, notNull: true },
      ref('placed_by', false),
      at('placed_at', false),
    ],
    { rowSecurity: true, estimatedRows: 1_284_332 },
  );
  const items = builder.table(sales, 'order_items', [
    ref('order_id'),
    { name: 'line', type: 'integer', notNull: true },
    ref('product_id'),
    { name: 'quantity', type: 'integer', notNull: true },
  ]);
  const shipments = builder.table(sales, 'shipments', [
    id,
    ref('order_id'),
    { name: 'line', type: 'integer' },
    text('carrier'),
  ]);
  const invoices = builder.table(sales, 'invoices', [
    id,
    ref('order_id'),
    { name: 'total', type: 'numeric(12,2)', notNull: true },
    at('due_at'),
  ]);
  const devices = builder.table(iot, 'devices', [id, ref('tenant_id'), text('serial'), at('seen_at', false)]);
  const readings = builder.table(
    iot,
    'readings',
    [
      ref('device_id'),
      at('at'),
      { name: 'value', type: 'double precision', notNull: true },
      { name: 'tags', type: 'jsonb' },
    ],
    { kind: 'partitioned', partitionKey: known('RANGE (at)'), estimatedRows: -1 },
  );
  for (let day = 1; day <= 60; day += 1) {
    const name = `readings_2026_${String(Math.ceil(day / 30)).padStart(2, '0')}_${String(((day - 1) % 30) + 1).padStart(2, '0')}`;
    const partition = builder.table(
      iot,
      name,
      [
        ref('device_id'),
        at('at'),
        { name: 'value', type: 'double precision', notNull: true },
        { name: 'tags', type: 'jsonb' },
      ],
      {
        kind: 'partition',
        parents: [readings.oid],
        partitionBound: known(`FOR VALUES FROM ('day ${day}') TO ('day ${day + 1}')`),
      },
    );
    builder.reference(partition, ['device_id'], devices, ['id'], { parent: 'readings' });
  }
  const alerts = builder.table(iot, 'alerts', [
    id,
    ref('device_id'),
    ref('acknowledged_by', false),
    text('message'),
  ]);
  builder.table(iot, 'firmware', [id, text('version'), { name: 'image', type: 'bytea', notNull: true }]);
  builder.table(core, 'settings', [text('key'), { name: 'value', type: 'jsonb' }]);
  const view = builder.table(
    sales,
    'open_orders',
    [ref('id', false), text('customer', false), at('placed_at', false)],
    {
      kind: 'view',
      definition: known(
        ' SELECT o.id,\n    c.name AS customer,\n    o.placed_at\n   FROM sales.orders o\n     JOIN sales.customers c ON c.id = o.customer_id;',
      ),
    },
  );
  builder.model.dependencies.push(
    { dependent: view.oid, on: orders.oid },
    { dependent: view.oid, on: customers.oid },
  );

  for (const table of [
    tenants,
    people,
    sessions,
    customers,
    products,
    orders,
    shipments,
    invoices,
    devices,
    alerts,
  ])
    builder.key(table, 'primary-key', ['id']);
  builder.key(members, 'primary-key', ['tenant_id', 'person_id']);
  builder.key(items, 'primary-key', ['order_id', 'line']);
  builder.key(profiles, 'primary-key', ['person_id']);
  builder.key(people, 'unique', ['email']);
  builder.key(products, 'unique', ['sku']);
  builder.reference(members, ['tenant_id'], tenants, ['id'], { onDelete: 'cascade' });
  builder.reference(members, ['person_id'], people, ['id'], { onDelete: 'cascade' });
  builder.reference(profiles, ['person_id'], people, ['id']);
  builder.reference(sessions, ['person_id'], people, ['id']);
  builder.reference(customers, ['tenant_id'], tenants, ['id']);
  builder.reference(orders, ['tenant_id'], tenants, ['id']);
  builder.reference(orders, ['customer_id'], customers, ['id']);
  builder.reference(orders, ['placed_by'], people, ['id'], { onDelete: 'set null' });
  builder.reference(items, ['order_id'], orders, ['id'], { onDelete: 'cascade' });
  builder.reference(items, ['product_id'], products, ['id']);
  builder.reference(products, ['parent_id'], products, ['id']);
  builder.reference(shipments, ['order_id', 'line'], items, ['order_id', 'line']);
  builder.reference(invoices, ['order_id'], orders, ['id']);
  builder.reference(devices, ['tenant_id'], tenants, ['id']);
  builder.reference(readings, ['device_id'], devices, ['id']);
  builder.reference(alerts, ['device_id'], devices, ['id']);
  builder.reference(alerts, ['acknowledged_by'], people, ['id']);
  builder.model.policies.push({
    oid: builder.oid(),
    table: orders.oid,
    name: 'own_tenant',
    command: 'all',
    permissive: true,
    roles: [],
    using: known("(tenant_id = (current_setting('app.tenant'::text))::bigint)"),
    check: null,
    comment: null,
  });
  const touch = builder.oid();
  builder.model.routines.push({
    oid: touch,
    schema: core,
    name: 'touch',
    kind: 'function',
    arguments: '',
    result: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    securityDefiner: false,
    extension: null,
    comment: null,
    owner: 'owner',
    grants: null,
    definition: { state: 'later' },
  });
  builder.model.triggers.push({
    oid: builder.oid(),
    table: orders.oid,
    name: 'orders_touch',
    function: touch,
    enabled: 'origin',
    parent: null,
    comment: null,
    definition: { state: 'waiting' },
  });
  return builder.model;
}

/** Names and shapes that have broken diagrams elsewhere. */
export function awkwardModel(): SchemaModel {
  const builder = new ModelBuilder();
  const odd = builder.schema('Odd "schema".with\ndots');
  const other = builder.schema('public');
  const id = { name: 'id', type: 'bigint', typeOid: '20', notNull: true };
  const names = [
    'with "quotes"',
    'a.b.c',
    'two words',
    'line\nbreak\ttab',
    '🐘🐘 elephants',
    '表格名称很长很长',
    'ñandú_ß_ı',
    '-- ; drop',
    '</text><script>alert(1)</script>',
    '1starts_with_digit',
    '‮right to left',
    'x'.repeat(63),
    '',
  ];
  const tables = names.map((name) =>
    builder.table(odd, name, [id, { name: `${name} id`, type: 'character varying(255)[]' }]),
  );
  for (const [at, table] of tables.entries()) {
    builder.key(table, 'primary-key', ['id']);
    const next = tables[(at + 1) % tables.length];
    // One great circle.
    if (next) builder.reference(table, [`${names[at]} id`], next, ['id']);
  }
  const wide = builder.table(other, 'wide', [
    ...Array.from({ length: 1600 }, (_, at) => ({
      name: `column_${at + 1}`,
      type: at % 2 ? 'integer' : 'text',
    })),
  ]);
  builder.key(wide, 'primary-key', ['column_1500']);
  const self = builder.table(other, 'self', [
    id,
    { name: 'up', type: 'bigint' },
    { name: 'down', type: 'bigint' },
  ]);
  builder.key(self, 'primary-key', ['id']);
  builder.reference(self, ['up'], self, ['id']);
  builder.reference(self, ['down'], self, ['id']);
  builder.reference(self, ['down'], wide, ['column_1500']);
  builder.reference(self, ['up'], wide, ['column_900']);
  builder.table(other, 'no_columns', []);
  builder.enum(
    other,
    'many values',
    Array.from({ length: 90 }, (_, at) => `value "${at}"`),
  );
  builder.model.constraints.push({
    ...builder.reference(self, ['up'], self, ['id']),
    oid: builder.oid(),
    references: { table: '999', columns: [1] },
  });
  builder.table(other, 'orphan_partition', [id], { kind: 'partition', parents: ['424242'] });
  builder.model.unseen.push({
    what: 'Row security policies of 2 tables',
    why: 'the role may not read pg_policy',
  });
  return builder.model;
}
