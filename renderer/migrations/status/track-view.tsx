import { useMemo, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type {
  MigrationEntry,
  MigrationStatus,
  MigrationTrack,
} from '../../../preload/contract/migrations.ts';
import type { KeptValues } from '../address.ts';
import { EntryInspector } from '../entry-inspector.tsx';
import styles from '../migrations.module.css';
import { matches } from '../words.ts';
import { type EntryRow, entryColumns } from './entry-columns.tsx';
import { EntryTable } from './entry-table.tsx';
import { rowsOf } from './rows.ts';
import { TrackHead, TrackProblems } from './track-head.tsx';
import { panelId, tabId } from './track-tabs.tsx';
import { TrackTools } from './track-tools.tsx';

interface TrackViewProps {
  environment: Environment;
  track: MigrationTrack;
  kept: KeptValues;
  onFolders: () => void;
  onDescribe: () => void;
  onTake: (status: MigrationStatus) => void;
}

/** One tool in one database: where it stands, what is wrong with it, and its migrations. */
export function TrackView({ environment, track, kept, onFolders, onDescribe }: TrackViewProps) {
  const [openId, setOpenId] = useState<string>();
  const search = kept.get('search');
  const state = kept.get('state');
  const oldestFirst = kept.get('order') === 'oldest';
  const isNarrowed = search !== '' || state !== '';
  const rows = useMemo(() => rowsOf(track.entries, oldestFirst), [track.entries, oldestFirst]);
  const shown = useMemo(
    () =>
      isNarrowed
        ? rows.rows.filter(({ entry }) => (state === '' || entry.state === state) && matches(entry, search))
        : rows.rows,
    [rows, search, state, isNarrowed],
  );
  const columns = useMemo(
    () => entryColumns(track, isNarrowed ? 0 : rows.lanes),
    [track, rows.lanes, isNarrowed],
  );
  const opened = track.entries.find(({ id }) => id === openId);
  const onActive = (row: EntryRow | null): void => {
    if (openId !== undefined) setOpenId(row?.entry.id);
  };

  return (
    <div className={styles.track} role="tabpanel" id={panelId} aria-labelledby={tabId(track.key)}>
      <TrackHead track={track} onFolders={onFolders} onDescribe={onDescribe} />
      <TrackProblems track={track} onFolders={onFolders} />
      <TrackTools track={track} kept={kept} isNarrowed={isNarrowed}>
        {null}
      </TrackTools>
      <div className={styles.table}>
        <EntryTable
          track={track}
          rows={shown}
          columns={columns}
          isNarrowed={isNarrowed}
          onClear={() => kept.set({ search: '', state: '' })}
          onActive={onActive}
          onOpen={(row) => setOpenId(row.entry.id)}
          signature={`${search}|${state}|${oldestFirst}`}
        />
      </div>
      {opened && (
        <EntryInspector
          key={opened.id}
          environment={environment}
          track={track}
          entry={opened}
          onGo={(id) => setOpenId(known(track, id)?.id)}
          onClose={() => setOpenId(undefined)}
        />
      )}
    </div>
  );
}

const known = (track: MigrationTrack, id: string): MigrationEntry | undefined =>
  track.entries.find((entry) => entry.id === id);
