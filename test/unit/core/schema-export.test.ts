import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbml, ddl, exportAs, mermaid } from '../../../main/schema/export/index.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { understoodByDbml, understoodByMermaid } from './export-readers.ts';
import { column, constraint, emptyModel, table } from './schema-models.ts';

interface Read {
  entities: Map<string, { type: string; name: string; keys: string[]; comment: string | null }[]>;
  relations: { left: string; right: string; how: string; label: string }[];
}

/** Reads what Mermaid's lexer takes for an `erDiagram`, and nothing else. */
function readMermaid(text: string): Read {
  const entity = String.raw`([A-Za-z_][A-Za-z0-9_]*|"[^"%\r\n\v\x08\\]+")`;
  const word = String.raw`[*A-Za-z_\u00C0-\uFFFF][A-Za-z0-9\-_[\]()\u00C0-\uFFFF]*`;
  const relation = new RegExp(`^${entity} (\\|\\||\\|o)--(o\\{|o\\|) ${entity} : "([^"\\r\\n]*)"$`, 'u');
  const attribute = new RegExp(
    `^(${word}) (?!(?:PK|FK|UK)(?: |$))(${word})(?: ((?:PK|FK|UK)(?:, (?:PK|FK|UK))*))?(?: "([^"\\r\\n]*)")?$`,
    'u',
  );
  const read: Read = { entities: new Map(), relations: [] };
  const [first, ...lines] = text.split('\n');
  expect(first).toBe('erDiagram');
  expect(lines.pop()).toBe('');
  let open: string | undefined;
  for (const line of lines.map((one) => one.trim())) {
    if (open !== undefined) {
      if (line === '}') open = undefined;
      else {
        const [, type = '', name = '', keys, comment = null] = attribute.exec(line) ?? [];
        if (!name) throw new Error(`not an attribute: ${line}`);
        read.entities.get(open)?.push({ type, name, keys: keys?.split(', ') ?? [], comment });
      }
      continue;
    }
    if (line.startsWith('%%')) continue;
    const [, left, begin, end, right, label = ''] = relation.exec(line) ?? [];
    if (left && right) {
      read.relations.push({ left, right, how: `${begin}--${end}`, label });
      continue;
    }
    const [, name, brace] = new RegExp(`^${entity}( \\{)?$`, 'u').exec(line) ?? [];
    if (!name) throw new Error(`not an entity: ${line}`);
    if (read.entities.has(name)) throw new Error(`twice: ${name}`);
    read.entities.set(name, []);
    if (brace) open = name;
  }
  expect(open).toBeUndefined();
  return read;
}

/** Names that would break out of some grammar. */
const hard = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('"', '%', '\\', '\n', '.', '~', '{', '}', '|', ' ', 'P', 'K', '🐘', "'"),
    minLength: 1,
    maxLength: 8,
  }),
  fc.constantFrom(
    'PK',
    'FK',
    'UK',
    'one',
    'to',
    'u',
    'o',
    'many',
    'erDiagram',
    'style',
    '1st',
    '-',
    '\u2028',
  ),
);

/** Tables of any names, each with all the columns, and each referring to the first of them. */
function anySchema(tables: string[], columns: string[], comment: string): SchemaModel {
  const model = emptyModel();
  for (const [index, name] of tables.entries()) {
    model.tables.push(
      table(`${100 + index}`, name, {
        comment,
        columns: columns.map((own, at) => column(at + 1, own, { comment, type: own })),
      }),
    );
    model.constraints.push(
      constraint(`${200 + index}`, 'foreign-key', `${100 + index}`, [1], '', {
        name: comment,
        references: { table: '100', columns: [columns.length] },
      }),
    );
  }
  return model;
}

const anyNames = (most: number) => fc.uniqueArray(hard, { minLength: 1, maxLength: most });

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

function shop(): SchemaModel {
  const model = emptyModel();
  model.types.push({
    oid: '900',
    schema: '1',
    name: 'state',
    extension: null,
    kind: 'enum',
    values: ['new', 'paid'],
    owner: 'deb',
    grants: null,
    comment: null,
  });
  model.tables.push(
    table('10', 'customers', {
      columns: [
        column(1, 'id', { notNull: true }),
        column(2, 'mail', { type: 'character varying(200)', comment: 'where "it" goes\nto' }),
      ],
    }),
    table('11', 'orders', {
      columns: [
        column(1, 'id', { notNull: true }),
        column(2, 'customer_id', { notNull: true }),
        column(3, 'invoice_id'),
        column(4, 'state', { type: 'state', typeOid: '900' }),
        column(5, 'amount', { type: 'numeric(10,2)', expression: { state: 'known', text: '0.5' } }),
      ],
    }),
    table('12', 'orders_2024', {
      kind: 'partition',
      parents: ['11'],
      partitionBound: { state: 'known', text: 'DEFAULT' },
    }),
  );
  model.constraints.push(
    constraint('20', 'primary-key', '10', [1], 'PRIMARY KEY (id)'),
    constraint('21', 'primary-key', '11', [1], 'PRIMARY KEY (id)'),
    constraint('22', 'unique', '10', [2], 'UNIQUE (mail)'),
    constraint('23', 'unique', '11', [3], 'UNIQUE (invoice_id)'),
    constraint('24', 'foreign-key', '11', [2], 'FOREIGN KEY (customer_id) REFERENCES customers(id)', {
      references: { table: '10', columns: [1] },
      onDelete: 'cascade',
    }),
    constraint('25', 'foreign-key', '11', [3], 'FOREIGN KEY (invoice_id) REFERENCES orders(id)', {
      references: { table: '11', columns: [1] },
    }),
  );
  return model;
}

