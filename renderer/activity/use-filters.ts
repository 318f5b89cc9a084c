import { useEffect, useState } from 'react';
import { useSearch } from 'wouter';
import { type ActivityFilters, everything, readFilters } from './filters.ts';

export type ActivityView = 'sessions' | 'blocking';

interface Kept {
  filters: ActivityFilters;
  view: ActivityView;
}

/** By environment, for as long as this window is open: going to another tab and back loses nothing. */
const kept = new Map<string, Kept>();

/** The filters and the view of an environment. The query part of the address sets both (`?state=…`, `?view=blocking`). */
export function useFilters(environment: string) {
  const query = useSearch();
  const [state, setState] = useState<Kept>(
    () => fromAddress(query) ?? kept.get(environment) ?? { filters: everything, view: 'sessions' },
  );

  useEffect(() => {
    const wanted = fromAddress(query);
    if (wanted) setState(wanted);
  }, [query]);
  useEffect(() => {
    kept.set(environment, state);
  }, [environment, state]);

  return {
    ...state,
    setFilters: (update: (before: ActivityFilters) => ActivityFilters): void =>
      setState((before) => ({ ...before, filters: update(before.filters) })),
    setView: (view: ActivityView): void => setState((before) => ({ ...before, view })),
  };
}

function fromAddress(query: string): Kept | undefined {
  const parameters = new URLSearchParams(query);
  if (parameters.size === 0) return undefined;
  return { filters: readFilters(parameters), view: parameters.get('view') === 'blocking' ? 'blocking' : 'sessions' };
}
