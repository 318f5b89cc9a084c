import { createContext, useContext } from 'react';

/** What lies above the page for a moment. */
export type Layer = 'palette' | 'help' | 'about';

export interface Layers {
  open: (layer: Layer) => void;
}

/** Filled by LayersProvider. */
export const LayersContext = createContext<Layers>({ open: () => undefined });

/** Opens the command palette, the list of shortcuts, or the facts about Howdah. */
export function useLayers(): Layers {
  return useContext(LayersContext);
}
