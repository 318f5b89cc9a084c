import { useSyncExternalStore } from 'react';

let opened: string | undefined;
const listeners = new Set<() => void>();

/** Opens the inspector of an environment's way to its server; undefined closes it. One is open at a time. */
export function openWay(environment: string | undefined): void {
  opened = environment;
  for (const listener of listeners) listener();
}

/** The environment whose way is shown. */
export function useOpenedWay(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => opened,
  );
}
