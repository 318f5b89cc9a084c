import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Loading } from '../components/loading.tsx';
import type { RoomProps } from '../shell/room-props.ts';
import { useRoomView } from '../shell/room-view.ts';
import styles from './server.module.css';

const Health = lazy(() => import('../health/health.tsx'));
const Settings = lazy(() => import('./settings/settings.tsx'));
const Replication = lazy(() => import('./replication/replication.tsx'));
const Io = lazy(() => import('./io/io.tsx'));
const Extensions = lazy(() => import('./extensions/extensions.tsx'));
const Log = lazy(() => import('./log/log.tsx'));

const views = ['health', 'settings', 'replication', 'io', 'extensions', 'log'] as const;

/** The server itself: health, settings, replication, I/O, extensions, log. */
export default function Server(props: RoomProps) {
  return <ServerOf key={props.environment.id} {...props} />;
}

function ServerOf({ environment, status }: RoomProps) {
  const { view, go } = useRoomView(environment.id, 'server', views);
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => go(next as typeof view)}
      data={[
        { value: 'health', label: 'Health' },
        { value: 'settings', label: 'Settings' },
        { value: 'replication', label: 'Replication' },
        { value: 'io', label: 'I/O' },
        { value: 'extensions', label: 'Extensions' },
        { value: 'log', label: 'Log' },
      ]}
    />
  );
  const shown = { environment, status, choice };
  return (
    <div className={styles.screen}>
      <Suspense fallback={<Loading label="Loading the view" rows={12} />}>
        {view === 'health' && <Health {...shown} />}
        {view === 'settings' && <Settings {...shown} />}
        {view === 'replication' && <Replication {...shown} />}
        {view === 'io' && <Io {...shown} />}
        {view === 'extensions' && <Extensions {...shown} />}
        {view === 'log' && <Log {...shown} />}
      </Suspense>
    </div>
  );
}
