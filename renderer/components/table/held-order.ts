/** What a live table shows while its order is held. */
export interface Held<T> {
  rows: readonly T[];
  /** Keys of rows that have left since; they keep their place so that nothing moves under the pointer. */
  gone: ReadonlySet<string>;
  /** Rows that came since; they stand at the end. */
  arrived: number;
}

const nobody: ReadonlySet<string> = new Set();

/** The rows as they came, nothing held. */
export function released<T>(rows: readonly T[]): Held<T> {
  return { rows, gone: nobody, arrived: 0 };
}

/**
 * Puts `next` into the order of what is `shown`: rows that left stay where they were as they last were, rows
 * that came go to the end. Applying it again to its own result changes nothing.
 *
 * @param sinceHold how many rows were shown when holding began
 */
export function holdOrder<T>(
  shown: readonly T[],
  next: readonly T[],
  keyOf: (row: T) => string,
  sinceHold: number,
): Held<T> {
  const fresh = new Map(next.map((row) => [keyOf(row), row]));
  const gone = new Set<string>();
  const rows = shown.map((row) => {
    const key = keyOf(row);
    const now = fresh.get(key);
    if (now === undefined) {
      gone.add(key);
      return row;
    }
    fresh.delete(key);
    return now;
  });
  for (const row of fresh.values()) rows.push(row);
  return { rows, gone, arrived: Math.max(0, rows.length - sinceHold) };
}
