import { expect, test } from 'vitest';
import { migrationsAddress, readKept, readView, writeKept } from '../../../../renderer/migrations/address.ts';
import { rowsOf } from '../../../../renderer/migrations/status/rows.ts';
import { entry } from './tracks.ts';

test('each view has an address of its own', () => {
  for (const view of ['status', 'matrix'] as const)
    expect(readView(migrationsAddress('some id', view))).toBe(view);
  expect(readView('/environments/x/migrations/matrixes')).toBe('status');
});

test('what is chosen comes back from the address, whatever it is called', () => {
  const kept = { track: 'knex:public."k n&ex"', search: '100 % & more', group: 'Größe' };
  const search = writeKept('?token=1', 'e1', kept);
  expect(readKept(search, 'e1')).toEqual(kept);
  expect(new URLSearchParams(search).get('token')).toBe('1');
});

test('an address about another environment says nothing of this one', () => {
  expect(readKept(writeKept('', 'e1', { search: 'x' }), 'e2')).toBeUndefined();
  expect(writeKept(writeKept('', 'e1', { search: 'x' }), 'e1', undefined)).toBe('');
});

test('the list shows the newest first, with its number in the order of running', () => {
  const entries = [entry('a'), entry('b', { parents: ['a'] })];
  expect(rowsOf(entries, false).rows.map(({ entry: { id }, number }) => [id, number])).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
  expect(rowsOf(entries, false).lanes).toBe(1);
  expect(rowsOf(entries, true).rows.map(({ number }) => number)).toEqual([1, 2]);
  expect(rowsOf(entries, true).lanes).toBe(0);
});
