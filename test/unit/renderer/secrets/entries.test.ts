import { expect, test } from 'vitest';
import { entryGroups, orphans } from '../../../../renderer/secrets/entries.ts';

const entries = [
  { account: '1', what: 'Password', environment: 'db-10' },
  { account: '2', what: 'Password', environment: null },
  { account: '3', what: 'Password', environment: 'db-9' },
  { account: '4', what: 'SSH password of ada@bastion:22', environment: 'db-10' },
  { account: '5', what: 'Password', environment: null },
];

test('entries stand by environment, those of removed ones first', () => {
  expect(
    entryGroups(entries).map((group) => [group.environment, group.entries.map(({ account }) => account)]),
  ).toEqual([
    [null, ['2', '5']],
    ['db-9', ['3']],
    ['db-10', ['1', '4']],
  ]);
});

test('only those of removed environments can be cleaned up', () => {
  expect(orphans(entries)).toBe(2);
  expect(orphans([])).toBe(0);
});
