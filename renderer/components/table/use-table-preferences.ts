import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Preferences } from '../../../preload/contract/console.ts';
import { client } from '../../lib/client.ts';

export type TablePreferences = Preferences['tables'][string];

const key = ['console', 'preferences'] as const;
/** ms without a further change before the console is told. */
const settle = 400;

/**
 * The hidden columns and widths that a person gave the table called `name`.
 * `save` keeps them, a moment after the last change; what could not be kept is still there in this window.
 */
export function useTablePreferences(name: string): {
  kept: TablePreferences | undefined;
  ready: boolean;
  save: (table: TablePreferences) => void;
} {
  const cache = useQueryClient();
  const preferences = useQuery({ queryKey: key, queryFn: () => client.console.preferences(), staleTime: 60_000 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const save = (table: TablePreferences): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      const before = cache.getQueryData<Preferences>(key);
      if (!before) return;
      const tables = { ...before.tables, [name]: table };
      cache.setQueryData<Preferences>(key, { ...before, tables });
      try {
        cache.setQueryData(key, await client.console.savePreferences({ tables }));
      } catch {
        // A width that can't be kept is not worth interrupting anyone for.
      }
    }, settle);
  };
  return { kept: preferences.data?.tables[name], ready: !preferences.isPending, save };
}
