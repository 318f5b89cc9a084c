// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of absolutely placed rows is no <table>; the roles make it one.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row and cell.
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { DataColumn } from './columns.ts';
import styles from './table.module.css';

export interface SortMark {
  desc: boolean;
  /** Place among several sorts, from 1; 0 when it is the only one. */
  rank: number;
}

interface HeaderProps<T> {
  columns: readonly DataColumn<T>[];
  sortOf: (id: string) => SortMark | undefined;
  /** Undefined: the order is not the person's to choose. */
  onSort: ((id: string, add: boolean) => void) | undefined;
  /** Widths in px while a border is dragged and when it is let go. */
  onResize: (id: string, width: number) => void;
  onResetWidth: (id: string) => void;
  selectable: boolean;
  selectedShare: 'none' | 'some' | 'all';
  onSelectAll: () => void;
  /** Arrow down from the header goes into the rows. */
  onLeave: () => void;
}

export const narrowest = 40;

/** The header: sorts on press (Shift adds), Left and Right walk it, Shift with them resizes, Down leaves it. */
export function Header<T>(props: HeaderProps<T>) {
  const { columns, sortOf, onSort, onResize, onResetWidth, selectable, selectedShare, onSelectAll, onLeave } =
    props;
  const rowElement = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent, column: DataColumn<T>, place: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && event.shiftKey) onResize(column.id, widthOf(event.currentTarget) + step * 16);
    else if (step !== 0) buttons(rowElement.current)[place + step]?.focus();
    else if (event.key === 'ArrowDown') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div role="row" aria-rowindex={1} className={styles.header} ref={rowElement}>
      {selectable && (
        <div role="columnheader" className={styles.mark} aria-colindex={1}>
          <button
            type="button"
            tabIndex={-1}
            className={styles.all}
            aria-label={selectedShare === 'all' ? 'Select none' : 'Select all'}
            onClick={onSelectAll}
          >
            <span
              className={styles.box}
              data-on={selectedShare === 'all' || undefined}
              data-some={selectedShare === 'some' || undefined}
            />
          </button>
        </div>
      )}
      {columns.map((column, place) => {
        const sort = sortOf(column.id);
        return (
          <div
            key={column.id}
            role="columnheader"
            className={styles.head}
            aria-colindex={place + (selectable ? 2 : 1)}
            aria-sort={sort ? (sort.desc ? 'descending' : 'ascending') : onSort ? 'none' : undefined}
            data-align={column.align}
          >
            <button
              type="button"
              className={styles.sort}
              tabIndex={place === 0 ? 0 : -1}
              title={column.hint}
              onClick={(event) => onSort?.(column.id, event.shiftKey)}
              onKeyDown={(event) => onKeyDown(event, column, place)}
            >
              <span className={styles.label}>{column.header}</span>
              {sort && (
                <span className={styles.arrow} aria-hidden>
                  {sort.desc ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />}
                  {sort.rank > 0 && sort.rank}
                </span>
              )}
            </button>
            <span
              className={styles.border}
              aria-hidden
              onPointerDown={(event) => drag(event, (width) => onResize(column.id, width))}
              onDoubleClick={() => onResetWidth(column.id)}
            />
          </div>
        );
      })}
    </div>
  );
}

function buttons(row: HTMLElement | null): HTMLButtonElement[] {
  return row ? [...row.querySelectorAll<HTMLButtonElement>(`.${styles.sort}`)] : [];
}

function widthOf(element: Element): number {
  return element.closest('[role=columnheader]')?.getBoundingClientRect().width ?? 0;
}

function drag(event: PointerEvent<HTMLElement>, onWidth: (width: number) => void): void {
  if (event.button !== 0) return;
  event.preventDefault();
  const handle = event.currentTarget;
  const start = event.clientX - widthOf(handle);
  handle.setPointerCapture(event.pointerId);
  const move = (at: globalThis.PointerEvent): void =>
    onWidth(Math.max(narrowest, Math.round(at.clientX - start)));
  const end = (): void => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('lostpointercapture', end);
  };
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', end);
}
