import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Environment } from '../../../preload/contract/environments.ts';
import type { MigrationStatus, MigrationTrack } from '../../../preload/contract/migrations.ts';
import { usePaletteActions } from '../../shell/palette/palette-actions.ts';
import type { KeptValues } from '../address.ts';
import { EntryInspector } from '../entry-inspector.tsx';
import styles from '../migrations.module.css';
import { runCommands } from '../run/palette-commands.ts';
import { RunBar } from '../run/run-bar.tsx';
import { type Runs, useRuns } from '../run/use-runs.tsx';
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
  onLook: () => void;
}

/** One tool in one database: where it stands, what is wrong with it, and its migrations. */
export function TrackView(props: TrackViewProps) {
  const { environment, track, kept, onFolders, onDescribe, onTake, onLook } = props;
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
  const runs = useRuns({ environment, track, onTake, onLook, onInspect: setOpenId });
  const { isOffered, isDriven, ask } = runs;
  usePaletteActions(
    useMemo(() => runCommands({ isOffered, isDriven, track, ask }), [isOffered, isDriven, track, ask]),
  );
  const onActive = (row: EntryRow | null): void => {
    if (openId !== undefined) setOpenId(row?.entry.id);
  };

  return (
    <div className={styles.track} role="tabpanel" id={panelId} aria-labelledby={tabId(track.key)}>
      <TrackHead track={track} onFolders={onFolders} onDescribe={onDescribe} />
      <TrackProblems
        track={track}
        onFolders={onFolders}
        waysOut={track.dirty && <WaysOut runs={runs} version={track.dirty.version} onInspect={setOpenId} />}
      />
      <TrackTools track={track} kept={kept}>
        <RunBar runs={runs} />
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
          actions={({ entry }) => runs.actionsOf(entry)}
          signature={`${search}|${state}|${oldestFirst}`}
        />
      </div>
      {opened && (
        <EntryInspector
          key={opened.id}
          environment={environment}
          track={track}
          entry={opened}
          actions={runs.isOffered && <EntryActions runs={runs} entry={opened} />}
          onGo={setOpenId}
          onClose={() => setOpenId(undefined)}
        />
      )}
      {runs.dialog}
    </div>
  );
}

function EntryActions({ runs, entry }: { runs: Runs; entry: MigrationTrack['entries'][number] }) {
  return runs.actionsOf(entry).map(({ id, label, icon: Icon, destroys, run }) => (
    <Button
      key={id}
      {...(destroys ? { variant: 'outline', color: 'red' } : {})}
      {...(Icon ? { leftSection: <Icon size={14} /> } : {})}
      onClick={run}
    >
      {label}
    </Button>
  ));
}

interface WaysOutProps {
  runs: Runs;
  version: string;
  onInspect: (id: string) => void;
}

/** Buttons beside a stopped track: what it was doing, and setting it straight. */
function WaysOut({ runs, version, onInspect }: WaysOutProps) {
  const { track, isOffered, isDriven, ask } = runs;
  const isKnown = track.entries.some(({ id }) => id === version);
  return (
    <>
      {isKnown && <Button onClick={() => onInspect(version)}>Inspect {version}</Button>}
      {isOffered && track.tool === 'golang-migrate' && (
        <Button onClick={() => ask({ kind: 'force', version })}>Force a version…</Button>
      )}
      {isDriven && <Button onClick={() => ask({ kind: 'drive' })}>{track.title}’s commands…</Button>}
    </>
  );
}
