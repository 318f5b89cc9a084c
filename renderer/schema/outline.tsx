import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Diagram } from '../../preload/contract/diagram/model/diagram.ts';
import { oneLine } from '../../preload/contract/diagram/scene/text.ts';
import type { Oid } from '../../preload/contract/schema-model.ts';
import styles from './outline.module.css';
import { KindIcon, SchemaEye, Twist } from './outline-marks.tsx';
import type { OutlineRow } from './outline-row.ts';
import { type OutlineSource, outlineRows, schemaKey } from './outline-rows.ts';
import { bestMatch, type OutlineStep, parentOf, stepOf } from './outline-steps.ts';

interface OutlineProps {
  source: OutlineSource;
  diagram: Diagram | undefined;
  selected: number | undefined;
  /** What the inspector shows; arrow keys then walk it along. */
  inspected: Oid | undefined;
  hiddenSchemas: readonly string[];
  search: string;
  onSearch: (search: string) => void;
  onToggleSchema: (schema: string) => void;
  /** Somebody chose a row: by a press (`show`), by Enter or a double press (`inspect`), or walked onto it. */
  onStep: (step: OutlineStep, how: 'show' | 'inspect' | 'walk') => void;
  /** Narrowing the diagram to what is searched for. */
  children?: ReactNode;
}

const rowHeight = 24;

/** Everything in words: schemas, tables, columns and what they refer to, as a tree that keyboard and screen readers walk. */
export function Outline(props: OutlineProps) {
  const { source, diagram, selected, inspected, hiddenSchemas, search, onSearch, onStep } = props;
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  /** A row that is to be scrolled to. */
  const [shown, setShown] = useState<number>();
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () => outlineRows(source, diagram, { search, toggled }),
    [source, diagram, search, toggled],
  );
  const current = Math.min(active, rows.length - 1);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The active row is there even when it is scrolled away: screen readers are pointed at it.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), current])].filter((at) => at >= 0 && at < rows.length),
  });

  const scrollTo = useCallback((at: number) => virtual.scrollToIndex(at), [virtual]);
  // What is selected on the diagram shows here too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not each change of the rows.
  useEffect(() => {
    if (selected === undefined) return;
    const isIt = (row: OutlineRow): boolean => row.kind === 'table' && row.table === selected;
    let at = rows.findIndex(isIt);
    if (at < 0) {
      // Its schema is folded: it is unfolded, and the row is one of those that then are there.
      const schema = diagram?.schemas[diagram.tables[selected]?.schema ?? -1];
      if (schema === undefined || search !== '') return;
      const next = new Set(toggled);
      if (!next.delete(schemaKey(schema))) next.add(schemaKey(schema));
      setToggled(next);
      at = outlineRows(source, diagram, { search, toggled: next }).findIndex(isIt);
    }
    if (at < 0) return;
    setActive(at);
    setShown(at);
  }, [selected]);
  // Once the rows are there that it may have unfolded.
  useEffect(() => {
    if (shown === undefined) return;
    scrollTo(shown);
    setShown(undefined);
  }, [shown, scrollTo]);

  const toggle = (key: string): void =>
    setToggled((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const go = (at: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at));
    setActive(next);
    scrollTo(next);
    const step = stepOf(rows[next]);
    if (step && inspected !== undefined) onStep(step, 'walk');
  };
  const act = (row: OutlineRow, how: 'show' | 'inspect'): void => {
    const step = stepOf(row);
    if (step) onStep(step, how);
    else if (row.kind !== 'column') toggle(row.key);
  };

  const onKey = (event: KeyboardEvent): void => {
    const row = rows[current];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / rowHeight) - 1);
    switch (event.key) {
      case 'ArrowDown':
        go(current + 1);
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
        if (row.expanded === false) toggle(row.key);
        else if (row.expanded) go(current + 1);
        break;
      case 'ArrowLeft':
        if (row.expanded) toggle(row.key);
        else go(parentOf(rows, current));
        break;
      case 'Enter':
        act(row, 'inspect');
        break;
      case ' ':
        act(row, 'show');
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const onSearchKey = (event: KeyboardEvent): void => {
    const first = rows.findIndex((row) => stepOf(row) !== undefined);
    if (event.key === 'ArrowDown') {
      list.current?.focus();
      if (first >= 0 && search) go(first);
    } else if (event.key === 'Enter') {
      const best = bestMatch(rows, search);
      if (best) onStep(best, 'show');
    } else if (event.key === 'Escape' && search) onSearch('');
    else return;
    event.preventDefault();
  };

  return (
    <section className={styles.outline} aria-label="Outline">
      <div className={styles.search}>
        <TextInput
          data-filter
          type="search"
          aria-label="Find a table"
          placeholder="Find a table ( / )"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => {
            onSearch(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onSearchKey}
        />
        {props.children}
      </div>
      {rows.length === 0 && search !== '' && <p className={styles.none}>No name contains “{search}”.</p>}
      <div
        ref={list}
        className={styles.list}
        role="tree"
        aria-label="Schemas and tables"
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? `outline-${current}` : undefined}
        onKeyDown={onKey}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index] as OutlineRow;
            const isSelected =
              (row.kind === 'table' && row.table !== undefined && row.table === selected) ||
              (row.kind === 'other' && row.oid === inspected);
            const isHidden =
              (row.kind === 'schema' || row.kind === 'table') && hiddenSchemas.includes(row.schema);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the tree points at its active row.
              <div
                key={row.key}
                id={`outline-${index}`}
                role="treeitem"
                aria-level={row.level}
                aria-posinset={row.position}
                aria-setsize={row.siblings}
                aria-selected={isSelected}
                aria-expanded={row.expanded}
                className={styles.row}
                data-level={row.level}
                data-active={index === current || undefined}
                data-selected={isSelected || undefined}
                data-hidden={isHidden || undefined}
                style={{ transform: `translateY(${start}px)` }}
                title={row.aside ? `${row.label} ${row.aside}` : row.label}
                onClick={() => {
                  setActive(index);
                  act(row, 'show');
                }}
                onDoubleClick={() => stepOf(row) && act(row, 'inspect')}
              >
                <Twist row={row} onToggle={() => toggle(row.key)} />
                {row.kind === 'table' && <KindIcon kind={row.node} />}
                {row.kind === 'other' && <KindIcon kind={row.of} />}
                <span className="visually-hidden">
                  {isHidden && row.kind === 'schema' ? `${row.spoken()}, not drawn` : row.spoken()}
                </span>
                <span className={styles.label} aria-hidden>
                  {oneLine(row.label)}
                </span>
                <span className={styles.aside} aria-hidden>
                  {row.aside}
                </span>
                {row.kind === 'schema' && (
                  <SchemaEye
                    schema={row.schema}
                    hidden={isHidden}
                    onToggle={() => props.onToggleSchema(row.schema)}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
