import type { SecretEntry } from '../../preload/contract/secrets.ts';

export interface EntryGroup {
  /** Null: of environments that were removed. */
  environment: string | null;
  entries: SecretEntry[];
}

/** Entries by environment, by name; those of removed environments come first, for they can be cleaned up. */
export function entryGroups(entries: readonly SecretEntry[]): EntryGroup[] {
  const groups = new Map<string | null, SecretEntry[]>();
  for (const entry of entries) {
    const members = groups.get(entry.environment);
    if (members) members.push(entry);
    else groups.set(entry.environment, [entry]);
  }
  return [...groups]
    .map(([environment, members]) => ({ environment, entries: members }))
    .sort((a, b) => order(a.environment, b.environment));
}

/** How many entries nobody needs any more. */
export function orphans(entries: readonly SecretEntry[]): number {
  return entries.filter(({ environment }) => environment === null).length;
}

function order(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}
