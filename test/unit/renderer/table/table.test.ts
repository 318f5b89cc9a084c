import { describe, expect, it } from 'vitest';
import { gridIntent } from '../../../../renderer/components/table/grid-keys.ts';
import { holdOrder } from '../../../../renderer/components/table/held-order.ts';
import {
  keepOnly,
  nothingSelected,
  rangeTo,
  type Selection,
  toggle,
} from '../../../../renderer/components/table/selection.ts';
import { compareValues } from '../../../../renderer/components/table/sort.ts';
import { toTsv } from '../../../../renderer/components/table/tsv.ts';

describe('holding the order of a live table', () => {
  const keyOf = (row: string): string => row.slice(0, 1);
  const hold = (shown: string[], next: string[]) => holdOrder(shown, next, keyOf, shown.length);

  it('keeps every row in its place with its newest values', () => {
    expect(hold(['a1', 'b1', 'c1'], ['c2', 'a2', 'b2']).rows).toEqual(['a2', 'b2', 'c2']);
  });

  it('leaves a row that has gone where it was, as it last was', () => {
    const held = hold(['a1', 'b1', 'c1'], ['a2', 'c2']);
    expect(held.rows).toEqual(['a2', 'b1', 'c2']);
    expect([...held.gone]).toEqual(['b']);
  });

  it('puts rows that came at the end and counts them', () => {
    const held = hold(['a1', 'b1'], ['d2', 'b2', 'c2', 'a2']);
    expect(held.rows).toEqual(['a2', 'b2', 'd2', 'c2']);
    expect(held.arrived).toBe(2);
  });

  it('takes a row back that went and came again', () => {
    const gone = hold(['a1', 'b1'], ['b2']);
    expect(holdOrder(gone.rows, ['b3', 'a3'], keyOf, 2)).toMatchObject({ rows: ['a3', 'b3'], arrived: 0 });
  });

  it('changes nothing when applied to its own result again', () => {
    const next = ['c2', 'd2', 'a2'];
    const once = hold(['a1', 'b1', 'c1'], next);
    expect(holdOrder(once.rows, next, keyOf, 3)).toEqual(once);
  });
});

describe('selecting rows', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];
  const keys = (selection: Selection): string => [...selection.keys].join('');

  it('adds and takes away', () => {
    const once = toggle(nothingSelected, 'b');
    expect(keys(once)).toBe('b');
    expect(keys(toggle(once, 'b'))).toBe('');
  });

  it('draws a range from the anchor, in both directions', () => {
    const anchored = toggle(nothingSelected, 'c');
    expect(keys(rangeTo(anchored, 'e', order, false))).toBe('cde');
    expect(keys(rangeTo(anchored, 'a', order, false))).toBe('abc');
  });

  it('draws the next range from the same anchor', () => {
    const first = rangeTo(toggle(nothingSelected, 'c'), 'e', order, false);
    expect(keys(rangeTo(first, 'b', order, false))).toBe('bc');
  });

  it('adds a range to what is selected', () => {
    const anchored = toggle(toggle(nothingSelected, 'a'), 'd');
    expect(keys(rangeTo(anchored, 'e', order, true))).toBe('ade');
  });

  it('starts at the row itself when the anchor has gone', () => {
    expect(keys(rangeTo({ keys: new Set(), anchor: 'x' }, 'b', order, false))).toBe('b');
  });

  it('drops rows that have gone, and is the same when none has', () => {
    const selected = toggle(toggle(nothingSelected, 'a'), 'b');
    expect(keepOnly(selected, new Set(order))).toBe(selected);
    expect(keepOnly(selected, new Set(['a']))).toEqual({ keys: new Set(['a']), anchor: null });
  });
});

describe('copying rows', () => {
  const columns = [
    { id: 'pid', header: 'PID', width: 1, value: (row: { pid: number; text: string | null }) => row.pid },
    { id: 'text', header: 'Statement', width: 1, value: (row: { text: string | null }) => row.text },
  ];

  it('sets cells apart by tabs and rows by line ends', () => {
    expect(
      toTsv(
        columns,
        [
          { pid: 1, text: 'a' },
          { pid: 2, text: null },
        ],
        true,
      ),
    ).toBe('PID\tStatement\n1\ta\n2\t');
  });

  it('quotes what would break a cell', () => {
    expect(toTsv(columns, [{ pid: 1, text: 'a\n"b"\tc' }], false)).toBe('1\t"a\n""b""\tc"');
  });
});

describe('the keys of a grid', () => {
  const press = (key: string, more: { shiftKey?: boolean; ctrlKey?: boolean; altKey?: boolean } = {}) =>
    gridIntent(
      { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more },
      { rows: 100, active: 50, page: 20 },
    );

  it('walks by one, by a page, and to the ends', () => {
    expect(press('ArrowDown')).toEqual({ act: 'to', row: 51, extend: false });
    expect(press('PageUp')).toEqual({ act: 'to', row: 30, extend: false });
    expect(press('End')).toEqual({ act: 'to', row: 99, extend: false });
    expect(press('Home', { shiftKey: true })).toEqual({ act: 'to', row: 0, extend: true });
  });

  it('stays inside the rows, and leaves for the header above the first', () => {
    const at = (active: number, key: string) =>
      gridIntent(
        { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false },
        { rows: 3, active, page: 9 },
      );
    expect(at(2, 'PageDown')).toMatchObject({ row: 2 });
    expect(at(0, 'ArrowUp')).toEqual({ act: 'header' });
    expect(at(-1, 'ArrowDown')).toMatchObject({ row: 0 });
  });

  it('copies and selects all with Control only, and leaves the browser its own', () => {
    expect(press('c', { ctrlKey: true })).toEqual({ act: 'copy' });
    expect(press('c')).toBeUndefined();
    expect(press('a', { ctrlKey: true })).toEqual({ act: 'all' });
    expect(press('ArrowLeft', { altKey: true })).toBeUndefined();
  });
});

describe('sorting', () => {
  it('orders numbers by size and the numbers inside of names too', () => {
    expect([10, 9, 100].sort(compareValues)).toEqual([9, 10, 100]);
    expect(['t10', 'T9', 't1'].sort(compareValues)).toEqual(['t1', 'T9', 't10']);
  });
});
