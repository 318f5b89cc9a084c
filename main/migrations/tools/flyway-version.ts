/**
 * A version's parts: split at `.` or `_`, leading zeros and trailing parts of zero left out, so that 1, 01 and 1.0 are one.
 * Undefined: not a version. Fact: `MigrationVersion.tokenize`.
 */
export function versionParts(text: string): bigint[] | undefined {
  const parts = text.replaceAll('_', '.').split('.');
  if (!parts.every((part) => /^\d+$/.test(part))) return undefined;
  const numbers = parts.map(BigInt);
  while (numbers.length > 1 && numbers.at(-1) === 0n) numbers.pop();
  return numbers;
}

/** One text for all spellings of a version; what is no version stays as it is. */
export const plainVersion = (text: string): string => versionParts(text)?.join('.') ?? text;

export function byVersion(a: string, b: string): number {
  const left = versionParts(a) ?? [];
  const right = versionParts(b) ?? [];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at] ?? 0n, right[at] ?? 0n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