describe('the Mermaid export', () => {
  it('has every table and every relation with its cardinality', () => {
    const { entities, relations } = readMermaid(mermaid(shop()));
    expect([...entities.keys()]).toEqual(['customers', 'orders']);
    expect(relations).toEqual([
      { left: 'customers', right: 'orders', how: '||--o{', label: 'customer_id' },
      { left: 'orders', right: 'orders', how: '|o--o|', label: 'invoice_id' },
    ]);
  });

  it('tells keys, short types, values of enums and comments', () => {
    const { entities } = readMermaid(mermaid(shop()));
    expect(entities.get('customers')).toEqual([
      { type: 'integer', name: 'id', keys: ['PK'], comment: null },
      { type: 'varchar(200)', name: 'mail', keys: ['UK'], comment: "where 'it' goes to" },
    ]);
    expect(entities.get('orders')?.slice(2)).toEqual([
      { type: 'integer', name: 'invoice_id', keys: ['FK', 'UK'], comment: null },
      { type: 'state', name: 'state', keys: [], comment: 'new|paid' },
      { type: 'numeric(10_2)', name: 'amount', keys: [], comment: null },
    ]);
  });

  it('keeps apart tables of the same name in two schemas, and leaves out what was not asked for', () => {
    const model = shop();
    model.schemas.push({ oid: '2', name: 'old', owner: 'deb', grants: null, comment: null });
    model.tables.push(table('30', 'orders', { schema: '2' }));
    model.constraints.push(
      constraint('31', 'foreign-key', '30', [1], '', { references: { table: '10', columns: [1] } }),
    );
    expect([...readMermaid(mermaid(model)).entities.keys()]).toEqual([
      '"old.orders"',
      '"public.customers"',
      '"public.orders"',
    ]);
    const old = mermaid(model, ['old']);
    expect([...readMermaid(old).entities.keys()]).toEqual(['orders']);
    expect(old).toContain('%% old.orders refers to public.customers');
  });

  it('can be read whatever things are called', () => {
    fc.assert(
      fc.property(anyNames(5), anyNames(5), hard, (tables, columns, comment) => {
        const model = anySchema(tables, columns, comment);
        const { entities, relations } = readMermaid(mermaid(model));
        expect(entities.size).toBe(tables.length);
        expect(relations).toHaveLength(tables.length);
        for (const { left, right } of relations) expect(entities.has(left) && entities.has(right)).toBe(true);
        for (const own of entities.values())
          expect(new Set(own.map(({ name }) => name)).size).toBe(columns.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the Mermaid export, read by Mermaid', () => {
  it('has every table, column, key and relation', async () => {
    const { entities, relations } = await understoodByMermaid(mermaid(shop()));
    expect([...entities.keys()]).toEqual(['customers', 'orders']);
    expect(entities.get('orders')?.map(({ name, keys }) => [name, ...keys])).toEqual([
      ['id', 'PK'],
      ['customer_id', 'FK'],
      ['invoice_id', 'FK', 'UK'],
      ['state'],
      ['amount'],
    ]);
    // Mermaid names the cardinality of each end after the other entity.
    expect(relations).toEqual([
      { a: 'customers', b: 'orders', label: 'customer_id', cardA: 'ZERO_OR_MORE', cardB: 'ONLY_ONE' },
      { a: 'orders', b: 'orders', label: 'invoice_id', cardA: 'ZERO_OR_ONE', cardB: 'ZERO_OR_ONE' },
    ]);
  });

  it('is whole whatever things are called', async () => {
    await fc.assert(
      fc.asyncProperty(anyNames(5), anyNames(5), hard, async (tables, columns, comment) => {
        const text = mermaid(anySchema(tables, columns, comment));
        const { entities, relations } = await understoodByMermaid(text);
        expect(entities.size).toBe(tables.length);
        expect(relations).toHaveLength(tables.length);
        for (const own of entities.values()) expect(own).toHaveLength(columns.length);
      }),
      { numRuns: 50 },
    );
  });

  it('takes no settings from a comment', async () => {
    const model = shop();
    const [customers] = model.tables;
    if (customers?.columns[0]) customers.columns[0].comment = '%%{init: {"theme": "dark"}}%% 50 %% off';
    const text = mermaid(model);
    expect(text).not.toContain('%%{');
    const { entities } = await understoodByMermaid(text);
    expect(entities.get('customers')?.[0]?.comment).toContain('off');
  });
});

describe('the DBML export, read by its compiler', () => {
  it('has every table, enum, key and reference', () => {
    const { tables, enums, refs } = understoodByDbml(dbml(shop()));
    expect(tables.map(({ schemaName, name }) => `${schemaName ?? 'public'}.${name}`)).toEqual([
      'public.customers',
      'public.orders',
    ]);
    expect(enums.map(({ name, values }) => [name, ...values.map((value) => value.name)])).toEqual([
      ['state', 'new', 'paid'],
    ]);
    expect(
      refs.map(({ endpoints }) => endpoints.map(({ fieldNames, relation }) => [fieldNames, relation])),
    ).toEqual([
      [
        [['customer_id'], '*'],
        [['id'], '1'],
      ],
      [
        [['invoice_id'], '1'],
        [['id'], '1'],
      ],
    ]);
  });

  it('keeps every name to the letter, and every comment but for space at its ends', () => {
    fc.assert(
      fc.property(anyNames(5), anyNames(5), hard, (tables, columns, comment) => {
        const read = understoodByDbml(dbml(anySchema(tables, columns, comment)));
        expect(new Set(read.tables.map(({ name }) => name))).toEqual(new Set(tables));
        for (const { fields, note } of read.tables) {
          expect(fields.map(({ name }) => name)).toEqual(columns);
          expect(words(note?.value ?? '')).toEqual(words(comment));
        }
        // The first table refers to itself: by its only column when it has but one, which can't be said.
        expect(read.refs).toHaveLength(columns.length === 1 ? tables.length - 1 : tables.length);
      }),
      { numRuns: 80 },
    );
  });

  it('says a reference between the same ends once', () => {
    const model = shop();
    model.constraints.push(
      constraint('26', 'foreign-key', '11', [2], '', {
        name: 'again',
        references: { table: '10', columns: [1] },
      }),
    );
    const text = dbml(model);
    expect(understoodByDbml(text).refs).toHaveLength(2);
    expect(text).toContain('// public.orders refers to public.customers by');
  });
});

describe('the DBML export', () => {
  it('has tables, enums and references', () => {
    const text = dbml(shop());
    expect(text).toContain('Enum "public"."state" {\n  "new"\n  "paid"\n}');
    expect(text).toContain(
      'Table "public"."customers" {\n  "id" "integer" [pk, not null]\n  "mail" "character varying(200)" [unique, note: \'where "it" goes\\nto\']\n}',
    );
    expect(text).toContain('  "state" "public"."state"\n  "amount" "numeric(10,2)" [default: `0.5`]');
    expect(text).toContain(
      'Ref "foreign-key 24": "public"."orders"."customer_id" > "public"."customers"."id" [delete: cascade]',
    );
    expect(text).toContain('Ref "foreign-key 25": "public"."orders"."invoice_id" - "public"."orders"."id"');
  });

  it('escapes what would end a name or a text', () => {
    const model = emptyModel();
    model.tables.push(table('1', 'a"b\\c\nd', { comment: "it's \\ so" }));
    expect(dbml(model)).toBe(
      'Table "public"."a\\"b\\\\c\\nd" {\n  "id" "integer" [not null]\n\n  Note: \'it\\\'s \\\\ so\'\n}\n',
    );
  });

  it('names all columns of a composite key and reference', () => {
    const model = emptyModel();
    const columns = [column(1, 'a'), column(2, 'b')];
    model.tables.push(table('1', 'x', { columns }), table('2', 'y', { columns }));
    model.constraints.push(
      constraint('3', 'primary-key', '1', [2, 1], '', { name: 'x_pk' }),
      constraint('4', 'foreign-key', '2', [1, 2], '', {
        name: 'y_fk',
        references: { table: '1', columns: [2, 1] },
      }),
    );
    expect(dbml(model)).toContain('    ("b", "a") [pk, name: \'x_pk\']');
    expect(dbml(model)).toContain('Ref "y_fk": "public"."y".("a", "b") > "public"."x".("b", "a")');
  });
});

describe('an export', () => {
  it('has a name for its file that any system takes', () => {
    const model = { ...shop(), database: 'my/shop: "new"' };
    expect(exportAs('mermaid', model)).toEqual({ name: 'my_shop_new_.mmd', text: mermaid(model) });
    expect(exportAs('dbml', model).name).toBe('my_shop_new_.dbml');
    expect(exportAs('ddl', model)).toEqual({ name: 'my_shop_new_.sql', text: ddl(model) });
  });

  it('of some schemas as SQL has only these', () => {
    const model = shop();
    model.schemas.push({ oid: '2', name: 'old', owner: 'deb', grants: null, comment: null });
    model.tables.push(
      table('30', 'things', {
        schema: '2',
        columns: [column(1, 'id', { expression: { state: 'known', text: 'public.f()' } })],
      }),
    );
    const text = ddl(model, ['old']);
    expect(text).toContain('CREATE TABLE "old"."things"');
    expect(text).toContain('CREATE SCHEMA "old"');
    expect(text).toContain('DEFAULT public.f()');
    expect(text).not.toContain('"public"."orders"');
  });
});
