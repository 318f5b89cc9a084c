/*
 * Numbers as people say them, each with its exact form for a title. Everything is in the units named by the
 * parameter; nothing here reads the clock.
 */

const grouped = new Intl.NumberFormat('en-US');
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/**
 * Bytes in units of 1024, named as `pg_size_pretty` names them: `3.2 GB`.
 * Takes int8 as text too. Negative values keep their sign.
 */
export function bytes(value: number | bigint | string): string {
  let left = Math.abs(Number(value));
  const sign = Number(value) < 0 ? '−' : '';
  let unit = 0;
  while (left >= 1024 && unit < byteUnits.length - 1) {
    left /= 1024;
    unit += 1;
  }
  // 1023.97 kB would round to 1024 kB.
  if (Number(shortDecimal(left).replaceAll(',', '')) >= 1024 && unit < byteUnits.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${sign}${shortDecimal(left)} ${byteUnits[unit]}`;
}

/** Every byte: `3,435,973,836 bytes`. */
export function exactBytes(value: number | bigint | string): string {
  return `${grouped.format(typeof value === 'number' ? Math.round(value) : BigInt(value))} bytes`;
}

/** A count with its thousands set apart: `12,480`. */
export function count(value: number | bigint | string): string {
  return grouped.format(typeof value === 'string' ? BigInt(value) : value);
}

/** A count where there is little room: `980`, `12.5 k`, `3.1 M`. */
export function shortCount(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return grouped.format(Math.round(value));
  if (size < 999_950) return `${oneDecimal.format(value / 1e3)} k`;
  if (size < 999_950_000) return `${oneDecimal.format(value / 1e6)} M`;
  return `${oneDecimal.format(value / 1e9)} G`;
}

/** Something a second: `0.3`, `4.2`, `1,240`. The unit stands in the heading. */
export function rate(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.05) return '< 0.1';
  if (size < 10) return oneDecimal.format(value);
  return shortCount(value);
}

/** A share from 0 to 1 as `99.4 %`. Only a whole is called `100 %`. */
export function percent(share: number): string {
  const hundredths = share < 1 ? Math.min(99.9, share * 100) : share * 100;
  return `${oneDecimal.format(hundredths)} %`;
}

/** A singular or plural noun with its count: `1 session`, `3 sessions`. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${grouped.format(value)} ${value === 1 ? one : many}`;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in ms with at most two units: `850 ms`, `12 s`, `4 min 12 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 1) return span === 0 ? '0 ms' : `${twoDecimals.format(span)} ms`;
  if (span < second) return `${Math.floor(span)} ms`;
  if (span < 10 * second) return `${oneDecimal.format(Math.floor(span / 100) / 10)} s`;
  return wholeSpan(span);
}

/** An age in ms that ticks by the second: `0 s`, `12 s`, `4 min 12 s`, `3 h 20 min`. */
export function age(ms: number): string {
  return wholeSpan(Math.max(0, ms));
}

/** An age where only its size matters: `< 1 s`, `12 s`, `4 min`, `3 h`, `2 d`. */
export function shortAge(ms: number): string {
  if (ms < second) return '< 1 s';
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

/** Milliseconds spent, with the precision that cost figures need: `0.42 ms`, `3.1 ms`, `120 ms`. */
export function milliseconds(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 0.01) return '< 0.01 ms';
  return `${ms < 1 ? twoDecimals.format(ms) : ms < 100 ? oneDecimal.format(ms) : grouped.format(Math.round(ms))} ms`;
}

/** The exact local time of an instant: `2026-01-12 14:03:22`. */
export function dateTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${timeOfDay(at)}`;
}

/** The exact local time of day: `14:03:22`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function shortDecimal(value: number): string {
  return value < 100 ? oneDecimal.format(value) : grouped.format(Math.round(value));
}

function wholeSpan(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return pair(ms, minute, 'min', second, 's');
  if (ms < day) return pair(ms, hour, 'h', minute, 'min');
  return pair(ms, day, 'd', hour, 'h');
}

function pair(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  const head = `${grouped.format(Math.floor(ms / large))} ${largeUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}
