import { useEffect, useRef } from 'react';
import type { Preferences } from '../../../preload/contract/console.ts';
import { usePreferences } from '../../console/use-preferences.ts';

export type TablePreferences = Preferences['tables'][string];

/** ms without a further change before it is kept: a border is dragged in many small steps. */
const settle = 400;

/** The hidden columns and widths that a person gave the table called `name`, and the function that keeps new ones. */
export function useTablePreferences(name: string): {
  kept: TablePreferences | undefined;
  ready: boolean;
  keep: (table: TablePreferences) => void;
} {
  const { preferences, save } = usePreferences();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tables = useRef(preferences?.tables);
  tables.current = preferences?.tables;
  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    kept: preferences?.tables[name],
    ready: preferences !== undefined,
    keep: (table) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => save({ tables: { ...tables.current, [name]: table } }), settle);
    },
  };
}
