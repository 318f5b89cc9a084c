// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of absolutely placed rows is no <table>; the roles make it one.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row and cell.
import { createContext, memo, type ReactNode } from 'react';
import { cellText, type DataColumn } from './columns.ts';
import styles from './table.module.css';

/** True inside a row that has left the list and is only kept in its place. What ticks there stands still. */
export const RowGone = createContext(false);

interface RowProps<T> {
  row: T;
  rowKey: string;
  id: string;
  index: number;
  top: number;
  columns: readonly DataColumn<T>[];
  selectable: boolean;
  selected: boolean;
  active: boolean;
  /** Index of the active cell's column, or -1. */
  activeColumn: number;
  gone: boolean;
  tone: string | undefined;
}

function RowInner<T>(props: RowProps<T>) {
  const { row, rowKey, id, index, top, columns, selectable, selected, active, activeColumn, gone, tone } =
    props;
  const first = selectable ? 2 : 1;
  const element = (
    <div
      role="row"
      id={id}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      data-key={rowKey}
      data-active={active || undefined}
      data-gone={gone || undefined}
      data-tone={tone}
    >
      {selectable && (
        <div role="gridcell" className={styles.mark} aria-colindex={1} data-mark="">
          <span className={styles.box} aria-hidden data-on={selected || undefined} />
        </div>
      )}
      {columns.map((column, place) => (
        <div
          key={column.id}
          role="gridcell"
          id={`${id}-${place}`}
          aria-colindex={first + place}
          className={styles.cell}
          data-align={column.align}
          data-mono={column.mono || undefined}
          data-column={place}
          data-active-cell={place === activeColumn || undefined}
        >
          {show(column, row)}
        </div>
      ))}
    </div>
  );
  return gone ? <RowGone value={true}>{element}</RowGone> : element;
}

/** One row. Drawn again only when its own data, place or marks change. */
export const Row = memo(RowInner) as typeof RowInner;

function show<T>(column: DataColumn<T>, row: T): ReactNode {
  return column.cell ? column.cell(row) : cellText(column, row);
}
