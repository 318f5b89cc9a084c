import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, planRetention } from '../../../../main/backups/jobs/retention.ts';
import { Retention } from '../../../../preload/contract/backup-jobs.ts';

const dayMs = 24 * 3_600_000;
const now = Date.parse('2026-11-21T12:00Z');
const clock = { now, timeZone: 'Europe/Berlin' };

const one = (id: number, at: number | string, more: Partial<Candidate> = {}): Candidate => ({
  id: String(id),
  path: `/b/${id}`,
  at: typeof at === 'number' ? at : Date.parse(at),
  bytes: 1,
  series: 'shop',
  state: 'good',
  isThere: true,
  ...more,
});
const keptOf = (backups: Candidate[], rules: Parameters<typeof Retention.parse>[0], when = clock) =>
  planRetention(backups, Retention.parse(rules), when)
    .filter(({ keeps }) => keeps)
    .map(({ backup }) => Number(backup));

const daily = (days: number) => Array.from({ length: days }, (_, age) => one(age, now - age * dayMs));

test('seven days, four weeks, twelve months: the newest of each stays', () => {
  const kept = keptOf(daily(500), { daily: 7, weekly: 4, monthly: 12 });
  // 2026-11-21 is a Saturday: the newest of each week before is a Sunday, six days and weeks away.
  expect(kept).toEqual([0, 1, 2, 3, 4, 5, 6, 13, 20, 21, 52, 82, 113, 144, 174, 205, 235, 266, 294, 325]);
  expect(keptOf(daily(800), { yearly: 3 })).toEqual([0, 325, 690]);
  expect(keptOf(daily(40), { days: 30 })).toHaveLength(30);
});

test('a day is that of the zone', () => {
  const around = [one(1, '2026-11-19T22:30Z'), one(2, '2026-11-19T23:30Z'), one(3, '2026-11-20T22:30Z')];
  expect(keptOf(around, { daily: 2 }, { now, timeZone: 'UTC' })).toEqual([3, 2]);
  expect(keptOf(around, { daily: 2 }, { now, timeZone: 'Europe/Berlin' })).toEqual([3, 1]);
});

test('the last verified good one stays whatever the rules say, and damaged or missing ones keep no place', () => {
  const bad = { state: 'bad' as const };
  const backups = [
    one(5, now - 1 * dayMs, bad),
    one(4, now - 2 * dayMs, { isThere: false }),
    one(3, now - 3 * dayMs, { state: 'unproven' }),
    one(2, now - 4 * dayMs),
    one(1, now - 5 * dayMs),
  ];
  expect(keptOf(backups, { newest: 1 })).toEqual([4, 3, 2]);
  const why = Object.fromEntries(
    planRetention(backups, Retention.parse({ newest: 1 }), clock).map(({ backup, why }) => [backup, why]),
  );
  expect(why[5]).toMatch(/damaged, and a good one/);
  expect(why[4]).toMatch(/not there/);
  expect(why[2]).toMatch(/last one that was verified as good/);
  expect(why[1]).toMatch(/No rule/);
  // With nothing good, what is damaged is all there is.
  expect(keptOf([one(2, now, bad), one(1, now - dayMs, bad)], { newest: 1 })).toEqual([2, 1]);
});

test('one series does not stand in for another, and without rules all stay', () => {
  const backups = [one(3, now), one(2, now - dayMs, { series: 'other' }), one(1, now - 2 * dayMs)];
  expect(keptOf(backups, { newest: 1 })).toEqual([3, 2]);
  expect(keptOf(backups, {})).toEqual([3, 2, 1]);
  expect(planRetention(backups, null, clock).every(({ keeps }) => keeps)).toBe(true);
});

const candidates = fc
  .array(
    fc.record({
      age: fc.integer({ min: -2 * 24, max: 900 * 24 }),
      state: fc.constantFrom('good' as const, 'good' as const, 'bad' as const, 'unproven' as const),
      isThere: fc.boolean(),
      series: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 40 },
  )
  .map((list) =>
    list.map(({ age, ...more }, index) =>
      one(index + 1, now - age * 3_600_000, { ...more, isThere: more.isThere || index % 3 > 0 }),
    ),
  );
const count = fc.integer({ min: 0, max: 9 });
const rules = fc
  .record({
    newest: count,
    days: fc.option(fc.integer({ min: 0, max: 400 })),
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
  })
  .map((given) => Retention.parse(given))
  .filter(
    ({ newest, days, daily, weekly, monthly, yearly }) =>
      newest + (days ?? 0) + daily + weekly + monthly + yearly > 0,
  );
const more = fc.record({
  newest: count,
  days: count,
  daily: count,
  weekly: count,
  monthly: count,
  yearly: count,
});

test('for any backups and rules: the last good and the newest stay, a second run removes nothing, and more rules keep more', () => {
  fc.assert(
    fc.property(candidates, rules, more, (backups, given, extra) => {
      const plan = planRetention(backups, given, clock);
      expect(plan.map(({ backup }) => backup).sort()).toEqual(backups.map(({ id }) => id).sort());
      const kept = new Set(plan.filter(({ keeps }) => keeps).map(({ backup }) => backup));
      for (const series of ['a', 'b']) {
        const there = backups
          .filter((one) => one.series === series && one.isThere && one.state !== 'bad')
          .sort((a, b) => b.at - a.at || Number(b.id) - Number(a.id));
        const good = there.find(({ state }) => state === 'good');
        for (const must of [good, there[0]]) if (must) expect(kept).toContain(must.id);
        // What has no good one beside it loses nothing that is damaged.
        if (!good)
          for (const { id, state } of backups.filter((one) => one.series === series))
            if (state === 'bad') expect(kept).toContain(id);
      }
      // What is not there can't be removed.
      for (const { id, isThere } of backups) if (!isThere) expect(kept).toContain(id);

      const left = backups.filter(({ id }) => kept.has(id));
      expect(planRetention(left, given, clock).every(({ keeps }) => keeps)).toBe(true);

      const wider: Retention = {
        newest: given.newest + extra.newest,
        days: (given.days ?? 0) + extra.days,
        daily: given.daily + extra.daily,
        weekly: given.weekly + extra.weekly,
        monthly: given.monthly + extra.monthly,
        yearly: given.yearly + extra.yearly,
      };
      const keptByMore = new Set(
        planRetention(backups, wider, clock).flatMap(({ keeps, backup }) => (keeps ? [backup] : [])),
      );
      for (const id of kept) expect(keptByMore).toContain(id);
    }),
    { numRuns: 200 },
  );
});
