import { expect, test } from 'vitest';
import { exportable, pressed, shareOf } from '../../../../renderer/imports/exporting.ts';

test('the sample’s systems and what was opened from a URL are not offered', () => {
  const environments = [
    { id: 'a', transient: false },
    { id: 'b', sample: 'kronos_eam', transient: false },
    { id: 'c', transient: true },
  ];
  expect(exportable(environments).map(({ id }) => id)).toEqual(['a']);
});

test('a box for several fills what is not full, and empties what is', () => {
  const all = ['a', 'b'];
  const none = new Set<string>();
  expect(shareOf(all, none)).toBe('all');
  expect(shareOf(all, new Set(['a']))).toBe('some');
  expect(shareOf(all, new Set(['a', 'b', 'z']))).toBe('none');
  expect([...pressed(all, none)]).toEqual(['a', 'b']);
  expect([...pressed(all, new Set(['a', 'z']))]).toEqual(['z']);
  expect([...pressed(['b'], new Set(['a']))]).toEqual(['a', 'b']);
});
