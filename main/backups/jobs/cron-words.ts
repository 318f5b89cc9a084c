import type { CronFields } from '../../lib/cron.ts';

export const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames =
  'January February March April May June July August September October November December'.split(' ');

/** Times that are told one by one; of more only their pattern. */
const mostTimes = 6;

/** A schedule as a sentence: `At 02:30 on weekdays, by the clock of Europe/Berlin.` */
export function scheduleWords(fields: CronFields, timeZone: string): string {
  const { months } = fields;
  const inMonths = months.length === 12 ? '' : ` in ${listed(months.map((month) => monthNames[month - 1]))}`;
  return `${timesWords(fields)}${daysWords(fields)}${inMonths}, by the clock of ${timeZone}.`;
}

function timesWords({ minutes, hours }: CronFields): string {
  const during = hours.length === 24 ? '' : ` from ${hoursWords(hours)}`;
  if (minutes.length === 60) return `Every minute${during}`;
  if (hours.length * minutes.length <= mostTimes) {
    const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`));
    return `At ${listed(times)}`;
  }
  const step = stepOf(minutes, 60);
  if (step !== undefined && step > 1) return `Every ${step} minutes${during}`;
  const past = `${listed(minutes)} ${minutes.length === 1 && minutes[0] === 1 ? 'minute' : 'minutes'} past`;
  const hourStep = stepOf(hours, 24);
  if (hours.length === 24) return `At ${past} every hour`;
  if (hourStep !== undefined) return `At ${past} every ${hourStep} hours, from 00:00 on,`;
  return `At ${past} the hours ${listed(hours.map(two))}`;
}

const hoursWords = (hours: number[]): string => {
  const [first = 0] = hours;
  const last = hours.at(-1) ?? 0;
  return last - first === hours.length - 1
    ? `${two(first)}:00 to ${two(last)}:59`
    : listed(hours.map((hour) => `${two(hour)}:00 to ${two(hour)}:59`));
};

function daysWords({ by, days, weekdays, hours }: CronFields): string {
  const ofWeek =
    weekdays.join() === '1,2,3,4,5' ? 'weekdays' : listed(weekdays.map((day) => `${weekdayNames[day]}s`));
  const ofMonth = `the ${listed(days.map(ordinal))} of the month`;
  if (by === 'every') return hours.length === 24 ? '' : ' every day';
  if (by === 'weekdays') return ` on ${ofWeek}`;
  if (by === 'days') return ` on ${ofMonth}`;
  return ` on ${ofMonth}, and on ${ofWeek},`;
}

/** The step of values that begin with 0 and fill the whole range evenly. */
function stepOf(values: number[], range: number): number | undefined {
  const step = range / values.length;
  return Number.isInteger(step) && values.every((value, index) => value === index * step) ? step : undefined;
}

export function listed(items: readonly (string | number | undefined)[]): string {
  return items.length < 2
    ? String(items[0] ?? '')
    : `${items.slice(0, -1).join(', ')} and ${String(items.at(-1))}`;
}

const ordinal = (day: number): string => {
  const end = day % 100 > 10 && day % 100 < 14 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[day % 10] ?? 'th');
  return `${day}${end}`;
};

const two = (number: number): string => String(number).padStart(2, '0');
