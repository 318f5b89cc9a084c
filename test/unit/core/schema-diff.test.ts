import { describe, expect, it } from 'vitest';
import { isVolatile, isWidening } from '../../../main/schema/diff/cast-facts.ts';
import { factsOf } from '../../../main/schema/diff/facts.ts';
import { compareSchemas, migrationScript } from '../../../main/schema/diff/index.ts';
import { canonicalText } from '../../../main/schema/diff/same-text.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { column, constraint, emptyModel, table } from './schema-models.ts';

function shop(prefix = ''): SchemaModel {
  const model = emptyModel();
  model.tables.push(
    table(`${prefix}1`, 'orders', {
      columns: [column(1, 'id', { notNull: true }), column(2, 'note', { type: 'character varying(20)' })],
    }),
  );
  model.constraints.push(
    constraint(`${prefix}2`, 'check', `${prefix}1`, [1], 'CHECK ((id > 0))', { name: 'orders_id_check' }),
  );
  return model;
}
const orders = (model: SchemaModel) => model.tables[0] as SchemaModel['tables'][number];
const sqlOf = (...args: Parameters<typeof migrationScript>): string[] =>
  migrationScript(...args).statements.map(({ sql }) => sql);

describe('comparing structures', () => {
  it('finds nothing in oids, counts, the order of lists and columns, and the server’s own column mark', () => {
    const one = shop();
    const other = shop('77');
    orders(other).estimatedRows = 5;
    orders(other).columns.reverse();
    orders(other).columns[0]?.options.push('pg_attver=2');
    other.schemas.reverse();
    expect(compareSchemas(one, other)).toEqual([]);
    expect(migrationScript(one, other).statements).toEqual([]);
  });

  it('tells by object and attribute what differs', () => {
    const wanted = shop();
    const actual = shop();
    actual.tables.push(table('9', 'extra'));
    orders(wanted).columns.push(column(3, 'paid', { type: 'boolean' }));
    const note = orders(actual).columns[1];
    if (note) note.type = 'text';
    expect(compareSchemas(wanted, actual)).toEqual([
      expect.objectContaining({ kind: 'table', name: 'public.extra', part: null, state: 'only-actual' }),
      {
        kind: 'column',
        schema: 'public',
        name: 'public.orders',
        part: 'note',
        state: 'changed',
        attributes: [{ name: 'type', wanted: 'character varying(20)', actual: 'text' }],
      },
      expect.objectContaining({ kind: 'column', part: 'paid', state: 'only-wanted' }),
    ]);
  });

  it('leaves owners, comments and privileges alone when asked to', () => {
    const wanted = shop();
    const actual = shop();
    orders(actual).owner = 'ann';
    orders(actual).comment = 'x';
    orders(actual).grants = [{ grantee: '', grantor: 'ann', privileges: 'r', grantable: '' }];
    expect(
      compareSchemas(wanted, actual)[0]
        ?.attributes.map(({ name }) => name)
        .sort(),
    ).toEqual(['comment', 'owner', 'privileges']);
    const options = { ignoreOwner: true, ignoreComments: true, ignorePrivileges: true };
    expect(compareSchemas(wanted, actual, options)).toEqual([]);
    expect(sqlOf(wanted, actual, options)).toEqual([]);
  });

  it('takes constraints for the same that only a made-up name tells apart, when asked to', () => {
    const wanted = shop();
    const actual = shop();
    const check = actual.constraints[0];
    if (check) check.name = 'orders_id_check1';
    expect(compareSchemas(wanted, actual).map(({ state }) => state)).toEqual(['only-wanted', 'only-actual']);
    expect(compareSchemas(wanted, actual, { ignoreGeneratedNames: true })).toEqual([]);
    expect(sqlOf(wanted, actual, { ignoreGeneratedNames: true })).toEqual([]);
    if (check) check.name = 'chosen_by_somebody';
    expect(compareSchemas(wanted, actual, { ignoreGeneratedNames: true })).toHaveLength(2);
  });

  it('says that it can’t tell where a text is not known, and the script keeps its hands off', () => {
    const wanted = shop();
    const actual = shop();
    const check = actual.constraints[0];
    if (check) check.definition = { state: 'waiting' };
    const [difference] = compareSchemas(wanted, actual);
    expect(difference).toMatchObject({ name: 'public.orders: orders_id_check', state: 'unknown' });
    expect(difference?.attributes[0]?.notKnown).toMatch(/locked/);
    const { statements, leftOut } = migrationScript(wanted, actual);
    expect(statements).toEqual([]);
    expect(leftOut).toHaveLength(1);
  });

  it('says once what a partition has from its parent', () => {
    const make = (): SchemaModel => {
      const model = shop();
      orders(model).kind = 'partitioned';
      orders(model).partitionKey = { state: 'known', text: 'LIST (id)' };
      const columns = () => orders(model).columns.map((one) => ({ ...one, local: false, inherited: 1 }));
      for (const name of ['p1', 'p2']) {
        model.tables.push(
          table(name, name, {
            kind: 'partition',
            parents: ['1'],
            partitionBound: { state: 'known', text: `FOR VALUES IN ('${name}')` },
            columns: columns(),
          }),
        );
      }
      return model;
    };
    const actual = make();
    for (const { columns } of actual.tables)
      for (const one of columns) if (one.name === 'note') one.type = 'text';
    expect(compareSchemas(make(), actual).map(({ name, part }) => [name, part])).toEqual([
      ['public.orders', 'note'],
    ]);
    expect(sqlOf(make(), actual).filter((sql) => sql.includes(' TYPE '))).toHaveLength(1);
  });
});

