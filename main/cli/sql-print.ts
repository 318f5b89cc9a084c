import type { ResultColumn } from '../../preload/contract/sql.ts';
import type { ConsoleClient } from '../faces/index.ts';
import { printable } from './output.ts';

export const formats = ['table', 'csv', 'json'] as const;
export type Format = (typeof formats)[number];

export interface PrintedResult {
  result: string;
  columns: readonly ResultColumn[];
  count: number;
}

const page = 1000;
/** Of a table's rows the first ones decide how wide its columns are. */
const measured = 1000;
const widest = 60;

/**
 * Prints a result's rows page by page, so that memory stays flat however many there are. `table` cuts long cells; `csv`
 * and `json` give everything.
 */
export async function printResult(
  sql: ConsoleClient['sql'],
  { result, columns, count }: PrintedResult,
  format: Format,
): Promise<void> {
  let widths: number[] = [];
  if (format === 'csv') await write(`${columns.map(({ name }) => csvCell(name)).join(',')}\n`);
  for (let from = 0; from < count || from === 0; from += page) {
    const { rows, cut } = await sql.rows({ result, from, count: page });
    if (format !== 'table') {
      for (const { row, column } of cut) {
        const cells = rows[row];
        if (cells) cells[column] = await wholeValue(sql, result, from + row, column);
      }
    }
    if (format === 'table' && from === 0) {
      widths = columnWidths(columns, rows.slice(0, measured));
      await write(
        `${tableLine(
          columns.map(({ name }) => name),
          widths,
          columns,
        )}\n`,
      );
    }
    const lines = rows.map((row) =>
      format === 'csv'
        ? row.map(csvCell).join(',')
        : format === 'json'
          ? jsonLine(columns, row)
          : tableLine(row, widths, columns),
    );
    if (lines.length > 0) await write(`${lines.join('\n')}\n`);
    if (rows.length < page) break;
  }
}

async function wholeValue(
  sql: ConsoleClient['sql'],
  result: string,
  row: number,
  column: number,
): Promise<string | null> {
  let whole = '';
  for (;;) {
    const { text, length } = await sql.value({ result, row, column, from: whole.length });
    whole += text ?? '';
    if (whole.length >= length || !text) return whole;
  }
}

/** Waits for a reader that is slow, so that nothing piles up here. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}

/** RFC 4180. NULL is an empty cell, the empty text is `""`, as `COPY … (FORMAT csv)` writes them. */
function csvCell(cell: string | null): string {
  if (cell === null) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** An object a row. Values are as the server prints them; columns of one name are numbered: `a`, `a_2`. */
function jsonLine(columns: readonly ResultColumn[], row: readonly (string | null)[]): string {
  const seen = new Map<string, number>();
  const entries = row.map((cell, nth) => {
    const name = columns[nth]?.name ?? '';
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return [times === 1 ? name : `${name}_${times}`, cell] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function columnWidths(columns: readonly ResultColumn[], rows: readonly (string | null)[][]): number[] {
  return columns.map(({ name }, nth) => {
    const longest = rows.reduce((most, row) => Math.max(most, shown(row[nth] ?? null).length), name.length);
    return Math.min(widest, longest);
  });
}

function shown(cell: string | null): string {
  return cell === null ? 'NULL' : printable(cell);
}

function tableLine(
  row: readonly (string | null)[],
  widths: readonly number[],
  columns: readonly ResultColumn[],
): string {
  return row
    .map((cell, nth) => {
      const width = widths[nth] ?? 0;
      const text = shown(cell);
      const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
      return columns[nth]?.kind === 'number' ? cut.padStart(width) : cut.padEnd(width);
    })
    .join('  ')
    .trimEnd();
}
