import type { CompanionLine } from '../../preload/contract/environments.ts';

/** Lines that are kept in sight. */
const mostLines = 200;

/** A line with a number of its own, growing by one each. */
export type NumberedLine = CompanionLine & { number: number };

/** The lines with further ones after them, of which only the last are kept. */
export function appended(
  before: readonly NumberedLine[],
  lines: readonly CompanionLine[],
): readonly NumberedLine[] {
  const next = (before.at(-1)?.number ?? 0) + 1;
  return [...before, ...lines.map((line, index) => ({ ...line, number: next + index }))].slice(-mostLines);
}
