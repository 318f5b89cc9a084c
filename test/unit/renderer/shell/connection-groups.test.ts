import { expect, test } from 'vitest';
import { grouped, groupWords } from '../../../../renderer/shell/connection-groups.ts';

test('several losses are told as one, with the first names', () => {
  expect(groupWords('lost', ['a', 'b', 'c', 'd'])).toBe(
    '4 environments lost their connection: a, b, c and 1 more',
  );
  expect(groupWords('back', ['a', 'b'])).toBe('2 environments are connected again: a and b');
  expect(groupWords('back', ['a', 'b', 'c'])).toBe('3 environments are connected again: a, b and c');
});

test('of each environment only the last event counts', () => {
  expect(
    grouped([
      { environment: 'a', kind: 'lost' },
      { environment: 'b', kind: 'lost' },
      { environment: 'a', kind: 'back' },
    ]),
  ).toEqual({ lost: ['b'], back: ['a'], ended: [] });
});
