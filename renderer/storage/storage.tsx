import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Loading } from '../components/loading.tsx';
import type { RoomProps } from '../shell/room-props.ts';
import { useRoomView } from '../shell/room-view.ts';
import styles from './storage.module.css';

const Tables = lazy(() => import('./tables/tables.tsx'));
const Indexes = lazy(() => import('./indexes/indexes.tsx'));
const Growth = lazy(() => import('./growth/growth.tsx'));
const Vacuum = lazy(() => import('../maintenance/vacuum.tsx'));
const Retention = lazy(() => import('../maintenance/retention/retention.tsx'));

const views = ['tables', 'indexes', 'growth', 'vacuum', 'retention'] as const;

/** What takes space, and what keeps it in order. */
export default function Storage(props: RoomProps) {
  return <StorageOf key={props.environment.id} {...props} />;
}

function StorageOf({ environment, status }: RoomProps) {
  const { view, go } = useRoomView(environment.id, 'storage', views);
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => go(next as typeof view)}
      data={[
        { value: 'tables', label: 'Tables' },
        { value: 'indexes', label: 'Indexes' },
        { value: 'growth', label: 'Growth' },
        { value: 'vacuum', label: 'Vacuum' },
        { value: 'retention', label: 'Retention' },
      ]}
    />
  );
  const shown = { environment, status, choice };
  return (
    <div className={styles.screen}>
      <Suspense fallback={<Loading label="Loading the view" rows={12} />}>
        {view === 'tables' && <Tables {...shown} />}
        {view === 'indexes' && <Indexes {...shown} />}
        {view === 'growth' && <Growth {...shown} />}
        {view === 'vacuum' && <Vacuum {...shown} />}
        {view === 'retention' && <Retention {...shown} />}
      </Suspense>
    </div>
  );
}
