import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { count } from '../../components/format.ts';
import styles from './drift.module.css';
import script from './script.module.css';
import { StateMark } from './state-mark.tsx';
import { type Counts, type State, states, type Vocabulary } from './words.ts';

interface DifferenceToolsProps {
  filter: string;
  onFilter: (filter: string) => void;
  counts: Counts;
  /** States that are shown; all when empty. */
  chosen: ReadonlySet<State>;
  onChosen: (chosen: ReadonlySet<State>) => void;
  vocabulary: Vocabulary;
  group: 'kind' | 'table';
  onGroup: (group: 'kind' | 'table') => void;
}

/** Which differences are listed, and below which heads. */
export function DifferenceTools(props: DifferenceToolsProps) {
  const { filter, onFilter, counts, chosen, onChosen, vocabulary, group, onGroup } = props;
  const toggle = (state: State): void => {
    const next = new Set(chosen);
    if (!next.delete(state)) next.add(state);
    onChosen(next);
  };
  return (
    <div className={styles.tools} role="toolbar" aria-label="Which differences are listed">
      <TextInput
        data-filter
        className={styles.search ?? ''}
        placeholder="Filter"
        aria-label="Filter by name, kind, attribute and value"
        leftSection={<IconSearch size={14} />}
        value={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter === '') return;
          event.stopPropagation();
          event.preventDefault();
          onFilter('');
        }}
      />
      {states.map((state) =>
        counts[state] > 0 || chosen.has(state) ? (
          <button
            key={state}
            type="button"
            className={script.chip}
            aria-pressed={chosen.has(state)}
            onClick={() => toggle(state)}
          >
            <StateMark state={state} vocabulary={vocabulary} />
            <span className={script.chipCount}>{count(counts[state])}</span>
          </button>
        ) : null,
      )}
      <span className={styles.space} />
      <SegmentedControl
        aria-label="Grouped by"
        value={group}
        onChange={(next) => onGroup(next === 'table' ? 'table' : 'kind')}
        data={[
          { value: 'kind', label: 'By kind' },
          { value: 'table', label: 'By table' },
        ]}
      />
    </div>
  );
}
