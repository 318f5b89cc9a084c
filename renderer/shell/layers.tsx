import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react';
import { Help } from './help.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const Palette = lazy(() => import('./palette/palette.tsx'));
const About = lazy(() => import('../console/about.tsx'));

type Layer = 'palette' | 'help' | 'about';

/** Opens what lies above the page for a moment. */
export interface Layers {
  open: (layer: Layer) => void;
}

const Context = createContext<Layers>({ open: () => undefined });

export function useLayers(): Layers {
  return useContext(Context);
}

/** Holds the command palette, the list of shortcuts and the facts about Howdah, one at a time. */
export function LayersProvider({ children }: { children: ReactNode }) {
  const [layer, setLayer] = useState<Layer>();
  const layers = useMemo<Layers>(() => ({ open: setLayer }), []);
  const close = (): void => setLayer(undefined);
  useShortcuts(layers);
  return (
    <Context.Provider value={layers}>
      {children}
      <Suspense>
        {layer === 'palette' && <Palette onClose={close} />}
        {layer === 'help' && <Help onClose={close} />}
        {layer === 'about' && <About onClose={close} />}
      </Suspense>
    </Context.Provider>
  );
}
