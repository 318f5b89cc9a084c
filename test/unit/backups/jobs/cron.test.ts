import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { scheduleWords } from '../../../../main/backups/jobs/cron-words.ts';
import { readTimes } from '../../../../main/lib/cron.ts';

const iso = (at: number | undefined): string => new Date(at ?? Number.NaN).toISOString().slice(0, 16);
const next = (cron: string, timeZone: string, from: string, most = 3): string[] =>
  readTimes({ cron, timeZone }).after(Date.parse(from), most).map(iso);

test('a time that the clock skips is due right after the gap, and never left out', () => {
  expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z')).toEqual([
    '2026-03-29T01:00',
    '2026-03-30T00:30',
    '2026-03-31T00:30',
  ]);
  expect(next('0,30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
    '2026-03-29T01:00',
    '2026-03-30T00:00',
  ]);
  // The gap of Lord Howe Island is half an hour.
  expect(next('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', 1)).toEqual(['2026-10-03T15:30']);
});

test('a time that comes twice is due once; what repeats is due whenever the clock shows it', () => {
  expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
  expect(next('30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z')).toEqual([
    '2026-10-25T00:30',
    '2026-10-25T01:30',
    '2026-10-25T02:30',
  ]);
});

test('the last time up to a moment is the moment itself when it is one', () => {
  const times = readTimes({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' });
  const at = Date.parse('2026-10-24T00:30Z');
  expect(times.upTo(at)).toBe(at);
  expect(iso(times.upTo(at - 1))).toBe('2026-10-23T00:30');
  expect(times.after(at, 1)[0]).toBeGreaterThan(at);
});

it.each([
  ['0 0 * *', 'cron', /4 fields, not five/],
  ['0 0 * * * *', 'cron', /6 fields/],
  ['@daily', 'cron', /one field/],
  ['60 0 * * *', 'cron', /no minute/],
  ['0 0 0 * *', 'cron', /no day of the month/],
  ['0 0 * * 8', 'cron', /no day of the week/],
  ['0 0 L * *', 'cron', /none that there is/],
  ['0 0 * * 1#2', 'cron', /known everywhere/],
  ['0 0 ? * *', 'cron', /known everywhere/],
  ['0 0 * * +1', 'cron', /known everywhere/],
  ['5/15 0 * * *', 'cron', /needs a range/],
  ['*/0 0 * * *', 'cron', /out of range/],
  ['0 22-2 * * *', 'cron', /ends before it begins/],
  ['0 0 1,,2 * *', 'cron', /known everywhere/],
  ['0 0 30 2 *', 'cron', /no such day/],
  ['0 0 * * *', 'timeZone', /no time zone/],
])('%s is refused for its %s', (cron, field, said) => {
  const timeZone = field === 'timeZone' ? 'Europe/Nowhere' : 'UTC';
  expect(() => readTimes({ cron, timeZone })).toThrow(
    expect.objectContaining({ code: 'INVALID', data: expect.objectContaining({ field }) }),
  );
  try {
    readTimes({ cron, timeZone });
  } catch (error) {
    const { what, why } = (error as { data: { what: string; why: string } }).data;
    expect(`${what} ${why}`).toMatch(said);
  }
});
test('an offset is no zone', () => {
  for (const timeZone of ['+01:00', '', ' ', 'Europe/Berlin\n'])
    expect(() => readTimes({ cron: '0 0 * * *', timeZone })).toThrow(/no time zone/);
});

const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 1, max: high }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 3 })
      .map((list) => list.join()),
    fc
      .tuple(
        fc.integer({ min: low, max: high }),
        fc.integer({ min: low, max: high }),
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([a, b, step]) => `${Math.min(a, b)}-${Math.max(a, b)}/${step}`),
  );

test('the values that are read are those that the times go by, for any expression', () => {
  const parts = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7));
  fc.assert(
    fc.property(parts, (texts) => {
      const cron = texts.join(' ');
      const { fields, after } = readTimes({ cron, timeZone: 'UTC' });
      const { minutes, hours, days, months, weekdays, by } = fields;
      for (const moment of after(Date.UTC(2026, 0, 1), 5)) {
        const at = new Date(moment);
        const [isDay, isWeekday] = [days.includes(at.getUTCDate()), weekdays.includes(at.getUTCDay())];
        const fits = { every: true, days: isDay, weekdays: isWeekday, either: isDay || isWeekday };
        expect([minutes.includes(at.getUTCMinutes()), hours.includes(at.getUTCHours())]).toEqual([
          true,
          true,
        ]);
        expect([months.includes(at.getUTCMonth() + 1), fits[by]]).toEqual([true, true]);
      }
      // And the other way round: the first moment of the values is none that the times leave out.
      for (let at = Date.UTC(2026, 0, 1, 0, 1); ; at += 24 * 3_600_000) {
        const day = new Date(at - (at % (24 * 3_600_000)));
        const [isDay, isWeekday] = [days.includes(day.getUTCDate()), weekdays.includes(day.getUTCDay())];
        const fits = { every: true, days: isDay, weekdays: isWeekday, either: isDay || isWeekday }[by];
        if (!fits || !months.includes(day.getUTCMonth() + 1)) continue;
        const first = day.getTime() + ((hours[0] ?? 0) * 60 + (minutes[0] ?? 0)) * 60_000;
        if (first > Date.UTC(2026, 0, 1))
          expect(after(Date.UTC(2026, 0, 1), 1)[0]).toBeLessThanOrEqual(first);
        break;
      }
      expect(scheduleWords(fields, 'UTC')).toMatch(/^(At|Every) .*, by the clock of UTC\.$/);
    }),
    { numRuns: 150 },
  );
});

it.each([
  ['30 2 * * *', 'At 02:30 every day'],
  ['0 */6 * * *', 'At 00:00, 06:00, 12:00 and 18:00 every day'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['5 * * * 1-5', 'At 5 minutes past every hour on weekdays'],
  ['0 3 * * sun', 'At 03:00 on Sundays'],
  ['0 3 1,15 * *', 'At 03:00 on the 1st and 15th of the month'],
  ['0 3 1 jan,jul 1', 'At 03:00 on the 1st of the month, and on Mondays, in January and July'],
  ['* 9-17 * * *', 'Every minute from 09:00 to 17:59 every day'],
])('%s reads: %s', (cron, said) => {
  expect(scheduleWords(readTimes({ cron, timeZone: 'Europe/Berlin' }).fields, 'Europe/Berlin')).toBe(
    `${said}, by the clock of Europe/Berlin.`,
  );
});
