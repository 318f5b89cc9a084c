const dayMs = 24 * 60 * 60 * 1000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/**
 * When something was, as people say it: `today 14:05`, `yesterday 09:12`, `Tuesday 14:05`, `3 March 14:05`, and with
 * the year when that is another one. Local time; `at` and `now` in ms since 1970.
 */
export function dayWords(at: number, now: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const days = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `yesterday ${time}`;
  if (days > 1 && days < 7) return `${weekdays[date.getDay()]} ${time}`;
  const day = `${date.getDate()} ${months[date.getMonth()]}`;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return isThisYear ? `${day} ${time}` : `${day} ${date.getFullYear()} ${time}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Days with a change of the clock are an hour longer or shorter, which rounding takes away. */
function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
