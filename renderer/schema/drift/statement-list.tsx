import { IconAlertTriangle, IconArrowLeft, IconFlame, IconLock, IconPencil } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { MigrationStatement } from '../../../preload/contract/schema-diff.ts';
import type { Links } from './links.ts';
import styles from './script.module.css';
import { lockMeaning } from './script-words.ts';
import { oneLine, unquoted } from './text.ts';

interface StatementListProps {
  statements: readonly MigrationStatement[];
  /** Places of the statements that are listed. */
  shown: readonly number[];
  links: Links;
  nameOf: (difference: number) => string;
  selected: number | null;
  onSelect: (statement: number) => void;
  onDifference: (difference: number) => void;
  /** A statement is asked for that the filter hides. */
  onReveal: () => void;
}

/** Statements in their order, each with what it does to a server. Arrows walk, Enter shows the difference, Ctrl-C copies. */
export function StatementList(props: StatementListProps) {
  const { statements, shown, links, nameOf, selected, onSelect, onDifference, onReveal } = props;
  const list = useRef<HTMLDivElement>(null);
  /** What was pressed here last: it is in sight, and must not move below the pointer. */
  const own = useRef<number>(undefined);
  const id = useId();
  const found = selected === null ? -1 : shown.indexOf(selected);
  const current = shown.length === 0 ? -1 : Math.max(0, found);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => list.current,
    estimateSize: (at) => estimate(statements[shown[at] ?? -1]),
    getItemKey: (at) => shown[at] ?? at,
    overscan: 6,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), current])]
        .filter((at) => at >= 0 && at < shown.length)
        .sort((a, b) => a - b),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice scrolls.
  useEffect(() => {
    if (selected === null || selected === own.current) return;
    if (found < 0) onReveal();
    else virtual.scrollToIndex(found, { align: 'auto' });
  }, [selected, found < 0]);

  const go = (at: number): void => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, at))];
    if (next !== undefined) onSelect(next);
  };

  const onKey = (event: KeyboardEvent): void => {
    const statement = shown[current];
    if (statement === undefined || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'c' || window.getSelection()?.isCollapsed === false) return;
      void navigator.clipboard.writeText(`${statements[statement]?.sql};`).catch(() => undefined);
      event.preventDefault();
      return;
    }
    const difference = links.difference[statement];
    switch (event.key) {
      case 'ArrowDown':
        go(found < 0 ? 0 : current + 1);
        break;
      case 'ArrowUp':
        go(current - 1);
        break;
      case 'PageDown':
        go(current + 8);
        break;
      case 'PageUp':
        go(current - 8);
        break;
      case 'Home':
        go(0);
        break;
      case 'End':
        go(shown.length - 1);
        break;
      case 'Enter':
        if (difference !== null && difference !== undefined) onDifference(difference);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div
      ref={list}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label="Statements of the script"
      aria-activedescendant={current >= 0 ? `${id}-${shown[current]}` : undefined}
      onKeyDown={onKey}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const place = shown[index];
          const statement = place === undefined ? undefined : statements[place];
          if (place === undefined || !statement) return null;
          const difference = links.difference[place] ?? null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys.
            // biome-ignore lint/a11y/useFocusableInteractive: the list points at its active statement.
            <div
              key={place}
              id={`${id}-${place}`}
              ref={virtual.measureElement}
              data-index={index}
              role="option"
              aria-selected={place === selected}
              aria-posinset={index + 1}
              aria-setsize={shown.length}
              className={styles.statement}
              data-active={index === current || undefined}
              data-selected={place === selected || undefined}
              data-risk={statement.risk}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                if (window.getSelection()?.isCollapsed === false) return;
                own.current = place;
                onSelect(place);
              }}
            >
              <Statement
                statement={statement}
                number={place + 1}
                difference={difference === null ? null : nameOf(difference)}
                onDifference={() => difference !== null && onDifference(difference)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface StatementProps {
  statement: MigrationStatement;
  number: number;
  /** What the difference that it is for is called. */
  difference: string | null;
  onDifference: () => void;
}

function Statement({ statement, number, difference, onDifference }: StatementProps) {
  const { sql, risk, object, locks, rewrites, scans, inTransaction, note } = statement;
  const destroys = risk === 'destroy';
  return (
    <>
      <div className={styles.line}>
        <span className={styles.number}>{number}</span>
        <span className={styles.risk}>
          {destroys ? <IconFlame size={14} aria-hidden /> : <IconPencil size={14} aria-hidden />}
          {destroys ? 'Destroys' : 'Changes'}
        </span>
        <span className={styles.object}>
          {object.kind} <bdi className="mono">{oneLine(object.name)}</bdi>
        </span>
        {difference === null ? (
          <span className={styles.link} title="It clears the way for another statement, or follows from one">
            No difference of its own
          </span>
        ) : (
          <span
            className={styles.link}
            data-live
            aria-hidden
            title={`Show the difference ${difference} (Enter)`}
            onClick={(event) => {
              event.stopPropagation();
              onDifference();
            }}
          >
            <IconArrowLeft size={13} /> Difference
          </span>
        )}
      </div>
      <pre className={styles.sql} dir="auto">
        {`${sql};`}
      </pre>
      <ul className={styles.facts}>
        {locks.map(({ mode, on }) => (
          <li
            key={`${mode} ${on}`}
            data-strong={mode === 'ACCESS EXCLUSIVE' || undefined}
            title={lockMeaning[mode]}
          >
            <IconLock size={12} aria-hidden /> {mode} on <bdi className="mono">{oneLine(unquoted(on))}</bdi>
          </li>
        ))}
        {rewrites !== 'no' && (
          <li
            data-strong
            title="Every row is written anew while the lock is held; it needs as much room again"
          >
            <IconAlertTriangle size={12} aria-hidden />{' '}
            {rewrites === 'yes' ? 'Rewrites the table' : 'May rewrite the table'}
          </li>
        )}
        {scans && rewrites !== 'yes' && (
          <li title="Every row is read while the lock is held">Reads every row</li>
        )}
        {!inTransaction && (
          <li data-strong title="What it makes can’t be used before its transaction has ended">
            <IconAlertTriangle size={12} aria-hidden /> Not in one transaction with what follows
          </li>
        )}
        {note && <li className={styles.note}>{note}</li>}
      </ul>
    </>
  );
}

/** px; close enough for the scroll bar until it has been measured. */
function estimate(statement: MigrationStatement | undefined): number {
  return 72 + Math.min(60, statement?.sql.split('\n').length ?? 1) * 18;
}
