import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Preferences } from '../../preload/contract/console.ts';
import { client } from '../lib/client.ts';

/** Under this key the whole window shares one copy. */
const key = ['console', 'preferences'] as const;

/** The person's preferences, and the function that changes some of them: at once here, then in the console. */
export function usePreferences(): {
  preferences: Preferences | undefined;
  save: (change: Partial<Preferences>) => void;
} {
  const cache = useQueryClient();
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => client.console.preferences(),
    staleTime: 60_000,
  });
  const save = useCallback(
    (change: Partial<Preferences>) => {
      cache.setQueryData<Preferences>(key, (before) => (before ? { ...before, ...change } : before));
      // What could not be kept still holds in this window.
      void client.console.savePreferences(change).catch(() => undefined);
    },
    [cache],
  );
  return { preferences: data, save };
}
