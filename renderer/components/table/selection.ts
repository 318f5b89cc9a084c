/** Keys of the selected rows, and the row from which a range is drawn. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { keys: new Set(), anchor: null };

/** Adds the row or takes it away; the next range starts from it. */
export function toggle(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** Selects everything between the anchor and `key` in the order shown. With `add`, what was selected stays. */
export function rangeTo(
  selection: Selection,
  key: string,
  order: readonly string[],
  add: boolean,
): Selection {
  const to = order.indexOf(key);
  if (to < 0) return selection;
  const anchored = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const from = anchored < 0 ? to : anchored;
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set(add ? [...selection.keys, ...range] : range), anchor: order[from] ?? key };
}

/** Drops rows that are no longer there. The same object when none is dropped. */
export function keepOnly(selection: Selection, present: ReadonlySet<string>): Selection {
  const kept = [...selection.keys].filter((key) => present.has(key));
  if (kept.length === selection.keys.size) return selection;
  const anchor = selection.anchor !== null && present.has(selection.anchor) ? selection.anchor : null;
  return { keys: new Set(kept), anchor };
}
