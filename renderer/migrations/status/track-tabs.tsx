import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useRef } from 'react';
import type { MigrationTrack } from '../../../preload/contract/migrations.ts';
import { SeverityIcon } from '../../components/severity-icon.tsx';
import styles from '../migrations.module.css';
import { severityOf, summaryOf, visible } from '../words.ts';

interface TrackTabsProps {
  tracks: readonly MigrationTrack[];
  chosen: string;
  onChoose: (key: string) => void;
}

/** The tracks of an environment, each with its summary; the chosen one shows below. Left and Right walk them. */
export function TrackTabs({ tracks, chosen, onChoose }: TrackTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = tracks.findIndex(({ key }) => key === chosen);
    const next = (at + step + tracks.length) % tracks.length;
    const track = tracks[next];
    if (!track) return;
    onChoose(track.key);
    list.current?.querySelectorAll<HTMLButtonElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label="Migration tools" ref={list}>
      {tracks.map((track) => {
        const severity = severityOf(track);
        const isChosen = track.key === chosen;
        return (
          <button
            key={track.key}
            type="button"
            role="tab"
            id={tabId(track.key)}
            aria-selected={isChosen}
            aria-controls={isChosen ? panelId : undefined}
            tabIndex={isChosen ? 0 : -1}
            className={styles.tab}
            onClick={() => onChoose(track.key)}
            onKeyDown={onKeyDown}
          >
            <span className={styles.tabTitle}>
              {severity ? (
                <SeverityIcon severity={severity} />
              ) : (
                <IconCheck size={14} stroke={2} aria-hidden className={styles.fine} />
              )}
              {track.title}
              <bdi className={styles.tabPlace}>{placeOf(track)}</bdi>
            </span>
            <span className={styles.tabSummary}>
              {track.dirty ? `Dirty at ${track.dirty.version}: ` : ''}
              {summaryOf(track)}
            </span>
          </button>
        );
      })}
    </div>
  );
}

export const panelId = 'migrations-track';
export const tabId = (key: string): string => `migrations-tab-${key.replaceAll(/\s/g, '_')}`;

/** What tells tracks of one tool apart. */
function placeOf({ table, folder }: MigrationTrack): string {
  if (table) return visible(`${table.schema}.${table.name}`);
  return visible(folder ?? '');
}
