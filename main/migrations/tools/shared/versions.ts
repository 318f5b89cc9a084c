/** A version of digits without leading zeros, as a table of numbers holds it. */
export const plainNumber = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

/** Orders texts of digits by their value. */
export function byNumber(a: string, b: string): number {
  const left = plainNumber(a);
  const right = plainNumber(b);
  return left.length - right.length || byCodePoint(left, right);
}

/** Orders as Go, Rust and `LC_ALL=C` order texts; with plain ASCII that is what `<` says. */
export const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const natural = new Intl.Collator('en', { numeric: true });

/** Orders `9_x` before `10_x`; what is equal then, by code point. */
export const byNature = (a: string, b: string): number => natural.compare(a, b) || byCodePoint(a, b);

/** Whether a text of digits is at most what a signed int8 holds. */
export const fitsInt8 = (digits: string): boolean => byNumber(digits, '9223372036854775807') <= 0;
