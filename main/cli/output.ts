import type { Explanation } from '../../preload/contract/common.ts';

/** Writes one value as JSON on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What happened, why, what to do, and the server's own words, on standard error. */
export function printExplanation({ what, why, next, command, server }: Explanation): void {
  const lines = [what, why, next].filter(Boolean).map(printable);
  const indented = (text: string): number => lines.push(`  ${printable(text)}`);
  if (command) indented(command);
  if (server && (server.message !== why || server.sqlstate || server.system)) {
    const code = server.sqlstate ?? server.system;
    indented(`${code ? `${code}: ` : ''}${server.message}`);
    if (server.detail) indented(server.detail);
    if (server.hint) indented(server.hint);
  }
  process.stderr.write(`${lines.join('\n')}\n`);
}

export interface Column<T> {
  title: string;
  value: (row: T) => string;
  align?: 'right';
  /** Cells longer than this are cut, in characters. */
  most?: number;
}

/** Rows as a table in plain text, columns as wide as their widest cell. */
export function printTable<T>(columns: Column<T>[], rows: T[]): void {
  const cells = rows.map((row) => columns.map(({ value, most }) => cut(printable(value(row)), most ?? 200)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: string[]): string =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  printLine(line(columns.map(({ title }) => title)));
  for (const row of cells) printLine(line(row));
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Names and queries are data: control characters in them must not steer the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to be replaced.
  return text.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** A time span in ms as a person says it: `350 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '';
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
