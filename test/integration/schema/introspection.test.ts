import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaModel, TableModel } from '../../../preload/contract/schema-model.ts';
import type { TestConsole } from '../../support/console.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn, readModel } from '../../support/read-model.ts';
import { everyFeatureRolesSql, everyFeatureSql } from '../../support/schemas.ts';
import { binariesOf, hasServerVersions, type Major } from '../../support/server-versions.ts';

const known = (text: unknown) => ({ state: 'known', text });

function named<T extends { name: string }>(list: readonly T[], name: string): T {
  const found = list.find((one) => one.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

const column = (table: TableModel, name: string) => named(table.columns, name);

describe.runIf(hasServerVersions).each([12, 15, 18] as Major[])(
  'the structure of a PostgreSQL %i',
  (major) => {
    let server: TestServer;
    let howdah: TestConsole;
    let model: SchemaModel;
    const table = (name: string): TableModel => named(model.tables, name);
    beforeAll(async () => {
      server = await startPostgres({
        binaries: binariesOf(major),
        settings: { wal_level: 'logical', shared_preload_libraries: '' },
      });
      await server.query(everyFeatureRolesSql);
      await server.query(everyFeatureSql(major));
      howdah = await consoleOn({ all: server.url() });
      model = await readModel(howdah, 'all');
    });
    afterAll(async () => {
      await howdah?.remove();
      await server?.remove();
    });

    it('says whose it is and from when', () => {
      expect(Math.floor(model.server.versionNumber / 10_000)).toBe(major);
      expect(model).toMatchObject({ database: 'postgres', user: 'postgres', unseen: [] });
      expect(Math.abs(model.at - Date.now())).toBeLessThan(60_000);
      expect(model.schemas.map(({ name }) => name).sort()).toEqual(['public', 'shop', 'Ünïcode 🐘']);
      expect(named(model.schemas, 'shop')).toMatchObject({
        comment: 'Where things are sold',
        owner: 'postgres',
      });
    });

    it('leaves nothing unprinted, aggregates included', () => {
      const text = JSON.stringify(model);
      expect(text).not.toContain('"later"');
      expect(text).not.toContain('"waiting"');
      expect(text).not.toContain('"hidden"');
      expect(named(model.routines, 'product').definition).toEqual(
        known(
          "CREATE AGGREGATE shop.product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1')",
        ),
      );
    });

    it('has foreign-data wrappers and user mappings, and never the options of these', () => {
      const others = model.others ?? [];
      expect(others.map(({ kind, name }) => [kind, name]).sort()).toEqual([
        ['foreign-data wrapper', 'nowhere'],
        ['user mapping', 'shop_reader on far'],
      ]);
      expect(JSON.stringify(model)).not.toContain('hunter2');
    });

    it('has columns with types, defaults, identity, generation, collation, storage and statistics', () => {
      const customer = table('customer');
      expect(customer.columns.map(({ number }) => number)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15,
      ]);
      expect(column(customer, 'id')).toMatchObject({ identity: 'always', notNull: true, type: 'integer' });
      expect(column(customer, 'number')).toMatchObject({
        expression: known("nextval('shop.customer_number_seq'::regclass)"),
        options: ['n_distinct=-0.5'],
      });
      expect(column(customer, 'name')).toMatchObject({
        collation: 'pg_catalog."C"',
        statistics: 500,
        comment: 'As they call themselves',
        grants: [{ grantee: 'Odd "role" 🐘', privileges: 'w' }],
      });
      expect(column(customer, 'mood')).toMatchObject({
        type: 'shop.mood',
        typeOid: named(model.types, 'mood').oid,
        expression: known("'so-so'::shop.mood"),
      });
      expect(column(customer, 'codes').type).toBe('character varying(12)[]');
      expect(column(customer, 'area')).toMatchObject({
        generated: 'stored',
        expression: known('(width * height)'),
      });
      expect(column(customer, 'picture').storage).toBe('external');
      expect(column(customer, 'note')).toMatchObject({
        compression: major >= 14 ? 'pglz' : null,
        storage: null,
      });
      expect(column(customer, 'at').type).toBe('timestamp(3) with time zone');
      if (major >= 18) expect(column(table('orders'), 'twice')).toMatchObject({ generated: 'virtual' });
    });

    it('has tables of every kind with their options, owners, privileges and comments', () => {
      expect(table('customer')).toMatchObject({
        kind: 'table',
        rowSecurity: true,
        forceRowSecurity: true,
        replicaIdentity: 'index',
        accessMethod: 'heap',
        options: ['fillfactor=70', 'autovacuum_enabled=false'],
        comment: 'Who buys; with a\nline, a tab\tand a \\ backslash',
      });
      expect(table('quick')).toMatchObject({ persistence: 'unlogged', owner: 'shop_owner' });
      expect(table('empty').columns).toEqual([]);
      expect(table('typed').ofType).toBe(named(model.types, 'address').oid);
      expect(table('dog').parents).toEqual([table('animal').oid]);
      expect(column(table('dog'), 'name')).toMatchObject({
        local: false,
        inherited: 1,
        expression: known("'nameless'::text"),
      });
      expect(column(table('dog'), 'barks')).toMatchObject({ local: true, inherited: 0 });
      expect(table('orders').grants).toContainEqual({
        grantee: 'shop_reader',
        grantor: 'postgres',
        privileges: 'ar',
        grantable: 'ar',
      });
      expect(table('remote')).toMatchObject({
        kind: 'foreign-table',
        server: 'far',
        serverOptions: ['schema=S'],
      });
      expect(column(table('remote'), 'id').options).toEqual(['column_name=ID']);
    });

    it('has the tree of partitions with keys and bounds', () => {
      expect(table('event')).toMatchObject({
        kind: 'partitioned',
        partitionKey: known('RANGE (at)'),
        parents: [],
      });
      expect(table('event_2025')).toMatchObject({
        kind: 'sub-partitioned',
        parents: [table('event').oid],
        partitionKey: known('LIST (lower(kind))'),
        partitionBound: known("FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"),
      });
      expect(table('event_rest')).toMatchObject({ kind: 'partition', partitionBound: known('DEFAULT') });
      const index = named(model.indexes, 'event_at');
      expect(model.indexes.filter(({ parent }) => parent === index.oid)).toHaveLength(3);
    });

    it('has keys, checks, exclusions and foreign keys with what they do', () => {
      const of = (name: string) => named(model.constraints, name);
      expect(of('by_customer')).toMatchObject({
        kind: 'foreign-key',
        columns: [2],
        references: { table: table('customer').oid, columns: [1] },
        onUpdate: 'cascade',
        onDelete: 'set null',
        match: 'simple',
        index: null,
      });
      expect(of('of_parent')).toMatchObject({
        match: 'full',
        deferrable: true,
        references: { table: table('orders').oid },
      });
      expect(of('no_overlap')).toMatchObject({
        kind: 'exclusion',
        definition: known('EXCLUDE USING gist (during WITH &&)'),
      });
      expect(of('later_valid')).toMatchObject({ validated: false, enforced: true });
      expect(of('not_inherited').noInherit).toBe(true);
      expect(of('name_given')).toMatchObject({
        definition: known("CHECK ((name <> ''::text))"),
        comment: 'Not empty',
      });
      expect(of('customer_name_number_key')).toMatchObject({ deferred: true, columns: [3, 2] });
      expect(of('above_zero')).toMatchObject({ table: null, domain: named(model.types, 'positive').oid });
      const primary = of('customer_pkey');
      expect(named(model.indexes, 'customer_pkey')).toMatchObject({
        oid: primary.index,
        constraint: primary.oid,
        primary: true,
      });
      if (major >= 18) {
        expect(of('soft').enforced).toBe(false);
        expect(of('during_there')).toMatchObject({ kind: 'not-null', validated: false, columns: [4] });
      }
    });

    it('has indexes with their definitions', () => {
      expect(named(model.indexes, 'customer_lower')).toMatchObject({
        columns: [0, 2],
        keyColumns: 1,
        partial: true,
        comment: 'For search',
        definition: known(
          "CREATE INDEX customer_lower ON shop.customer USING btree (lower(name) DESC NULLS LAST) INCLUDE (number) WHERE (mood <> 'sad'::shop.mood)",
        ),
      });
      expect(named(model.indexes, 'customer_number').nullsNotDistinct).toBe(major >= 15);
      expect(named(model.indexes, 'customer_gin').method).toBe('gin');
      expect(named(model.indexes, 'customer_replica').replicaIdentity).toBe(true);
      expect(named(model.indexes, 'orders_pkey').clustered).toBe(true);
    });

    it('has views with their queries and what they depend on', () => {
      expect(table('cheap')).toMatchObject({
        kind: 'view',
        checkOption: 'local',
        options: ['security_barrier=true'],
      });
      expect(table('cheap').definition).toMatchObject({
        state: 'known',
        text: expect.stringContaining('FROM shop.customer'),
      });
      expect(table('counted')).toMatchObject({ kind: 'materialized-view', populated: false });
      expect(model.dependencies).toContainEqual({ dependent: table('cheap').oid, on: table('customer').oid });
      expect(model.dependencies).toContainEqual({
        dependent: table('over_view').oid,
        on: named(model.routines, 'area').oid,
      });
    });

    it('has sequences with the columns that own them', () => {
      const customer = table('customer').oid;
      expect(named(model.sequences, 'customer_id_seq')).toMatchObject({
        start: '100',
        ownedBy: { table: customer, column: 1, identity: true },
      });
      expect(named(model.sequences, 'customer_number_seq').ownedBy).toEqual({
        table: customer,
        column: 2,
        identity: false,
      });
      expect(named(model.sequences, 'loose')).toMatchObject({
        type: 'smallint',
        start: '40',
        increment: '-2',
        minimum: '-100',
        maximum: '50',
        cache: '5',
        cycle: true,
        ownedBy: null,
        comment: 'Counts down',
      });
    });

    it('has types of every kind', () => {
      const of = (name: string) => named(model.types, name);
      expect(of('mood')).toMatchObject({
        kind: 'enum',
        values: ['sad', 'so-so', 'it\'s "fine"'],
        comment: 'How it feels',
      });
      expect(of('positive')).toMatchObject({
        kind: 'domain',
        base: 'numeric(10,2)',
        notNull: true,
        default: '1.5',
      });
      expect(of('feeling')).toMatchObject({
        base: 'shop.mood',
        default: "'sad'::shop.mood",
        collation: null,
      });
      expect(of('code')).toMatchObject({ base: 'text', collation: 'pg_catalog."C"' });
      expect(of('address')).toMatchObject({
        kind: 'composite',
        columns: [
          { name: 'street', type: 'text', collation: null, comment: null },
          { name: 'zip', type: 'character varying(10)', collation: null, comment: 'As printed' },
          { name: 'town', type: 'text', collation: 'pg_catalog."C"', comment: null },
        ],
      });
      expect(of('span')).toMatchObject({
        kind: 'range',
        subtype: 'double precision',
        subtypeDiff: 'float8mi',
        canonical: null,
        multirange: major >= 14 ? 'shop.span_multirange' : null,
      });
      expect(of('text_span')).toMatchObject({ collation: 'pg_catalog."C"' });
      expect(of('unfinished').kind).toBe('shell');
      expect(of('gtrgm')).toMatchObject({ kind: 'base', extension: 'pg_trgm' });
    });

    it('has routines, and none of those that come with range types', () => {
      const own = model.routines.filter(({ extension }) => !extension).map(({ name }) => name);
      expect(own.sort()).toEqual(
        ['area', ...(major >= 14 ? ['newest'] : []), 'on_ddl', 'product', 'rows_of', 'stamp', 'tidy'].sort(),
      );
      expect(named(model.routines, 'area')).toMatchObject({
        arguments: 'width numeric, height numeric',
        result: 'numeric',
        language: 'sql',
        volatility: 'immutable',
        definition: { text: expect.stringContaining('height numeric DEFAULT 1') },
      });
      expect(named(model.routines, 'stamp')).toMatchObject({ securityDefiner: true, comment: 'Stamps' });
      expect(named(model.routines, 'tidy')).toMatchObject({ kind: 'procedure' });
      expect(named(model.routines, 'similarity').extension).toBe('pg_trgm');
      expect(model.extensions.map(({ name }) => name).sort()).toEqual(['pg_stat_statements', 'pg_trgm']);
    });

    it('has triggers and policies', () => {
      const stamps = model.triggers.filter(({ name }) => name === 'stamp');
      expect(stamps.find((one) => one.table === table('customer').oid)).toMatchObject({
        enabled: 'disabled',
        comment: 'Keeps time',
        function: named(model.routines, 'stamp').oid,
        definition: { text: expect.stringContaining('BEFORE UPDATE OF name ON shop.customer') },
      });
      // PostgreSQL 12 does not say which triggers of partitions come from the parent.
      expect(stamps.filter(({ parent }) => parent !== null)).toHaveLength(major >= 13 ? 4 : 0);
      expect(named(model.policies, 'own')).toMatchObject({
        command: 'update',
        permissive: false,
        roles: ['shop_reader'],
        check: known("(name <> 'root'::text)"),
        comment: 'Only with orders',
      });
      expect(named(model.policies, 'everybody')).toMatchObject({ command: 'select', roles: [], check: null });
    });

    it('has event triggers, publications and foreign servers', () => {
      expect(model.eventTriggers).toMatchObject([
        {
          name: 'watch_ddl',
          event: 'ddl_command_start',
          tags: ['CREATE TABLE', 'DROP TABLE'],
          enabled: 'disabled',
        },
      ]);
      expect(named(model.publications, 'a few')).toMatchObject({
        operations: ['insert', 'update'],
        viaRoot: major >= 13,
        tables: [
          {
            table: table('orders').oid,
            columns: major >= 15 ? [1, 2] : null,
            filter: major >= 15 ? known('(id > 10)') : null,
          },
        ],
      });
      expect(named(model.publications, 'everything').allTables).toBe(true);
      if (major >= 15)
        expect(named(model.publications, 'of_schema').schemas).toEqual([named(model.schemas, 'shop').oid]);
      expect(model.foreignServers).toMatchObject([
        {
          name: 'far',
          wrapper: 'nowhere',
          type: 'oracle',
          version: '9',
          options: ['host=far away', 'port=1'],
        },
      ]);
    });
  },
);
