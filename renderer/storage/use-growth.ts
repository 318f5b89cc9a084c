import { useQuery } from '@tanstack/react-query';
import type { Growth, GrowthOf, GrowthWindow } from '../../preload/contract/storage.ts';
import { client } from '../lib/client.ts';

/** Sizes over time, from the store. */
export function useGrowth(environment: string, window: GrowthWindow, of: GrowthOf) {
  return useQuery<Growth>({
    queryKey: ['storage', environment, 'growth', window, of],
    queryFn: () => client.storage.growth({ environment, window, of }),
    placeholderData: (before, query) => (query?.queryKey[1] === environment ? before : undefined),
    refetchInterval: 60_000,
  });
}

export const wholeDatabase: GrowthOf = { kind: 'database' };
