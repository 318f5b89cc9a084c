import { useQuery } from '@tanstack/react-query';
import type { ImportPlace } from '../../preload/contract/imports.ts';
import { client } from '../lib/client.ts';

/** Files with connections at their usual places on the console's machine; none until they have come. */
export function usePlaces(): readonly ImportPlace[] {
  return (
    useQuery({ queryKey: ['imports', 'places'], queryFn: () => client.imports.places(), staleTime: 0 })
      .data ?? none
  );
}

const none: readonly ImportPlace[] = [];
