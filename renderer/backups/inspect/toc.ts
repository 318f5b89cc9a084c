import type { TocEntry } from '../../../preload/contract/backups.ts';

export interface KindCount {
  kind: string;
  many: number;
}

/** The kinds of a table of contents, the most frequent first. */
export function kindsOf(toc: readonly TocEntry[]): KindCount[] {
  const counts = new Map<string, number>();
  for (const { kind } of toc) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, many]) => ({ kind, many }))
    .sort((a, b) => b.many - a.many || (a.kind < b.kind ? -1 : 1));
}

/** Entries of a kind (all when empty) in whose schema, name or owner every word stands. */
export function filterToc(
  toc: readonly TocEntry[],
  { kind, search }: { kind: string; search: string },
): readonly TocEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (kind === '' && words.length === 0) return toc;
  return toc.filter((entry) => {
    if (kind !== '' && entry.kind !== kind) return false;
    const text = `${entry.schema ?? ''}.${entry.name} ${entry.owner ?? ''} ${entry.kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
