import { Button, TextInput } from '@mantine/core';
import { IconFilter, IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { count } from '../../components/format.ts';
import type { KeptValues } from '../address.ts';
import styles from '../migrations.module.css';
import { stateIcons } from '../state-mark.tsx';
import { countsOf, stateWords } from '../words.ts';

interface TrackToolsProps {
  track: MigrationTrack;
  kept: KeptValues;
  /** What can be run. */
  children: ReactNode;
}

/** The summary, whose parts filter the list by state; the search; the order. */
export function TrackTools({ track, kept, children }: TrackToolsProps) {
  const chosen = kept.get('state');
  const oldestFirst = kept.get('order') === 'oldest';
  return (
    <div className={styles.tools} role="toolbar" aria-label="Migrations">
      <TextInput
        data-filter
        type="search"
        aria-label="Search the migrations"
        placeholder="Search (/)"
        leftSection={<IconFilter size={14} />}
        className={styles.search ?? ''}
        value={kept.get('search')}
        onChange={(event) => kept.set({ search: event.currentTarget.value })}
      />
      {countsOf(track).map(({ state, many }) => {
        const { word, sentence, severity } = stateWords[state];
        const Icon = stateIcons[state];
        return (
          <button
            key={state}
            type="button"
            className={styles.chip}
            data-severity={severity}
            aria-pressed={chosen === state}
            title={sentence}
            onClick={() => kept.set({ state: chosen === state ? '' : state })}
          >
            <Icon size={14} stroke={2} />
            {word} <b>{count(many)}</b>
          </button>
        );
      })}
      {chosen !== '' && !track.counts[chosen as keyof typeof track.counts] && (
        <button type="button" className={styles.chip} aria-pressed onClick={() => kept.set({ state: '' })}>
          {stateWords[chosen as keyof typeof stateWords]?.word ?? chosen} <b>0</b>
        </button>
      )}
      <Button
        variant="subtle"
        color="gray"
        leftSection={oldestFirst ? <IconSortAscending size={14} /> : <IconSortDescending size={14} />}
        onClick={() => kept.set({ order: oldestFirst ? '' : 'oldest' })}
      >
        {oldestFirst ? 'Oldest first' : 'Newest first'}
      </Button>
      <span className={styles.space} />
      {children}
    </div>
  );
}
