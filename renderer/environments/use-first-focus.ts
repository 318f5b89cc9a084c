import { type RefObject, useEffect, useRef } from 'react';

/** Puts the focus on an element when it appears, unless somebody is typing elsewhere. */
export function useFirstFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (isTyping()) return;
    element.current?.focus({ preventScroll: true });
    element.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return element;
}

/** Whether the keyboard belongs to a field at present. */
export function isTyping(): boolean {
  return document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false;
}
