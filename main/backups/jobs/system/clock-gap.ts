import type { Times } from '../../../lib/cron.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** The next time within about a year that a zone's clock skips a time of a schedule. */
export function gapOf(
  { fields, timeZone }: Times,
  now: number,
): { day: string; from: string; to: string } | undefined {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  /** What the clock shows, as if it were UTC. */
  const shown = (at: number): number => {
    const { year, month, day, hour, minute } = Object.fromEntries(
      parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0);
  };
  const offset = (at: number): number => shown(at) - at;
  const start = Math.floor(now / hourMs) * hourMs;
  for (let at = start; at < start + 400 * 24 * hourMs; at += 12 * hourMs) {
    if (offset(at + 12 * hourMs) <= offset(at)) continue;
    let [low, high] = [at, at + 12 * hourMs];
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    const [before, after] = [shown(low) + minuteMs, shown(high)];
    for (let skipped = before; skipped < after; skipped += minuteMs)
      if (fits(new Date(skipped)))
        return { day: text(before).slice(0, 10), from: text(before).slice(11), to: text(after).slice(11) };
  }
  return undefined;

  function fits(at: Date): boolean {
    const { minutes, hours, days, months, weekdays, by } = fields;
    const isDay = days.includes(at.getUTCDate());
    const isWeekday = weekdays.includes(at.getUTCDay());
    const isDue = { every: true, days: isDay, weekdays: isWeekday, either: isDay || isWeekday }[by];
    return (
      isDue &&
      months.includes(at.getUTCMonth() + 1) &&
      hours.includes(at.getUTCHours()) &&
      minutes.includes(at.getUTCMinutes())
    );
  }
}

const text = (at: number): string => new Date(at).toISOString().slice(0, 16);
