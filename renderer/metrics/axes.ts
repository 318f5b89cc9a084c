import { timeOfDay } from '../components/format.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 5, 7, 10, 14, 30].map((n) => n * day),
];

/** Instants to mark between `from` and `to`, at round local times, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const span = to - from;
  const step = timeSteps.find((candidate) => span / candidate <= Math.max(1, most)) ?? 30 * day;
  // Local midnight as the origin, so that marks fall on round local hours and days.
  const midnight = new Date(from);
  midnight.setHours(0, 0, 0, 0);
  const ticks: number[] = [];
  const origin = midnight.getTime();
  if (step >= day) {
    // Days of the calendar: not all of them have 24 hours.
    for (let date = new Date(origin); date.getTime() <= to; date.setDate(date.getDate() + step / day))
      if (date.getTime() >= from) ticks.push(date.getTime());
    return ticks;
  }
  for (let tick = origin + Math.ceil((from - origin) / step) * step; tick <= to; tick += step)
    ticks.push(tick);
  return ticks;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * What each mark on a time axis says. A long axis names days: `Fri 21`, or `14 Nov` where there are weeks. One
 * of hours names the time, with the day at its first mark and wherever a day begins; a short one of today
 * needs no day.
 */
export function timeLabels(
  ticks: readonly number[],
  from: number,
  to: number,
  now: number = Date.now(),
): ReadonlyMap<number, string> {
  const span = to - from;
  const dated = span > 6 * hour || !sameDay(from, now) || !sameDay(to, now);
  return new Map(
    ticks.map((tick, place) => {
      const isMidnight = clock(tick) === '00:00';
      if (span > 10 * day) return [tick, dayOfMonth(tick)];
      if (span > 3 * day && isMidnight) return [tick, dayOfWeek(tick)];
      const before = ticks[place - 1];
      const opensDay = before === undefined || !sameDay(before, tick);
      if (!dated || !opensDay) return [tick, span <= 5 * minute ? timeOfDay(tick) : clock(tick)];
      return [tick, isMidnight && span > 5 * minute ? dayOfWeek(tick) : `${dayOfWeek(tick)} ${clock(tick)}`];
    }),
  );
}

/** An instant in short: its time, with the date when that is not today. */
export function instantLabel(at: number, now: number = Date.now(), withSeconds = false): string {
  const time = withSeconds ? timeOfDay(at) : clock(at);
  if (sameDay(at, now)) return time;
  const year = new Date(at).getFullYear();
  return `${dayOfMonth(at)}${year === new Date(now).getFullYear() ? '' : ` ${year}`} ${time}`;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function dayOfWeek(at: number): string {
  const date = new Date(at);
  return `${weekdays[date.getDay()]} ${date.getDate()}`;
}

function dayOfMonth(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${months[date.getMonth()]}`;
}

function clock(at: number): string {
  return timeOfDay(at).slice(0, 5);
}

/** `ms` is a duration. */
export type Unit = 'count' | 'rate' | 'share' | 'bytes' | 'ms';

/** A value axis from zero: its marks, the last of which is its end. Bytes go in steps of 1024. */
export function valueTicks(highest: number, unit: Unit, most: number): number[] {
  if (unit === 'share') return most >= 4 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  if (!(highest > 0)) return unit === 'count' ? [0, 1] : unit === 'bytes' ? [0, 1024] : [0, 1];
  const step = roundStep(highest / Math.max(1, most), unit);
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

function roundStep(least: number, unit: Unit): number {
  // Halves and doubles of 1024, so that every mark is a round number of its unit.
  if (unit === 'bytes') return Math.max(1, 2 ** Math.ceil(Math.log2(least)));
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * magnitude >= least * (1 - 1e-12)) ?? 10;
  const step = factor * magnitude;
  return unit === 'count' ? Math.max(1, Math.ceil(step)) : step;
}
