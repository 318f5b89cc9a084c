import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { MigrationStatus } from '../../preload/contract/migrations.ts';
import { client } from '../lib/client.ts';
import { explain } from '../lib/errors.ts';

/** ms between looks while a tool is migrating, and otherwise. */
const whileMigrating = 2000;
const beat = 60_000;

export const statusKey = (environment: string): readonly string[] => ['migrations', environment, 'status'];

export interface StatusLook {
  /** The last one that came; it stays while there is no connection. */
  status: MigrationStatus | undefined;
  /** Why there is none, or no newer one. */
  problem: Explanation | undefined;
  isLooking: boolean;
  look: () => void;
  /** Takes what an act answered with. */
  take: (status: MigrationStatus) => void;
}

/** Where an environment stands, looked at now and then, more often while its tool is at work. */
export function useStatus(environment: string, isConnected: boolean): StatusLook {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: statusKey(environment),
    queryFn: ({ signal }) => client.migrations.status({ environment }, { signal }),
    enabled: isConnected,
    refetchInterval: ({ state }) =>
      state.data?.tracks.some(({ lockedBy }) => lockedBy !== null) ? whileMigrating : beat,
  });
  const { data, error, isFetching, refetch } = query;
  const look = useCallback(() => void refetch(), [refetch]);
  const take = useCallback(
    (status: MigrationStatus) => queries.setQueryData(statusKey(environment), status),
    [queries, environment],
  );
  const problem = useMemo(() => (error ? explain(error) : undefined), [error]);
  return { status: data, problem, isLooking: isFetching, look, take };
}
