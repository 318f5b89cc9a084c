import { useEffect, useId, useSyncExternalStore } from 'react';
import type { Command } from './commands.ts';

const registered = new Map<string, readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

/** Finds commands for what somebody types: for things of which there are too many to list. */
export type Finder = (query: string) => readonly Command[];

const finders = new Map<string, Finder>();
let allFinders: readonly Finder[] = [];

/**
 * Offers what the screen in sight can do in the command palette, before everything else, for as long as the
 * component shows. The ids must differ from those of all other commands: begin them with the screen's name.
 */
export function usePaletteActions(actions: readonly Command[]): void {
  const owner = useId();
  useEffect(() => {
    registered.set(owner, actions);
    tell();
  }, [owner, actions]);
  useEffect(
    () => () => {
      registered.delete(owner);
      tell();
    },
    [owner],
  );
}

/**
 * Searches in the command palette for as long as the component shows. What the finder gives is ranked among all other
 * commands, so it is enough that it gives the best few. It is asked at each letter: 10 ms at most.
 */
export function usePaletteSearch(finder: Finder): void {
  const owner = useId();
  useEffect(() => {
    finders.set(owner, finder);
    tell();
    return () => {
      finders.delete(owner);
      tell();
    };
  }, [owner, finder]);
}

/** How the screens in sight search. */
export function useFinders(): readonly Finder[] {
  return useSyncExternalStore(subscribe, () => allFinders);
}

/** What the screens in sight offer. */
export function useScreenActions(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all);
}

function tell(): void {
  all = [...registered.values()].flat();
  allFinders = [...finders.values()];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
