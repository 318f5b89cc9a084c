import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { plural } from '../format.ts';
import type { Held } from './held-order.ts';
import styles from './table-footer.module.css';
import type { HoldReason } from './use-hold.ts';

interface TableFooterProps {
  rows: number;
  noun: string;
  nouns: string | undefined;
  selected: number;
  onClear: () => void;
  note: ReactNode;
  reason: HoldReason;
  held: Pick<Held<unknown>, 'gone' | 'arrived'>;
  children: ReactNode;
}

/** One line under the rows: how many, how many selected, and whether the order is held and what it hides. */
export function TableFooter({
  rows,
  noun,
  nouns,
  selected,
  onClear,
  note,
  reason,
  held,
  children,
}: TableFooterProps) {
  return (
    <div className={styles.footer}>
      <span>{plural(rows, noun, nouns)}</span>
      {selected > 0 && (
        <span className={styles.selected}>
          {selected} selected
          <button type="button" className={styles.link} onClick={onClear}>
            Clear
          </button>
        </span>
      )}
      {note && <span className={styles.note}>{note}</span>}
      <span className={styles.space} />
      {reason && (
        <span className={styles.held} title={why[reason]}>
          <IconLock size={12} aria-hidden />
          Order held{changes(held)}
        </span>
      )}
      {children}
    </div>
  );
}

const why = {
  pointer: 'Rows keep their places while the pointer is in the table. Values stay live.',
  focus: 'Rows keep their places while one of them has the focus; Escape lets go. Values stay live.',
  menu: 'Rows keep their places while the menu is open. Values stay live.',
} as const;

function changes({ gone, arrived }: Pick<Held<unknown>, 'gone' | 'arrived'>): string {
  const parts = [];
  if (arrived > 0) parts.push(`${arrived} new at the end`);
  if (gone.size > 0) parts.push(`${gone.size} gone`);
  return parts.length === 0 ? '' : ` · ${parts.join(' · ')}`;
}
