import { describe, expect, it } from 'vitest';
import { droppedMeanwhile } from '../../../main/schema/assembly/dropped-meanwhile.ts';
import { Assembly } from '../../../main/schema/assembly.ts';
import { partsOf } from '../../../main/schema/parts.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';

const header = {
  at: 1,
  server: { version: '15.1', versionNumber: 150_001 },
  database: 'd',
  user: 'u',
  unseen: [],
};

/** So many tables of one column each, as the catalogue statements give them. */
function tables(count: number): Assembly {
  const assembly = new Assembly();
  assembly.add('schemas', '10\tpublic\t1\t\\N\n');
  for (let index = 0; index < count; index += 1) {
    assembly.add(
      'relations',
      `${index + 100}\t10\tt${index}\tr\tf\t1\tp\t-1\t0\tf\tf\tt\t2\t0\td\t0\t\\N\t\\N\t0\n`,
    );
    assembly.add(
      'columns',
      `${index + 100}\t1\tid\t23\t\\N\tt\tf\t\\N\t\\N\t\\N\tp\t\\N\t\\N\tt\t\\N\t\\N\t\\N\t\\N\n`,
    );
  }
  return assembly;
}

it('is not made of types that were dropped while it was read, which the server prints as ???', () => {
  for (const gone of ['???', '???[]']) {
    const assembly = tables(1);
    assembly.add('column-types', `23\t\\N\t${gone}\n`);
    expect(() => assembly.structure()).toThrow(droppedMeanwhile);
  }
  const named = tables(1);
  named.add('column-types', '23\t\\N\t"???"\n');
  expect(named.lists().tables[0]?.columns[0]?.type).toBe('"???"');
});

describe('a model in parts', () => {
  it('is whole when its parts are put behind each other, and no part is large', () => {
    const lists = tables(3000).lists();
    const expected = JSON.parse(JSON.stringify(lists));
    const parts = [...partsOf(header, lists)];
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts.map((one) => one.length))).toBeLessThan(300_000);
    const whole = parts
      .map((one) => JSON.parse(one) as Partial<SchemaModel>)
      .reduce<Record<string, unknown[]>>((all, part) => {
        for (const [name, list] of Object.entries(part))
          if (Array.isArray(list)) all[name] = [...(all[name] ?? []), ...list];
        return all;
      }, {});
    expect(whole).toEqual({ ...expected, unseen: [] });
  });

  it('is the same when columns are put together only as tables are written', () => {
    const lists = tables(300).lists();
    const whole = [...partsOf(header, lists)];
    const { lists: bare, columnsOf } = tables(300).structure();
    expect(bare.tables.every(({ columns }) => columns.length === 0)).toBe(true);
    const filled = [
      ...partsOf(header, bare, (table) => {
        table.columns = columnsOf(table.oid);
      }),
    ];
    expect(filled).toEqual(whole);
  });

  it('has the columns of a table in their order, however the server gives them, with their comments', () => {
    const assembly = tables(2);
    const row = (table: number, number: number, name: string): string =>
      `${table}\t${number}\t${name}\t23\t\\N\tt\tf\t\\N\t\\N\t\\N\tp\t\\N\t\\N\tt\t\\N\t\\N\t\\N\t\\N\n`;
    assembly.add('columns', row(100, 4, 'd') + row(101, 2, 'x') + row(100, 2, 'b') + row(10, 1, 'other'));
    assembly.add('columns', row(100, 3, 'c'));
    assembly.add('comments', 'pg_class\t100\t3\tthe third\npg_class\t100\t0\tthe table\n');
    const [first, second] = assembly.lists().tables;
    expect(first?.columns.map(({ name, comment }) => [name, comment])).toEqual([
      ['id', null],
      ['b', null],
      ['c', 'the third'],
      ['d', null],
    ]);
    expect(first?.comment).toBe('the table');
    expect(second?.columns.map(({ name }) => name)).toEqual(['id', 'x']);
  });

  it('has every list even when the database is empty', () => {
    const parts = [...partsOf(header, new Assembly().lists())];
    expect(parts).toHaveLength(1);
    expect(JSON.parse(parts[0] as string)).toMatchObject({ ...header, tables: [], dependencies: [] });
  });

  it('leaves out what is in schemas that nobody made, and the server’s own option of columns', () => {
    const assembly = tables(1);
    assembly.add('relations', '7\t99\tforeign\tr\tf\t1\tp\t-1\t0\tf\tf\tt\t2\t0\td\t0\t\\N\t\\N\t0\n');
    assembly.add(
      'columns',
      '100\t2\tn\t23\t\\N\tf\tf\t\\N\t\\N\t\\N\tp\t\\N\t\\N\tt\t\\N\t{pg_attver=1,n_distinct=5}\t\\N\t\\N\n',
    );
    const { tables: all } = assembly.lists();
    expect(all.map(({ name }) => name)).toEqual(['t0']);
    expect(all[0]?.columns.map(({ options }) => options)).toEqual([[], ['n_distinct=5']]);
  });
});