describe('texts that are printed otherwise in a restored copy', () => {
  it.each([
    [
      "((a)::text = ANY ((ARRAY['x'::character varying, 'y''(z'::character varying])::text[]))",
      "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y''(z'::character varying)::text]))",
    ],
    ['CHECK ((((a > 1) AND (b > 2)) AND (c > 3)))', 'CHECK (((a > 1) AND (b > 2) AND (c > 3)))'],
    [
      " SELECT z.id,\n    z.name\n   FROM app.z\n  WHERE ((z.id > 3) AND (z.name <> 'z.id'::text));",
      " SELECT id,\n    name\n   FROM app.z\n  WHERE ((id > 3) AND (name <> 'z.id'::text));",
    ],
    [
      'CREATE OR REPLACE PROCEDURE app.p(IN a integer, INOUT b text)\n LANGUAGE sql',
      'CREATE OR REPLACE PROCEDURE app.p(a integer, INOUT b text)\n LANGUAGE sql',
    ],
    [' SELECT c."x y"\n   FROM app.t c;', ' SELECT "x y"\n   FROM app.t c;'],
    ["(((a = '(') OR (b)) OR (c))", "((a = '(') OR (b) OR (c))"],
  ])('are the same: %s', (one, other) => {
    expect(canonicalText(one)).toBe(canonicalText(other));
  });

  it.each([
    ['(((a) AND (b)) OR (c))', '((a) AND ((b) OR (c)))'],
    [
      ' SELECT a.id\n   FROM (app.a\n     JOIN app.b ON (true));',
      ' SELECT b.id\n   FROM (app.a\n     JOIN app.b ON (true));',
    ],
    [' SELECT a.id\n   FROM app.a;', ' SELECT b.id\n   FROM app.b;'],
    ["((a = ' AND ') AND (b))", "((a = ' OR ') AND (b))"],
    ['((a AND b))', '((a OR b))'],
    ["ANY ((ARRAY['x'::character varying])::text[])", "ANY ((ARRAY['y'::character varying])::text[])"],
  ])('are not the same when they mean something else: %s', (one, other) => {
    expect(canonicalText(one)).not.toBe(canonicalText(other));
  });

  it('come back whole when their parentheses can’t be told', () => {
    expect(canonicalText('a) AND (b')).toBe('a) AND (b');
  });
});

