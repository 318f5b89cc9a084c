import type { ReactNode } from 'react';

/** What a column sorts by. Null and undefined come last in both directions. */
export type SortValue = string | number | null | undefined;

/** One column of a {@link DataTable}. Keep the array stable: at module scope or memoised. */
export interface DataColumn<T> {
  /** Stable name; the person's widths and hidden columns are kept under it. */
  id: string;
  header: string;
  /** Says more about the column on hover. */
  hint?: string;
  /** px; the starting width. */
  width: number;
  /** px; how wide it gets where there is room, before columns that grow take the rest. */
  most?: number;
  /** Takes the width that is left over until a person sets one. */
  grow?: boolean;
  align?: 'start' | 'end';
  mono?: boolean;
  value: (row: T) => SortValue;
  /** As it is copied; the value when left out. */
  text?: (row: T) => string;
  /** As it is shown; the text when left out. */
  cell?: (row: T) => ReactNode;
  /** The first press on the header sorts from high to low. */
  descendingFirst?: boolean;
  /** Not shown until a person asks for it; `narrow`: only where the window has little room. */
  hiddenAtFirst?: boolean | 'narrow';
  /** Can't be hidden. */
  always?: boolean;
}

/** What a cell says as plain text: for copying, and for showing where the column draws nothing of its own. */
export function cellText<T>(column: DataColumn<T>, row: T): string {
  if (column.text) return column.text(row);
  const value = column.value(row);
  return value === null || value === undefined ? '' : String(value);
}
