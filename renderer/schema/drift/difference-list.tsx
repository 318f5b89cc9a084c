import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { count } from '../../components/format.ts';
import styles from './list.module.css';
import { type Entry, type ListRow, nameInGroup } from './rows.ts';
import { StateMark } from './state-mark.tsx';
import type { Vocabulary } from './words.ts';

interface DifferenceListProps {
  rows: readonly ListRow[];
  group: 'kind' | 'table';
  vocabulary: Vocabulary;
  /** Place of the difference that is shown or marked. */
  selected: number | null;
  /** The keyboard or the pointer went to a difference. */
  onSelect: (entry: Entry) => void;
  /** Enter, or a double click. */
  onOpen: (entry: Entry) => void;
  onToggle: (group: string) => void;
}

const rowHeight = 28;

/**
 * All differences below their groups, each with what either side has, as a tree that the keyboard walks: arrows, Home,
 * End and Page keys; Enter opens, Ctrl-C copies the name.
 */
export function DifferenceList(props: DifferenceListProps) {
  const { rows, group, vocabulary, selected, onSelect, onOpen, onToggle } = props;
  const [activeKey, setActiveKey] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  /** What was chosen here last: it is in sight, and must not move below the pointer. */
  const own = useRef<number>(undefined);
  const id = useId();
  const found = rows.findIndex(({ key }) => key === activeKey);
  const current = rows.length === 0 ? -1 : Math.max(0, found);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    // The active row is there even when it is scrolled away: screen readers are pointed at it.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), current])].filter((at) => at >= 0 && at < rows.length),
  });

  // What is chosen elsewhere, in the script, is brought into sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice scrolls, not each change of the rows.
  useEffect(() => {
    if (selected === null || selected === own.current) return;
    const at = rows.findIndex((row) => row.kind === 'entry' && row.entry.index === selected);
    if (at < 0) return;
    setActiveKey(rows[at]?.key);
    virtual.scrollToIndex(at);
  }, [selected]);

  const select = (entry: Entry): void => {
    own.current = entry.index;
    onSelect(entry);
  };
  const go = (at: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at));
    const row = rows[next];
    if (!row) return;
    setActiveKey(row.key);
    virtual.scrollToIndex(next);
    if (row.kind === 'entry') select(row.entry);
  };

  const onKey = (event: KeyboardEvent): void => {
    const row = rows[current];
    if (!row || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'c' || row.kind !== 'entry' || window.getSelection()?.isCollapsed === false) return;
      const { name, part } = row.entry.difference;
      void navigator.clipboard.writeText(part === null ? name : `${name}.${part}`).catch(() => undefined);
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / rowHeight) - 1);
    switch (event.key) {
      case 'ArrowDown':
        // The first key goes to the first row, not past it.
        go(found < 0 ? 0 : current + 1);
        break;
      case 'ArrowUp':
        go(current - 1);
        break;
      case 'PageDown':
        go(current + page);
        break;
      case 'PageUp':
        go(current - page);
        break;
      case 'Home':
        go(0);
        break;
      case 'End':
        go(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row.kind === 'group' && !row.isOpen) onToggle(row.key);
        else go(current + 1);
        break;
      case 'ArrowLeft':
        if (row.kind === 'group' && row.isOpen) onToggle(row.key);
        else go(headOf(rows, current));
        break;
      case 'Enter':
      case ' ':
        if (row.kind === 'group') onToggle(row.key);
        else onOpen(row.entry);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className={styles.frame}>
      <div className={styles.heading} aria-hidden>
        <span>Difference</span>
        <span>{group === 'kind' ? 'Object' : 'Kind and name'}</span>
        <span className={styles.what}>What</span>
        <span className={styles.side}>{vocabulary.wanted}</span>
        <span className={styles.side}>{vocabulary.actual}</span>
      </div>
      <div
        ref={list}
        className={styles.list}
        role="tree"
        tabIndex={0}
        aria-label="Differences"
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        onKeyDown={onKey}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const shared = {
              id: `${id}-${index}`,
              'data-active': index === current || undefined,
              style: { transform: `translateY(${start}px)` },
            };
            return row.kind === 'group' ? (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the tree points at its active row.
              <div
                key={row.key}
                {...shared}
                role="treeitem"
                aria-level={1}
                aria-selected={false}
                aria-expanded={row.isOpen}
                className={styles.group}
                title={row.label}
                onClick={() => {
                  setActiveKey(row.key);
                  onToggle(row.key);
                }}
              >
                <span className={styles.twist} aria-hidden>
                  {row.isOpen ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
                </span>
                <bdi className={styles.groupName} data-mono={row.key.startsWith('table ') || undefined}>
                  {row.label}
                </bdi>
                <span className={styles.count}>{count(row.count)}</span>
              </div>
            ) : (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the tree points at its active row.
              <div
                key={row.key}
                {...shared}
                role="treeitem"
                aria-level={2}
                aria-selected={row.entry.index === selected}
                className={styles.row}
                data-selected={row.entry.index === selected || undefined}
                data-difference={row.entry.name}
                onClick={() => {
                  setActiveKey(row.key);
                  select(row.entry);
                }}
                onDoubleClick={() => {
                  // The word below the pointer is not what was meant.
                  window.getSelection()?.removeAllRanges();
                  onOpen(row.entry);
                }}
              >
                <Cells entry={row.entry} group={group} vocabulary={vocabulary} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({
  entry,
  group,
  vocabulary,
}: Pick<DifferenceListProps, 'group' | 'vocabulary'> & { entry: Entry }) {
  const { kind, name } = nameInGroup(entry, group);
  return (
    <>
      <StateMark state={entry.difference.state} vocabulary={vocabulary} />
      <span className={styles.name} title={entry.name}>
        {kind && <span className={styles.kind}>{kind} </span>}
        <bdi>{name}</bdi>
      </span>
      <span className={styles.what} title={entry.what}>
        {entry.what}
      </span>
      <Side words={entry.wanted} label={vocabulary.wanted} />
      <Side words={entry.actual} label={vocabulary.actual} />
    </>
  );
}

/** A side that has nothing of it shows a dash. */
function Side({ words, label }: { words: string; label: string }) {
  return (
    <span className={styles.side} title={words}>
      {words && <span className="visually-hidden">, {label.toLowerCase()}: </span>}
      {words ? <bdi>{words}</bdi> : <span aria-hidden>–</span>}
    </span>
  );
}

/** The group's row above a row. */
function headOf(rows: readonly ListRow[], at: number): number {
  for (let before = at - 1; before >= 0; before -= 1) if (rows[before]?.kind === 'group') return before;
  return 0;
}
