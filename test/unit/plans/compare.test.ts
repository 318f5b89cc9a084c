import { expect, it } from 'vitest';
import { comparePlans } from '../../../renderer/queries/plans/compare-plans.ts';
import { readPlanPlace } from '../../../renderer/queries/plans/place.ts';
import { planOf, ran, whole } from './support.ts';

it('two plans are compared place by place, with the findings that are gone and new', async () => {
  const scan = ran('Seq Scan', {
    rows: 20,
    ms: 90,
    'Relation Name': 'event',
    Filter: '(a = 1)',
    'Rows Removed by Filter': 60_000,
  });
  const index = ran('Index Scan', { rows: 20, ms: 1, 'Relation Name': 'event', 'Index Name': 'event_a' });
  const before = await planOf(
    whole(ran('Limit', { rows: 20, ms: 100 }, ran('Sort', { rows: 20, ms: 99 }, scan))),
  );
  const after = await planOf(
    whole(ran('Limit', { rows: 20, ms: 2 }, index), {
      JIT: { Functions: 1, Timing: { Total: 30 } },
      'Execution Time': 40,
    }),
  );
  const { nodes, gone, fresh, stayed } = comparePlans(before, after);
  expect(nodes.map(({ a, b, change }) => [a?.type, b?.type, change])).toEqual([
    ['Limit', 'Limit', 'same'],
    ['Sort', 'Index Scan', 'changed'],
    ['Seq Scan', undefined, 'gone'],
  ]);
  expect([gone, fresh, stayed].map((list) => list.map(({ kind }) => kind))).toEqual([
    ['seq-scan'],
    ['jit'],
    [],
  ]);
  const turned = comparePlans(after, before);
  expect(turned.nodes.map(({ change }) => change)).toEqual(['same', 'changed', 'new']);
  expect(comparePlans(before, before).nodes.every(({ change }) => change === 'same')).toBe(true);
});

it('an address names a statement, a plan or two of them', () => {
  expect(
    ['10.5.-77.t', 'plan-3', 'compare-3-4', '10.5.77', '', '%'].map((rest) => readPlanPlace(rest).kind),
  ).toEqual(['statement', 'plan', 'compare', 'none', 'none', 'none']);
});
