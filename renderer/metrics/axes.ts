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
  for (let tick = origin + Math.ceil((from - origin) / step) * step; tick <= to; tick += step)
    ticks.push(tick);
  return ticks;
}

/** What a mark on the time axis says, by how long the axis is. */
export function timeLabel(at: number, span: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (span <= 5 * minute) return `${clock}:${two(date.getSeconds())}`;
  if (span <= 30 * hour) return clock;
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const dayOfMonth = `${date.getDate()} ${months[date.getMonth()]}`;
  return span <= 3 * day && clock !== '00:00' ? clock : dayOfMonth;
}

export type Unit = 'count' | 'rate' | 'share' | 'bytes';

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
