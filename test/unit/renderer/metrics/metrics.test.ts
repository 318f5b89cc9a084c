import { describe, expect, it } from 'vitest';
import type { History } from '../../../../preload/contract/metrics.ts';
import { instantLabel, timeLabels, timeTicks, valueTicks } from '../../../../renderer/metrics/axes.ts';
import {
  type ChartDefinition,
  type ChartPoint,
  chartPoints,
  highest,
  isolated,
  legendValues,
  pointAt,
  stack,
} from '../../../../renderer/metrics/chart-data.ts';
import { append, firstToShow, growing } from '../../../../renderer/metrics/live-history.ts';
import { sizePoints } from '../../../../renderer/metrics/size-points.ts';

function history(mean: (number | null)[], stepMs = 10): History {
  const series = { mean, low: mean, high: mean };
  return {
    from: 1000,
    to: 1000 + mean.length * stepMs,
    stepMs,
    series: { 'server.commits': series },
    events: [],
    eventsLeftOut: 0,
    maxConnections: 100,
  };
}

const commits = (at: number, value: number) => ({ at, values: { 'server.commits': value } });
const point = (...values: (number | null)[]): ChartPoint => ({
  at: 0,
  values,
  bands: values.map(() => null),
});

describe('a history that grows', () => {
  it('moves on by whole steps and drops what falls out', () => {
    const grown = append(growing(history([1, 2, 3])), commits(1035, 9));
    expect(grown).toMatchObject({ from: 1010, to: 1040 });
    expect(grown.series['server.commits']?.mean).toEqual([2, 3, 9]);
  });

  it('leaves a gap where nobody measured', () => {
    expect(append(growing(history([1, 2, 3, 4])), commits(1065, 9)).series['server.commits']?.mean).toEqual([
      4,
      null,
      null,
      9,
    ]);
  });

  it('is all gap but the newest after a long silence', () => {
    expect(append(growing(history([1, 2, 3])), commits(99_000, 9)).series['server.commits']?.mean).toEqual([
      null,
      null,
      9,
    ]);
  });

  it('takes the mean of what falls into one step, and keeps the extremes', () => {
    let grown = growing(history([1, null]));
    for (const value of [2, 4, 9]) grown = append(grown, commits(1015, value));
    expect(grown.series['server.commits']).toEqual({ mean: [1, 5], low: [1, 2], high: [1, 9] });
  });

  it('does not count again what the store already knew', () => {
    const start = growing(history([1, 2, 3]));
    expect(append(start, commits(1005, 50))).toBe(start);
  });

  it('begins a series that was not known before', () => {
    const grown = append(growing(history([1, 2])), { at: 1015, values: { 'server.hit': 0.5 } });
    expect(grown.series['server.hit']?.mean).toEqual([null, 0.5]);
    expect(grown.series['server.commits']?.mean).toEqual([1, 2]);
  });

  it('changes nothing it was given', () => {
    const given = history([1, 2, 3]);
    append(growing(given), commits(1035, 9));
    expect(given).toEqual(history([1, 2, 3]));
  });
});

describe('where a chart begins', () => {
  const measuredFrom = (place: number): number =>
    firstToShow(history(Array.from({ length: 300 }, (_, each) => (each < place ? null : 1))));

  it('is the start of the window once that is measured', () => {
    expect(measuredFrom(0)).toBe(1000);
  });

  it('is the first measurement while there are few, with room for a handful', () => {
    expect(measuredFrom(200)).toBe(1000 + 200 * 10);
    expect(measuredFrom(299)).toBe(1000 + 275 * 10);
  });

  it('is the start of the window when there is none', () => {
    expect(measuredFrom(300)).toBe(1000);
  });
});

describe('the points of a chart', () => {
  const chart: ChartDefinition = {
    id: 'c',
    title: '',
    unitLabel: '',
    unit: 'rate',
    shape: 'lines',
    lines: [{ id: 'a', label: '', color: '', metric: 'server.commits' }],
    format: String,
    legend: 'live',
  };

  it('stand in the middle of their steps; a gap stays a gap', () => {
    expect(chartPoints(history([4, null]), chart)).toMatchObject([
      { at: 1005, values: [4] },
      { at: 1015, values: [null] },
    ]);
  });

  it('are all gap for a metric that was never measured', () => {
    const other = { ...chart, lines: [{ id: 'a', label: '', color: '', metric: 'server.temp' as const }] };
    expect(chartPoints(history([4, 5]), other).map(({ values }) => values)).toEqual([[null], [null]]);
  });

  it('are converted by the length of a step', () => {
    const counted = { ...chart, convert: (value: number, stepMs: number) => value * stepMs };
    expect(chartPoints(history([4]), counted)[0]?.values).toEqual([40]);
  });

  it('lie on each other, and a point without any value is a gap', () => {
    expect(stack([point(1, 2), point(null, null), point(null, 3)])).toEqual([
      [
        [0, 1],
        [1, 3],
      ],
      [null, null],
      [
        [0, 0],
        [0, 3],
      ],
    ]);
  });

  it('reach as high as their extremes, or as their sum when stacked', () => {
    expect(highest([{ at: 0, values: [4], bands: [[1, 9]] }], 'lines')).toBe(9);
    expect(highest([point(4, 5)], 'stack')).toBe(9);
  });

  it('are found by the instant, and not far outside', () => {
    const points = [10, 20, 30].map((at) => ({ ...point(1), at }));
    expect([11, 24, 26, 35, 60].map((at) => pointAt(points, at))).toEqual([0, 1, 2, 2, -1]);
    expect(pointAt([], 5)).toBe(-1);
  });

  it('that stand alone between gaps are known', () => {
    expect([...isolated([point(1), point(null), point(2), point(3)], 0)]).toEqual([0]);
  });
});

