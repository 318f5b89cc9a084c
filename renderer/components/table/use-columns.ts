import {
  columnSizingFeature,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type CSSProperties, useEffect, useMemo, useRef } from 'react';
import type { DataColumn } from './columns.ts';
import { narrowest, type SortMark } from './header.tsx';
import { compareValues } from './sort.ts';
import { useTablePreferences } from './use-table-preferences.ts';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnSizingFeature,
  columnVisibilityFeature,
});

export type Sorting = readonly { id: string; desc: boolean }[];

interface Options<T> {
  name: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  sorting: Sorting;
  sortable: boolean;
}

/** Sorts the rows and keeps which columns are shown and how wide. The state lives in TanStack Table. */
export function useColumns<T extends object>({ name, columns, rows, keyOf, sorting, sortable }: Options<T>) {
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: T) => column.value(row) ?? undefined,
        size: column.width,
        sortUndefined: 'last' as const,
        sortDescFirst: column.descendingFirst ?? false,
        sortFn: (
          a: { getValue: (id: string) => unknown },
          b: { getValue: (id: string) => unknown },
          id: string,
        ) => compareValues(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const hiddenAtFirst = useMemo(
    () => Object.fromEntries(columns.filter(startsHidden).map((column) => [column.id, false])),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: keyOf,
    initialState: { sorting: sorting as SortingState, columnVisibility: hiddenAtFirst },
    enableSorting: sortable,
    enableMultiSort: true,
  });
  const { columnVisibility, columnSizing } = table.state;

  const { kept, ready, keep: keepTable } = useTablePreferences(name);
  const restored = useRef(false);
  useEffect(() => {
    if (restored.current || !ready) return;
    restored.current = true;
    if (!kept) return;
    table.setColumnSizing({ ...kept.widths });
    table.setColumnVisibility(Object.fromEntries(columns.map(({ id }) => [id, !kept.hidden.includes(id)])));
  }, [ready, kept, table, columns]);

  const keep = (): void => {
    const visibility = table.atoms.columnVisibility.get();
    const hidden = columns.filter(({ id }) => visibility[id] === false).map(({ id }) => id);
    keepTable({ hidden, widths: { ...table.atoms.columnSizing.get() } });
  };

  const visible = useMemo(
    () => columns.filter((column) => columnVisibility[column.id] !== false),
    [columns, columnVisibility],
  );
  const sorted = table.getRowModel().rows;
  return {
    visible,
    sorted: useMemo(() => sorted.map((row) => row.original), [sorted]),
    sortSignature: table.state.sorting.map(({ id, desc }) => `${id}:${desc}`).join(),
    sortOf: (id: string): SortMark | undefined => {
      const place = table.state.sorting.findIndex((sort) => sort.id === id);
      const sort = table.state.sorting[place];
      return sort && { desc: sort.desc, rank: table.state.sorting.length > 1 ? place + 1 : 0 };
    },
    sortBy: (id: string, add: boolean): void => table.getColumn(id)?.toggleSorting(undefined, add),
    resize: (id: string, width: number): void => {
      table.setColumnSizing((before) => ({ ...before, [id]: Math.max(narrowest, Math.round(width)) }));
      keep();
    },
    resetWidth: (id: string): void => {
      table.getColumn(id)?.resetSize();
      keep();
    },
    isVisible: (id: string): boolean => columnVisibility[id] !== false,
    toggle: (id: string): void => {
      table.setColumnVisibility((before) => ({ ...before, [id]: before[id] === false }));
      keep();
    },
    reset: (): void => {
      table.setColumnSizing({});
      table.setColumnVisibility(hiddenAtFirst);
      keep();
    },
    style: useMemo(() => layout(visible, columnSizing), [visible, columnSizing]),
  };
}

/** px of window below which columns marked `narrow` start hidden. */
const roomy = 1600;

function startsHidden<T>({ hiddenAtFirst }: DataColumn<T>): boolean {
  return hiddenAtFirst === 'narrow' ? window.innerWidth < roomy : (hiddenAtFirst ?? false);
}

/** The widths as one grid template on the table, so that resizing draws no row again. */
function layout<T>(
  visible: readonly DataColumn<T>[],
  sizing: Readonly<Record<string, number>>,
): CSSProperties {
  const tracks = visible.map((column) => {
    const width = sizing[column.id];
    if (width !== undefined) return `${width}px`;
    if (column.grow) return `minmax(${column.width}px, 1fr)`;
    return column.most ? `minmax(${column.width}px, ${column.most}px)` : `${column.width}px`;
  });
  const grows = visible.some((column) => column.grow && sizing[column.id] === undefined);
  const total = visible.reduce((sum, column) => sum + (sizing[column.id] ?? column.width), 0);
  return {
    '--tracks': grows ? tracks.join(' ') : `${tracks.join(' ')} 1fr`,
    '--total': `${total}px`,
  } as CSSProperties;
}
