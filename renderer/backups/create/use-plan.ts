import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BackupPlan } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { Environment } from '../../../preload/contract/environments.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';
import { planKey } from '../use-backups.ts';
import { type Draft, faultsOf, optionsOf, pathOf } from './draft.ts';

/** ms without a change before the plan is asked for. */
const pause = 300;
/** ms: a plan's name of the backup carries the time, and free space changes. */
const beat = 60_000;

export interface Planned {
  /** The last one that came; of an earlier draft while `isCurrent` is false. */
  plan: BackupPlan | undefined;
  /** Why it can't be done as it stands. */
  problem: Explanation | undefined;
  /** The plan is that of the draft as it stands. */
  isCurrent: boolean;
}

/** What a backup would do, looked at again as the draft changes. */
export function usePlan({ id, connection }: Environment, draft: Draft, isConnected: boolean): Planned {
  const { database } = connection;
  const asked = useMemo(
    () => JSON.stringify([optionsOf(draft), draft.place, draft.path, database]),
    [draft, database],
  );
  const [settled] = useDebouncedValue(
    useMemo(() => ({ asked, draft }), [asked, draft]),
    pause,
  );
  const isSound = Object.keys(faultsOf(draft)).length === 0;
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: [...planKey(id), settled.asked],
    queryFn: ({ signal }) => {
      const path = pathOf(settled.draft, { database, at: new Date() });
      return client.backups.plan(
        { environment: id, options: optionsOf(settled.draft), ...(path === undefined ? {} : { path }) },
        { signal },
      );
    },
    enabled: isConnected && isSound,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: beat,
    refetchInterval: beat,
  });
  const problem = useMemo(() => (error ? explain(error) : undefined), [error]);
  const isCurrent = isSound && settled.asked === asked && !isPlaceholderData;
  return { plan: problem ? undefined : data, problem: isSound ? problem : undefined, isCurrent };
}
