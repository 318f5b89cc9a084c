import { IconHistory, IconHourglass, IconSitemap, IconUsers } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { Loading } from '../components/loading.tsx';
import type { Command } from '../shell/palette/commands.ts';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import type { RoomProps } from '../shell/room-props.ts';
import { useRoomView } from '../shell/room-view.ts';
import styles from './activity.module.css';
import Live from './live.tsx';
import { type ActivityView, activityViews, presetActivity, useFilters } from './use-filters.ts';
import { BlockingLabel, ViewChoice } from './view-choice.tsx';

const Waits = lazy(() => import('../waits/waits.tsx'));
const LockHistory = lazy(() => import('../locks/history.tsx'));

/** Sessions: what they do now, who waits for whom, and both in the past. */
export default function Activity(props: RoomProps) {
  return <ActivityOf key={props.environment.id} {...props} />;
}

function ActivityOf({ environment, status }: RoomProps) {
  // The address names the view; where it names none, the one that was in sight last is.
  const address = useRoomView(environment.id, 'activity', ['last', ...activityViews]);
  const { view: last, setView } = useFilters(environment.id);
  const view = address.view === 'last' ? last : address.view;
  const show = (next: ActivityView): void => {
    setView(next);
    address.go(next);
  };
  const { go } = address;
  usePaletteActions(useMemo(() => viewCommands(view, (next) => go(next)), [view, go]));

  if (view === 'sessions' || view === 'blocking')
    return <Live environment={environment} status={status} view={view} onView={show} />;

  const { glance } = status;
  const choice = (
    <ViewChoice
      view={view}
      onView={show}
      blocking={
        <BlockingLabel
          waiting={glance?.waitingOnLock ?? 0}
          atLeast={(glance?.hidden ?? 0) > 0}
          stale={status.state !== 'connected'}
        />
      }
    />
  );
  const shown = { environment, status, choice };
  return (
    <div className={styles.view}>
      <Suspense fallback={<Loading label="Loading the view" rows={12} />}>
        {view === 'waits' ? (
          <Waits {...shown} />
        ) : (
          <LockHistory
            {...shown}
            opened={/^\d+$/.test(address.rest) ? Number(address.rest) : undefined}
            onOpen={(id) => address.go('history', id === undefined ? undefined : String(id))}
            onSession={(pid) => {
              presetActivity(environment.id, 'sessions', { text: String(pid) });
              address.go('sessions');
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

const views: Record<ActivityView, Omit<Command, 'run'>> = {
  sessions: { id: 'activity sessions', label: 'Show live sessions', detail: 'Activity', icon: IconUsers },
  blocking: {
    id: 'activity blocking',
    label: 'Show who waits for whom',
    detail: 'Activity',
    keywords: 'locks blocking tree',
    icon: IconSitemap,
  },
  waits: {
    id: 'activity waits',
    label: 'Show what sessions waited for',
    detail: 'Activity',
    keywords: 'wait events active sessions',
    icon: IconHourglass,
  },
  history: {
    id: 'activity history',
    label: 'Show the history of blocking',
    detail: 'Activity',
    keywords: 'locks episodes jam deadlocks',
    icon: IconHistory,
  },
};

const viewCommands = (shown: ActivityView, go: (view: ActivityView) => void): Command[] =>
  activityViews.filter((view) => view !== shown).map((view) => ({ ...views[view], run: () => go(view) }));
