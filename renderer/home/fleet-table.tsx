import { useElementSize } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { EnvironmentMenu, type MenuAt } from '../shell/environment-menu.tsx';
import { fleetColumns } from './fleet-columns.ts';
import { FleetRow } from './fleet-row.tsx';
import styles from './fleet-table.module.css';
import type { Section, Sort, SortColumn } from './rows.ts';

interface FleetTableProps {
  sections: readonly Section[];
  sort: Sort | undefined;
  onSort: (column: SortColumn) => void;
}

/** Up to so many environments get two lines each. */
const few = 10;

/** One line an environment; wider windows show more columns. Arrow keys walk, Enter opens. */
export function FleetTable({ sections, sort, onSort }: FleetTableProps) {
  const [menu, setMenu] = useState<{ environment: Environment; at: MenuAt }>();
  const { ref, width } = useElementSize();
  const tall = sections.reduce((sum, { rows }) => sum + rows.length, 0) <= few;
  const columns = useMemo(() => fleetColumns(width || window.innerWidth), [width]);
  return (
    <div className={styles.scroll} ref={ref}>
      <table className={styles.table} onKeyDown={walk}>
        <colgroup>
          {columns.map(({ id, width: px }) => (
            <col key={id} style={px ? { width: px } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ id, label, hint, sort: column, right }) => (
              <th
                key={id}
                scope="col"
                data-right={right}
                title={hint}
                aria-sort={column && sort?.column === column ? sort.direction : undefined}
              >
                {column ? (
                  <button type="button" className={styles.sort} onClick={() => onSort(column)}>
                    {label}
                    {sort?.column === column && <SortMark direction={sort.direction} />}
                  </button>
                ) : (
                  label
                )}
              </th>
            ))}
          </tr>
        </thead>
        {sections.map(({ heading, rows }) => (
          <tbody key={heading ?? ''}>
            {heading !== undefined && (
              <tr className={styles.heading}>
                <th colSpan={columns.length} scope="rowgroup">
                  <bdi>{heading}</bdi>
                  <span className={styles.count}>{rows.length}</span>
                </th>
              </tr>
            )}
            {rows.map(({ environment, status }) => (
              <FleetRow
                key={environment.id}
                environment={environment}
                status={status}
                columns={columns}
                tall={tall}
                onMenu={setMenu}
              />
            ))}
          </tbody>
        ))}
      </table>
      {menu && (
        <EnvironmentMenu environment={menu.environment} at={menu.at} onClose={() => setMenu(undefined)} />
      )}
    </div>
  );
}

function SortMark({ direction }: { direction: Sort['direction'] }) {
  const Arrow = direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return <Arrow size={12} aria-hidden />;
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-walk]')];
  const row = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('[data-walk]');
  const at = row ? links.indexOf(row) : -1;
  if (at < 0) return;
  event.preventDefault();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key] ?? at;
  links[Math.max(0, Math.min(links.length - 1, to))]?.focus();
}
