import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Keychain } from '../../preload/contract/secrets.ts';
import { client } from '../lib/client.ts';

const key = ['secrets', 'keychain'] as const;

/** The keychain as the console sees it, asked anew whenever it is shown, and how to put a newer answer in its place. */
export function useKeychain() {
  const cache = useQueryClient();
  const query = useQuery({ queryKey: key, queryFn: () => client.secrets.show(), staleTime: 0 });
  return {
    keychain: query.data,
    error: query.error,
    again: () => query.refetch(),
    /** The state of the keychain is also told elsewhere, such as in the status strip. */
    put: (keychain: Keychain): void => {
      cache.setQueryData<Keychain>(key, keychain);
      void cache.invalidateQueries({ queryKey: ['console', 'info'] });
    },
  };
}
