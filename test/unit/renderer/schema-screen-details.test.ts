import { describe, expect, test } from 'vitest';
import { addDefinitions, type Definitions } from '../../../preload/contract/diagram/model/collect.ts';
import type { Grant, SchemaModel } from '../../../preload/contract/schema-model.ts';
import { grantWords } from '../../../renderer/schema/inspector/details/grants.ts';
import { objectDetails } from '../../../renderer/schema/inspector/details/object-details.ts';
import { otherObjects } from '../../../renderer/schema/inspector/details/others.ts';
import { believableModel } from '../../support/ui-schema-fixture/models.ts';

const none: Definitions = new Map();
const tableOf = (model: SchemaModel, name: string) => {
  const table = model.tables.find((one) => one.name === name);
  if (!table) throw new Error(`There is no ${name}.`);
  return table;
};
const grant = (about: Partial<Grant>): Grant => ({
  grantee: 'app',
  grantor: 'owner',
  privileges: 'r',
  grantable: '',
  ...about,
});

describe('What the inspector shows of a table', () => {
  const model = believableModel();
  const orders = tableOf(model, 'orders');

  test('has names looked up, and definitions that came later', () => {
    const definitions: Definitions = new Map();
    addDefinitions(definitions, {
      [model.triggers[0]?.oid ?? '']: { state: 'known', text: 'CREATE TRIGGER …' },
      [`${model.policies[0]?.oid}.using`]: { state: 'known', text: 'tenant_id = 1' },
    });
    const details = objectDetails(model, definitions, orders.oid);
    const { table } = details ?? {};
    expect(table?.foreignKeys.map((one) => `${one.columns.join()} → ${one.table}`)).toEqual([
      'customer_id → customers',
      'placed_by → core.people',
      'tenant_id → core.tenants',
    ]);
    expect(table?.referencedBy.map((one) => one.table)).toEqual(['invoices', 'order_items']);
    expect(table?.triggers).toMatchObject([
      { calls: { name: 'core.touch()' }, definition: { text: 'CREATE TRIGGER …' } },
    ]);
    expect(table?.policies).toMatchObject([
      { name: 'own_tenant', command: 'all', using: { text: 'tenant_id = 1' }, check: null },
    ]);
    expect(details?.usedBy).toMatchObject([{ name: 'open_orders' }]);
  });

  test('says that a definition waits until it has come', () => {
    const { table } = objectDetails(model, none, orders.oid) ?? {};
    expect(table?.triggers[0]?.definition).toEqual({ state: 'waiting' });
  });

  test('is there for a partition too, with its parent and what it takes', () => {
    const partition = tableOf(model, 'readings_2026_01_01');
    const details = objectDetails(model, none, partition.oid);
    expect(details).toMatchObject({
      kind: 'partition',
      table: {
        parent: { name: 'readings' },
        partitionBound: { text: "FOR VALUES FROM ('day 1') TO ('day 2')" },
      },
    });
    expect(objectDetails(model, none, tableOf(model, 'readings').oid)?.table?.partitions).toHaveLength(60);
  });

  test('leads nowhere from a foreign key whose other table can’t be seen', () => {
    const some = structuredClone(model);
    some.tables = some.tables.filter(({ name }) => name !== 'customers');
    const [toCustomers] = objectDetails(some, none, orders.oid)?.table?.foreignKeys ?? [];
    expect(toCustomers).toMatchObject({ oid: '', table: 'a table that can’t be seen' });
  });

  test('says what an index is for beside queries', () => {
    const { table } = objectDetails(model, none, tableOf(model, 'people').oid) ?? {};
    expect(table?.indexes.map(({ name, keeps }) => [name, keeps])).toEqual([
      ['people_email_key', 'keeps a constraint'],
      ['people_pkey', 'keeps the primary key'],
    ]);
  });

  test('says nothing of a view’s replica identity, which nobody chose', () => {
    const some = structuredClone(model);
    const [view, table] = [tableOf(some, 'open_orders'), tableOf(some, 'orders')];
    view.replicaIdentity = 'nothing';
    table.replicaIdentity = 'full';
    expect(objectDetails(some, none, view.oid)?.facts).toEqual([]);
    expect(objectDetails(some, none, table.oid)?.facts).toContainEqual({
      label: 'Replica identity',
      value: 'full',
    });
  });

  test('is null when it is gone', () => {
    expect(objectDetails(model, none, 'gone')).toBeNull();
  });
});

describe('What the inspector shows of others', () => {
  const model = believableModel();
  const touch = model.routines[0];

  test('a routine: its arguments, as whom it runs, and the triggers that call it', () => {
    expect(objectDetails(model, none, touch?.oid ?? '')).toMatchObject({
      what: 'routine',
      title: 'touch()',
      usedBy: [{ name: 'orders_touch on sales.orders' }],
    });
  });

  test('an enum: its values and the columns of its type', () => {
    const status = model.types.find(({ name }) => name === 'order_status');
    const details = objectDetails(model, none, status?.oid ?? '');
    expect(details?.values.length).toBeGreaterThan(1);
    expect(details?.usedBy.map(({ name }) => name)).toContain('orders.status');
  });

  test('are listed but for what came with an extension or belongs to an identity column', () => {
    if (!touch) throw new Error('There is no routine.');
    const some = {
      ...model,
      routines: [touch, { ...touch, oid: '1', name: 'digest', extension: 'pgcrypto' }],
      sequences: [],
    };
    expect(otherObjects(some).map(({ name, aside }) => `${name}${aside}`)).toEqual(['touch()']);
  });
});

describe('Grants in words', () => {
  test('name each privilege', () => {
    const [words] = grantWords('table', [grant({ privileges: 'arwd' })], 'owner');
    expect(words).toMatchObject({
      privileges: ['insert', 'select', 'update', 'delete'],
      isAll: false,
      item: 'app=arwd/owner',
    });
  });

  test('say what may be passed on, as the server writes it too', () => {
    const [words] = grantWords('table', [grant({ privileges: 'rw', grantable: 'r' })], 'owner');
    expect(words).toMatchObject({ passesOn: ['select'], item: 'app=r*w/owner' });
  });

  test('leave the owner out who has everything, and keep the owner who has not', () => {
    const all = grant({ grantee: 'owner', privileges: 'arwdDxt' });
    expect(grantWords('table', [all], 'owner')).toEqual([]);
    expect(grantWords('table', [{ ...all, privileges: 'r' }], 'owner')).toHaveLength(1);
  });

  test('keep a letter of a later server as it is', () => {
    expect(grantWords('table', [grant({ privileges: 'rZ' })], 'owner')[0]?.privileges).toEqual([
      'select',
      'Z',
    ]);
  });

  test('explain what holds where nobody said anything', () => {
    const model = believableModel();
    expect(objectDetails(model, none, model.routines[0]?.oid ?? '')?.access.byDefault).toMatch(/everyone/);
    expect(objectDetails(model, none, tableOf(model, 'orders').oid)?.access.byDefault).toMatch(
      /only the owner/,
    );
  });
});
