import { type ReactNode, useState } from 'react';
import { InspectorSlot } from '../components/inspector-slot.ts';
import { useLinkState } from '../lib/use-link-state.ts';
import { environmentColor } from '../theme/colors.ts';
import { ActionLayer } from './actions.tsx';
import { ContextBar } from './context-bar.tsx';
import styles from './frame.module.css';
import { LayersProvider } from './layers.tsx';
import { Rail } from './rail/rail.tsx';
import { StatusStrip } from './status-strip.tsx';
import { ConnectionNotices } from './use-connection-notices.ts';
import { usePlace } from './use-place.ts';

/**
 * What stands around every screen: the environments at the left, the context above, the status below, and the
 * place for inspectors at the right. The line on top wears the colour of the environment.
 */
export function Frame({ children }: { children: ReactNode }) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const { current } = usePlace();
  const link = useLinkState();
  return (
    <InspectorSlot.Provider value={slot}>
      <LayersProvider>
        <ConnectionNotices />
        <ActionLayer />
        <div className={styles.frame} data-link={link}>
          <div
            className={styles.line}
            style={current ? { background: environmentColor(current.color) } : undefined}
            data-environment={current?.name}
          />
          <Rail />
          <div className={styles.content}>
            <ContextBar />
            <div className={styles.work}>
              <main className={styles.screen} id="screen" tabIndex={-1}>
                {children}
              </main>
              <div className={styles.slot} ref={setSlot} />
            </div>
          </div>
          <StatusStrip />
        </div>
      </LayersProvider>
    </InspectorSlot.Provider>
  );
}
