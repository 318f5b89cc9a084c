import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKnown, peakAt, place, width } from '../../../main/queries/counters.ts';
import { marks } from '../../../main/queries/marks.ts';
import { biggest, joinSteps, keepChosen, type Step } from '../../../main/queries/step.ts';
import { packEntries, unpackEntries } from '../../../main/queries/step-codec.ts';
import type { PackedStep } from '../../../main/queries/step-store.ts';
import { binsFor, coverage, perSecond, spread, sumWindow } from '../../../main/queries/window.ts';

/** A step of statements 1, 2, 3 … with these calls; the rest is as given. */
function step(from: number, to: number, calls: Record<number, number>, more: Partial<Step> = {}): Step {
  const ids = [0, ...Object.keys(calls).map(Number)];
  const columns = Array.from({ length: width }, () => new Float64Array(ids.length));
  ids.forEach((id, entry) => {
    (columns[place.calls] as Float64Array)[entry] = calls[id] ?? 0;
  });
  return {
    from,
    to,
    known: allKnown,
    evicted: 0,
    marks: 0,
    ids: Int32Array.from(ids),
    others: 0,
    columns,
    ...more,
  };
}

const packed = ({ ids, others, columns, ...rest }: Step): PackedStep => ({
  ...rest,
  entries: packEntries({ ids, others, columns }),
});

const numbers = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 1000 }),
  fc.maxSafeInteger().map((value) => Math.abs(value)),
);

describe('a step in the store', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 31 - 1 }), { maxLength: 30 }),
        fc.infiniteStream(numbers),
        fc.nat(5000),
        (some, values, others) => {
          const ids = Int32Array.from([0, ...some.sort((x, y) => x - y)]);
          const columns = Array.from({ length: width }, () =>
            Float64Array.from(ids, () => values.next().value as number),
          );
          expect(unpackEntries(packEntries({ ids, others, columns }))).toEqual({ ids, others, columns });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps those that are big in anything, and the sum of all others', () => {
    const columns = Array.from({ length: width }, () => new Float64Array(5));
    columns[place.execUs]?.set([1000, 10, 10, 10, 10]);
    columns[place.calls]?.set([100, 100, 100, 100, 101]);
    columns[place.walBytes]?.set([0, 0, 7, 0, 0]);
    columns[peakAt]?.set([9, 3, 5, 4, 2]);
    const chosen = biggest(columns, 2);
    expect([...chosen].sort()).toEqual([0, 2]);
    const kept = keepChosen(columns, chosen, [70, 30]);
    expect([...kept.ids]).toEqual([0, 30, 70]);
    expect(kept.others).toBe(3);
    const calls = [...(kept.columns[place.calls] ?? [])];
    expect(calls.reduce((sum, one) => sum + one)).toBe(501);
    // A peak is no sum.
    expect(kept.columns[peakAt]?.[0]).toBe(4);
  });

  it('becomes coarser without losing anything', () => {
    const joined = joinSteps(
      [
        step(0, 60, { 1: 5, 2: 1 }),
        step(60, 120, { 1: 7, 3: 20 }, { marks: marks.lost, known: 1 }),
        step(120, 180, { 4: 1 }),
      ],
      2,
    );
    expect([...joined.ids]).toEqual([0, 1, 3]);
    expect([...(joined.columns[place.calls] ?? [])]).toEqual([2, 12, 20]);
    expect(joined).toMatchObject({ from: 0, to: 180, known: 1, marks: marks.lost, others: 2 });
  });
});

describe('a window', () => {
  const minute = 60_000;
  const steps = [
    step(0, 10 * minute, { 1: 100 }),
    step(10 * minute, 100 * minute, { 1: 90 }, { marks: marks.unwatched }),
    step(100 * minute, 101 * minute, { 2: 6 }),
  ].map(packed);

  it('sums what lies in it, a step cut by its border by the share of time', async () => {
    const whole = await sumWindow(steps, 0, 200 * minute);
    expect(whole.total[place.calls]).toBe(196);
    expect(whole).toMatchObject({ isCut: false, covered: { from: 0, to: 101 * minute } });
    const part = await sumWindow(steps, 55 * minute, 101 * minute);
    expect(part.total[place.calls]).toBeCloseTo(45 + 6);
    expect(part).toMatchObject({
      isCut: true,
      covered: { from: 55 * minute },
      gaps: [{ from: 10 * minute, to: 100 * minute, kind: 'unwatched' }],
    });
    expect((await sumWindow(steps, 300 * minute, 400 * minute)).covered).toBeNull();
  });

  it('draws rates, spread over long steps, with gaps where nothing was measured', () => {
    const bins = { from: 0, to: 200 * minute, stepMs: 10 * minute, count: 20 };
    const sums: (number | null)[] = Array.from({ length: 20 }, () => null);
    steps.forEach((one, index) => {
      spread(sums, bins, one, [100, 90, 6][index] ?? 0);
    });
    const rates = perSecond(sums, coverage(steps, bins));
    expect(rates[0]).toBeCloseTo(100 / 600);
    expect(rates[5]).toBeCloseTo(10 / 600);
    // One minute of six calls, not ten minutes of them.
    expect(rates[10]).toBeCloseTo(6 / 60);
    expect(rates.slice(11).every((rate) => rate === null)).toBe(true);
  });

  it('takes steps as wide as the beat, and never more than 300', () => {
    const beat = Array.from({ length: 60 }, (_, at) => step(at * minute, (at + 1) * minute, {})).map(packed);
    expect(binsFor(beat, 0, 60 * minute)).toMatchObject({ stepMs: minute, count: 60 });
    expect(binsFor([], 0, 30 * 24 * 60 * minute).count).toBe(300);
  });
});
