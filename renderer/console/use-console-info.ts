import { useQuery } from '@tanstack/react-query';
import type { ConsoleInfo } from '../../preload/contract/console.ts';
import { client } from '../lib/client.ts';

/** Facts about the console behind this window; undefined until they have come. */
export function useConsoleInfo(): ConsoleInfo | undefined {
  return useQuery({
    queryKey: ['console', 'info'],
    queryFn: () => client.console.info(),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}
