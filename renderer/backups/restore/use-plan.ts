import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RestoreOptions, RestorePlan } from '../../../preload/contract/backups.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

/** A plan with what it was made for. */
export interface Planned {
  /** Id. */
  environment: string;
  options: RestoreOptions;
  plan: RestorePlan;
}

export interface PlanState {
  /** The newest plan, which may be of options that were changed since. */
  planned: Planned | undefined;
  /** Whether it is of what is asked for now. */
  isCurrent: boolean;
  problem: Explanation | undefined;
  again: () => void;
}

/** ms that nothing is typed before the plan is made anew. */
const rest = 400;

/** The plan of a restore as it is edited. `isReady` false: there is nothing to plan yet. */
export function usePlan(environment: string, options: RestoreOptions, isReady: boolean): PlanState {
  const wanted = useMemo(
    () => JSON.stringify(isReady ? [environment, options] : null),
    [environment, options, isReady],
  );
  const [settled] = useDebouncedValue(wanted, rest);
  const query = useQuery({
    queryKey: ['backups', 'plan-restore', settled],
    queryFn: async ({ signal }): Promise<Planned> => {
      const [to, asked] = JSON.parse(settled) as [string, RestoreOptions];
      const plan = await client.backups.planRestore({ environment: to, options: asked }, { signal });
      return { environment: to, options: asked, plan };
    },
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const isSettled = settled === wanted && settled !== 'null';
  return {
    planned: query.data,
    isCurrent: isSettled && query.data !== undefined && !query.isPlaceholderData && !query.isFetching,
    problem: isSettled && query.isError && !query.isFetching ? explain(query.error) : undefined,
    again: () => void query.refetch(),
  };
}
