import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Loading } from '../components/loading.tsx';
import type { RoomProps } from '../shell/room-props.ts';
import { useRoomView } from '../shell/room-view.ts';
import styles from './queries.module.css';

const Top = lazy(() => import('./top/top.tsx'));
const Regressions = lazy(() => import('./regressions/regressions.tsx'));
const Plans = lazy(() => import('./plans/plans.tsx'));

const views = ['top', 'regressions', 'plans'] as const;

/** Statements by what they cost, and their plans. */
export default function Queries(props: RoomProps) {
  return <QueriesOf key={props.environment.id} {...props} />;
}

function QueriesOf({ environment, status }: RoomProps) {
  const { view, go } = useRoomView(environment.id, 'queries', views);
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => go(next as typeof view)}
      data={[
        { value: 'top', label: 'Statements' },
        { value: 'regressions', label: 'Regressions' },
        { value: 'plans', label: 'Plans' },
      ]}
    />
  );
  const shown = { environment, status, choice };
  return (
    <div className={styles.screen}>
      <Suspense fallback={<Loading label="Loading the view" rows={12} />}>
        {view === 'top' && <Top {...shown} />}
        {view === 'regressions' && <Regressions {...shown} />}
        {view === 'plans' && <Plans {...shown} />}
      </Suspense>
    </div>
  );
}
