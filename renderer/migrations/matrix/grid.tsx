// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of absolutely placed cells is no <table>; the roles make it one.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active cell.
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useId, useMemo, useRef, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus } from '../../../preload/contract/migrations.ts';
import { plural } from '../../components/format.ts';
import { visible } from '../words.ts';
import { BlockCell, EntryCell } from './cells.tsx';
import { EnvironmentHead } from './environment-head.tsx';
import { placeAfter } from './keys.ts';
import styles from './matrix.module.css';
import type { MatrixRow } from './rows.ts';

export interface OpenEntry {
  kind: 'entry';
  environment: string;
  track: string;
  id: string;
}

interface GridProps {
  environments: readonly Environment[];
  statuses: ReadonlyMap<string, MigrationStatus>;
  isWaiting: boolean;
  rows: readonly MatrixRow[];
  /** An inspector is open: it follows the keyboard. */
  hasOpened: boolean;
  onOpen: (opened: OpenEntry | { kind: 'problem'; environment: string }) => void;
}

const rowHeight = 28;
const headHeight = 60;
/** px of a column: so wide that its words are read, where there is room. */
const narrowest = 104;
const widest = 220;
const worded = 132;

/** Migrations down, environments across; only what is in sight is drawn. Arrows walk, Enter opens. */
export function Grid({ environments, statuses, isWaiting, rows, hasOpened, onOpen }: GridProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const firstWidth = width > 0 && width < 1200 ? 280 : 340;
  const columnWidth = Math.min(
    widest,
    Math.max(narrowest, Math.floor((width - firstWidth - 16) / environments.length)),
  );
  const [active, setActive] = useState({ row: -1, column: 0 });
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollPaddingStart: headHeight,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: environments.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => columnWidth,
    overscan: 2,
    scrollPaddingStart: firstWidth,
  });
  const measuredWidth = useRef(columnWidth);
  if (measuredWidth.current !== columnWidth) {
    measuredWidth.current = columnWidth;
    across.measure();
  }
  const columns = across.getVirtualItems();
  const total = firstWidth + environments.length * columnWidth;

  const openAt = (row: MatrixRow | undefined, environment: Environment | undefined): void => {
    if (row?.kind !== 'migration' || !environment) return;
    const column = row.block.columns.get(environment.id);
    if (column?.entries.has(row.row.id))
      onOpen({ kind: 'entry', environment: environment.id, track: column.track.key, id: row.row.id });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      openAt(rows[active.row], environments[active.column]);
      return;
    }
    const page = Math.max(1, Math.floor((event.currentTarget.clientHeight - headHeight) / rowHeight) - 1);
    const next = placeAfter(event, active, { rows: rows.length, columns: environments.length, page });
    if (!next) return;
    event.preventDefault();
    setActive(next);
    down.scrollToIndex(next.row, { align: 'auto' });
    across.scrollToIndex(next.column, { align: 'auto' });
    if (hasOpened) openAt(rows[next.row], environments[next.column]);
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-at]') : null;
    const [row, column] = (cell?.dataset.at ?? '').split(' ').map(Number);
    if (row === undefined || column === undefined || !cell) return;
    setActive({ row, column });
    openAt(rows[row], environments[column]);
  };
  const cellId = (row: number, column: number): string => `${id}-${row}-${column}`;
  const items = down.getVirtualItems();
  const isActiveDrawn =
    items.some(({ index }) => index === active.row) && columns.some(({ index }) => index === active.column);
  const heads = useMemo(
    () => environments.map((environment) => ({ environment, status: statuses.get(environment.id) })),
    [environments, statuses],
  );

  return (
    <div ref={measured} className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label="Migrations by environment"
        aria-rowcount={rows.length + 1}
        aria-colcount={environments.length + 1}
        aria-activedescendant={isActiveDrawn ? cellId(active.row, active.column) : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => active.row < 0 && rows.length > 0 && setActive({ row: 0, column: 0 })}
        onClick={onClick}
      >
        <div role="rowgroup" className={styles.top} style={{ width: total, height: headHeight }}>
          <div role="row" aria-rowindex={1}>
            <div
              role="columnheader"
              aria-colindex={1}
              className={styles.corner}
              style={{ width: firstWidth }}
            >
              Migration
            </div>
            {columns.map(({ index, start }) => {
              const head = heads[index];
              return (
                head && (
                  <EnvironmentHead
                    key={head.environment.id}
                    {...head}
                    isWaiting={isWaiting}
                    column={index}
                    left={firstWidth + start}
                    width={columnWidth}
                    onProblem={() => onOpen({ kind: 'problem', environment: head.environment.id })}
                  />
                )
              );
            })}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ width: total, height: down.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={row.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={styles.row}
                data-kind={row.kind}
                data-differs={(row.kind === 'migration' && row.row.differs) || undefined}
                style={{ transform: `translateY(${item.start}px)`, width: total }}
              >
                <RowHead row={row} width={firstWidth} />
                {columns.map(({ index, start }) => {
                  const environment = environments[index];
                  if (!environment) return null;
                  const isActive = active.row === item.index && active.column === index;
                  return (
                    <div
                      key={environment.id}
                      role="gridcell"
                      id={cellId(item.index, index)}
                      aria-colindex={index + 2}
                      className={styles.cell}
                      data-at={`${item.index} ${index}`}
                      data-active={isActive || undefined}
                      style={{ insetInlineStart: firstWidth + start, width: columnWidth }}
                    >
                      {row.kind === 'block' ? (
                        <BlockCell block={row.block} environment={environment} />
                      ) : (
                        <EntryCell
                          block={row.block}
                          id={row.row.id}
                          environment={environment}
                          isAnswered={statuses.has(environment.id)}
                          isShort={columnWidth < worded}
                        />
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
        {rows.every(({ kind }) => kind === 'block') && rows.length > 0 && (
          <p className={styles.nothing}>No migration shows: in these environments they all stand alike.</p>
        )}
        {rows.length === 0 && statuses.size > 0 && !isWaiting && (
          <p className={styles.nothing}>No migration matches.</p>
        )}
      </div>
    </div>
  );
}

function RowHead({ row, width }: { row: MatrixRow; width: number }) {
  if (row.kind === 'block') {
    return (
      <div role="rowheader" aria-colindex={1} className={styles.first} style={{ width }}>
        <b>{row.block.title}</b>
        <bdi className={styles.blockPlace} title={visible(row.block.place)}>
          {visible(row.block.place)}
        </bdi>
        <span className={styles.soft}>{plural(row.shown, 'migration')}</span>
      </div>
    );
  }
  const { name, differs } = row.row;
  return (
    <div role="rowheader" aria-colindex={1} className={styles.first} style={{ width }}>
      <bdi className={styles.rowName} title={visible(name)}>
        {visible(name)}
      </bdi>
      {differs && <span className="visually-hidden">, differs</span>}
    </div>
  );
}
