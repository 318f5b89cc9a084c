import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Environment } from '../../preload/contract/environments.ts';
import { EnvironmentMenu, type MenuAt } from '../shell/environment-menu.tsx';
import { FleetRow } from './fleet-row.tsx';
import styles from './fleet-table.module.css';
import type { Section, Sort, SortColumn } from './rows.ts';

interface Column {
  id: string;
  label: string;
  /** What the figures are, on hover. */
  hint?: string;
  sort?: SortColumn;
  right?: boolean;
}

const columns: readonly Column[] = [
  { id: 'name', label: 'Environment', sort: 'name' },
  { id: 'server', label: 'Server', sort: 'server', hint: 'PostgreSQL version and role' },
  { id: 'address', label: 'Address' },
  { id: 'database', label: 'Database' },
  { id: 'user', label: 'User' },
  { id: 'sessions', label: 'Sessions', sort: 'sessions', hint: 'Client sessions of max_connections' },
  { id: 'active', label: 'Active', sort: 'active', right: true, hint: 'Sessions running a statement' },
  { id: 'idle', label: 'Idle in tx', sort: 'idleInTransaction', right: true, hint: 'Sessions idle in a transaction' },
  { id: 'waiting', label: 'Waiting', sort: 'waiting', right: true, hint: 'Sessions waiting on a lock' },
  { id: 'oldest', label: 'Oldest tx', sort: 'oldest', right: true, hint: 'Age of the oldest transaction' },
  { id: 'tps', label: 'Tx/s', sort: 'tps', right: true, hint: 'Commits and rollbacks a second, whole server' },
  { id: 'trend', label: 'Sessions, 30 min' },
  { id: 'uptime', label: 'Up for', right: true },
  { id: 'cost', label: 'Cost', right: true, hint: 'Server time spent on Howdah, ms a second' },
  { id: 'finding', label: 'Finding', sort: 'finding' },
];

interface FleetTableProps {
  sections: readonly Section[];
  sort: Sort | undefined;
  onSort: (column: SortColumn) => void;
}

/** One line an environment; wider windows show more columns. Arrow keys walk, Enter opens. */
export function FleetTable({ sections, sort, onSort }: FleetTableProps) {
  const [menu, setMenu] = useState<{ environment: Environment; at: MenuAt }>();
  const body = useRef<HTMLTableElement>(null);
  return (
    <div className={styles.scroll}>
      <table className={styles.table} ref={body} onKeyDown={walk}>
        <thead>
          <tr>
            {columns.map(({ id, label, hint, sort: column, right }) => (
              <th
                key={id}
                data-column={id}
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
