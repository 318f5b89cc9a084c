const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Ascending: numbers by size, texts as people order them, with the numbers inside them by size. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
