import type { TocEntry } from '../../../preload/contract/backups.ts';
import { bytesOf, kindWords, type TocSchema } from './toc-tree.ts';

/** One line of the list. */
export interface TocRow {
  key: string;
  level: 1 | 2 | 3;
  title: string;
  kind: string;
  bytes: number | null;
  /** Ids of what it stands for. */
  ids: readonly number[];
  /** Undefined: there is nothing below it. */
  isOpen: boolean | undefined;
}

export interface TocFilter {
  search: string;
  /** Empty: every kind. */
  kind: string;
}

/**
 * What is in sight. While something is searched for, everything that matches shows with what it lies in, and a line
 * stands for its matches alone.
 */
export function tocRows(
  tree: readonly TocSchema[],
  toggled: ReadonlySet<string>,
  { search, kind }: TocFilter,
): TocRow[] {
  const words = search.trim().toLowerCase();
  const isNarrowed = words !== '' || kind !== '';
  const fits = (entry: TocEntry, schema: string | null): boolean =>
    (kind === '' || entry.kind === kind) &&
    (words === '' || `${schema ?? ''}.${entry.name}`.toLowerCase().includes(words));
  const rows: TocRow[] = [];
  for (const schema of tree) {
    const inside = isNarrowed ? schema.entries.filter((one) => fits(one, schema.name)) : schema.entries;
    if (inside.length === 0) continue;
    // A schema is open, and a table is not, until somebody says otherwise.
    const isOpen = isNarrowed || !toggled.has(schema.key);
    rows.push({
      key: schema.key,
      level: 1,
      title: schema.name ?? 'In no schema',
      kind: schema.name === null ? '' : 'schema',
      bytes: bytesOf(inside),
      ids: inside.map(({ id }) => id),
      isOpen,
    });
    if (!isOpen) continue;
    for (const object of schema.objects) {
      const own = isNarrowed ? object.entries.filter((one) => fits(one, schema.name)) : object.entries;
      if (own.length === 0) continue;
      if (object.entry) {
        rows.push(entryRow(object.entry, 2));
        continue;
      }
      const isTableOpen = isNarrowed || toggled.has(object.key);
      rows.push({
        key: object.key,
        level: 2,
        title: object.name,
        kind: 'table, all of it',
        bytes: bytesOf(own),
        ids: own.map(({ id }) => id),
        isOpen: isTableOpen,
      });
      if (isTableOpen) for (const entry of own) rows.push(entryRow(entry, 3));
    }
  }
  return rows;
}

const entryRow = ({ id, kind, name, bytes }: TocEntry, level: 2 | 3): TocRow => ({
  key: `entry ${id}`,
  level,
  title: name,
  kind: kindWords(kind),
  bytes,
  ids: [id],
  isOpen: undefined,
});

/** How many of a line's entries are chosen. */
export function shareOf(ids: readonly number[], chosen: ReadonlySet<number>): 'none' | 'some' | 'all' {
  let many = 0;
  for (const id of ids) if (chosen.has(id)) many += 1;
  return many === 0 ? 'none' : many === ids.length ? 'all' : 'some';
}

/** Chooses all of them, or none when all are chosen already. */
export function withToggled(chosen: ReadonlySet<number>, ids: readonly number[]): ReadonlySet<number> {
  const next = new Set(chosen);
  if (shareOf(ids, chosen) === 'all') for (const id of ids) next.delete(id);
  else for (const id of ids) next.add(id);
  return next;
}
