import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layered } from '../../../../preload/contract/diagram/layout/layered.ts';
import { masonry, pack } from '../../../../preload/contract/diagram/layout/pack.ts';
import { cpuTime } from '../../../support/cpu-time.ts';
import { awkwardModel, believableModel, syntheticModel } from '../../../support/ui-schema-fixture/models.ts';
import { draw, overlaps } from './support.ts';

const sizes = fc.array(
  fc.record({ width: fc.integer({ min: 40, max: 440 }), height: fc.integer({ min: 30, max: 900 }) }),
  { minLength: 1, maxLength: 60 },
);

function anyOverlap(
  boxes: readonly { width: number; height: number }[],
  { x, y }: { x: Float64Array; y: Float64Array },
): string | undefined {
  for (let a = 0; a < boxes.length; a += 1) {
    for (let b = a + 1; b < boxes.length; b += 1) {
      const apart =
        (x[a] ?? 0) + (boxes[a]?.width ?? 0) <= (x[b] ?? 0) ||
        (x[b] ?? 0) + (boxes[b]?.width ?? 0) <= (x[a] ?? 0) ||
        (y[a] ?? 0) + (boxes[a]?.height ?? 0) <= (y[b] ?? 0) ||
        (y[b] ?? 0) + (boxes[b]?.height ?? 0) <= (y[a] ?? 0);
      if (!apart) return `${a} over ${b}`;
    }
  }
  return undefined;
}

