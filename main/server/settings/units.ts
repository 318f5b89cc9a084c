/**
 * Settings have a base unit (PostgreSQL manual, 20.1.1 "Parameter Names and Values"): memory `B`, `kB`, `8kB`, `MB`, …
 * and time `ms`, `s`, `min`, … Files may say a value in any unit of the kind.
 */
const memory: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const time: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** How many bytes or ms one of a unit is: `8kB` is 8192; undefined for what is no unit. */
export function unitSize(unit: string): { kind: 'memory' | 'time'; size: number } | undefined {
  const [, times = '', name = ''] = /^(\d*)([A-Za-z]+)$/.exec(unit) ?? [];
  const factor = times === '' ? 1 : Number(times);
  if (memory[name] !== undefined) return { kind: 'memory', size: factor * memory[name] };
  if (time[name] !== undefined) return { kind: 'time', size: factor * time[name] };
  return undefined;
}

/** A value of pg_settings in words: 16384 of `8kB` is `128 MB`. −1 and 0 stay as they are, for they often mean "off". */
export function inWords(raw: string, unit: string | null): string {
  const known = unit ? unitSize(unit) : undefined;
  const value = Number(raw);
  if (!known || raw.trim() === '' || !Number.isFinite(value) || value <= 0) return raw;
  const total = value * known.size;
  const units = Object.entries(known.kind === 'memory' ? memory : time).reverse();
  // The largest unit of which it is a whole number, so that nothing is rounded away.
  const [name, size] = units.find(([, one]) => total >= one && isWhole(total / one)) ?? [unit, known.size];
  return `${Number((total / size).toPrecision(12))} ${name}`;
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;

/** A size or time as a file may say it, `64MB` or `1.5 GB`, in bytes or ms; a bare number counts in `unit`. */
export function amount(text: string, unit: string | null): number | undefined {
  const [, digits, name] = /^\s*(-?[\d.]+(?:e-?\d+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined || !Number.isFinite(value)) return undefined;
  const known = name ? unitSize(name) : unit ? unitSize(unit) : { size: 1 };
  return known && value * known.size;
}

const yes = /^(?:on|true|tru|tr|t|yes|ye|y|1)$/i;
const no = /^(?:off|of|false|fals|fal|fa|f|no|n|0)$/i;

/** Whether two spellings of a setting mean the same: `64MB` and 8192 of `8kB`; `yes` and `on`. */
export function isSameValue(a: string, b: string, type: string, unit: string | null): boolean {
  if (a === b) return true;
  if (type === 'bool') return (yes.test(a) && yes.test(b)) || (no.test(a) && no.test(b));
  if (type === 'enum')
    return a.toLowerCase() === b.toLowerCase() || (yes.test(a) && yes.test(b)) || (no.test(a) && no.test(b));
  if (type !== 'integer' && type !== 'real') return false;
  const [left, right] = [amount(a, unit), amount(b, unit)];
  if (left === undefined || right === undefined) return false;
  const step = (unit && unitSize(unit)?.size) || 1;
  // The server rounds to its base unit.
  return type === 'integer'
    ? Math.round(left / step) === Math.round(right / step)
    : Math.abs(left - right) <= 1e-9 * Math.abs(left);
}

/** A value of a file in words, in the units that the setting has. */
export function fileValueInWords(text: string, type: string, unit: string | null): string {
  if ((type !== 'integer' && type !== 'real') || !unit) return text;
  const total = amount(text, unit);
  const known = unitSize(unit);
  return total === undefined || !known ? text : inWords(String(Math.round(total / known.size)), unit);
}

/** Bytes or ms as ALTER SYSTEM takes them, in the largest whole unit: `128MB`. */
export function asSetting(total: number, kind: 'memory' | 'time'): string {
  const units = Object.entries(kind === 'memory' ? memory : time).reverse();
  const [name = 'B', size = 1] =
    units.find(([one, of]) => total >= of && isWhole(total / of) && one !== 'us') ?? [];
  return `${Math.round(total / size)}${name}`;
}
