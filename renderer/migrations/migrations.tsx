import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { Loading } from '../components/loading.tsx';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import { type MigrationsView, migrationsAddress, readView, useKept } from './address.ts';
import { viewCommand } from './palette-commands.ts';
import { StatusScreen } from './status/status-screen.tsx';

const Matrix = lazy(() => import('./matrix/matrix.tsx'));

interface MigrationsProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** Where an environment stands with its migrations, and where it stands beside the others of its group. */
export default function Migrations(props: MigrationsProps) {
  return <MigrationsOf key={props.environment.id} {...props} />;
}

function MigrationsOf({ environment, status }: MigrationsProps) {
  const [location, navigate] = useLocation();
  const kept = useKept(environment.id);
  const view = readView(location);
  const other: MigrationsView = view === 'status' ? 'matrix' : 'status';
  usePaletteActions(
    useMemo(
      () => [viewCommand(other, () => navigate(migrationsAddress(environment.id, other)))],
      [other, environment.id, navigate],
    ),
  );
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => navigate(migrationsAddress(environment.id, next as MigrationsView))}
      data={[
        { value: 'status', label: 'Status' },
        { value: 'matrix', label: 'Matrix' },
      ]}
    />
  );
  if (view === 'status') {
    return <StatusScreen environment={environment} status={status} kept={kept} choice={choice} />;
  }
  return (
    <Suspense fallback={<Loading label="Loading the matrix" rows={12} />}>
      <Matrix environment={environment} kept={kept} choice={choice} />
    </Suspense>
  );
}
