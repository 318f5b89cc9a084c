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
const Swaps = lazy(() => import('./swaps/swaps.tsx'));

interface BackupsProps {
  environment: Environment;
  status: EnvironmentStatus;
}

/** Backups of an environment, the jobs that make them, the engines that keep their own, and what swaps keep. */
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
        { value: 'swaps', label: 'Swaps' },
      ]}
    />
  );
  return (
    <>
      {view === 'list' ? (
        <ListScreen environment={environment} status={status} opened={opened} choice={choice} />
      ) : (
        <OtherView view={view} environment={environment} status={status} choice={choice} />
      )}
      <AskedRestore environmentId={environment.id} />
    </>
  );
}

interface OtherViewProps extends BackupsProps {
  view: Exclude<BackupsView, 'list'>;
  choice: ReactNode;
}

const loadingWords: Record<OtherViewProps['view'], string> = {
  jobs: 'Loading the jobs',
  engines: 'Loading the engines',
  swaps: 'Looking at what swaps keep',
};

function OtherView({ view, environment, status, choice }: OtherViewProps) {
  return (
    <div className={styles.screen}>
      <Suspense fallback={<Loading label={loadingWords[view]} />}>
        {view === 'jobs' && <Jobs environmentId={environment.id} choice={choice} />}
        {view === 'engines' && <Engines environmentId={environment.id} choice={choice} />}
        {view === 'swaps' && <Swaps environment={environment} status={status} choice={choice} />}
      </Suspense>
    </div>
  );
}
