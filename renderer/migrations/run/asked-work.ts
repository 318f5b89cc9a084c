import { useSyncExternalStore } from 'react';

/** Work that is to be shown: by the key that it is held by, or the seeds of the environment. */
export type AskedWork = { kind: 'run' | 'drive' | 'dry-run'; key: string } | { kind: 'seeds' };

const asked = new Map<string, AskedWork>();
const listeners = new Set<() => void>();

/** Asks the room of an environment to show a piece of work, now or as soon as it is in sight. */
export function askForWork(environment: string, work: AskedWork): void {
  asked.set(environment, work);
  tell();
}

/** It is shown. */
export function takeAskedWork(environment: string): void {
  if (asked.delete(environment)) tell();
}

/** What the room of an environment was asked to show and does not show yet. */
export function useAskedWork(environment: string): AskedWork | undefined {
  return useSyncExternalStore(subscribe, () => asked.get(environment));
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
