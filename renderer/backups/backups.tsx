import { SegmentedControl } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Environment, EnvironmentStatus } from '../../preload/contract/environments.ts';
import { Loading } from '../components/loading.tsx';
import { usePaletteActions } from '../shell/palette/palette-actions.ts';
import { type BackupsView, readBackupsPlace, viewAddress } from './address.ts';
import styles from './backups.module.css';
import { ListScreen } from './list/list-screen.tsx';
import { viewCommands } from './palette-commands.ts';
import { AskedRestore } from './restore/asked-restore.tsx';

const Jobs = lazy(() => import('./jobs/jobs.tsx'));
const Engines = lazy(() => import('./engines/engines.tsx'));

interface BackupsProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** Backups of an environment, the jobs that make them, and the engines that keep their own. */
export default function Backups(props: BackupsProps) {
  return <BackupsOf key={props.environment.id} {...props} />;
}

function BackupsOf({ environment, status }: BackupsProps) {
  const [location, navigate] = useLocation();
  const { view, opened } = readBackupsPlace(location);
  const go = useCallback(
    (next: BackupsView) => navigate(viewAddress(environment.id, next)),
    [navigate, environment.id],
  );
  usePaletteActions(useMemo(() => viewCommands(view, go), [view, go]));
  const choice = (
    <SegmentedControl
      aria-label="View"
      value={view}
      onChange={(next) => go(next as BackupsView)}
      data={[
        { value: 'list', label: 'Backups' },
        { value: 'jobs', label: 'Jobs' },
        { value: 'engines', label: 'Engines' },
      ]}
    />
  );
  return (
    <>
      {view === 'list' ? (
        <ListScreen environment={environment} status={status} opened={opened} choice={choice} />
      ) : (
        <OtherView view={view} environmentId={environment.id} choice={choice} />
      )}
      <AskedRestore environmentId={environment.id} />
    </>
  );
}

interface OtherViewProps {
  view: Exclude<BackupsView, 'list'>;
  environmentId: string;
  choice: ReactNode;
}

function OtherView({ view, environmentId, choice }: OtherViewProps) {
  return (
    <div className={styles.screen}>
      <Suspense fallback={<Loading label={view === 'jobs' ? 'Loading the jobs' : 'Loading the engines'} />}>
        {view === 'jobs' ? (
          <Jobs environmentId={environmentId} choice={choice} />
        ) : (
          <Engines environmentId={environmentId} choice={choice} />
        )}
      </Suspense>
    </div>
  );
}
