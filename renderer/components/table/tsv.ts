import { cellText, type DataColumn } from './columns.ts';

/**
 * Rows as tab-separated text, as spreadsheets take it from the clipboard: a cell holding a tab, a line break
 * or a quote is quoted, and a quote inside is doubled.
 */
export function toTsv<T>(columns: readonly DataColumn<T>[], rows: readonly T[], header: boolean): string {
  const lines = rows.map((row) => columns.map((column) => quote(cellText(column, row))).join('\t'));
  if (header) lines.unshift(columns.map((column) => quote(column.header)).join('\t'));
  return lines.join('\n');
}

function quote(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
