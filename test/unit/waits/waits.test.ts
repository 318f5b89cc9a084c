import { describe, expect, it } from 'vitest';
import { MinuteSum } from '../../../main/waits/minute.ts';
import { hashOf, normalise } from '../../../main/waits/normalise.ts';
import { Activities } from '../../../main/waits/sampled.ts';
import { waitHistory } from '../../../main/waits/series.ts';
import { joinSteps, largest, type Part, packStep, unpackStep } from '../../../main/waits/step.ts';
import { versionIn } from '../../../main/waits/versions.ts';
import type { ActivitySample } from '../../../preload/contract/activity.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const part = (more: Partial<Part>): Part => ({
  of: 0,
  wait: 1,
  user: 1,
  application: 1,
  database: 1,
  statement: 1,
  ms: 1000,
  ...more,
});

describe('a statement’s text without its constants', () => {
  it.each([
    ["SELECT * FROM t WHERE a = 'it''s' AND b = -1.5e3", 'SELECT * FROM t WHERE a = ? AND b = -?'],
    ["ALTER ROLE a PASSWORD E'pass\\'word' VALID", 'ALTER ROLE a PASSWORD ? VALID'],
    ["SELECT 'C:\\', 'next'", 'SELECT ?, ?'],
    ['SELECT $$secret$$, $a$x $$ y$a$, $1', 'SELECT ?, ?, $1'],
    ['SELECT "2 names", t1.c2 FROM t1 -- key 1\n/* 2 */ LIMIT 10', 'SELECT "2 names", t1.c2 FROM t1 LIMIT ?'],
    ['SELECT 1 WHERE a IN (1, 2,3)', 'SELECT ? WHERE a IN (?)'],
    ["INSERT INTO t VALUES (1,'a'), (2,'b'),(3, 'c')", 'INSERT INTO t VALUES (?)'],
    ["SELECT B'01', x'ff', U&'d', 0xff, 1_000", 'SELECT ?, ?, ?, ?, ?'],
    ["SELECT 'cut in the mid", 'SELECT ?'],
    ['SELECT größe FROM maß WHERE größe > 5', 'SELECT größe FROM maß WHERE größe > ?'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('is one whatever the values, and takes no time over long ones', () => {
    expect(hashOf(normalise('SELECT 1'))).toBe(hashOf(normalise('select 2'.replace('select', 'SELECT'))));
    const from = cpuTime();
    expect(normalise(`SELECT '${"x''".repeat(30_000)}`)).toBe('SELECT ?');
    expect(normalise(`/*${'*'.repeat(100_000)}`)).toBe('');
    expect(cpuTime(from)).toBeLessThan(200);
  });
});

describe('steps', () => {
  it('come back from the store as they went in', () => {
    const step = {
      coveredMs: 60_000,
      hiddenMs: 0,
      parts: [
        part({}),
        part({ wait: 300, statement: 70_000, ms: 4_000_000_000_000 }),
        part({ of: 1, user: 0 }),
      ],
    };
    const read = unpackStep(packStep(step));
    expect(read).toMatchObject({ coveredMs: 60_000, hiddenMs: 0 });
    expect(new Set(read.parts)).toEqual(new Set(step.parts));
  });

  it('keep their sums by wait event when parts are left out', () => {
    const parts = Array.from({ length: 500 }, (_, n) => part({ wait: n % 7, statement: n, ms: n + 1 }));
    const sums = (all: readonly Part[]): number[] =>
      [0, 1, 2, 3, 4, 5, 6].map((wait) =>
        all.filter((one) => one.wait === wait).reduce((sum, { ms }) => sum + ms, 0),
      );
    const kept = largest(parts, 40);
    expect(kept.length).toBeLessThanOrEqual(47);
    expect(sums(kept)).toEqual(sums(parts));
    const half = { coveredMs: 1, hiddenMs: 2, parts: kept };
    const both = joinSteps([half, half], 30);
    expect(both).toMatchObject({ coveredMs: 2, hiddenMs: 4 });
    expect(sums(both.parts)).toEqual(sums(parts).map((sum) => 2 * sum));
  });

  it('of a month of a busy server take at most 1.5 MB, and are read in 300 ms', () => {
    // 400 statements of 12 applications, the frequent ones far more frequent; 40 parts a minute, 100 an hour.
    let seed = 7;
    const random = (most: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) ** 3 * most);
    };
    const step = (count: number) =>
      packStep({
        coveredMs: 60_000,
        hiddenMs: 0,
        parts: largest(
          Array.from({ length: 3 * count }, () => {
            const statement = 60 + random(400);
            return part({
              wait: 1 + random(25),
              statement,
              application: 30 + (statement % 12),
              user: 45 + (statement % 4),
              ms: 5000 * (1 + random(30)),
            });
          }),
          count,
        ),
      });
    const sizes = [
      { steps: 25 * 60, count: 40 },
      { steps: 8 * 144, count: 60 },
      { steps: 35 * 24, count: 100 },
    ].map(({ steps, count }) => {
      const some = Array.from({ length: 40 }, () => step(count).length + 24);
      return (steps * some.reduce((sum, size) => sum + size, 0)) / some.length;
    });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1.5e6);

    const month = Array.from({ length: 720 }, () => step(100));
    const words = Array.from({ length: 500 }, (_, id) => ({
      id: id + 1,
      kind: 'statement' as const,
      key: `word:${id}`,
    }));
    const from = cpuTime();
    const steps = month.map((one, n) => ({ ...unpackStep(one), at: n * 3_600_000, ms: 3_600_000 }));
    const choice = { from: 0, to: 720 * 3_600_000, by: 'statement', of: 'clients', filter: {} } as const;
    const history = waitHistory(steps, words, choice, 3_600_000, () => (key) => key);
    expect(cpuTime(from)).toBeLessThan(300);
    expect(history.series).toHaveLength(13);
    expect(history.series[0]?.mean).toHaveLength(300);
  });
});