describe('the script', () => {
  it('marks what loses something, and does not guess renames', () => {
    const wanted = shop();
    const actual = shop();
    orders(wanted).columns.push(column(3, 'new_name'));
    orders(actual).columns.push(column(3, 'old_name'));
    expect(migrationScript(wanted, actual).statements.map(({ sql, risk }) => [sql, risk])).toEqual([
      ['ALTER TABLE "public"."orders" DROP COLUMN "old_name"', 'destroy'],
      ['ALTER TABLE "public"."orders" ADD COLUMN "new_name" integer', 'change'],
    ]);
  });

  it('calls a narrower type destroying and a wider one not, and knows which one rewrites', () => {
    const change = (from: string, to: string) => {
      const wanted = shop();
      const actual = shop();
      for (const [model, type] of [
        [wanted, to],
        [actual, from],
      ] as const) {
        model.constraints = [];
        const one = orders(model).columns[1];
        if (one) one.type = type;
      }
      const { risk, rewrites } = migrationScript(wanted, actual).statements[0] ?? {};
      return [risk, rewrites];
    };
    expect(change('character varying(20)', 'character varying(40)')).toEqual(['change', 'no']);
    expect(change('character varying(20)', 'text')).toEqual(['change', 'no']);
    expect(change('text', 'character varying(20)')).toEqual(['destroy', 'yes']);
    expect(change('integer', 'bigint')).toEqual(['change', 'yes']);
    expect(change('bigint', 'integer')).toEqual(['destroy', 'yes']);
    expect(change('jsonb', 'uuid')).toEqual(['destroy', 'yes']);
  });

  it('drops what is not wanted, marked as destroying', () => {
    const actual = shop();
    const { statements } = migrationScript(emptyModel(), actual);
    expect(statements.map(({ sql, risk, locks }) => [sql, risk, locks])).toEqual([
      ['DROP TABLE "public"."orders"', 'destroy', [{ mode: 'ACCESS EXCLUSIVE', on: '"public"."orders"' }]],
    ]);
  });

  it('makes a check that is not proven again when a new heir is to have it unproven too', () => {
    const make = (heirs: string[]): SchemaModel => {
      const model = shop();
      const check = (oid: string, on: string, local: boolean) =>
        constraint(oid, 'check', on, [1], 'CHECK ((id < 9)) NOT VALID', {
          name: 'small',
          validated: false,
          local,
        });
      model.constraints = [check('3', '1', true)];
      for (const name of heirs) {
        const columns = orders(model).columns.map((one) => ({ ...one, local: false, inherited: 1 }));
        model.tables.push(table(name, name, { parents: ['1'], columns }));
        model.constraints.push(check(`${name}c`, name, false));
      }
      return model;
    };
    const sql = sqlOf(make(['heir']), make([]));
    const at = (start: string) => sql.findIndex((one) => one.startsWith(start));
    expect(sql[0]).toBe('ALTER TABLE "public"."orders" DROP CONSTRAINT "small"');
    expect(at('ALTER TABLE "public"."orders" ADD CONSTRAINT')).toBeGreaterThan(at('CREATE TABLE'));
  });

  it('says of new values of an enum that nothing after them can be in the same transaction', () => {
    const make = (values: string[]): SchemaModel => {
      const model = emptyModel();
      model.types.push({
        oid: '5',
        schema: '1',
        name: 'e',
        extension: null,
        kind: 'enum',
        values,
        owner: 'deb',
        grants: null,
        comment: null,
      });
      return model;
    };
    const { statements } = migrationScript(make(['zero', 'a', 'new', 'b', 'end']), make(['a', 'b']));
    expect(statements.map(({ sql, inTransaction }) => [sql, inTransaction])).toEqual([
      [`ALTER TYPE "public"."e" ADD VALUE 'zero' BEFORE 'a'`, false],
      [`ALTER TYPE "public"."e" ADD VALUE 'new' AFTER 'a'`, false],
      [`ALTER TYPE "public"."e" ADD VALUE 'end' AFTER 'b'`, false],
    ]);
  });
});

