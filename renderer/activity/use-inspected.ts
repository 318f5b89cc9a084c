import { useMemo, useRef, useState } from 'react';
import type { Backend } from '../../preload/contract/activity.ts';
import { backendKey } from './share.ts';

/** Which backend the inspector shows, and the row on which the keyboard stands. */
export function useInspected(backends: readonly Backend[]) {
  const [open, setOpen] = useState<Backend | null>(null);
  const [active, setActive] = useState<Backend | null>(null);
  const isOpen = useRef(false);
  isOpen.current = open !== null;

  const now = useSame(open, backends);
  const activeNow = useSame(active, backends);
  const last = useRef<Backend | null>(null);
  if (!open) last.current = null;
  else
    last.current =
      now ?? (last.current && backendKey(last.current) === backendKey(open) ? last.current : open);

  const handlers = useMemo(
    () => ({
      open: setOpen,
      close: () => setOpen(null),
      /** The keyboard went to a row: an open inspector follows, and closes when the row is let go. */
      onActive: (backend: Backend | null) => {
        setActive(backend);
        if (isOpen.current) setOpen(backend);
      },
    }),
    [],
  );
  return {
    ...handlers,
    active: activeNow ?? null,
    shown: last.current,
    gone: open !== null && now === undefined,
    blocks: useMemo(
      () =>
        open ? backends.filter(({ blockedBy }) => blockedBy.includes(open.pid)).map(({ pid }) => pid) : [],
      [open, backends],
    ),
    known: (pid: number): boolean => backends.some((backend) => backend.pid === pid),
    walk: (pid: number): void => setOpen(backends.find((backend) => backend.pid === pid) ?? null),
  };
}

/** The same backend as the newest sample has it; undefined when it is gone. */
function useSame(chosen: Backend | null, backends: readonly Backend[]): Backend | undefined {
  return useMemo(() => {
    const key = chosen && backendKey(chosen);
    return chosen
      ? backends.find((backend) => backend.pid === chosen.pid && backendKey(backend) === key)
      : undefined;
  }, [chosen, backends]);
}
