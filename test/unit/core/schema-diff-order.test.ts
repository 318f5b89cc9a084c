import { describe, expect, it } from 'vitest';
import { compareSchemas, migrationScript } from '../../../main/schema/diff/index.ts';
import type { SchemaModel, TableModel } from '../../../preload/contract/schema-model.ts';
import { column, constraint, emptyModel, table } from './schema-models.ts';

const sqlOf = (...args: Parameters<typeof migrationScript>): string[] =>
  migrationScript(...args).statements.map(({ sql }) => sql);
const at = (sql: string[], start: string): number => sql.findIndex((one) => one.startsWith(start));
const known = (text: string) => ({ state: 'known', text }) as const;

function partitioned(more: Partial<TableModel> = {}): SchemaModel {
  const model = emptyModel();
  model.tables.push(
    table('1', 'logs', { kind: 'partitioned', partitionKey: known('LIST (id)'), ...more }),
    table('2', 'logs_a', {
      kind: 'partition',
      parents: ['1'],
      partitionBound: known('FOR VALUES IN (1)'),
      columns: [column(1, 'id', { notNull: true, local: false, inherited: 1 })],
    }),
    table('3', 'devices'),
  );
  return model;
}
const logs = (model: SchemaModel) => model.tables[0] as TableModel;
const part = (model: SchemaModel) => model.tables[1] as TableModel;
const detach = (model: SchemaModel): void => {
  part(model).kind = 'table';
  part(model).parents = [];
  part(model).partitionBound = null;
  for (const one of part(model).columns) Object.assign(one, { local: true, inherited: 0 });
};
const key = (oid: string, on: string, parent: string | null) =>
  constraint(oid, 'foreign-key', on, [1], 'FOREIGN KEY (id) REFERENCES public.devices(id)', {
    name: 'to_devices',
    references: { table: '3', columns: [1] },
    parent,
  });

