/** How many rows an end of a relation stands for. */
export type End = 'one' | 'zero-or-one' | 'zero-or-many';

/** Straight piece at each end of a line, in which its mark stands. */
export const stub = 22;

export interface Mark {
  /** x1, y1, x2, y2 of each stroke. */
  strokes: number[];
  /** Middle and radius of the ring that says that there may be none. */
  ring: { x: number; y: number; radius: number } | undefined;
}

/**
 * The mark of crow's-foot notation where a line meets a box.
 *
 * @param direction 1 when the line leaves to the right, -1 to the left
 */
export function endMark(end: End, x: number, y: number, direction: 1 | -1): Mark {
  const at = (distance: number): number => x + distance * direction;
  const bar = (distance: number): number[] => [at(distance), y - 5, at(distance), y + 5];
  switch (end) {
    case 'one':
      return { strokes: [...bar(7), ...bar(11)], ring: undefined };
    case 'zero-or-one':
      return { strokes: bar(7), ring: { x: at(14), y, radius: 3.5 } };
    case 'zero-or-many':
      return {
        strokes: [at(11), y, x, y - 6, at(11), y, x, y + 6],
        ring: { x: at(14.5), y, radius: 3.5 },
      };
  }
}

/**
 * The marks of a foreign key: at the referring end any number of rows, or at most one where its columns are unique; at
 * the end referred to exactly one row, or none where a column may be null.
 */
export function ends(relation: { optional: boolean; unique: boolean }): { from: End; to: End } {
  return {
    from: relation.unique ? 'zero-or-one' : 'zero-or-many',
    to: relation.optional ? 'zero-or-one' : 'one',
  };
}
