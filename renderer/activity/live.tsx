import { Button, Tooltip } from '@mantine/core';
import { IconPlayerStop, IconPlugConnectedX, IconSkull } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { Backend } from '../../preload/contract/activity.ts';
import { blockingTree } from '../../preload/contract/blocking-tree.ts';
import { Empty } from '../components/empty.tsx';
import { Explanation } from '../components/explanation.tsx';
import { Loading } from '../components/loading.tsx';
import { nothingSelected, type Selection } from '../components/table/selection.ts';
import type { RoomProps } from '../shell/room-props.ts';
import styles from './activity.module.css';
import { ServerClockProvider, useServerClock } from './age.tsx';
import { Blocking } from './blocking.tsx';
import { applyFilters, countClients } from './filters.ts';
import { BackendInspector } from './inspector.tsx';
import { LimitedVisibility } from './limited-visibility.tsx';
import { Sessions } from './sessions.tsx';
import { backendKey, pidOfKey } from './share.ts';
import { deselect } from './signals.ts';
import { isStale, Stale } from './stale.tsx';
import { ConnectionsBar, StateChips } from './summary.tsx';
import { Toolbar } from './toolbar.tsx';
import { useActivity } from './use-activity.ts';
import { type ActivityView, useFilters } from './use-filters.ts';
import { useInspected } from './use-inspected.ts';
import { useSignals } from './use-signals.tsx';
import { BlockingLabel, ViewChoice } from './view-choice.tsx';

interface LiveProps extends RoomProps {
  view: 'sessions' | 'blocking';
  onView: (view: ActivityView) => void;
}

