import { SegmentedControl } from '@mantine/core';
import { IconEqual, IconInfoCircle } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { count } from '../../components/format.ts';
import type { DriftAddress } from './address.ts';
import { DifferenceInspector } from './difference-inspector.tsx';
import { DifferenceList } from './difference-list.tsx';
import { DifferenceTools } from './difference-tools.tsx';
import styles from './drift.module.css';
import { linksOf } from './links.ts';
import { ResultHead } from './result-head.tsx';
import { entriesOf, fullName, listRows } from './rows.ts';
import type { RunState } from './run.ts';
import { ScriptPane } from './script-pane.tsx';
import { countStates, type State, type Vocabulary } from './words.ts';

interface ResultProps {
  state: RunState & { sides: NonNullable<RunState['sides']> };
  vocabulary: Vocabulary;
  /** When then was, for what changed since. */
  since: string | undefined;
  address: DriftAddress;
  onChange: (changes: Partial<DriftAddress>) => void;
  /** Whether both panes have room beside each other. */
  isWide: boolean;
  /** The inspector opened or closed. */
  onInspect: (isOpen: boolean) => void;
}

/** What differs, and the script that would close it. */
export function Result(props: ResultProps) {
  const { state, vocabulary, since, address, onChange, isWide, onInspect } = props;
  const { sides, differences, statements, leftOut, isListed, isWritten } = state;
  const [selected, setSelected] = useState<number | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [statement, setStatement] = useState<number | null>(null);
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<State>>(new Set());
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const typed = useDeferredValue(filter);

  const counts = useMemo(() => countStates(differences), [differences]);
  const entries = useMemo(() => entriesOf(differences), [differences]);
  const links = useMemo(() => linksOf(differences, statements), [differences, statements]);
  const { group, pane } = address;
  const rows = useMemo(
    () => listRows(entries, { group, filter: typed, states: chosen, folded }),
    [entries, group, typed, chosen, folded],
  );
  const labels = { wanted: sides.wanted.label, actual: sides.actual.label };
  const shown = selected === null ? undefined : differences[selected];

  const inspect = (open: boolean): void => {
    setOpen(open);
    onInspect(open);
  };
  const body = useRef<HTMLDivElement>(null);
  const focusNext = useRef<'tree' | 'listbox'>(undefined);
  // The list that was led to takes the keyboard over from the one that led there.
  useEffect(() => {
    if (!focusNext.current) return;
    body.current?.querySelector<HTMLElement>(`[role=${focusNext.current}]`)?.focus();
    focusNext.current = undefined;
  });
  const showStatement = (place: number): void => {
    focusNext.current = 'listbox';
    setStatement(place);
    onChange({ pane: 'script' });
  };
  const showDifference = (place: number): void => {
    focusNext.current = 'tree';
    setSelected(place);
    // Filters that hide it are lifted: what is asked for is shown.
    if (!rows.some((row) => row.kind === 'entry' && row.entry.index === place)) {
      setFilter('');
      setChosen(new Set());
      setFolded(new Set());
    }
    onChange({ pane: 'differences' });
    inspect(true);
  };
  const toggle = (key: string): void =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  const list = (
    <section className={styles.pane} aria-label="Differences">
      <DifferenceTools
        filter={filter}
        onFilter={setFilter}
        counts={counts}
        chosen={chosen}
        onChosen={setChosen}
        vocabulary={vocabulary}
        group={group}
        onGroup={(next) => onChange({ group: next })}
      />
      {rows.length > 0 ? (
        <DifferenceList
          rows={rows}
          group={group}
          vocabulary={vocabulary}
          selected={selected}
          onSelect={({ index }) => {
            setSelected(index);
            const [first] = links.statements.get(index) ?? [];
            if (isWide && first !== undefined) setStatement(first);
          }}
          onOpen={({ index }) => {
            setSelected(index);
            inspect(true);
          }}
          onToggle={toggle}
        />
      ) : (
        <Empty title="No difference is called that">The filter leaves none of them.</Empty>
      )}
    </section>
  );
  const script = (
    <ScriptPane
      statements={statements}
      leftOut={leftOut}
      isWritten={isWritten}
      sides={labels}
      links={links}
      nameOf={(place) => {
        const difference = differences[place];
        return difference ? fullName(difference) : '';
      }}
      selected={statement}
      onSelect={setStatement}
      onDifference={showDifference}
    />
  );

  const isNothing = isListed && differences.length === 0 && statements.length === 0 && leftOut.length === 0;
  return (
    <>
      <ResultHead counts={counts} vocabulary={vocabulary} sides={sides} since={since}>
        {!isWide && !isNothing && (
          <SegmentedControl
            aria-label="What is shown"
            value={pane}
            onChange={(next) => onChange({ pane: next === 'script' ? 'script' : 'differences' })}
            data={[
              { value: 'differences', label: `Differences ${count(differences.length)}` },
              { value: 'script', label: `Script ${count(statements.length)}` },
            ]}
          />
        )}
      </ResultHead>
      {isNothing ? (
        <Same
          unseen={sides.wanted.unseen.length + sides.actual.unseen.length}
          isSince={since !== undefined}
        />
      ) : (
        <div className={styles.body} ref={body}>
          {(isWide || pane === 'differences') && list}
          {(isWide || pane === 'script') && <div className={styles.pane}>{script}</div>}
        </div>
      )}
      {isOpen && shown && selected !== null && (
        <DifferenceInspector
          difference={shown}
          vocabulary={vocabulary}
          sides={labels}
          statements={links.statements.get(selected) ?? []}
          onStatement={showStatement}
          onClose={() => inspect(false)}
        />
      )}
    </>
  );
}

/** Nothing differs. That is only said without a doubt where everything could be read. */
function Same({ unseen, isSince }: { unseen: number; isSince: boolean }) {
  if (unseen > 0) {
    return (
      <Empty
        icon={IconInfoCircle}
        title={isSince ? 'No changes in what could be read' : 'No differences in what could be read'}
      >
        Whether the rest is the same is not known: some things could not be read, as listed above.
      </Empty>
    );
  }
  return (
    <Empty icon={IconEqual} title={isSince ? 'Nothing has changed' : 'No differences'}>
      Every object and attribute that was compared is the same on both sides, apart from what the options
      leave out.
    </Empty>
  );
}
