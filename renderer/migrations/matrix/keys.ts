import type { KeyboardEvent } from 'react';

export interface Place {
  row: number;
  column: number;
}

interface Shape {
  rows: number;
  columns: number;
  /** Rows that fit into the view. */
  page: number;
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Where a key leads in a grid of cells; undefined when it is none of the grid's. */
export function placeAfter(event: Key, { row, column }: Place, shape: Shape): Place | undefined {
  if (event.altKey || event.metaKey) return undefined;
  const end = shape.columns - 1;
  switch (event.key) {
    case 'ArrowDown':
      return within(row + 1, column, shape);
    case 'ArrowUp':
      return within(row - 1, column, shape);
    case 'ArrowRight':
      return within(row, column + 1, shape);
    case 'ArrowLeft':
      return within(row, column - 1, shape);
    case 'PageDown':
      return within(row + shape.page, column, shape);
    case 'PageUp':
      return within(row - shape.page, column, shape);
    case 'Home':
      return within(event.ctrlKey ? 0 : row, 0, shape);
    case 'End':
      return within(event.ctrlKey ? shape.rows - 1 : row, end, shape);
    default:
      return undefined;
  }
}

function within(row: number, column: number, { rows, columns }: Shape): Place {
  return {
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  };
}
