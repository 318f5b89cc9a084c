import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { dbml } from '../../../../preload/contract/diagram/export/dbml.ts';
import { type Drawing, drawingOf } from '../../../../preload/contract/diagram/export/drawing.ts';
import { lightPalette } from '../../../../preload/contract/diagram/export/light.ts';
import { mermaid } from '../../../../preload/contract/diagram/export/mermaid.ts';
import { picture } from '../../../../preload/contract/diagram/export/picture.ts';
import { svg } from '../../../../preload/contract/diagram/export/svg.ts';
import type { SchemaModel } from '../../../../preload/contract/schema-model.ts';
import { awkwardModel, believableModel } from '../../../support/ui-schema-fixture/models.ts';
import { understoodByDbml, understoodByMermaid } from '../../core/export-readers.ts';
import { draw, unit } from './support.ts';

/** What the window exports: the boxes that are drawn. */
const drawing = (model: SchemaModel, drawn: ReturnType<typeof draw>): Drawing => ({
  model,
  diagram: drawn.diagram,
  tables: [...drawn.scene.placed.tables],
});

const believable = believableModel();

describe('Mermaid', () => {
  const drawn = draw(believable);
  const text = mermaid(drawing(believable, drawn));

  test('has every table and view with its columns and keys, and every foreign key', async () => {
    const { entities, relations } = await understoodByMermaid(text);
    expect(entities.size).toBe(drawn.diagram.tables.filter(({ kind }) => kind !== 'enum').length);
    const order = entities.get('sales.orders');
    expect(order?.find(({ name }) => name === 'customer_id')).toMatchObject({ type: 'bigint', keys: ['FK'] });
    expect(relations).toHaveLength(drawn.diagram.relations.filter(({ kind }) => kind !== 'enum').length);
    expect(text.match(/--/g)).toHaveLength(
      drawn.diagram.relations.filter(({ kind }) => kind === 'foreign-key').length,
    );
  });

  test('says how many rows each end stands for', () => {
    expect(text).toContain('"sales.customers" ||--o{ "sales.orders" : "customer_id"');
    expect(text).toContain('"core.people" |o--o{ "sales.orders" : "placed_by"');
    expect(text).toContain('"core.people" ||--o| "core.profiles" : "person_id"');
  });

  test('does not take two tables for one, whatever they are called', async () => {
    const model = awkwardModel();
    const drawn = draw(model);
    const { entities } = await understoodByMermaid(mermaid(drawing(model, drawn)));
    expect(entities.size).toBe(drawn.diagram.tables.filter(({ kind }) => kind !== 'enum').length);
  });

  test('tells what leads out of what is drawn in a comment', () => {
    const narrow = draw(believable, { filter: { name: 'orders' } });
    const text = mermaid(drawing(believable, narrow));
    expect(text).toContain('%% sales.orders refers to sales.customers by orders_customer_id_fkey');
  });
});

describe('DBML', () => {
  const drawn = draw(believable);
  const text = dbml(drawing(believable, drawn));

  test('has tables, enums, keys of several columns and foreign keys', () => {
    expect(text).toContain('Enum "sales"."order_status" {\n  "draft"\n');
    expect(text).toContain('"status" "sales"."order_status" [not null');
    expect(text).toContain('("order_id", "line") [pk, name: ');
    expect(text).toContain(
      'Ref "orders_customer_id_fkey": "sales"."orders"."customer_id" > "sales"."customers"."id"',
    );
    expect(text).toContain(
      '"sales"."shipments".("order_id", "line") > "sales"."order_items".("order_id", "line")',
    );
    expect(text).toContain('"core"."profiles"."person_id" - "core"."people"."id"');
    expect(text).toContain('partitioned, 60 partitions');
    expect(understoodByDbml(text).refs.length).toBeGreaterThan(10);
  });

  test('is read by its compiler whatever things are called', () => {
    const model = awkwardModel();
    const drawn = draw(model);
    const { tables } = understoodByDbml(dbml(drawing(model, drawn)));
    expect(tables.length).toBe(
      drawn.diagram.tables.filter(
        ({ kind, columns }) => kind !== 'enum' && !kind.endsWith('view') && columns.length > 0,
      ).length,
    );
  });

  test('holds only what is drawn, without references into nothing', () => {
    const narrow = draw(believable, { filter: { name: 'orders' } });
    const text = dbml(drawing(believable, narrow));
    expect(text).toContain('Table "sales"."orders"');
    expect(understoodByDbml(text).refs).toEqual([]);
  });
});

