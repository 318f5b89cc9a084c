import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Held, holdOrder, released } from './held-order.ts';

/** Why a table keeps its order just now. */
export type HoldReason = 'pointer' | 'focus' | 'menu' | null;

/**
 * Keeps the order of a live table while there is a reason to.
 *
 * @param signature changes when a person filters or sorts anew: then the rows are taken as they come, once.
 */
export function useHeldOrder<T>(
  sorted: readonly T[],
  keyOf: (row: T) => string,
  reason: HoldReason,
  signature: string,
): Held<T> {
  const shown = useRef<{ rows: readonly T[]; signature: string; atStart: number } | null>(null);
  const held = useMemo(() => {
    const before = shown.current;
    if (reason === null || before === null || before.signature !== signature) return released(sorted);
    return holdOrder(before.rows, sorted, keyOf, before.atStart);
  }, [sorted, keyOf, reason, signature]);

  useLayoutEffect(() => {
    const holding = reason !== null && shown.current?.signature === signature;
    const atStart = holding && shown.current ? shown.current.atStart : held.rows.length;
    shown.current = { rows: held.rows, signature, atStart };
  }, [held, reason, signature]);
  return held;
}

/** Follows the pointer and the focus of an element, for {@link useHeldOrder}. */
export function usePresence() {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const handlers = useMemo(
    () => ({
      onPointerEnter: (event: React.PointerEvent) => setPointer(event.pointerType === 'mouse'),
      onPointerLeave: () => setPointer(false),
      onFocus: () => setFocus(true),
      onBlur: (event: React.FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocus(false);
      },
    }),
    [],
  );
  return { pointer, focus, handlers };
}