describe('what a statement does to a server', () => {
  const name = '"s"."t""( x"';
  it.each([
    [
      `ALTER TABLE ${name} ADD CONSTRAINT "c" FOREIGN KEY (a) REFERENCES public.b(id)`,
      [
        ['SHARE ROW EXCLUSIVE', name],
        ['SHARE ROW EXCLUSIVE', 'public.b'],
      ],
      'no',
      true,
    ],
    [
      `ALTER TABLE ${name} ADD CONSTRAINT "c" FOREIGN KEY (a) REFERENCES public.b(id) NOT VALID`,
      [
        ['SHARE ROW EXCLUSIVE', name],
        ['SHARE ROW EXCLUSIVE', 'public.b'],
      ],
      'no',
      false,
    ],
    [
      `ALTER TABLE ${name} ADD CONSTRAINT "c" CHECK ((a > 0)) NOT VALID`,
      [['ACCESS EXCLUSIVE', name]],
      'no',
      false,
    ],
    [`ALTER TABLE ${name} VALIDATE CONSTRAINT "c"`, [['SHARE UPDATE EXCLUSIVE', name]], 'no', true],
    [`ALTER TABLE ${name} ALTER COLUMN "a" SET NOT NULL`, [['ACCESS EXCLUSIVE', name]], 'no', true],
    [
      `ALTER TABLE ONLY ${name} ALTER COLUMN "a" SET STATISTICS 5`,
      [['SHARE UPDATE EXCLUSIVE', name]],
      'no',
      false,
    ],
    [
      `ALTER TABLE ${name} ALTER COLUMN "a" TYPE bigint USING "a"::bigint`,
      [['ACCESS EXCLUSIVE', name]],
      'yes',
      false,
    ],
    [`ALTER TABLE ${name} SET UNLOGGED`, [['ACCESS EXCLUSIVE', name]], 'yes', false],
    ['CREATE UNIQUE INDEX i ON ONLY public.t USING btree (a)', [['SHARE', 'public.t']], 'no', true],
    [
      `ALTER TABLE ONLY ${name} ATTACH PARTITION "p"."q" DEFAULT`,
      [
        ['SHARE UPDATE EXCLUSIVE', name],
        ['ACCESS EXCLUSIVE', '"p"."q"'],
      ],
      'no',
      true,
    ],
    [`CREATE POLICY "p" ON ${name} FOR ALL TO PUBLIC`, [['ACCESS EXCLUSIVE', name]], 'no', false],
    [
      'CREATE TRIGGER "x ON y" AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f()',
      [['SHARE ROW EXCLUSIVE', 'public.t']],
      'no',
      false,
    ],
    ['GRANT SELECT ON TABLE "t" TO "a"', [], 'no', false],
  ] as const)('%s', (sql, locks, rewrites, scans) => {
    const facts = factsOf(sql);
    expect(facts.locks.map(({ mode, on }) => [mode, on])).toEqual(locks);
    expect([facts.rewrites, facts.scans]).toEqual([rewrites, scans]);
  });

  it.each([
    ["'now()'::text", 'no'],
    ['now()', 'no'],
    ['0.5', 'no'],
    ["nextval('s'::regclass)", 'yes'],
    ['gen_random_uuid()', 'yes'],
    ['app.something(1)', 'perhaps'],
  ])('the default %s makes ADD COLUMN rewrite: %s', (expression, answer) => {
    expect(isVolatile(expression)).toBe(answer);
  });

  it.each([
    ['character varying(5)', 'character varying(6)', true],
    ['character varying(5)', 'character varying(4)', false],
    ['character varying', 'character varying(9)', false],
    ['text', 'character varying', true],
    ['numeric(8,2)', 'numeric(10,2)', true],
    ['numeric(8,2)', 'numeric(10,3)', false],
    ['numeric', 'numeric(10,3)', false],
    ['integer', 'bigint', false],
  ])('%s to %s keeps the rows as they are: %s', (from, to, answer) => {
    expect(isWidening(from, to)).toBe(answer);
  });
});