/** The live view of pg_stat_activity: every session of the server, or who waits for whom. */
export default function Live({ environment, status, view, onView }: LiveProps) {
  const { shown, problem, pausedAt, setPaused } = useActivity(environment.id);
  const { filters, setFilters } = useFilters(environment.id);
  const [selection, setSelection] = useState<Selection>(nothingSelected);
  const connected = status.state === 'connected';
  const forgetEnded = useCallback(
    (pids: ReadonlySet<number>): void => setSelection((before) => deselect(before, pids)),
    [],
  );
  const signals = useSignals(environment, connected, forgetEnded);

  const backends = shown?.backends ?? noBackends;
  const database = status.server?.database ?? environment.connection.database;
  const filtered = useMemo(() => applyFilters(backends, filters, database), [backends, filters, database]);
  const clients = useMemo(() => countClients(backends), [backends]);
  const tree = useMemo(() => blockingTree(backends), [backends]);
  const inspected = useInspected(backends);
  const staleSince = shown && isStale(shown.sample, status, pausedAt !== null) ? shown.sample.at : null;
  const frozenAt =
    shown && staleSince !== null
      ? shown.sample.serverNow
      : shown && pausedAt !== null
        ? shown.sample.serverNow + (pausedAt - shown.received)
        : null;
  const clock = useServerClock(shown?.sample.serverNow, shown?.received ?? 0, frozenAt);

  const switchView = (next: ActivityView): void => {
    setSelection(nothingSelected);
    inspected.close();
    onView(next);
  };
  const hidden = (shown?.sample.hidden ?? 0) > 0 ? clients.hidden : 0;
  const choice = (
    <ViewChoice
      view={view}
      onView={switchView}
      blocking={
        <BlockingLabel
          waiting={tree.waiting}
          atLeast={hidden > 0}
          stale={staleSince !== null || (!shown && !connected)}
        />
      }
    />
  );
  if (!shown) {
    return (
      <div className={styles.screen}>
        <div className={styles.head}>{choice}</div>
        {problem ? (
          <div className={styles.problem}>
            <Explanation explanation={problem} />
          </div>
        ) : connected || status.state === 'connecting' ? (
          <Loading label="Loading activity" rows={16} />
        ) : (
          <Empty icon={IconPlugConnectedX} title="Live sessions need a connection">
            What sessions waited for, and who held up whom, is kept under Waits and History.
          </Empty>
        )}
      </div>
    );
  }

  const { sample } = shown;
  const { active } = inspected;
  const isListed = active !== null && (view === 'blocking' || filtered.rows.includes(active));
  const chosen = chosenBackends(backends, selection, view, isListed ? active : null);
  return (
    <ServerClockProvider value={clock}>
      <div className={styles.screen}>
        <div className={styles.head}>
          {choice}
          <StateChips
            byState={filtered.byState}
            chosen={filters.states}
            atLeast={hidden > 0}
            onToggle={(state) => {
              if (view === 'blocking') switchView('sessions');
              setFilters((before) => {
                const states = new Set(before.states);
                if (!states.delete(state)) states.add(state);
                return { ...before, states };
              });
            }}
          />
          <ConnectionsBar
            clients={clients}
            maxConnections={sample.maxConnections}
            reservedConnections={sample.reservedConnections}
          />
        </div>
        <Toolbar
          backends={backends}
          filters={filters}
          onFilters={setFilters}
          filtering={view === 'sessions'}
          pausedAt={pausedAt}
          onPause={setPaused}
        >
          <SignalButton
            label="Cancel"
            what="Cancel the running statement"
            icon={<IconPlayerStop size={14} />}
            chosen={chosen.length}
            refused={signals.refused}
            onClick={() => signals.ask('cancel', chosen)}
            hint="c"
          />
          <SignalButton
            label="Terminate"
            what="End the session"
            icon={<IconSkull size={14} />}
            chosen={chosen.length}
            refused={signals.refused}
            onClick={() => signals.ask('terminate', chosen)}
            hint="k"
            destroys
          />
        </Toolbar>
        {staleSince !== null && <Stale since={staleSince} connected={connected} />}
        {hidden > 0 && <LimitedVisibility hidden={hidden} user={status.server?.user} />}
        {problem && (
          <div className={styles.problem}>
            <Explanation explanation={problem} severity="warning" />
          </div>
        )}
        <div className={styles.table}>
          {view === 'sessions' ? (
            <Sessions
              backends={backends}
              filtered={filtered}
              filters={filters}
              onFilters={setFilters}
              live={pausedAt === null}
              staleSince={staleSince}
              selection={selection}
              onSelect={setSelection}
              onActive={inspected.onActive}
              onOpen={inspected.open}
              signals={signals}
            />
          ) : (
            <Blocking
              tree={tree}
              backends={backends}
              prepared={sample.prepared}
              limited={hidden > 0}
              staleSince={staleSince}
              selection={selection}
              onSelect={setSelection}
              onActive={inspected.onActive}
              onOpen={inspected.open}
              actions={signals.actions}
              onShortcut={signals.onShortcut}
            />
          )}
        </div>
      </div>
      {inspected.shown && (
        <BackendInspector
          key={backendKey(inspected.shown)}
          environment={environment.id}
          backend={inspected.shown}
          gone={inspected.gone}
          connected={connected}
          blocks={inspected.blocks}
          known={inspected.known}
          onWalk={inspected.walk}
          signals={signals}
          onClose={inspected.close}
        />
      )}
      {signals.dialog}
    </ServerClockProvider>
  );
}

const noBackends: readonly Backend[] = [];

interface SignalButtonProps {
  label: string;
  what: string;
  icon: React.ReactNode;
  chosen: number;
  refused: string | undefined;
  onClick: () => void;
  hint: string;
  destroys?: boolean;
}

function SignalButton({
  label,
  what,
  icon,
  chosen,
  refused,
  onClick,
  hint,
  destroys = false,
}: SignalButtonProps) {
  const off = refused !== undefined || chosen === 0;
  const why =
    refused ?? (chosen === 0 ? `${what}: choose a session first` : `${what} (key ${hint} on a row)`);
  return (
    <Tooltip label={why} multiline maw={320}>
      <Button
        leftSection={icon}
        {...(destroys ? { variant: 'outline', color: 'red' } : {})}
        data-disabled={off}
        aria-disabled={off}
        aria-description={why}
        onClick={() => {
          if (!off) onClick();
        }}
      >
        {label}
        {chosen > 1 && ` (${chosen})`}
      </Button>
    </Tooltip>
  );
}

/** What the buttons act on: the selection, else the row on which the keyboard stands. */
function chosenBackends(
  backends: readonly Backend[],
  selection: Selection,
  view: 'sessions' | 'blocking',
  active: Backend | null,
): readonly Backend[] {
  if (selection.keys.size === 0) return active ? [active] : [];
  if (view === 'sessions') return backends.filter((backend) => selection.keys.has(backendKey(backend)));
  const pids = new Set([...selection.keys].map((key) => pidOfKey(key)));
  return backends.filter((backend) => pids.has(backend.pid));
}