describe('partitions in the script', () => {
  it('keep the foreign keys that they had from their parent when they are taken off', () => {
    const actual = partitioned();
    actual.constraints.push(key('7', '1', null), key('8', '2', '7'));
    const wanted = partitioned();
    detach(wanted);
    wanted.constraints.push(key('7', '1', null), key('8', '2', null));
    expect(sqlOf(wanted, actual)).toEqual(['ALTER TABLE "public"."logs" DETACH PARTITION "public"."logs_a"']);
    wanted.constraints.pop();
    expect(sqlOf(wanted, actual)).toEqual([
      'ALTER TABLE "public"."logs" DETACH PARTITION "public"."logs_a"',
      'ALTER TABLE "public"."logs_a" DROP CONSTRAINT "to_devices"',
    ]);
  });

  it('can’t be given a column of identity with their parent before 17', () => {
    const make = (version: number, added: boolean): SchemaModel => {
      const model = partitioned();
      model.server = { version: String(version), versionNumber: version * 10_000 };
      if (!added) return model;
      logs(model).columns.push(column(2, 'n', { identity: 'always', notNull: true }));
      part(model).columns.push(column(2, 'n', { notNull: true, local: false, inherited: 1 }));
      model.sequences.push({
        ...{ oid: '9', schema: '1', name: 'logs_n_seq', persistence: 'permanent', type: 'integer' },
        ...{ start: '1', increment: '1', minimum: '1', maximum: '9', cache: '1', cycle: false },
        ...{ owner: 'deb', grants: null, comment: null, extension: null },
        ownedBy: { table: '1', column: 2, identity: true },
      });
      return model;
    };
    const before = sqlOf(make(16, true), make(16, false));
    expect(before[0]).toBe('ALTER TABLE "public"."logs" ADD COLUMN "n" integer NOT NULL');
    expect(at(before, 'ALTER TABLE "public"."logs" ALTER COLUMN "n" ADD GENERATED ALWAYS')).toBeGreaterThan(
      0,
    );
    expect(sqlOf(make(17, true), make(17, false))[0]).toContain('ADD COLUMN "n" integer GENERATED ALWAYS');
  });

  it('are taken off, and put back, when the function that their parent is partitioned by is made anew', () => {
    const make = (result: string): SchemaModel => {
      const model = partitioned({ partitionKey: known('LIST (public.area(id))') });
      model.routines.push({
        ...{ oid: '20', schema: '1', name: 'area', kind: 'function', arguments: 'integer', result },
        ...{ language: 'sql', volatility: 'immutable', securityDefiner: false, extension: null },
        ...{ owner: 'deb', grants: null, comment: null },
        definition: known(
          `CREATE OR REPLACE FUNCTION public.area(integer)\n RETURNS ${result}\n LANGUAGE sql\nAS $$x$$`,
        ),
      });
      return model;
    };
    const { statements } = migrationScript(make('bigint'), make('integer'));
    const sql = statements.map((one) => one.sql);
    expect(sql.slice(0, 3)).toEqual([
      'ALTER TABLE "public"."logs" DETACH PARTITION "public"."logs_a"',
      'DROP TABLE "public"."logs"',
      'DROP FUNCTION "public"."area"(integer)',
    ]);
    expect(at(sql, 'ALTER TABLE ONLY "public"."logs" ATTACH PARTITION')).toBeGreaterThan(
      at(sql, 'CREATE TABLE'),
    );
    expect(sql.some((one) => one.includes('DROP TABLE "public"."logs_a"'))).toBe(false);
  });

  it('lose the states of their triggers with the triggers, when they are taken off', () => {
    const make = (enabled: 'origin' | 'disabled', trigger = 'of_logs'): SchemaModel => {
      const model = partitioned();
      const definition = (on: string) =>
        known(`CREATE TRIGGER ${trigger} AFTER INSERT ON public.${on} FOR EACH ROW EXECUTE FUNCTION f()`);
      const common = { name: trigger, function: '99', comment: null };
      model.triggers.push(
        { ...common, oid: '40', table: '1', enabled: 'origin', parent: null, definition: definition('logs') },
        { ...common, oid: '41', table: '2', enabled, parent: '40', definition: definition('logs_a') },
      );
      return model;
    };
    expect(sqlOf(make('disabled'), make('origin'))).toEqual([
      'ALTER TABLE "public"."logs_a" DISABLE TRIGGER "of_logs"',
    ]);
    const alone = partitioned();
    detach(alone);
    expect(sqlOf(alone, make('disabled'))).toEqual([
      'ALTER TABLE "public"."logs" DETACH PARTITION "public"."logs_a"',
      'DROP TRIGGER "of_logs" ON "public"."logs"',
    ]);
  });

  it('that are foreign tables are given no USING, which they do not take', () => {
    const make = (type: string): SchemaModel => {
      const model = partitioned();
      for (const one of model.tables.slice(0, 2)) one.columns.push(column(2, 'n', { type, inherited: 1 }));
      Object.assign(logs(model).columns[1] ?? {}, { inherited: 0 });
      return model;
    };
    expect(sqlOf(make('text'), make('integer'))).toEqual([
      'ALTER TABLE "public"."logs" ALTER COLUMN "n" TYPE text',
    ]);
  });

  it('that are partitioned themselves are attached with whole indexes', () => {
    const model = partitioned();
    part(model).kind = 'sub-partitioned';
    part(model).partitionKey = known('LIST (id)');
    model.tables.push(
      table('4', 'logs_a_1', {
        kind: 'partition',
        parents: ['2'],
        partitionBound: known('FOR VALUES IN (1)'),
        columns: [column(1, 'id', { notNull: true, local: false, inherited: 1 })],
      }),
    );
    const index = (oid: string, on: string, name: string, parent: string | null) => ({
      ...{ oid, name, table: on, unique: false, primary: false, valid: true, ready: true, method: 'btree' },
      ...{ columns: [1], keyColumns: 1, nullsNotDistinct: false, partial: false, clustered: false },
      ...{ replicaIdentity: false, parent, constraint: null, tablespace: null, options: [], comment: null },
      definition: known(`CREATE INDEX ${name} ON ONLY public.${name.slice(1)} USING btree (id)`),
    });
    model.indexes.push(
      index('30', '1', 'ilogs', null),
      index('31', '2', 'ilogs_a', '30'),
      index('32', '4', 'ilogs_a_1', '31'),
    );
    const sql = sqlOf(model, emptyModel());
    expect(at(sql, 'ALTER INDEX "public"."ilogs_a" ATTACH PARTITION')).toBeLessThan(
      at(sql, 'ALTER TABLE ONLY "public"."logs" ATTACH PARTITION'),
    );
    expect(at(sql, 'ALTER INDEX "public"."ilogs_a" ATTACH PARTITION')).toBeGreaterThan(0);
  });
});

describe('heirs in the script', () => {
  const heirs = (type: string, links: string[]): SchemaModel => {
    const model = emptyModel();
    const inherited = () => [
      column(1, 'id', { notNull: true, local: false, inherited: links.length }),
      column(2, 'n', { type, local: false, inherited: links.length }),
    ];
    for (const [oid, name] of [
      ['1', 'one'],
      ['2', 'other'],
    ] as const)
      model.tables.push(
        table(oid, name, { columns: [column(1, 'id', { notNull: true }), column(2, 'n', { type })] }),
      );
    model.tables.push(table('3', 'heir', { parents: links, columns: inherited() }));
    return model;
  };

  it('change a column’s type with the parent that they keep, when they lose another', () => {
    const sql = sqlOf(heirs('bigint', ['1']), heirs('integer', ['1', '2']));
    expect(sql.filter((one) => one.includes(' TYPE ')).map((one) => one.split(' ')[2])).toEqual([
      '"public"."one"',
      '"public"."other"',
    ]);
  });

  it('lose a check of their own after their parent, which has it too', () => {
    const model = heirs('integer', ['1']);
    model.constraints.push(
      constraint('8', 'check', '1', [1], 'CHECK ((id > 0))', { name: 'ok' }),
      constraint('9', 'check', '3', [1], 'CHECK ((id > 0))', { name: 'ok' }),
    );
    expect(sqlOf(heirs('integer', ['1']), model)).toEqual([
      'ALTER TABLE "public"."one" DROP CONSTRAINT "ok"',
      'ALTER TABLE "public"."heir" DROP CONSTRAINT "ok"',
    ]);
  });
});

