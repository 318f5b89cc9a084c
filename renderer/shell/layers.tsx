import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { Help } from './help.tsx';
// Part of the first load: people type on right after its key, and a chunk still under way would lose the letters.
import { Palette } from './palette/palette.tsx';
import { type Layer, type Layers, LayersContext } from './use-layers.ts';
import { useShortcuts } from './use-shortcuts.ts';

const About = lazy(() => import('../console/about.tsx'));

/** Holds the command palette, the list of shortcuts and the facts about Howdah, one at a time. */
export function LayersProvider({ children }: { children: ReactNode }) {
  const [layer, setLayer] = useState<Layer>();
  const layers = useMemo<Layers>(() => ({ open: setLayer }), []);
  const close = (): void => setLayer(undefined);
  useShortcuts(layers);
  return (
    <LayersContext.Provider value={layers}>
      {children}
      <Suspense>
        {layer === 'palette' && <Palette onClose={close} />}
        {layer === 'help' && <Help onClose={close} />}
        {layer === 'about' && <About onClose={close} />}
      </Suspense>
    </LayersContext.Provider>
  );
}