describe('axes', () => {
  it('start at zero and end at a round value above everything', () => {
    expect(valueTicks(97, 'count', 4)).toEqual([0, 25, 50, 75, 100]);
    expect(valueTicks(3, 'count', 4)).toEqual([0, 1, 2, 3]);
    expect(valueTicks(0, 'rate', 4)).toEqual([0, 1]);
    expect(valueTicks(Number.NaN, 'bytes', 4)).toEqual([0, 1024]);
  });

  it('go in steps of 1024 for bytes', () => {
    expect(valueTicks(3.5 * 1024 ** 2, 'bytes', 4)).toEqual([0, 1, 2, 3, 4].map((n) => n * 1024 ** 2));
  });

  it('always end above the highest value, with few marks', () => {
    for (const unit of ['count', 'rate', 'bytes'] as const) {
      for (let highest = 0.001; highest < 1e13; highest *= 2.7) {
        const ticks = valueTicks(highest, unit, 4);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }
    }
  });

  it('mark round local times', () => {
    const from = new Date(2026, 0, 12, 13, 7).getTime();
    const marks = timeTicks(from, from + 3_600_000, 4).map((at) => new Date(at).getMinutes());
    expect(marks).toEqual([15, 30, 45, 0]);
  });
});

describe('the words on a time axis', () => {
  const at = (day: number, hour: number, minute = 0): number =>
    new Date(2025, 10, day, hour, minute).getTime();
  const words = (from: number, to: number, now = at(21, 15)): string[] => [
    ...timeLabels(timeTicks(from, to, 5), from, to, now).values(),
  ];

  it('name days over a week and dates over a month', () => {
    expect(words(at(14, 15), at(21, 15))).toEqual(['Sun 16', 'Tue 18', 'Thu 20']);
    expect(words(at(1, 0), at(30, 0))[1]).toBe('8 Nov');
  });

  it('name the day at the first mark and where a day begins, in an axis of hours', () => {
    expect(words(at(21, 0, 30), at(21, 14))).toEqual(['Fri 21 03:00', '06:00', '09:00', '12:00']);
    expect(words(at(20, 15), at(21, 15))).toEqual(['Thu 20 18:00', 'Fri 21', '06:00', '12:00']);
  });

  it('need no day within the last hour of today, but on any other day', () => {
    expect(words(at(21, 14), at(21, 15))[0]).toBe('14:00');
    expect(words(at(20, 14), at(20, 15))[0]).toBe('Thu 20 14:00');
  });

  it('carry the date of an instant that is not today', () => {
    expect(instantLabel(at(21, 9, 5), at(21, 15))).toBe('09:05');
    expect(instantLabel(at(14, 9, 5), at(21, 15))).toBe('14 Nov 09:05');
    expect(instantLabel(new Date(2024, 11, 31, 9, 5).getTime(), at(21, 15))).toBe('31 Dec 2024 09:05');
  });
});

describe('the legend', () => {
  const chart = (legend: ChartDefinition['legend']): ChartDefinition => ({
    id: 'c',
    title: '',
    unitLabel: '',
    unit: 'rate',
    shape: 'lines',
    lines: [{ id: 'a', label: '', color: '', metric: 'server.commits' }],
    format: String,
    legend,
  });
  const points = [4, null, 6, null].map((value, place) => ({ ...point(value), at: place * 10 }));
  const live = { at: 40, values: { 'server.commits': 99 } };

  it('says what the live sample says, and nothing without one', () => {
    expect(legendValues(chart('live'), points, null, live)).toEqual([99]);
    expect(legendValues(chart('live'), points, null, undefined)).toEqual([null]);
  });

  it('says what is under the crosshair, connected or not', () => {
    expect(legendValues(chart('live'), points, 21, live)).toEqual([6]);
    expect(legendValues(chart('sum'), points, 1, undefined)).toEqual([4]);
    expect(legendValues(chart('live'), points, 900, live)).toEqual([null]);
  });

  it('sums what was measured, and tells zero from nothing measured', () => {
    expect(legendValues(chart('sum'), points, null, live)).toEqual([10]);
    expect(legendValues(chart('sum'), [point(0), point(null)], null, live)).toEqual([0]);
    expect(legendValues(chart('sum'), [point(null)], null, live)).toEqual([null]);
  });

  it('says the newest of what is measured seldom', () => {
    expect(legendValues(chart('newest'), points, null, undefined)).toEqual([6]);
  });
});

describe('total sizes', () => {
  it('have a gap where they were not measured for much longer than usual', () => {
    const at = [0, 10, 20, 70, 80].map((each) => ({ at: each, bytes: 1 }));
    expect(sizePoints(at).map((each) => each.values[0])).toEqual([1, 1, 1, null, 1, 1]);
  });
});
