import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useContext, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { giveBackFocus } from './give-back-focus.ts';
import styles from './inspector.module.css';
import { InspectorSlot } from './inspector-slot.ts';
import { ResizeHandle, useInspectorWidth } from './resize-handle.tsx';

interface InspectorProps {
  title: ReactNode;
  /** Beside the title: a badge, a pid. */
  aside?: ReactNode;
  /** Buttons below, always in sight. */
  footer?: ReactNode;
  /** Takes the focus when it opens: for forms. A list that is walked by arrows keeps its focus. */
  takeFocus?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/**
 * Detail beside the list: at the right, not modal, as wide as its edge is drawn. Render it anywhere in a screen
 * to open it. Esc closes it, and hands the focus back when it had it.
 */
export function Inspector({ title, aside, footer, takeFocus = false, onClose, children }: InspectorProps) {
  const slot = useContext(InspectorSlot);
  const panel = useRef<HTMLElement>(null);
  const titleId = useId();
  const [width, setWidth] = useInspectorWidth();
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    if (!slot) return;
    const element = panel.current;
    const before = document.activeElement;
    if (takeFocus) focusFirst(element);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isInsideLayer(event.target)) return;
      // A dialog whose pressed button was switched off has lost the focus, not its place above the page.
      if (document.querySelector('dialog:modal, [aria-modal=true]')) return;
      if (element !== slot.lastElementChild) return;
      event.preventDefault();
      close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      const focusWasHere = !document.activeElement || document.activeElement === document.body;
      if (focusWasHere) giveBackFocus(before);
    };
  }, [slot, takeFocus]);

  if (!slot) return null;
  return createPortal(
    <aside ref={panel} className={styles.inspector} style={{ width }} aria-labelledby={titleId}>
      <ResizeHandle width={width} onResize={setWidth} />
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        {aside}
        <ActionIcon aria-label="Close (Esc)" title="Close (Esc)" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <div className={styles.body}>{children}</div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </aside>,
    slot,
  );
}

function focusFirst(element: HTMLElement | null): void {
  element
    ?.querySelector<HTMLElement>('[data-autofocus], input:not([type=hidden]), textarea, select')
    ?.focus({ preventScroll: true });
}

/** Whether a key belongs to something that lies above the page and closes by itself: a dialog, a menu, a list. */
function isInsideLayer(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('dialog, [role="menu"], [aria-expanded="true"]') !== null
  );
}
