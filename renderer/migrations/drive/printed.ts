import type { CommandOutput } from '../../../preload/contract/migration-runs.ts';

export interface PrintedLine {
  /** From 1, in the order in which they came. */
  number: number;
  stream: 'out' | 'err';
  text: string;
}

/** What a command has printed, as far as it is kept. */
export interface Printed {
  /** Shared between successive states, which only ever append: those up to `last` belong to this one. */
  lines: readonly PrintedLine[];
  /** Number of the newest line; 0 before the first. */
  last: number;
}

export const nothingPrinted: Printed = { lines: [], last: 0 };

/** Lines that are kept, the newest; between this and twice as many. */
const mostKept = 20_000;

/** With one more line. */
export function withLine(
  { lines, last }: Printed,
  { stream, text }: Extract<CommandOutput, { kind: 'line' }>,
): Printed {
  const kept = lines.length === 0 || lines.length >= 2 * mostKept ? lines.slice(-mostKept) : lines;
  (kept as PrintedLine[]).push({ number: last + 1, stream, text });
  return { lines: kept, last: last + 1 };
}

/** The newest `many` lines up to line `last`. */
export function newest({ lines }: Printed, last: number, many: number): PrintedLine[] {
  const first = lines[0]?.number ?? 1;
  const end = Math.max(0, last - first + 1);
  return lines.slice(Math.max(0, end - many), end);
}

/** How many of the first lines were let go. */
export const letGo = ({ lines }: Printed): number => (lines[0]?.number ?? 1) - 1;

/** All that is kept, as it is copied. */
export function printedText(printed: Printed): string {
  const gone = letGo(printed);
  const texts = printed.lines.map(({ text }) => text);
  return [...(gone > 0 ? [`… ${gone} lines before these are not kept …`] : []), ...texts].join('\n');
}
