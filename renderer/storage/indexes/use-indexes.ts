import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { IndexReport } from '../../../preload/contract/storage.ts';
import { client } from '../../lib/client.ts';
import { explain } from '../../lib/errors.ts';

/** The indexes of an environment: the list as soon as it is there, then with exact sizes and findings. */
export function useIndexes(environment: string, isConnected: boolean) {
  const queryClient = useQueryClient();
  const key = useMemo(() => ['storage', environment, 'indexes'], [environment]);
  const query = useQuery<IndexReport>({
    queryKey: key,
    enabled: isConnected,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<IndexReport>(key);
      let last: IndexReport | undefined;
      for await (const report of await client.storage.indexes({ environment }, { signal })) {
        last = report;
        if (!before) queryClient.setQueryData(key, report);
      }
      if (!last) throw new Error('The list of indexes ended before it began.');
      return last;
    },
  });
  const refresh = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: key }),
    [queryClient, key],
  );
  return {
    report: query.data,
    isFetching: query.isFetching,
    problem: query.isError ? explain(query.error) : undefined,
    refresh,
  };
}
