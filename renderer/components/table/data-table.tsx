// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of absolutely placed rows is no <table>; the roles make it one.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState } from 'react';
import { ColumnsMenu } from './columns-menu.tsx';
import type { DataTableProps } from './data-table-props.ts';
import { Header } from './header.tsx';
import { Row } from './row.tsx';
import { RowMenu } from './row-menu.tsx';
import styles from './table.module.css';
import { TableFooter } from './table-footer.tsx';
import { type Sorting, useColumns } from './use-columns.ts';
import { rowHeight, useGrid } from './use-grid.ts';
import { type HoldReason, useHeldOrder, usePresence } from './use-hold.ts';

const noSorting: Sorting = [];

/**
 * A table for thousands of rows that may all change each second: only the rows in sight are drawn, and of
 * those only the ones that changed. Keys: arrows, Home, End, Page keys walk; Space selects; Shift extends;
 * Enter opens; Ctrl-C copies the cell, row or selection.
 */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const {
    name,
    label,
    columns,
    rows,
    keyOf,
    live = false,
    filterSignature = '',
    selection,
    toneOf,
    sortable = true,
  } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const state = useColumns({ name, columns, rows, keyOf, sorting: props.sorting ?? noSorting, sortable });
  const presence = usePresence();

  const [activeKey, setActiveKey] = useState<string | null>(null);
  const reason = holdReason(live, menuOpen, presence.pointer, presence.focus && activeKey !== null);
  const held = useHeldOrder(state.sorted, keyOf, reason, `${filterSignature}|${state.sortSignature}`);
  const order = useMemo(() => held.rows.map(keyOf), [held.rows, keyOf]);

  const virtualizer = useVirtualizer({
    count: held.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: rowHeight,
  });

  const grid = useGrid({
    ...props,
    shown: held.rows,
    order,
    visible: state.visible,
    scroller,
    activeKey,
    setActiveKey,
    setMenuOpen,
  });
  const rowId = (key: string): string => `${id}-${key.replaceAll(/\s/g, '_')}`;
  const items = virtualizer.getVirtualItems();
  const activeShown = activeKey !== null && items.some((item) => order[item.index] === activeKey);
  const activeId = activeShown
    ? `${rowId(activeKey)}${grid.activeColumn >= 0 ? `-${grid.activeColumn}` : ''}`
    : undefined;

  return (
    <div className={styles.frame} style={state.style}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={held.rows.length + 1}
        aria-colcount={state.visible.length + (selection ? 1 : 0)}
        aria-multiselectable={selection ? true : undefined}
        aria-activedescendant={activeId}
        data-selectable={selection ? true : undefined}
        onKeyDown={grid.onKeyDown}
        onClick={grid.onClick}
        onMouseDown={grid.onMouseDown}
        onDoubleClick={grid.onDoubleClick}
        onContextMenu={grid.onContextMenu}
        {...presence.handlers}
      >
        <div role="rowgroup" className={styles.top}>
          <Header
            columns={state.visible}
            sortOf={state.sortOf}
            onSort={sortable ? state.sortBy : undefined}
            onResize={state.resize}
            onResetWidth={state.resetWidth}
            selectable={selection !== undefined}
            selectedShare={grid.selectedShare}
            onSelectAll={grid.selectAll}
            onLeave={grid.enter}
          />
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = held.rows[item.index];
            const key = order[item.index];
            if (row === undefined || key === undefined) return null;
            return (
              <Row
                key={key}
                row={row}
                rowKey={key}
                id={rowId(key)}
                index={item.index}
                top={item.start - rowHeight}
                columns={state.visible}
                selectable={selection !== undefined}
                selected={selection?.keys.has(key) ?? false}
                active={key === activeKey}
                activeColumn={key === activeKey ? grid.activeColumn : -1}
                gone={held.gone.has(key)}
                tone={toneOf?.(row)}
              />
            );
          })}
        </div>
      </div>
      {held.rows.length === 0 && <div className={styles.empty}>{props.empty}</div>}
      {props.footer !== false && (
        <TableFooter
          rows={held.rows.length - held.gone.size}
          noun={props.noun ?? 'row'}
          nouns={props.nouns}
          selected={selection?.keys.size ?? 0}
          onClear={grid.clear}
          note={props.note}
          reason={reason}
          held={held}
        >
          <ColumnsMenu
            columns={columns}
            isVisible={state.isVisible}
            onToggle={state.toggle}
            onReset={state.reset}
          />
        </TableFooter>
      )}
      {grid.menu && <RowMenu {...grid.menu} />}
    </div>
  );
}

function holdReason(live: boolean, menu: boolean, pointer: boolean, focus: boolean): HoldReason {
  if (!live) return null;
  return menu ? 'menu' : pointer ? 'pointer' : focus ? 'focus' : null;
}
