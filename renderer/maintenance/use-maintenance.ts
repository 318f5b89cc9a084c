import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Window } from '../../preload/contract/metrics.ts';
import { client } from '../lib/client.ts';

/** How often what is shown is read anew while somebody looks, ms. */
const statusMs = 30_000;
const operationsMs = 2000;

/** Tables, ages and holders. @param filter looked for on the server's side, so that none is too many */
export function useStatus(
  environment: string,
  { filter, system, isConnected }: { filter: string; system: boolean; isConnected: boolean },
) {
  return useQuery({
    queryKey: ['maintenance', environment, 'status', filter, system],
    queryFn: ({ signal }) =>
      client.maintenance.status({ environment, filter, system, most: 1000 }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: statusMs,
    enabled: isConnected,
    retry: false,
  });
}

/** What runs now. */
export function useOperations(environment: string, isConnected: boolean) {
  return useQuery({
    queryKey: ['maintenance', environment, 'operations'],
    queryFn: ({ signal }) => client.maintenance.operations({ environment }, { signal }),
    refetchInterval: operationsMs,
    enabled: isConnected,
    retry: false,
  });
}

/** What was measured every ten minutes, of all or of one table by its oid; works without a connection. */
export function usePaceHistory(environment: string, window: Window, table?: number) {
  return useQuery({
    queryKey: ['maintenance', environment, 'history', window, table],
    queryFn: ({ signal }) =>
      client.maintenance.history(
        { environment, window, ...(table === undefined ? {} : { table }) },
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

/** Has everything of an environment's upkeep read again. */
export function useReadAgain(environment: string): () => void {
  const queries = useQueryClient();
  return useCallback(
    () => void queries.invalidateQueries({ queryKey: ['maintenance', environment] }),
    [queries, environment],
  );
}
