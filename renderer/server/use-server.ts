import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Explanation } from '../../preload/contract/common.ts';
import type { EnvironmentStatus } from '../../preload/contract/environments.ts';
import { explain } from '../lib/errors.ts';

export interface Asked<T> {
  data: T | undefined;
  problem: Explanation | undefined;
  isAsking: boolean;
  ask: () => void;
}

/** Something asked of an environment's server, anew when the connection comes back, and every `everyMs` if given. */
export function useServer<T>(
  status: EnvironmentStatus,
  what: readonly unknown[],
  ask: (options: { signal: AbortSignal }) => Promise<T>,
  everyMs: number | false = false,
): Asked<T> {
  const { environment, state } = status;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['server', environment, ...what, state === 'connected'],
    queryFn: ({ signal }) => ask({ signal }),
    // What was known before the connection was lost stays in sight, with the problem above it.
    placeholderData: (before, query) =>
      query?.queryKey[1] === environment && query.queryKey[2] === what[0] && sameRest(query.queryKey, what)
        ? before
        : undefined,
    refetchInterval: everyMs,
  });
  const problem = useMemo(() => (error ? explain(error) : undefined), [error]);
  return { data, problem, isAsking: isFetching, ask: () => void refetch() };
}

const sameRest = (key: readonly unknown[], what: readonly unknown[]): boolean =>
  JSON.stringify(key.slice(2, -1)) === JSON.stringify(what);