describe('a check that an heir was left with', () => {
  it('is made again after the parent has taken it along', () => {
    const make = (ofParent: boolean): SchemaModel => {
      const model = emptyModel();
      model.tables.push(
        table('1', 'one'),
        table('3', 'heir', {
          parents: ['1'],
          columns: [column(1, 'id', { notNull: true, local: true, inherited: 1 })],
        }),
      );
      const check = (oid: string, on: string, local: boolean) =>
        constraint(oid, 'check', on, [1], 'CHECK ((id > 0))', { name: 'ok', local });
      if (ofParent) model.constraints.push(check('8', '1', true));
      model.constraints.push(check('9', '3', false));
      return model;
    };
    expect(sqlOf(make(false), make(true))).toEqual([
      'ALTER TABLE "public"."one" DROP CONSTRAINT "ok"',
      'ALTER TABLE "public"."heir" ADD CONSTRAINT "ok" CHECK ((id > 0))',
    ]);
    expect(compareSchemas(make(false), make(false))).toEqual([]);
  });
});

describe('what is as good as the same', () => {
  it('is a replica identity by an index that was dropped, and none', () => {
    const make = (replicaIdentity: TableModel['replicaIdentity']): SchemaModel => {
      const model = emptyModel();
      model.tables.push(table('1', 'a', { replicaIdentity }));
      return model;
    };
    expect(compareSchemas(make('index'), make('nothing'))).toEqual([]);
    expect(sqlOf(make('index'), make('default'))).toEqual([
      'ALTER TABLE ONLY "public"."a" REPLICA IDENTITY NOTHING',
    ]);
  });

  it('is the order of columns in extended statistics', () => {
    const make = (columns: string): SchemaModel => {
      const model = emptyModel();
      model.tables.push(table('1', 'a'));
      model.others = [
        {
          ...{ oid: '5', kind: 'statistics', schema: '1', name: 's', identity: 'public.s', table: '1' },
          ...{ owner: 'deb', grants: null, also: [], comment: null },
          definition: known(`CREATE STATISTICS public.s ON ${columns} FROM public.a`),
        },
      ];
      return model;
    };
    expect(compareSchemas(make('id, "b, c", lower(d, e)'), make('lower(d, e), "b, c", id'))).toEqual([]);
    expect(compareSchemas(make('id, b'), make('id, c'))).toHaveLength(1);
  });
});

describe('privileges in the script', () => {
  it('are given by one who may not use the schema only with leave to use it meanwhile', () => {
    const make = (grants: TableModel['grants']): SchemaModel => {
      const model = emptyModel();
      model.tables.push(table('1', 'a', { grants }));
      return model;
    };
    const own = { grantee: 'deb', grantor: 'deb', privileges: 'arwdDxt', grantable: '' };
    const given = { grantee: 'ann', grantor: 'deb', privileges: 'r', grantable: 'r' };
    const passed = { grantee: 'bob', grantor: 'ann', privileges: 'r', grantable: '' };
    expect(sqlOf(make([own, given, passed]), make([own, given]))).toEqual([
      'GRANT USAGE ON SCHEMA "public" TO "ann"',
      'SET SESSION AUTHORIZATION "ann"',
      'GRANT SELECT ON TABLE "public"."a" TO "bob"',
      'RESET SESSION AUTHORIZATION',
      'REVOKE USAGE ON SCHEMA "public" FROM "ann"',
    ]);
  });

  it('that a new table would get by default are taken away where it is to have none', () => {
    const make = (made: boolean): SchemaModel => {
      const model = emptyModel();
      model.defaultPrivileges = [
        {
          ...{ oid: '9', role: 'deb', schema: '1', on: 'tables' },
          grants: [{ grantee: 'ann', grantor: 'deb', privileges: 'r', grantable: '' }],
        },
      ];
      if (made) model.tables.push(table('1', 'a'));
      return model;
    };
    expect(sqlOf(make(true), make(false)).at(-1)).toBe('REVOKE SELECT ON TABLE "public"."a" FROM "ann"');
  });

  it('by default come last, and go from what they were to what they are to be', () => {
    const make = (privileges: string): SchemaModel => {
      const model = emptyModel();
      const grants = [{ grantee: 'ann', grantor: 'deb', privileges, grantable: '' }];
      model.defaultPrivileges = privileges
        ? [{ oid: '9', role: 'deb', schema: '1', on: 'tables', grants }]
        : [];
      return model;
    };
    const alter = 'ALTER DEFAULT PRIVILEGES FOR ROLE "deb" IN SCHEMA "public"';
    expect(sqlOf(make('r'), make(''))).toEqual([`${alter} GRANT SELECT ON TABLES TO "ann"`]);
    expect(sqlOf(make('w'), make('r'))).toEqual([
      `${alter} REVOKE SELECT ON TABLES FROM "ann"`,
      `${alter} GRANT UPDATE ON TABLES TO "ann"`,
    ]);
    expect(sqlOf(make(''), make('r'))).toEqual([`${alter} REVOKE SELECT ON TABLES FROM "ann"`]);
  });
});
