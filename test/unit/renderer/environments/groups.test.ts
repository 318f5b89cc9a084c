import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byGroup, dropped, moved } from '../../../../renderer/environments/groups.ts';

const environments = [
  { id: 'a', group: 'Production' },
  { id: 'b', group: '' },
  { id: 'c', group: 'Production' },
  { id: 'd', group: 'Staging' },
];
const printed = (order: { environment: string; group: string }[]): string =>
  order.map(({ environment, group }) => `${environment}:${group.slice(0, 1)}`).join(' ');

test('groups stand in the order of their first member, members in the order given', () => {
  expect(
    byGroup(environments).map(({ name, environments: members }) => [name, members.map(({ id }) => id)]),
  ).toEqual([
    ['Production', ['a', 'c']],
    ['', ['b']],
    ['Staging', ['d']],
  ]);
});

describe('dropping', () => {
  test('puts an environment beside another and into its group', () => {
    expect(printed(dropped(environments, 'd', 'a', 'after'))).toBe('a:P d:P c:P b:');
    expect(printed(dropped(environments, 'a', 'b', 'before'))).toBe('c:P a: b: d:S');
  });

  test('on itself changes nothing', () => {
    expect(printed(dropped(environments, 'a', 'a', 'after'))).toBe('a:P c:P b: d:S');
  });
});

describe('moving by keyboard', () => {
  test('changes places within the group', () => {
    expect(printed(moved(environments, 'c', -1))).toBe('c:P a:P b: d:S');
  });

  test('goes over into the next group at the edge, and stays at the very end', () => {
    expect(printed(moved(environments, 'c', 1))).toBe('a:P c: b: d:S');
    expect(printed(moved(environments, 'd', 1))).toBe('a:P c:P b: d:S');
    expect(printed(moved(environments, 'a', -1))).toBe('a:P c:P b: d:S');
  });
});

test('no move ever loses or doubles an environment', () => {
  const list = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
    .chain((ids) =>
      fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), group: fc.constantFrom('', 'x', 'y') }))),
    );
  fc.assert(
    fc.property(list, fc.nat(), fc.nat(), fc.boolean(), (all, from, to, down) => {
      const ids = all.map(({ id }) => id).sort();
      const source = all[from % all.length]?.id ?? '';
      const target = all[to % all.length]?.id ?? '';
      const after = [
        dropped(all, source, target, down ? 'after' : 'before'),
        moved(all, source, down ? 1 : -1),
      ];
      for (const order of after) expect(order.map(({ environment }) => environment).sort()).toEqual(ids);
    }),
  );
});
