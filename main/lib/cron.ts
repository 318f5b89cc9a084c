import { Cron } from 'croner';
import { fail } from './fail.ts';

/** Fields of a cron expression as the values they hold, ascending. */
export interface CronFields {
  minutes: number[];
  hours: number[];
  /** Of the month. */
  days: number[];
  months: number[];
  /** Of the week; 0 is Sunday. */
  weekdays: number[];
  /** Which of the two kinds of days count; where both are restricted, a day is due when either fits. */
  by: 'every' | 'days' | 'weekdays' | 'either';
}

/** When something is due. */
export interface Times {
  fields: CronFields;
  timeZone: string;
  /** The first times after a moment, ms since 1970; fewer where there are no more. */
  after(moment: number, most: number): number[];
  /** The last time before a moment or at it. */
  upTo(moment: number): number | undefined;
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');
const parts = [
  { name: 'minute', low: 0, high: 59, names: [] as string[], first: 0 },
  { name: 'hour', low: 0, high: 23, names: [] as string[], first: 0 },
  { name: 'day of the month', low: 1, high: 31, names: [] as string[], first: 0 },
  { name: 'month', low: 1, high: 12, names: monthNames, first: 1 },
  { name: 'day of the week', low: 0, high: 7, names: dayNames, first: 0 },
] as const;

/**
 * Reads five fields of cron: lists, ranges, steps, and names of months and days, as every cron has them (crontab(5));
 * what only some have is refused. A fixed time that the clock skips is due right after the gap, one that comes twice is
 * due once; times of `*` and of steps are due whenever the clock shows them.
 *
 * @throws INVALID with the field and the reason
 */
export function readTimes({ cron, timeZone }: { cron: string; timeZone: string }): Times {
  checkZone(timeZone);
  const fields = readFields(cron);
  const times = new Cron(cron.trim(), {
    paused: true,
    mode: '5-part',
    timezone: timeZone,
    fixedTimeRule: 'no-wildcard',
  });
  const after = (moment: number, most: number): number[] =>
    times.nextRuns(most, new Date(moment)).map((at) => at.getTime());
  if (after(Date.now(), 1).length === 0)
    throw wrong('There is no such day in any year.', 'Give a day that the month has.', cron);
  return {
    fields,
    timeZone,
    after,
    upTo: (moment) => times.previousRuns(1, new Date(moment + 1))[0]?.getTime(),
  };
}

function checkZone(timeZone: string): void {
  try {
    // Offsets are no zones: the system's schedulers know names only.
    if (!/^[A-Za-z][\w+/-]*$/.test(timeZone)) throw new RangeError(timeZone);
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw fail('INVALID', {
      cause: 'time-zone-unknown',
      field: 'timeZone',
      what: `There is no time zone "${timeZone}".`,
      why: 'It is none of the names of the IANA time zone database.',
      next: 'Give one such as Europe/Berlin or UTC.',
    });
  }
}

function readFields(cron: string): CronFields {
  const texts = cron.trim().split(/\s+/);
  if (texts.length !== 5)
    throw wrong(
      `It has ${texts.length === 1 ? 'one field' : `${texts.length} fields`}, not five.`,
      'Give minute, hour, day of the month, month and day of the week, such as 30 2 * * *.',
      cron,
    );
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = parts.map((part, index) =>
    readField(texts[index] ?? '', part, cron),
  );
  const sevens = [...new Set(weekdays.map((day) => day % 7))].sort((a, b) => a - b);
  const [isEveryDay, isEveryWeekday] = [days.length === 31, sevens.length === 7];
  const isBoth = texts[2] !== '*' && texts[4] !== '*';
  let by: CronFields['by'] = 'every';
  if (isBoth) by = isEveryDay || isEveryWeekday ? 'every' : 'either';
  else if (!isEveryDay) by = 'days';
  else if (!isEveryWeekday) by = 'weekdays';
  return { minutes, hours, days, months, weekdays: sevens, by };
}

type Part = (typeof parts)[number];

function readField(text: string, part: Part, cron: string): number[] {
  const values = new Set<number>();
  const refused = (why: string): Error =>
    wrong(`"${text}" is no ${part.name}: ${why}`, `A ${part.name} is ${part.low} to ${part.high}.`, cron);
  for (const piece of text.split(',')) {
    const match = /^(?:(\*)|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/(\d+))?$/i.exec(piece);
    if (!match)
      throw refused(`only numbers, names, lists (1,2), ranges (1-5) and steps (*/15) are known everywhere.`);
    const [, star, one, other, step] = match;
    const from = star ? part.low : numberOf(one ?? '', part);
    // Sunday is 0 and 7.
    const to = star
      ? part.high - (part.high === 7 ? 1 : 0)
      : other === undefined
        ? from
        : numberOf(other, part);
    if (from === undefined || to === undefined) throw refused('it is none that there is.');
    if (step !== undefined && !star && other === undefined)
      throw refused('a step needs a range or * before it.');
    if (step !== undefined && (Number(step) < 1 || Number(step) > part.high))
      throw refused('its step is out of range.');
    if (from > to) throw refused('its range ends before it begins.');
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function numberOf(text: string, { low, high, names, first }: Part): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

const wrong = (why: string, next: string, cron: string): Error =>
  fail('INVALID', {
    cause: 'cron-wrong',
    field: 'cron',
    what: `"${cron}" is no schedule.`,
    why,
    next,
  });
