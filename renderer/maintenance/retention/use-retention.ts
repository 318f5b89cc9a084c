import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { RetentionTarget } from '../../../preload/contract/maintenance-retention.ts';
import { client } from '../../lib/client.ts';

/** The jobs of an environment; known without a connection. */
export function useJobs(environment: string) {
  return useQuery({
    queryKey: ['maintenance', environment, 'retention', 'jobs'],
    queryFn: ({ signal }) => client.maintenance.retention.list({ environment }, { signal }),
    refetchInterval: 10_000,
  });
}

export function useCandidates(environment: string) {
  return useQuery({
    queryKey: ['maintenance', environment, 'retention', 'candidates'],
    queryFn: ({ signal }) => client.maintenance.retention.candidates({ environment }, { signal }),
    retry: false,
  });
}

/** What a run would do now; undefined asks for nothing. */
export function usePreview(environment: string, target: RetentionTarget | undefined) {
  return useQuery({
    queryKey: ['maintenance', environment, 'retention', 'preview', target],
    queryFn: ({ signal }) =>
      client.maintenance.retention.preview({ environment, target: target as RetentionTarget }, { signal }),
    enabled: target !== undefined,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

export function useRuns(environment: string, job: string) {
  return useQuery({
    queryKey: ['maintenance', environment, 'retention', 'runs', job],
    queryFn: ({ signal }) => client.maintenance.retention.history({ environment, job }, { signal }),
  });
}

/** Has jobs and what came of them read again. */
export function useJobsChanged(environment: string): () => void {
  const queries = useQueryClient();
  return useCallback(
    () => void queries.invalidateQueries({ queryKey: ['maintenance', environment, 'retention'] }),
    [queries, environment],
  );
}
