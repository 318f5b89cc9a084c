import { type ReactNode, useLayoutEffect, useRef } from 'react';
import styles from './dialog.module.css';
import { giveBackFocus } from './give-back-focus.ts';

interface DialogProps {
  /** Id of the element that names the dialog. */
  labelledBy?: string;
  label?: string;
  className?: string | undefined;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A modal dialog for as long as it is rendered: the browser's own, so the page behind is inert, Tab stays inside,
 * Esc closes, and the focus goes back to where it came from. `autoFocus` inside says where it starts.
 */
export function Dialog({ labelledBy, label, className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      element?.close();
      giveBackFocus(before);
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press on the backdrop; the keyboard has Esc, which the browser turns into `cancel`.
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${className ?? ''}`}
      aria-labelledby={labelledBy}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
