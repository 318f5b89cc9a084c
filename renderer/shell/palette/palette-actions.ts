import { useEffect, useId, useSyncExternalStore } from 'react';
import type { Command } from './commands.ts';

const registered = new Map<string, readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

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

/** What the screens in sight offer. */
export function useScreenActions(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all);
}

function tell(): void {
  all = [...registered.values()].flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
