import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { KeptDatabase } from '../../../preload/contract/backup-swaps.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

const swapsKey = (environment: string): readonly string[] => ['backups', 'swaps', environment];

interface Swaps {
  swaps: readonly KeptDatabase[] | undefined;
  /** What could not be seen, and why. */
  limits: readonly Explanation[];
  problem: Explanation | undefined;
  isLooking: boolean;
  look: () => void;
}

/** ms: others drop and rename databases too. */
const beat = 60_000;

/**
 * What swaps keep on an environment's server.
 *
 * @param state of its connection: what can't be asked without one is asked once there is one
 */
export function useSwaps(environment: string, state: string): Swaps {
  const queries = useQueryClient();
  const { data, error, isFetching } = useQuery({
    queryKey: [...swapsKey(environment), state === 'connected'],
    queryFn: ({ signal }) => client.backups.swaps.list({ environment }, { signal }),
    refetchInterval: beat,
  });
  const look = useCallback(
    () => void queries.invalidateQueries({ queryKey: swapsKey(environment) }),
    [queries, environment],
  );
  const problem = useMemo(() => (error ? explain(error) : undefined), [error]);
  return { swaps: data?.swaps, limits: data?.limits ?? [], problem, isLooking: isFetching, look };
}