describe('parts of the layout', () => {
  test('rectangles of any sizes are packed without overlaps, inside of what the packing says it takes', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 90 }), (boxes, gap) => {
        for (const packed of [pack(boxes, gap, 1.6), masonry(boxes, gap, 1200)]) {
          expect(anyOverlap(boxes, packed)).toBeUndefined();
          for (const [at, { width, height }] of boxes.entries()) {
            expect((packed.x[at] ?? 0) + width).toBeLessThanOrEqual(packed.width + 0.01);
            expect((packed.y[at] ?? 0) + height).toBeLessThanOrEqual(packed.height + 0.01);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('any graph, circles and self references too, is laid out in columns without overlaps', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 120 }),
        fc.integer({ min: 0, max: 24 }),
        (boxes, pairs, sweeps) => {
          const edges = pairs.filter(([a, b]) => a < boxes.length && b < boxes.length);
          const laid = layered(boxes, edges, sweeps);
          expect(anyOverlap(boxes, laid)).toBeUndefined();
          expect([...laid.x, ...laid.y].every((value) => Number.isFinite(value) && value >= -0.01)).toBe(
            true,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test('what is referred to stands left of what refers to it', () => {
    const boxes = Array.from({ length: 4 }, () => ({ width: 160, height: 120 }));
    const { x } = layered(
      boxes,
      [
        [1, 0],
        [2, 1],
        [3, 0],
      ],
      8,
    );
    expect(x[0]).toBeLessThan(x[1] ?? 0);
    expect(x[1]).toBeLessThan(x[2] ?? 0);
    expect(x[0]).toBeLessThan(x[3] ?? 0);
  });

  test('a chain of ten thousand tables neither overflows the stack nor becomes one endless line', () => {
    const boxes = Array.from({ length: 10_000 }, () => ({ width: 160, height: 120 }));
    const { width, height } = layered(
      boxes,
      boxes.slice(1).map((_, at) => [at + 1, at] as const),
      2,
    );
    expect(width / height).toBeLessThan(8);
    expect(width / height).toBeGreaterThan(0.2);
  });
});

describe('the layout of a database', () => {
  test.each([
    ['believable', believableModel],
    ['awkward', awkwardModel],
    ['of 600 tables', () => syntheticModel(600)],
  ])('has no overlaps for one that is %s, at first and refined', (_, model) => {
    expect(overlaps(draw(model(), { sweeps: 2 }))).toEqual([]);
    expect(overlaps(draw(model(), { sweeps: 24 }))).toEqual([]);
  });

  test('is the same whatever order the server lists things in, and whatever their oids are', () => {
    const model = syntheticModel(200);
    const shuffled = {
      ...model,
      tables: [...model.tables].reverse(),
      constraints: [...model.constraints].reverse(),
    };
    const a = draw(model, { sweeps: 24 });
    const b = draw(shuffled, { sweeps: 24 });
    const byName = ({ scene }: typeof a) =>
      Object.fromEntries(
        Array.from({ length: scene.size }, (_, at) => [scene.table(at).name, scene.rect(at)]),
      );
    expect(byName(a)).toEqual(byName(b));
  });

  test('keeps the tables of a schema in its region, and regions apart', () => {
    const { scene } = draw(syntheticModel(300));
    for (let at = 0; at < scene.size; at += 1) {
      const rect = scene.rect(at);
      const region = scene.regions.find(({ schema }) => schema === scene.table(at).schema);
      expect(rect.x).toBeGreaterThanOrEqual(region?.x ?? Number.NaN);
      expect(rect.x + rect.width).toBeLessThanOrEqual((region?.x ?? 0) + (region?.width ?? 0));
      expect(rect.y + rect.height).toBeLessThanOrEqual((region?.y ?? 0) + (region?.height ?? 0));
    }
    const { regions } = scene.placed;
    const x = Float64Array.from(regions, ({ x }) => x);
    const y = Float64Array.from(regions, ({ y }) => y);
    expect(anyOverlap(regions, { x, y })).toBeUndefined();
  });

  test('shortens lines when it is refined', () => {
    const long = ({ scene }: ReturnType<typeof draw>): number => {
      let sum = 0;
      for (let index = 0; index < scene.relations.length; index += 1) {
        const { from, to } = scene.relation(index);
        if (scene.diagram.tables[from]?.schema !== scene.diagram.tables[to]?.schema) continue;
        const { y1, y2 } = scene.line(index);
        sum += Math.abs(y1 - y2);
      }
      return sum;
    };
    const model = syntheticModel(300);
    expect(long(draw(model, { sweeps: 24 }))).toBeLessThan(long(draw(model, { sweeps: 0 })));
  });

  test('has 1,000 tables within a second, and 10,000 within five, the digesting included', () => {
    for (const [tables, most] of [
      [1000, 1000],
      [10_000, 5000],
    ] as const) {
      const model = syntheticModel(tables);
      const from = cpuTime();
      const { scene } = draw(model);
      expect(scene.size).toBe(tables);
      expect(cpuTime(from)).toBeLessThan(most);
    }
  });

  test('puts a box where it was left by hand, counted from its region’s corner', () => {
    const model = believableModel();
    const before = draw(model);
    const places = [{ schema: 'sales', table: 'orders', x: -300, y: 1200 }];
    const after = draw(model, { places });
    const at = after.scene.indexOf(after.place('orders')) ?? -1;
    const region = after.scene.placed.regions.find(({ schema }) => after.diagram.schemas[schema] === 'sales');
    expect(after.scene.rect(at)).toMatchObject({ x: (region?.x ?? 0) - 300, y: (region?.y ?? 0) + 1200 });
    // The region grows round it; nothing else moves.
    const drawn = after.scene.regions.find(({ schema }) => after.diagram.schemas[schema] === 'sales');
    expect(drawn?.x).toBeLessThan(region?.x ?? 0);
    const other = after.scene.indexOf(after.place('invoices')) ?? -1;
    expect(after.scene.rect(other)).toEqual(before.scene.rect(other));
  });

  test('ignores places by hand where the view is narrowed: they are of another picture', () => {
    const places = [{ schema: 'sales', table: 'orders', x: -5000, y: 9000 }];
    const { scene, place } = draw(believableModel(), { places, filter: { name: 'order' } });
    expect(scene.rect(scene.indexOf(place('orders')) ?? -1).x).toBeGreaterThan(-5000);
  });
});
