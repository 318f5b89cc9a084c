import { expect, it } from 'vitest';
import type { SwapNote } from '../../../main/backups/swaps/notes.ts';
import { standing } from '../../../main/backups/swaps/standing.ts';

const kept = 'shop_before_20261121_093000';
const note = (more: Partial<SwapNote> = {}): SwapNote => ({
  id: 1,
  environment: 'prod',
  system: '77',
  at: 1000,
  database: 'shop',
  kept,
  oid: 4_000_000_000,
  holds: 'former',
  backup: 3,
  path: '/b/shop.dump',
  ...more,
});
const on = (databases: Record<string, number>, system: string | null = '77') => ({
  system,
  databases: Object.entries(databases).map(([name, oid]) => ({ name, oid })),
});
const there = { shop: 5, [kept]: 4_000_000_000 };
const states = (...given: Parameters<typeof standing>) =>
  standing(...given).map(({ id, state }) => [id, state]);

it('what was noted is known by its oid, whatever it or others are called by now', () => {
  expect(standing('prod', [note()], on(there))).toMatchObject([
    { id: '1', state: 'kept', isDatabaseThere: true, backup: '3', name: null },
  ]);
  expect(standing('prod', [note()], on({ shop: 4_000_000_000 }))).toMatchObject([
    { state: 'renamed', name: 'shop', said: 'Somebody has given it the name shop back, without Howdah.' },
  ]);
  expect(standing('prod', [note()], on({ [kept]: 4_000_000_000 }))).toMatchObject([
    { state: 'kept', isDatabaseThere: false },
  ]);
  expect(states('prod', [note()], on({ shop: 5, [kept]: 6 }))).toEqual([['1', 'replaced']]);
  expect(states('prod', [note()], on({ shop: 5 }))).toEqual([['1', 'gone']]);
});

it('another server is no proof of anything, and a copy of the server shows only what it still has', () => {
  expect(states('prod', [note()], on({ shop: 5 }, '78'))).toEqual([['1', 'unknown']]);
  // The name alone tells then.
  expect(states('prod', [note()], on(there, '78'))).toEqual([
    [null, 'kept'],
    ['1', 'unknown'],
  ]);
  expect(states('copy', [note()], on(there))).toEqual([['1', 'kept']]);
  expect(states('copy', [note()], on({ shop: 5 }))).toEqual([]);
  expect(states('copy', [note({ environment: null })], on({ shop: 5 }))).toEqual([['1', 'gone']]);
  // Where the identifier may not be asked, oid and name have to do.
  expect(states('prod', [note({ system: null })], on(there))).toEqual([['1', 'kept']]);
});

it('what others kept is found by its name, as long as the database is there that it was kept for', () => {
  const found = standing(
    'prod',
    [],
    on({ ...there, shop_before_20261399_000000: 7, gone_before_20261121_093000: 8 }),
  );
  expect(found).toMatchObject([
    { id: null, kept, database: 'shop', at: Date.UTC(2026, 10, 21, 9, 30), path: null },
  ]);
  expect(found).toHaveLength(1);
});
