/** By code units, as most tools sort names. */
export function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Names part by part, runs of digits by their value: `9_x` before `10_x`. */
export function byNumber(one: string, other: string): number {
  const left: string[] = one.match(/\d+|\D+/g) ?? [];
  const right: string[] = other.match(/\d+|\D+/g) ?? [];
  for (const [index, part] of left.entries()) {
    const against = right[index];
    if (against === undefined) return 1;
    const both = /^\d/.test(part) && /^\d/.test(against);
    const order = both ? byValue(BigInt(part), BigInt(against)) : byName(part, against);
    if (order !== 0) return order;
  }
  return left.length - right.length || byName(one, other);
}

/** Versions of several numbers, `.` or `_` between them; `1` is `1.0`. */
export function byVersion(one: string, other: string): number {
  const numbers = (version: string): bigint[] => version.split(/[._]/).filter(Boolean).map(BigInt);
  const left = numbers(one);
  const right = numbers(other);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = byValue(left[index] ?? 0n, right[index] ?? 0n);
    if (order !== 0) return order;
  }
  return 0;
}

function byValue(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
