import { expect, test } from 'vitest';
import { findingSpan, fleetColumns } from '../../../../renderer/home/fleet-columns.ts';

const spanned = (width: number, hasTrend: boolean) =>
  findingSpan(fleetColumns(width), hasTrend).map(({ id }) => id);

test('a row without a connection says why over the figures it has not, beside its trend', () => {
  expect(spanned(1040, true)).toEqual(['sessions', 'active', 'idle', 'waiting', 'oldest', 'tps']);
});

test('with no trend to draw it has all the room up to the end', () => {
  expect(spanned(1040, false)).toEqual([
    'sessions',
    'active',
    'idle',
    'waiting',
    'oldest',
    'tps',
    'trend',
    'finding',
  ]);
  expect(spanned(620, true)).toEqual(['sessions', 'active', 'waiting', 'finding']);
  expect(spanned(620, false)).toEqual(['sessions', 'active', 'waiting', 'finding']);
});

test('a wide table has room for a sentence in the column of findings', () => {
  expect(spanned(1700, false)).toEqual([]);
});
