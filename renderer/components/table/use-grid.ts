import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { cellText, type DataColumn } from './columns.ts';
import type { DataTableProps } from './data-table-props.ts';
import { gridIntent } from './grid-keys.ts';
import type { MenuPlace } from './row-menu.tsx';
import { keepOnly, nothingSelected, rangeTo, type Selection, toggle } from './selection.ts';
import { toTsv } from './tsv.ts';

/** px; all rows are alike, and the header is one of them. */
export const rowHeight = 28;

interface GridOptions<T extends object> extends DataTableProps<T> {
  shown: readonly T[];
  /** Keys of the rows shown, in their order. */
  order: readonly string[];
  visible: readonly DataColumn<T>[];
  scroller: RefObject<HTMLDivElement | null>;
  activeKey: string | null;
  setActiveKey: (key: string | null) => void;
  setMenuOpen: (open: boolean) => void;
}

/** What keys and the pointer do in the table: walk, select, open, copy, and the menu. */
export function useGrid<T extends object>(options: GridOptions<T>) {
  const { shown, order, visible, scroller, activeKey, setActiveKey, setMenuOpen } = options;
  const { selection, onSelect, onActive, onOpen, actions } = options;
  const [activeColumn, setActiveColumn] = useState(-1);
  const [menu, setMenu] = useState<{ place: MenuPlace; rows: readonly T[]; cell: string | null } | null>(
    null,
  );
  const active = activeKey === null ? -1 : order.indexOf(activeKey);

  // Rows that have left for good are neither selected nor active any more.
  const present = useRef<readonly string[]>(order);
  useEffect(() => {
    if (present.current === order) return;
    present.current = order;
    if (activeKey === null && !selection?.keys.size) return;
    const keys = new Set(order);
    if (selection && onSelect) {
      const kept = keepOnly(selection, keys);
      if (kept !== selection) onSelect(kept);
    }
    if (activeKey !== null && !keys.has(activeKey)) setActiveKey(null);
  }, [order, selection, onSelect, activeKey, setActiveKey]);

  const select = (next: Selection): void => onSelect?.(next);
  const activate = (index: number): void => {
    const row = shown[index];
    const key = order[index];
    if (row === undefined || key === undefined) return;
    setActiveKey(key);
    onActive?.(row);
    if (scroller.current) bringIntoView(scroller.current, index);
  };
  const letGo = (): void => {
    setActiveKey(null);
    setActiveColumn(-1);
    onActive?.(null);
  };
  /** The selection when there is one and it holds the row, else the row alone. */
  const meant = (index: number): readonly T[] => {
    const key = order[index];
    if (selection && selection.keys.size > 0 && (key === undefined || selection.keys.has(key))) {
      return shown.filter((_, at) => selection.keys.has(order[at] ?? ''));
    }
    const row = shown[index];
    return row === undefined ? [] : [row];
  };
  const copyText = (text: string): void => {
    void navigator.clipboard.writeText(text).catch(() => undefined);
  };
  const copy = (): void => {
    const column = visible[activeColumn];
    const row = shown[active];
    if (column && row && !(selection && selection.keys.size > 0)) copyText(cellText(column, row));
    else copyText(toTsv(visible, selection && selection.keys.size > 0 ? meant(-1) : meant(active), false));
  };
  const openMenu = (index: number, place: MenuPlace, column: number): void => {
    const row = shown[index];
    const shownColumn = visible[column];
    setMenu({ place, rows: meant(index), cell: row && shownColumn ? cellText(shownColumn, row) : null });
    setMenuOpen(true);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 2);
    const intent = gridIntent(event, { rows: order.length, active, page });
    if (!intent) {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const rows = meant(active);
      if (plain && rows.length > 0 && options.onShortcut?.(event.key, rows)) event.preventDefault();
      return;
    }
    if (intent.act === 'copy' && window.getSelection()?.isCollapsed === false) return;
    const key = order[active];
    switch (intent.act) {
      case 'to': {
        activate(intent.row);
        const target = order[intent.row];
        if (intent.extend && selection && target !== undefined) {
          const anchored =
            selection.anchor === null && key !== undefined ? { ...selection, anchor: key } : selection;
          select(rangeTo(anchored, target, order, false));
        }
        break;
      }
      case 'column':
        setActiveColumn(Math.max(-1, Math.min(visible.length - 1, activeColumn + intent.by)));
        break;
      case 'header':
        event.currentTarget
          .querySelector<HTMLButtonElement>('[role=columnheader] button[tabindex="0"]')
          ?.focus();
        break;
      case 'toggle':
        if (selection && key !== undefined) select(toggle(selection, key));
        break;
      case 'all':
        if (selection) select({ keys: new Set(order), anchor: selection.anchor });
        break;
      case 'open':
        if (shown[active]) onOpen?.(shown[active]);
        break;
      case 'copy':
        copy();
        break;
      case 'menu': {
        const element = event.currentTarget.querySelector('[data-active]');
        const box = (element ?? event.currentTarget).getBoundingClientRect();
        openMenu(active, { x: box.left + 40, y: box.top + 24 }, activeColumn);
        break;
      }
      case 'escape':
        if (selection && selection.keys.size > 0) select(nothingSelected);
        else if (activeKey !== null) letGo();
        else return;
        break;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const { index, mark } = hit(event, order);
    const key = order[index];
    if (key === undefined || window.getSelection()?.isCollapsed === false) return;
    activate(index);
    setActiveColumn(-1);
    if (!selection) return;
    if (event.shiftKey) select(rangeTo(selection, key, order, event.ctrlKey || event.metaKey));
    else if (mark || event.ctrlKey || event.metaKey) select(toggle(selection, key));
    else select({ ...selection, anchor: key });
  };

  return {
    activeColumn,
    onKeyDown,
    onClick,
    // Shift-click means a range of rows, not of text.
    onMouseDown: (event: MouseEvent<HTMLDivElement>): void => {
      if (event.shiftKey && hit(event, order).index >= 0) {
        event.preventDefault();
        scroller.current?.focus({ preventScroll: true });
      }
    },
    onDoubleClick: (event: MouseEvent<HTMLDivElement>): void => {
      const { index, mark } = hit(event, order);
      const row = shown[index];
      if (!row || mark) return;
      window.getSelection()?.removeAllRanges();
      onOpen?.(row);
    },
    onContextMenu: (event: MouseEvent<HTMLDivElement>): void => {
      const { index, column } = hit(event, order);
      if (index < 0) return;
      event.preventDefault();
      activate(index);
      openMenu(index, { x: event.clientX, y: event.clientY }, column);
    },
    enter: (): void => {
      scroller.current?.focus({ preventScroll: true });
      activate(Math.max(0, active));
    },
    clear: (): void => select(nothingSelected),
    selectAll: (): void => {
      if (!selection) return;
      select(selection.keys.size === order.length ? nothingSelected : { keys: new Set(order), anchor: null });
    },
    selectedShare: share(selection, order.length),
    menu: menu && {
      place: menu.place,
      onClose: (): void => {
        setMenu(null);
        setMenuOpen(false);
        scroller.current?.focus({ preventScroll: true });
      },
      actions: actions?.(menu.rows) ?? [],
      cell: menu.cell,
      rows: menu.rows.length,
      onCopyCell: (): void => copyText(menu.cell ?? ''),
      onCopyRows: (header: boolean): void => copyText(toTsv(visible, menu.rows, header)),
    },
  };
}

function share(selection: Selection | undefined, rows: number): 'none' | 'some' | 'all' {
  if (!selection || selection.keys.size === 0) return 'none';
  return selection.keys.size >= rows ? 'all' : 'some';
}

/** Which row and cell an event hit. */
function hit(event: MouseEvent, order: readonly string[]): { index: number; column: number; mark: boolean } {
  const target = event.target instanceof Element ? event.target : null;
  const key = target?.closest<HTMLElement>('[data-key]')?.dataset.key;
  const column = target?.closest<HTMLElement>('[data-column]')?.dataset.column;
  return {
    index: key === undefined ? -1 : order.indexOf(key),
    column: column === undefined ? -1 : Number(column),
    mark: target?.closest('[data-mark]') !== null && target !== null,
  };
}

/** Scrolls as little as brings the row between the sticky header and the lower edge. */
function bringIntoView(scroller: HTMLElement, index: number): void {
  const top = index * rowHeight;
  const room = scroller.clientHeight - 2 * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
}
