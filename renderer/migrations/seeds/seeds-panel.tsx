import { useQueryClient } from '@tanstack/react-query';
import type { Environment } from '../../../preload/contract/environments.ts';
import { useSeen } from '../run/use-seen.ts';
import { SeedList } from './seed-list.tsx';
import { SeedRunning } from './seed-running.tsx';
import { putSeedsAway, useSeedRun } from './seeds-store.ts';

interface SeedsPanelProps {
  environment: Environment;
  onClose: () => void;
}

/** Seeds of an environment: which files there are and which have run, then how those that were chosen run. */
export function SeedsPanel({ environment, onClose }: SeedsPanelProps) {
  const queries = useQueryClient();
  const run = useSeedRun(environment.id);
  useSeen('seeds', run);
  const putAway = (): void => {
    putSeedsAway(environment.id);
    void queries.invalidateQueries({ queryKey: ['migrations', environment.id, 'seeds'] });
  };
  if (!run) return <SeedList environment={environment} onClose={onClose} />;
  return (
    <SeedRunning
      environment={environment}
      run={run}
      onBack={putAway}
      onClose={() => {
        putAway();
        onClose();
      }}
    />
  );
}