describe('SVG', () => {
  test('draws each table with all its rows, where it stands', () => {
    const drawn = draw(believableModel());
    const text = svg(drawn.scene, lightPalette, unit, 'fixture');
    for (const { name } of drawn.diagram.tables) expect(text).toContain(`>${name}<`);
    expect(text).toContain('>customer_id<');
    expect(text).toContain('>⊞ 60<');
    expect(text.match(/<circle/g)?.length).toBeGreaterThan(10);
    const { x, y } = drawn.scene.rect(0);
    expect(text).toContain(`<rect x="${x}" y="${y}"`);
  });

  test('is well-formed and runs nothing, whatever names hold', () => {
    const drawn = draw(awkwardModel());
    const text = svg(drawn.scene, lightPalette, unit, 'a "b" <c> & \u0000d');
    expect(text).not.toContain('<script');
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML takes none of them.
    expect(text).not.toMatch(/[\u0000-\u0008\u202e]/);
    const open = [...text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)].reduce(
      (stack: string[], [, close, tag = '', self]) => {
        if (close) expect(stack.pop()).toBe(tag);
        else if (!self) stack.push(tag);
        return stack;
      },
      [],
    );
    expect(open).toEqual([]);
  });
});

describe('a picture made without a window', () => {
  const model = believableModel();
  const text = picture(drawingOf(model, [], { views: true }));

  test('has all tables of the schemas asked for, and no others', () => {
    for (const { name } of draw(model).diagram.tables) expect(text).toContain(`>${name}<`);
    const one = picture(drawingOf(model, ['sales'], { views: true }));
    expect(one).toContain('>orders<');
    expect(one).not.toContain('>people<');
  });

  test('keeps each text inside of its box', () => {
    const boxes = [
      ...text.matchAll(/<g><title>[^<]*<\/title><rect x="([-\d.]+)" y="[-\d.]+" width="([\d.]+)".*?<\/g>/g),
    ];
    expect(boxes.length).toBeGreaterThan(15);
    for (const [all, x, width] of boxes) {
      const right = Number(x) + Number(width);
      for (const [, kind, at, end, content = ''] of all.matchAll(
        /<text(?: class="(\w)")? x="([-\d.]+)" y="[-\d.]+"( text-anchor="end")?[^>]*>([^<]*)</g,
      )) {
        const size = kind === 'h' ? 13 : kind ? 10 : 12;
        const long = lengthOf(content) * size;
        const [from, to] = end ? [Number(at) - long, Number(at)] : [Number(at), Number(at) + long];
        expect(from, content).toBeGreaterThanOrEqual(Number(x));
        expect(to, content).toBeLessThanOrEqual(right + 0.5);
      }
    }
  });

  test('wears the light theme of the product', async () => {
    const variables = await readFile('renderer/theme/variables.css', 'utf8');
    const [light = ''] = variables.split(/--surface: #191c20/);
    for (const [key, name] of [
      ['text', '--text'],
      ['soft', '--text-soft'],
      ['faint', '--text-faint'],
      ['sunken', '--surface-sunken'],
      ['lineStrong', '--line-strong'],
      ['notice', '--notice'],
      ['accent', '--accent-text'],
    ] as const)
      expect(light, key).toContain(`${name}: ${lightPalette[key]};`);
    for (const tint of lightPalette.tints) expect(light).toContain(tint);
  });
});

const lengthOf = (text: string): number => unit.name(text.replace(/&(amp|lt|gt|quot);/g, '.'));
