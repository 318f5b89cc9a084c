import { useSyncExternalStore } from 'react';
import { type LinkState, onLinkState } from './client.ts';

let current: LinkState = 'connecting';

/** Whether the console behind this window can be reached. */
export function useLinkState(): LinkState {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(changed: () => void): () => void {
  return onLinkState((state) => {
    current = state;
    changed();
  });
}
