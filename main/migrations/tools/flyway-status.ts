import type { MigrationEntry } from '../../../preload/contract/migrations.ts';
import type { FolderMigration, FolderReading, TrackReading } from '../tool.ts';
import { byVersion, plainVersion } from './flyway-version.ts';
import { entryOfBoth, entryOfFile, entryOfRow, type Recorded } from './shared/entries.ts';
import { rowsWithoutFile } from './shared/folder-problems.ts';

export interface HistoryRow {
  rank: number;
  version: string | null;
  description: string;
  /** SQL, JDBC, BASELINE, SQL_BASELINE, SCHEMA, UNDO_SQL, DELETE … */
  type: string;
  script: string;
  checksum: string | null;
  by: string;
  /** Without a time zone. */
  at: string | null;
  ms: number;
  success: boolean;
}

/** What the events of one migration come to. */
interface Event {
  row: HistoryRow;
  id: string;
  undone: HistoryRow | undefined;
  deleted: boolean;
}

interface Facts {
  /** Version below which nothing is run any more. */
  baseline: string | undefined;
  last: string | undefined;
  /** Highest version of the folder. */
  highest: string | undefined;
}

/** `flyway info`, as it is without target, cherry-picking and ignoring patterns, and with outOfOrder off. */
export function statusOf(rows: readonly HistoryRow[], reading: FolderReading | undefined): TrackReading {
  const events = eventsOf(rows);
  const versioned = events.filter(({ row, deleted, undone }) => row.version !== null && !deleted && !undone);
  const facts: Facts = {
    baseline: highestOf(events.filter(({ row }) => isBaseline(row)).map(({ row }) => row.version ?? '')),
    last: highestOf(versioned.map(({ row }) => row.version ?? '')),
    highest: highestOf((reading?.migrations ?? []).filter(isVersioned).map(({ id }) => id)),
  };
  const entries = merge(events, reading, facts);
  const failed = entries.findLast(({ state }) => state === 'failed');
  const missing = entries.filter(({ state }) => state === 'missing').map(({ name }) => name);
  return {
    current: facts.last === undefined ? [] : [facts.last],
    heads: [],
    dirty: failed
      ? {
          version: failed.id,
          why: `${failed.name} failed outside of a transaction; Flyway refuses to go on until \`repair\`.`,
        }
      : null,
    entries,
    problems: [
      ...(reading?.problems ?? []),
      ...rowsWithoutFile(missing, '`flyway validate` fails for those that are not newer than all files.'),
    ],
  };
}

/** The newest event of each migration that counts; what undoes or deletes others is put to them. */
function eventsOf(rows: readonly HistoryRow[]): Event[] {
  const events = new Map<string, Event>();
  for (const row of rows) {
    if (row.type === 'SCHEMA') continue;
    const id = idOf(row);
    const earlier = events.get(id);
    if (row.type.startsWith('UNDO') && row.success) {
      if (earlier) earlier.undone = row;
      continue;
    }
    if (row.type.startsWith('UNDO')) continue;
    if (row.type === 'DELETE') {
      if (earlier && row.success) earlier.deleted = true;
      continue;
    }
    events.set(id, { row, id, undone: undefined, deleted: false });
  }
  return [...events.values()];
}

function idOf(row: HistoryRow): string {
  if (row.version === null) return `R__${row.description.replaceAll(' ', '_')}`;
  const version = plainVersion(row.version);
  return isBaseline(row) && row.type !== 'BASELINE'
    ? `B${version}`
    : isBaseline(row)
      ? `baseline ${version}`
      : version;
}

const isBaseline = ({ type }: HistoryRow): boolean => type === 'BASELINE' || type.endsWith('_BASELINE');
const isVersioned = ({ kind }: FolderMigration): boolean => kind === 'versioned';

const highestOf = (versions: string[]): string | undefined =>
  versions.reduce<string | undefined>(
    (best, one) => (best === undefined || byVersion(one, best) > 0 ? plainVersion(one) : best),
    undefined,
  );

