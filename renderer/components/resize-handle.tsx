import { useSyncExternalStore } from 'react';
import styles from './inspector.module.css';

const narrowest = 320;
const step = 24;

/** Undefined until somebody drags it. */
let kept: number | undefined;
/** px: a large window has room for more beside the list. */
const atFirst = (): number => (window.innerWidth >= 2000 ? 560 : 420);
const listeners = new Set<() => void>();

/** The width of all inspectors in px: one is shown at a time, and the next opens as wide as the last was. */
export function useInspectorWidth(): [width: number, set: (width: number) => void] {
  const width = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => kept ?? atFirst(),
  );
  return [width, setWidth];
}

function setWidth(width: number): void {
  kept = Math.round(Math.max(narrowest, Math.min(widest(), width)));
  for (const listener of listeners) listener();
}

function widest(): number {
  return Math.max(narrowest, window.innerWidth * 0.6);
}

/** The inner edge of an inspector: drag it, or move it with the arrow keys. */
export function ResizeHandle({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved has no element of its own.
    <div
      className={styles.handle}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the inspector"
      aria-valuenow={Math.round(width)}
      aria-valuemin={narrowest}
      aria-valuemax={Math.round(widest())}
      tabIndex={0}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? window.innerWidth;
        onResize(right - event.clientX);
      }}
      onKeyDown={(event) => {
        const change = { ArrowLeft: step, ArrowRight: -step }[event.key];
        if (!change) return;
        event.preventDefault();
        onResize(width + change);
      }}
    />
  );
}