describe('the minute under way', () => {
  const sample = (at: number, intervalMs = 5000): ActivitySample =>
    ({
      at,
      intervalMs,
      serverNow: at,
      hidden: 0,
      backends: [
        { pid: 1, type: 'client backend', state: 'active', waitType: null, query: 'SELECT 1', queryId: null },
      ],
    }) as unknown as ActivitySample;

  it('gives each sample the time since the last one, and a pause two intervals at most', () => {
    const sum = new MinuteSum();
    const activities = new Activities();
    const at = 60_000_000;
    for (const after of [0, 5000, 7000, 50_000]) sum.add(sample(at + after), activities);
    expect(sum.now()).toMatchObject({
      at,
      coveredMs: 5000 + 2000 + 10_000,
      parts: [{ ms: 17_000, wait: 'CPU' }],
    });
    // The clock was set back by an hour, and goes on from there.
    expect(sum.add(sample(at - 3_600_000), activities)).toMatchObject({ at, coveredMs: 17_000 });
    expect(sum.now()).toBeUndefined();
    sum.add(sample(at - 3_599_000), activities);
    expect(sum.now()).toMatchObject({ at: at - 3_600_000, coveredMs: 1000 });
  });
});

it.each([
  ['billing 2.14.1', 'billing', '2.14.1'],
  ['billing@2.14.1-rc.1', 'billing', '2.14.1-rc.1'],
  ['web/v3.2', 'web', '3.2'],
  ['shop-api-1.0.3+build7', 'shop-api', '1.0.3+build7'],
  ['billing@4f2c1ab', 'billing', '4f2c1ab'],
  ['billing', undefined, undefined],
  ['worker-10.0.0.5', undefined, undefined],
  ['worker 3', undefined, undefined],
  ['billing@deadbeef', undefined, undefined],
  ['DBeaver 24.1.0 - Main', undefined, undefined],
  ['DataGrip 2024.1', undefined, undefined],
  ['1.2.3', undefined, undefined],
])('the name %s tells application %s and version %s', (name, application, version) => {
  expect(versionIn(name)).toEqual(application === undefined ? undefined : { application, version });
});