function merge(events: readonly Event[], reading: FolderReading | undefined, facts: Facts): MigrationEntry[] {
  const left = new Map(events.map((event) => [event.id, event]));
  const pendingBaseline =
    events.length === 0
      ? (reading?.migrations ?? []).findLast(({ kind }) => kind === 'baseline')?.id.slice(1)
      : undefined;
  const entries = (reading?.migrations ?? []).map((file) => {
    const event = left.get(file.id);
    left.delete(file.id);
    if (!event || event.deleted) return withoutEvent(file, facts, pendingBaseline);
    return withEvent(file, event, facts);
  });
  const alone = [...left.values()]
    .filter(({ deleted }) => !deleted)
    .map((event) => withoutFile(event, reading, facts));
  return placed(entries, alone);
}

function withEvent(file: FolderMigration, event: Event, facts: Facts): MigrationEntry {
  const entry = entryOfBoth(file, recorded(event), {
    changed:
      file.kind === 'repeatable'
        ? 'It is run again with the next `migrate`.'
        : '`flyway validate` fails; `repair` takes the file as it is now for what ran.',
  });
  const below = facts.baseline !== undefined && isVersioned(file) && byVersion(file.id, facts.baseline) <= 0;
  // What is not above the baseline is not compared.
  return below && entry.state === 'changed'
    ? { ...entry, state: 'applied', notes: entry.notes.slice(0, -1) }
    : entry;
}

/** `ResolvedMigration.getState` and that of baseline migrations. */
function withoutEvent(
  file: FolderMigration,
  facts: Facts,
  pendingBaseline: string | undefined,
): MigrationEntry {
  const nothingYet = facts.last === undefined && facts.baseline === undefined;
  if (file.kind === 'repeatable') return entryOfFile(file, 'pending');
  if (file.kind === 'baseline') {
    if (nothingYet && file.id.slice(1) === pendingBaseline)
      return entryOfFile(file, 'pending', ['It stands for all up to its version.']);
    return entryOfFile(file, 'ignored', ['A baseline migration is run on an empty database only.']);
  }
  const floor = facts.baseline ?? pendingBaseline;
  if (floor !== undefined && byVersion(file.id, floor) <= 0)
    return entryOfFile(file, 'ignored', [
      `It is not above the baseline, ${floor}, so Flyway passes over it.`,
    ]);
  if (facts.last !== undefined && byVersion(file.id, facts.last) < 0)
    return entryOfFile(file, 'out-of-order', [
      'Flyway passes over it, and `validate` fails, unless outOfOrder is on.',
    ]);
  return entryOfFile(file, 'pending');
}

function withoutFile(event: Event, reading: FolderReading | undefined, facts: Facts): MigrationEntry {
  const row = recorded(event);
  if (!reading || row.state) return entryOfRow(row, row.state ?? 'applied');
  // A baseline command and Java's migrations have no file here.
  if (event.row.type !== 'SQL' && !event.row.type.startsWith('SQL_'))
    return entryOfRow(
      { ...row, notes: [`It is of type ${event.row.type}, which is no SQL file.`] },
      'applied',
    );
  const future =
    facts.highest === undefined ||
    (event.row.version !== null && byVersion(event.row.version, facts.highest) > 0);
  const note = future
    ? 'It is newer than all files: Flyway takes it for one of a later release.'
    : '`flyway validate` fails.';
  return entryOfRow(row, 'missing', { missing: note });
}

function recorded({ row, id, undone }: Event): Recorded {
  const base = {
    id,
    name: row.script || row.description,
    appliedAt: row.at,
    appliedBy: row.by,
    durationMs: row.ms,
    checksum: row.checksum,
    labels: [row.description],
  };
  if (undone)
    return {
      ...base,
      state: 'rolled-back',
      notes: [`It was undone at ${undone.at} by ${undone.by}; Flyway can run it again.`],
    };
  if (!row.success)
    return {
      ...base,
      state: 'failed',
      notes: ['It failed outside of a transaction; parts of it may be there.'],
    };
  if (isBaseline(row))
    return { ...base, durationMs: row.type === 'BASELINE' ? null : row.ms, state: 'baseline' };
  return base;
}

/** Puts what has no file before the first file of a higher version, and repeatable ones last. */
function placed(entries: MigrationEntry[], alone: MigrationEntry[]): MigrationEntry[] {
  const result = [...entries];
  for (const one of alone) {
    const version = one.id.replace(/^(baseline |B)/, '');
    const at = one.id.startsWith('R__')
      ? -1
      : result.findIndex(
          ({ id }) => id.startsWith('R__') || byVersion(id.replace(/^(baseline |B)/, ''), version) > 0,
        );
    result.splice(at < 0 ? result.length : at, 0, one);
  }
  return result;
}
