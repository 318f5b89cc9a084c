import { describe, expect, test } from 'vitest';
import { addPart, emptyModel } from '../../../../preload/contract/diagram/model/collect.ts';
import { everything, Flag } from '../../../../preload/contract/diagram/model/diagram.ts';
import { digest } from '../../../../preload/contract/diagram/model/digest.ts';
import { neighbourhood, visibleTables } from '../../../../preload/contract/diagram/model/filter.ts';
import { awkwardModel, believableModel, ModelBuilder } from '../../../support/ui-schema-fixture/models.ts';

const diagram = digest(believableModel());
const place = (name: string): number => diagram.tables.findIndex((table) => table.name === name);
const table = (name: string) => diagram.tables[place(name)];
const names = (places: readonly number[]): string[] => places.map((one) => diagram.tables[one]?.name ?? '');
const relation = (name: string) => diagram.relations.find((one) => one.name === name);

describe('what of a model is drawn', () => {
  test('a partitioned table is one box that counts its partitions', () => {
    expect(table('readings')).toMatchObject({ kind: 'partitioned', partitions: 60 });
    expect(diagram.tables.filter(({ name }) => name.startsWith('readings_'))).toEqual([]);
  });

  test('a foreign key that partitions have from their table is one line', () => {
    expect(diagram.relations.filter(({ from }) => from === place('readings'))).toHaveLength(1);
  });

  test('a foreign key of a partition alone is drawn at its table, column by name', () => {
    const builder = new ModelBuilder();
    const schema = builder.schema('s');
    const id = { name: 'id', type: 'bigint', notNull: true };
    const there = builder.table(schema, 'there', [id]);
    const root = builder.table(schema, 'root', [id, { name: 'ref' }], { kind: 'partitioned' });
    const partition = builder.table(schema, 'part', [{ name: 'gone' }, { name: 'ref' }, id], {
      kind: 'partition',
      parents: [root.oid],
    });
    builder.reference(partition, ['ref'], there, ['id']);
    const made = digest(builder.model);
    const [line] = made.relations;
    expect(made.tables[line?.from ?? -1]?.name).toBe('root');
    expect(line?.fromColumns).toEqual([1]);
  });

  test('a partition whose parent can’t be seen is drawn as the table it is', () => {
    expect(
      digest(awkwardModel()).tables.some(({ name, kind }) => name === 'orphan_partition' && kind === 'table'),
    ).toBe(true);
  });

  test('a foreign key to a table that can’t be seen is left out, and nothing breaks', () => {
    const { relations, tables } = digest(awkwardModel());
    for (const { from, to } of relations) {
      expect(tables[from]).toBeDefined();
      expect(tables[to]).toBeDefined();
    }
  });

  test('columns know their keys, whether null may stand, and their enum', () => {
    const orders = table('orders');
    const flags = (column: string): number => orders?.flags[orders.columns.indexOf(column)] ?? 0;
    expect(flags('id') & Flag.primary).toBeTruthy();
    expect(flags('customer_id') & Flag.foreign).toBeTruthy();
    expect(flags('placed_by') & Flag.notNull).toBe(0);
    expect(flags('status') & Flag.enum).toBeTruthy();
  });

  test('a nullable foreign key is optional; one on unique columns is at most one', () => {
    expect(relation('orders_placed_by_fkey')).toMatchObject({ optional: true, unique: false });
    expect(relation('orders_customer_id_fkey')).toMatchObject({ optional: false, unique: false });
    expect(relation('profiles_person_id_fkey')).toMatchObject({ optional: false, unique: true });
  });

  test('row security is told apart from forced row security', () => {
    expect(table('orders')?.rowSecurity).toBe('on');
    expect(table('tenant_members')?.rowSecurity).toBe('forced');
    expect(table('people')?.rowSecurity).toBe('off');
  });
});

describe('filters', () => {
  const visible = (filter: Partial<typeof everything>): string[] =>
    names(visibleTables(diagram, { ...everything, ...filter }));

  test('leave a schema out', () => {
    expect(visible({ hiddenSchemas: ['sales', 'core'] })).toEqual([
      'alerts',
      'devices',
      'firmware',
      'readings',
    ]);
  });

  test('find by part of the name in any case, and by schema and name', () => {
    expect(visible({ name: 'ORDER_' })).toEqual(['order_items', 'order_status']);
    expect(visible({ name: 'telemetry.d' })).toEqual(['devices']);
  });

  test('leave what stands alone out, and keep what only a self reference or nothing holds out too', () => {
    const connected = visible({ onlyConnected: true });
    expect(connected).not.toContain('settings');
    expect(connected).not.toContain('firmware');
    expect(connected).toContain('orders');
    expect(connected).toContain('order_status');
  });

  test('leave views and enums out', () => {
    const drawn = visible({ views: false, enums: false });
    expect(drawn).not.toContain('open_orders');
    expect(drawn).not.toContain('order_status');
  });

  test('narrow to a table and its neighbours, further with depth', () => {
    expect(visible({ focus: { table: place('devices'), depth: 1 } })).toEqual([
      'tenants',
      'alerts',
      'devices',
      'readings',
    ]);
    const two = visible({ focus: { table: place('devices'), depth: 2 } });
    expect(two).toContain('orders');
    expect(two).toContain('people');
    expect(two).not.toContain('shipments');
  });

  test('do not take tables for near because they share an enum', () => {
    expect(names(neighbourhood(diagram, place('order_status'), 1))).toEqual(['order_status', 'orders']);
    expect(names(neighbourhood(diagram, place('orders'), 1))).toContain('order_status');
  });

  test('show a table that is asked for by itself even when its schema is left out', () => {
    expect(visible({ hiddenSchemas: ['telemetry'], focus: { table: place('firmware'), depth: 1 } })).toEqual([
      'firmware',
    ]);
  });
});

describe('a model that comes in parts', () => {
  test('is the whole one, however it is cut', () => {
    const whole = believableModel();
    const model = emptyModel();
    addPart(model, { database: whole.database, schemas: whole.schemas });
    for (const table of whole.tables) addPart(model, { tables: [table] });
    addPart(model, { constraints: whole.constraints.slice(0, 5), indexes: whole.indexes });
    addPart(model, {
      constraints: whole.constraints.slice(5),
      types: whole.types,
      dependencies: whole.dependencies,
    });
    expect(digest(model)).toEqual(digest(whole));
  });
});
