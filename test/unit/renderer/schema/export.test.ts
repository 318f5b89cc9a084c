import { describe, expect, test } from 'vitest';
import { dbml } from '../../../../renderer/schema/export/dbml.ts';
import { mermaid } from '../../../../renderer/schema/export/mermaid.ts';
import { svg } from '../../../../renderer/schema/export/svg.ts';
import { awkwardModel, believableModel } from '../../../support/ui-schema-fixture/models.ts';
import { draw, unit } from './support.ts';

const palette = {
  surface: '#fff',
  sunken: '#f7f8f9',
  raised: '#fff',
  hover: '#eee',
  selected: '#e4ecfb',
  line: '#e1e4e8',
  lineStrong: '#c9ced5',
  text: '#1a1e23',
  soft: '#4b5563',
  faint: '#626b78',
  accent: '#2457c5',
  focus: '#2457c5',
  notice: '#1f5fb0',
  noticeSurface: '#eaf2fc',
  tints: ['#1f66d0', '#0b756b'],
  mono: 'ui-monospace, "DejaVu Sans Mono", monospace',
  sans: 'sans-serif',
};

const all = (drawn: ReturnType<typeof draw>): number[] => [...drawn.scene.placed.tables];

describe('Mermaid', () => {
  const drawn = draw(believableModel());
  const text = mermaid(drawn.diagram, all(drawn));

  test('has every table with its columns and keys, and every foreign key', () => {
    expect(text.startsWith('erDiagram\n')).toBe(true);
    for (const { name, kind } of drawn.diagram.tables) if (kind !== 'enum') expect(text).toContain(name);
    expect(text).toContain('bigint customer_id FK "not null"');
    expect(text).toContain('timestamp_with_time_zone');
    expect(text.match(/--/g)).toHaveLength(
      drawn.diagram.relations.filter(({ kind }) => kind === 'foreign-key').length,
    );
  });

  test('says how many rows each end stands for', () => {
    expect(text).toContain('sales_customers ||--o{ sales_orders : "customer_id"');
    expect(text).toContain('core_people |o--o{ sales_orders : "placed_by"');
    expect(text).toContain('core_people ||--o| core_profiles : "person_id"');
  });

  test('keeps to its grammar for any name, and does not take two tables for one', () => {
    const drawn = draw(awkwardModel());
    const lines = mermaid(drawn.diagram, all(drawn)).split('\n').slice(1).filter(Boolean);
    const entity = /^ {4}[A-Za-z_][A-Za-z0-9_]*(\["[^"\n]*"\])? \{$/;
    const attribute =
      /^ {8}[A-Za-z][A-Za-z0-9_()[\]-]* [A-Za-z_][A-Za-z0-9_]*( (PK|FK|UK)(, (PK|FK|UK))*)?( "[^"\n]*")?$/;
    const line = /^ {4}\w+ (\|\||\|o)(--|\.\.)(o\{|o\|) \w+ : "[^"\n]*"$/;
    for (const one of lines)
      expect(entity.test(one) || attribute.test(one) || line.test(one) || one === '    }', one).toBe(true);
    const heads = lines.filter((one) => entity.test(one)).map((one) => one.trim().split(/[[ ]/)[0]);
    expect(new Set(heads).size).toBe(heads.length);
  });
});

describe('DBML', () => {
  const drawn = draw(believableModel());
  const text = dbml(drawn.diagram, all(drawn));

  test('has tables, enums, keys of several columns and foreign keys', () => {
    expect(text).toContain('Enum "sales"."order_status" {\n  "draft"\n');
    expect(text).toContain('"status" "sales"."order_status" [not null]');
    expect(text).toContain('("order_id", "line") [pk]');
    expect(text).toContain(
      'Ref "orders_customer_id_fkey": "sales"."orders"."customer_id" > "sales"."customers"."id"',
    );
    expect(text).toContain(
      '"sales"."shipments".("order_id", "line") > "sales"."order_items".("order_id", "line")',
    );
    expect(text).toContain('"core"."profiles"."person_id" - "core"."people"."id"');
    expect(text).toContain("Note: 'partitioned, 60 partitions'");
  });

  test('quotes every name, whatever is in it', () => {
    const drawn = draw(awkwardModel());
    for (const line of dbml(drawn.diagram, all(drawn)).split('\n'))
      expect((line.match(/"/g) ?? []).length % 2, line).toBe(0);
  });

  test('holds only what is drawn, without lines into nothing', () => {
    const drawn = draw(believableModel(), { filter: { name: 'orders' } });
    const text = dbml(drawn.diagram, all(drawn));
    expect(text).toContain('Table "sales"."orders"');
    expect(text).not.toContain('Ref ');
  });
});

describe('SVG', () => {
  test('draws each table with all its rows, where it stands', () => {
    const drawn = draw(believableModel());
    const text = svg(drawn.scene, palette, unit, 'fixture');
    for (const { name } of drawn.diagram.tables) expect(text).toContain(`>${name}<`);
    expect(text).toContain('>customer_id<');
    expect(text).toContain('>⊞ 60<');
    expect(text.match(/<circle/g)?.length).toBeGreaterThan(10);
    const { x, y } = drawn.scene.rect(0);
    expect(text).toContain(`<rect x="${x}" y="${y}"`);
  });

  test('is well-formed and runs nothing, whatever names hold', () => {
    const drawn = draw(awkwardModel());
    const text = svg(drawn.scene, palette, unit, 'a "b" <c> & \u0000d');
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
