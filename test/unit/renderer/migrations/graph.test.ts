import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphOf } from '../../../../renderer/migrations/graph.ts';

const node = (id: string, ...parents: string[]) => ({ id, parents });

describe('the lines beside a list of migrations', () => {
  test('a chain is one lane, whose newest is a head', () => {
    const { rows, lanes } = graphOf([node('c', 'b'), node('b', 'a'), node('a')]);
    expect(lanes).toBe(1);
    expect(rows.map(({ lane, isHead, to }) => [lane, isHead, to])).toEqual([
      [0, true, [0]],
      [0, false, [0]],
      [0, false, []],
    ]);
  });

  test('two heads run side by side and meet where they branched off', () => {
    const { rows, lanes } = graphOf([node('right', 'base'), node('left', 'base'), node('base')]);
    expect(lanes).toBe(2);
    expect(rows.map(({ isHead }) => isHead)).toEqual([true, true, false]);
    expect(rows[1]).toMatchObject({ lane: 1, passes: [0], to: [0] });
    expect(rows[2]).toMatchObject({ lane: 0, from: [0] });
  });

  test('a merge sends a line to each of its parents', () => {
    const { rows, lanes } = graphOf([
      node('merge', 'left', 'right'),
      node('right', 'base'),
      node('left', 'base'),
      node('base'),
    ]);
    expect(lanes).toBe(2);
    expect(rows[0]).toMatchObject({ lane: 0, to: [0, 1] });
    expect(rows.at(-1)?.from.length).toBeGreaterThan(0);
    expect(rows.filter(({ isHead }) => isHead)).toHaveLength(1);
  });

  test('a parent that nobody knows, and a circle, get no line', () => {
    expect(graphOf([node('b', 'gone')]).rows[0]?.to).toEqual([]);
    expect(graphOf([node('b', 'a'), node('a', 'b')]).rows.map(({ to }) => to)).toEqual([[0], []]);
  });

  test('every line that begins in one row ends in the row of the parent it leads to', () => {
    const graphs = fc
      .integer({ min: 1, max: 30 })
      .chain((size) =>
        fc.tuple(
          ...Array.from({ length: size }, (_, at) =>
            fc
              .uniqueArray(fc.integer({ min: at + 1, max: size }), { maxLength: 3 })
              .map((parents) => node(`${at}`, ...parents.filter((one) => one < size).map(String))),
          ),
        ),
      );
    fc.assert(
      fc.property(graphs, (nodes) => {
        const { rows } = graphOf(nodes);
        /** What each lane leads to below the row. */
        let open = new Map<number, string>();
        for (const [at, row] of rows.entries()) {
          const one = nodes[at] as (typeof nodes)[number];
          for (const lane of row.from) expect(open.get(lane)).toBe(one.id);
          const next = new Map([...open].filter(([, target]) => target !== one.id));
          expect([...next.keys()].sort()).toEqual([...row.passes].sort());
          for (const [place, lane] of row.to.entries()) next.set(lane, one.parents[place] as string);
          open = next;
        }
        expect(open.size).toBe(0);
      }),
    );
  });
});
