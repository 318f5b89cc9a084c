import type { KeyboardEvent } from 'react';

/** What a key asks of a grid. `by` and `to` move the active row; `column` moves the active cell. */
export type GridIntent =
  | { act: 'to'; row: number; extend: boolean }
  | { act: 'column'; by: -1 | 1 }
  | { act: 'header' | 'toggle' | 'all' | 'open' | 'copy' | 'menu' | 'escape' };

interface GridShape {
  /** Rows shown. */
  rows: number;
  /** Index of the active row, or -1. */
  active: number;
  /** Rows that fit into the view. */
  page: number;
}

/** Reads a key press as the grid pattern of the ARIA Authoring Practices has it. Undefined: not for the grid. */
export function gridIntent(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { rows, active, page }: GridShape,
): GridIntent | undefined {
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) return undefined;
  const to = (row: number): GridIntent => ({
    act: 'to',
    row: Math.max(0, Math.min(rows - 1, row)),
    extend: event.shiftKey,
  });
  switch (event.key) {
    case 'ArrowDown':
      return to(active + 1);
    case 'ArrowUp':
      return active <= 0 && !event.shiftKey ? { act: 'header' } : to(active - 1);
    case 'PageDown':
      return to(Math.max(active, 0) + page);
    case 'PageUp':
      return to(active - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows - 1);
    case 'ArrowRight':
      return { act: 'column', by: 1 };
    case 'ArrowLeft':
      return { act: 'column', by: -1 };
    case ' ':
      return { act: 'toggle' };
    case 'Enter':
      return { act: 'open' };
    case 'Escape':
      return { act: 'escape' };
    case 'ContextMenu':
      return { act: 'menu' };
    case 'F10':
      return event.shiftKey ? { act: 'menu' } : undefined;
    case 'a':
      return control ? { act: 'all' } : undefined;
    case 'c':
      return control && !event.shiftKey ? { act: 'copy' } : undefined;
    default:
      return undefined;
  }
}
