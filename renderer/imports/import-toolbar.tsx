import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { plural } from '../components/format.ts';
import styles from './import.module.css';

interface ImportToolbarProps {
  /** Whether the corrections of so many rows are to be lost. */
  asks: { rows: number; onKeep: () => void; onDiscard: () => void } | undefined;
  onCancel: () => void;
  children?: ReactNode;
}

/** How to look through what was found, and the way out; the context bar says what this screen is. */
export function ImportToolbar({ asks, onCancel, children }: ImportToolbarProps) {
  return (
    <div className={styles.toolbar}>
      {!asks && children}
      <span className={styles.space} />
      {asks ? (
        <fieldset
          className={styles.asks}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            asks.onKeep();
          }}
        >
          <legend className="visually-hidden">Discard the corrections?</legend>
          <b role="alert">Discard the corrections of {plural(asks.rows, 'row')}?</b>
          <Button autoFocus onClick={asks.onKeep}>
            Keep
          </Button>
          <Button variant="filled" color="red" onClick={asks.onDiscard}>
            Discard
          </Button>
        </fieldset>
      ) : (
        <Button onClick={onCancel}>Cancel</Button>
      )}
    </div>
  );
}
