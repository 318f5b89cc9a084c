import type { ReactNode } from 'react';
import type { DataColumn } from './columns.ts';
import type { RowAction } from './row-menu.tsx';
import type { Selection } from './selection.ts';
import type { Sorting } from './use-columns.ts';

export interface DataTableProps<T extends object> {
  /** The person's widths and hidden columns are kept under this name. */
  name: string;
  /** What the table holds, for screen readers. */
  label: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  /** Must be stable, as must be the keys. */
  keyOf: (row: T) => string;
  sorting?: Sorting;
  /** False keeps the rows in the order given: a tree, for example. */
  sortable?: boolean;
  /** Rows are renewed while someone looks: the order is then held while the pointer or a focused row is in it. */
  live?: boolean;
  /** Changes when the person's filters do: rows are then taken as they come even while the order is held. */
  filterSignature?: string;
  selection?: Selection;
  onSelect?: (selection: Selection) => void;
  /** The row on which the keyboard stands. */
  onActive?: (row: T | null) => void;
  onOpen?: (row: T) => void;
  /** What the menu offers for these rows. */
  actions?: (rows: readonly T[]) => readonly RowAction[];
  /** Further keys; `rows` are the selection or the active row. True: the key has been used. */
  onShortcut?: (key: string, rows: readonly T[]) => boolean;
  /** A mark on the whole row, drawn by `data-tone`. */
  toneOf?: (row: T) => string | undefined;
  /** Shown in place of the rows when there are none. */
  empty?: ReactNode;
  /** Said at the foot, after the number of rows. */
  note?: ReactNode;
  /** What a row is called: `session`. */
  noun?: string;
  /** Several of them, where it is not the noun with an s. */
  nouns?: string;
  /** False leaves the line under the rows out. */
  footer?: boolean;
}
