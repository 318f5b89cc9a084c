import type {
  MigrationEntry,
  MigrationState,
  TrackProblem,
} from '../../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, TrackReading } from '../../tool.ts';

/** One migration as a state table knows it. */
export interface Recorded {
  id: string;
  /** Taken when there is no file; the id unless given. */
  name?: string;
  /** `applied` unless given. */
  state?: MigrationState;
  /** ISO 8601 in UTC where the tool keeps a time zone, else the server's text as it stands. */
  appliedAt?: string | null;
  appliedBy?: string | null;
  durationMs?: number | null;
  /** As the table holds it; null and undefined: it holds none. */
  checksum?: string | null;
  notes?: string[];
  labels?: string[];
}

export interface MergeRules {
  /** How the tool orders ids, for the place of those without a file; without it they come last. */
  order?: (a: string, b: string) => number;
  /** Note of one that is pending although a later one is applied: what the tool will do with it. */
  outOfOrder?: string;
  /** Note of one that is applied and has no file. */
  missing?: string;
  /** Note of one whose file is not what was applied. */
  changed?: string;
}

/**
 * Brings both sides together by id. Recorded ones without a file are `missing`, files without a record `pending`, or
 * `out-of-order` when a later file is applied. Without a folder nothing is missing: it can't be known.
 */
export function mergeEntries(
  recorded: readonly Recorded[],
  reading: Pick<FolderReading, 'migrations'> | undefined,
  rules: MergeRules = {},
): MigrationEntry[] {
  if (!reading) return recorded.map((row) => entryOfRow(row, row.state ?? 'applied', rules));
  const rows = new Map(recorded.map((row) => [row.id, row]));
  const entries = reading.migrations.map((migration) => {
    const row = rows.get(migration.id);
    rows.delete(migration.id);
    return row ? entryOfBoth(migration, row, rules) : entryOfFile(migration, 'pending');
  });
  const missing = [...rows.values()].map((row) =>
    entryOfRow(row, !row.state || row.state === 'applied' ? 'missing' : row.state, rules),
  );
  if (rules.order) {
    const placed = place(entries, missing, rules.order);
    markOutOfOrder(placed, rules.outOfOrder);
    return placed;
  }
  markOutOfOrder(entries, rules.outOfOrder);
  return [...entries, ...missing];
}

/** An entry of a file alone. */
export function entryOfFile(
  migration: FolderMigration,
  state: MigrationState,
  notes: string[] = [],
): MigrationEntry {
  return {
    id: migration.id,
    name: migration.name,
    state,
    notes: [...notes],
    appliedAt: null,
    appliedBy: null,
    durationMs: null,
    file: migration.file,
    downFile: migration.downFile,
    reversible: migration.reversible,
    parents: [...migration.parents],
    labels: [...migration.labels],
    checksum: 'unknown',
  };
}

/** An entry of a row alone. */
export function entryOfRow(row: Recorded, state: MigrationState, rules: MergeRules = {}): MigrationEntry {
  const missing = state === 'missing' && rules.missing ? [rules.missing] : [];
  return {
    id: row.id,
    name: row.name ?? row.id,
    state,
    notes: [...(row.notes ?? []), ...missing],
    appliedAt: row.appliedAt ?? null,
    appliedBy: row.appliedBy ?? null,
    durationMs: row.durationMs ?? null,
    file: null,
    downFile: null,
    reversible: null,
    parents: [],
    labels: [...(row.labels ?? [])],
    checksum: 'unknown',
  };
}

/** An entry of a file and its row; an applied one whose checksum is none of the file's is `changed`. */
export function entryOfBoth(
  migration: FolderMigration,
  row: Recorded,
  rules: MergeRules = {},
): MigrationEntry {
  const checksum = compareChecksum(migration, row.checksum);
  const recordedState = row.state ?? 'applied';
  const state = recordedState === 'applied' && checksum === 'different' ? 'changed' : recordedState;
  return {
    ...entryOfFile(migration, state, row.notes),
    ...(state === 'changed' && rules.changed ? { notes: [...(row.notes ?? []), rules.changed] } : {}),
    appliedAt: row.appliedAt ?? null,
    appliedBy: row.appliedBy ?? null,
    durationMs: row.durationMs ?? null,
    labels: [...migration.labels, ...(row.labels ?? []).filter((label) => !migration.labels.includes(label))],
    checksum,
  };
}

export function compareChecksum(
  migration: Pick<FolderMigration, 'checksums'>,
  checksum: string | null | undefined,
): MigrationEntry['checksum'] {
  if (checksum === null || checksum === undefined || !migration.checksums) return 'unknown';
  return migration.checksums.includes(checksum) ? 'same' : 'different';
}

const HAPPENED: ReadonlySet<MigrationState> = new Set(['applied', 'changed', 'missing', 'baseline']);

/** Whether a state means that the migration's effect is in the database. */
export const happened = (state: MigrationState): boolean => HAPPENED.has(state);

/** What a tool says that runs its migrations in one line: it stands at the last that happened, unless given. */
export function inLine(
  entries: MigrationEntry[],
  problems: TrackProblem[],
  current = entries.findLast(({ state }) => happened(state))?.id,
): TrackReading {
  return { current: current === undefined ? [] : [current], heads: [], dirty: null, entries, problems };
}

/** Ids of those that are applied and have no file. */
export const missingIds = (entries: readonly MigrationEntry[]): string[] =>
  entries.flatMap(({ id, state }) => (state === 'missing' ? [id] : []));

/** Makes `out-of-order` of each pending entry that an applied one comes after. Changes `entries`. */
export function markOutOfOrder(entries: MigrationEntry[], note?: string): void {
  let last = entries.length - 1;
  while (last >= 0 && !happened((entries[last] as MigrationEntry).state)) last--;
  for (const entry of entries.slice(0, Math.max(last, 0))) {
    if (entry.state !== 'pending') continue;
    entry.state = 'out-of-order';
    if (note) entry.notes.push(note);
  }
}

/** Puts each of `missing` before the first entry that comes after it. */
function place(
  entries: MigrationEntry[],
  missing: MigrationEntry[],
  order: (a: string, b: string) => number,
): MigrationEntry[] {
  const sorted = missing.sort((a, b) => order(a.id, b.id));
  const placed: MigrationEntry[] = [];
  let next = 0;
  for (const entry of entries) {
    for (
      let candidate = sorted[next];
      candidate && order(candidate.id, entry.id) < 0;
      candidate = sorted[++next]
    )
      placed.push(candidate);
    placed.push(entry);
  }
  return [...placed, ...sorted.slice(next)];
}
