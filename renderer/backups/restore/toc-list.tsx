// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree of absolutely placed lines has no element of its own.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconChevronRight, IconFilter } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import type { TocEntry } from '../../../preload/contract/backups.ts';
import { bytes, count, exactBytes, plural } from '../../components/format.ts';
import { visible } from '../../migrations/words.ts';
import styles from './toc-list.module.css';
import { shareOf, type TocRow, tocRows, withToggled } from './toc-rows.ts';
import { choosable, kindWords, tocTree } from './toc-tree.ts';

interface TocListProps {
  toc: readonly TocEntry[];
  chosen: ReadonlySet<number>;
  onChoose: (chosen: ReadonlySet<number>) => void;
}

const lineHeight = 24;

/**
 * Entries of a backup to choose from, by schema and table. Keys: arrows walk, left and right fold, Space chooses,
 * letters go to the search.
 */
export function TocList({ toc, chosen, onChoose }: TocListProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [activeKey, setActiveKey] = useState<string>();
  const words = useDeferredValue(search);
  const tree = useMemo(() => tocTree(toc), [toc]);
  const all = useMemo(() => choosable(toc), [toc]);
  const kinds = useMemo(() => [...new Set(all.map((entry) => entry.kind))].toSorted(), [all]);
  const rows = useMemo(() => tocRows(tree, toggled, { search: words, kind }), [tree, toggled, words, kind]);
  const active = Math.max(
    0,
    rows.findIndex(({ key }) => key === activeKey),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 8,
  });
  const inSight = useMemo(() => rows.filter(({ level }) => level === 1).flatMap(({ ids }) => ids), [rows]);
  const isNarrowed = words.trim() !== '' || kind !== '';

  const go = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setActiveKey(row.key);
    virtualizer.scrollToIndex(rows.indexOf(row), { align: 'auto' });
  };
  const fold = (row: TocRow): void => {
    const next = new Set(toggled);
    if (!next.delete(row.key)) next.add(row.key);
    setToggled(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / lineHeight) - 1);
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page };
    const target = to[event.key as keyof typeof to];
    if (target !== undefined) go(target);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === ' ' || event.key === 'Enter') onChoose(withToggled(chosen, row.ids));
    else if (event.key === 'ArrowRight') {
      if (row.isOpen === false) fold(row);
      else if (row.isOpen) go(active + 1);
    } else if (event.key === 'ArrowLeft') {
      if (row.isOpen && !isNarrowed) fold(row);
      else go(rows.findLastIndex(({ level }, index) => index < active && level < row.level));
    } else return;
    event.preventDefault();
  };

  return (
    <section className={styles.chooser} aria-label="Entries of the backup">
      <div className={styles.tools}>
        <TextInput
          type="search"
          aria-label="Search the entries"
          placeholder="Search"
          leftSection={<IconFilter size={14} />}
          className={styles.search ?? ''}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            scroller.current?.focus();
          }}
        />
        <NativeSelect
          aria-label="Kind"
          className={styles.kind ?? ''}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
          data={[
            { value: '', label: 'All kinds' },
            ...kinds.map((one) => ({ value: one, label: kindWords(one) })),
          ]}
        />
      </div>
      {rows.length === 0 && (
        <p className={styles.none} role="status">
          No entry matches.
        </p>
      )}
      <div
        ref={scroller}
        className={styles.list}
        hidden={rows.length === 0}
        role="tree"
        aria-label="Entries"
        aria-multiselectable
        aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }} role="presentation">
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <Line
                key={row.key}
                id={`${id}-${item.index}`}
                row={row}
                top={item.start}
                isActive={item.index === active}
                share={shareOf(row.ids, chosen)}
                onFold={() => fold(row)}
                onPress={() => {
                  setActiveKey(row.key);
                  onChoose(withToggled(chosen, row.ids));
                }}
              />
            );
          })}
        </div>
      </div>
      <div className={styles.foot}>
        <span role="status">
          {count(chosen.size)} of {plural(all.length, 'entry', 'entries')} chosen
        </span>
        <Button
          variant="subtle"
          disabled={inSight.length === 0}
          onClick={() => onChoose(new Set([...chosen, ...inSight]))}
        >
          {isNarrowed ? `Choose these ${count(inSight.length)}` : 'Choose all'}
        </Button>
        <Button variant="subtle" disabled={chosen.size === 0} onClick={() => onChoose(new Set())}>
          Choose none
        </Button>
      </div>
      <p className={styles.note}>
        pg_restore adds nothing by itself: what an entry needs has to be chosen too, or be there already. What
        is lacking stands in the plan. Indexes and sequences stand with the table that they are named after.
      </p>
    </section>
  );
}

interface LineProps {
  id: string;
  row: TocRow;
  top: number;
  isActive: boolean;
  share: 'none' | 'some' | 'all';
  onFold: () => void;
  onPress: () => void;
}

function Line({ id, row, top, isActive, share, onFold, onPress }: LineProps) {
  const title = visible(row.title);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself has the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and says which line is active.
    <div
      id={id}
      className={styles.line}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.isOpen}
      aria-checked={share === 'some' ? 'mixed' : share === 'all'}
      aria-label={`${title}${row.kind ? `, ${row.kind}` : ''}`}
      data-active={isActive || undefined}
      data-level={row.level}
      style={{ top, height: lineHeight }}
      onClick={onPress}
    >
      <button
        type="button"
        className={styles.fold}
        data-open={row.isOpen || undefined}
        tabIndex={-1}
        aria-hidden
        hidden={row.isOpen === undefined}
        onClick={(event) => {
          event.stopPropagation();
          onFold();
        }}
      >
        <IconChevronRight size={14} />
      </button>
      {row.isOpen === undefined && <span className={styles.fold} />}
      <Checkbox.Indicator
        size="xs"
        checked={share === 'all'}
        indeterminate={share === 'some'}
        aria-hidden
        className={styles.box ?? ''}
      />
      <bdi className={styles.title} title={title}>
        {title}
      </bdi>
      <span className={styles.what}>{row.kind}</span>
      {row.bytes !== null && (
        <span className={styles.bytes} title={exactBytes(row.bytes)}>
          {bytes(row.bytes)}
        </span>
      )}
    </div>
  );
}
