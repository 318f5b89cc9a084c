import { useSyncExternalStore } from 'react';
import { type ActivityFilters, everything } from './filters.ts';

export const activityViews = ['sessions', 'blocking', 'waits', 'history'] as const;
export type ActivityView = (typeof activityViews)[number];

interface Kept {
  filters: ActivityFilters;
  view: ActivityView;
}

const atFirst: Kept = { filters: everything, view: 'sessions' };

/** By environment, for as long as this window is open: going to another tab and back loses nothing. */
const kept = new Map<string, Kept>();
const listeners = new Set<() => void>();

function set(environment: string, next: Kept): void {
  kept.set(environment, next);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Sets what the activity screen of an environment shows, before a link leads there. */
export function presetActivity(
  environment: string,
  view: ActivityView,
  filters: Partial<ActivityFilters> = {},
): void {
  set(environment, { view, filters: { ...everything, ...filters } });
}

/** The filters and the view of an environment's activity screen. */
export function useFilters(environment: string) {
  const state = useSyncExternalStore(subscribe, () => kept.get(environment) ?? atFirst);
  return {
    ...state,
    setFilters: (update: (before: ActivityFilters) => ActivityFilters): void => {
      const before = kept.get(environment) ?? atFirst;
      set(environment, { ...before, filters: update(before.filters) });
    },
    setView: (view: ActivityView): void => set(environment, { ...(kept.get(environment) ?? atFirst), view }),
  };
}
