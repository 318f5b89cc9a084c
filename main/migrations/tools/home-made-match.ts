import type { FolderMigration, StateTable } from '../tool.ts';
import type { Recorded } from './shared/entries.ts';
import { plainNumber } from './shared/versions.ts';

export type HomeRow = Record<string, unknown>;

export interface HomeMadeState {
  /** As `to_jsonb` gives them: columns by name. */
  rows: HomeRow[];
  table: StateTable;
}

export interface Choice {
  column: string;
  /** Rows whose value is the name of a file. */
  matched: number;
  /** Id of the file that a value names. */
  idOf: (value: unknown) => string | undefined;
}

/**
 * The column whose values fit the files' names best, the given one where they fit alike. Undefined without rows and
 * without a given one.
 */
function chooseColumn(
  rows: readonly HomeRow[],
  given: string | null,
  migrations: readonly FolderMigration[],
): Choice | undefined {
  const idOf = lookup(migrations);
  const columns = new Set([...(given === null ? [] : [given]), ...Object.keys(rows[0] ?? {})]);
  let best: Choice | undefined;
  for (const column of columns) {
    if (column !== given && typeof rows[0]?.[column] !== 'string') continue;
    const matched = rows.filter((row) => idOf(row[column]) !== undefined).length;
    if (!best || matched > best.matched) best = { column, matched, idOf };
  }
  return best;
}

/** The column that somebody described, whatever its values; else the one that fits best. */
export function choiceOf(
  { rows, table: { home } }: HomeMadeState,
  migrations: readonly FolderMigration[],
): Choice | undefined {
  if (!home?.described) return chooseColumn(rows, home?.name ?? null, migrations);
  const idOf = lookup(migrations);
  const matched = rows.filter((row) => idOf(row[home.name]) !== undefined).length;
  return { column: home.name, matched, idOf };
}

export function recordedOf(
  state: HomeMadeState,
  choice: Choice,
  migrations: readonly FolderMigration[],
): Recorded[] {
  const { time = null, checksum = null } = state.table.home ?? {};
  const { by, took } = otherColumns(state.table.columns);
  const proven = checksum !== null && checksumsFit(state, choice, migrations, checksum);
  const found = new Map<string, Recorded>();
  for (const row of state.rows) {
    const value = row[choice.column];
    if (value === null || value === undefined) continue;
    const id = choice.idOf(value) ?? String(value);
    const at = time === null ? null : row[time];
    const who = by && row[by];
    const duration = took?.perUnit ? row[took.column] : undefined;
    found.set(id, {
      id,
      appliedAt: typeof at === 'string' ? instantOf(at) : null,
      appliedBy: typeof who === 'string' && who !== '' ? who : null,
      durationMs: typeof duration === 'number' ? duration * (took?.perUnit ?? 1) : null,
      checksum: proven && checksum !== null ? plainSum(row[checksum]) : null,
      notes: found.has(id) ? ['The table has more than one row for it.'] : [],
    });
  }
  return [...found.values()];
}

/**
 * What a table's columns leave unsaid, in the words of `MigrationTrack.unrecorded`. A duration in a column that names no
 * unit is recorded, and yet not shown: how long it was is not known.
 */
export function unrecordedIn({ columns, home }: StateTable): string[] {
  const { by, took } = otherColumns(columns);
  const absent: [boolean, string][] = [
    [!home?.time, 'when'],
    [!by, 'by whom'],
    [!took, 'how long'],
    [!home?.checksum, 'checksum'],
  ];
  return absent.flatMap(([isAbsent, what]) => (isAbsent ? [what] : []));
}

const BY =
  /^((applied|run|ran|executed|installed|migrated|created|performed)_?by|author|operator|(user|role)_?name)$/i;
const TOOK =
  /^(execution|elapsed|run|running|duration|took|time_taken)(_?time)?(?:_?in)?(?:_?(ms|msecs?|millis|milliseconds|s|secs?|seconds))?$/i;

/** Columns that say by whom and how long; `perUnit` is how many ms one of its units has, undefined where it names none. */
function otherColumns(columns: readonly string[]): {
  by: string | undefined;
  took: { column: string; perUnit: number | undefined } | undefined;
} {
  const column = columns.find((name) => TOOK.test(name));
  const unit = column && TOOK.exec(column)?.[3];
  const perUnit = unit && (/^m/i.test(unit) ? 1 : 1000);
  return {
    by: columns.find((name) => BY.test(name)),
    took: column === undefined ? undefined : { column, perUnit: perUnit || undefined },
  };
}

/** How the runner sums is not known; it is the digest of the file when that fits one row at least. */
function checksumsFit(
  state: HomeMadeState,
  choice: Choice,
  migrations: readonly FolderMigration[],
  column: string,
): boolean {
  const byId = new Map(migrations.map((migration) => [migration.id, migration.checksums]));
  return state.rows.some((row) => {
    const id = choice.idOf(row[choice.column]);
    const sum = plainSum(row[column]);
    return id !== undefined && sum !== null && byId.get(id)?.includes(sum) === true;
  });
}

const plainSum = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null;

/** `to_jsonb` writes a time with its zone as an offset, and one without as it stands. */
const instantOf = (at: string): string =>
  /[+-]\d\d(:\d\d)?$/.test(at) && !Number.isNaN(Date.parse(at))
    ? new Date(at).toISOString()
    : at.replace('T', ' ');

/**
 * Finds a file by what a table may hold of it: its name, with or without folder, ending and `.up`; or the number that it
 * begins with, where no other file has it.
 */
function lookup(migrations: readonly FolderMigration[]): (value: unknown) => string | undefined {
  const exact = new Map<string, string>();
  const numbers = new Map<string, string | undefined>();
  for (const { id, file } of migrations) {
    for (const key of [id, file ?? id]) exact.set(bare(key), id);
    const number = /^\d+/.exec(bare(file ?? id))?.[0];
    if (number === undefined) continue;
    const plain = plainNumber(number);
    numbers.set(plain, numbers.has(plain) ? undefined : id);
  }
  return (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const text = String(value).trim();
    return exact.get(bare(text)) ?? (/^\d+$/.test(text) ? numbers.get(plainNumber(text)) : undefined);
  };
}

/** Without folder, `.sql` and `.up`. */
const bare = (name: string): string =>
  name
    .slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
    .replace(/\.sql$/i, '')
    .replace(/[._-]up$/i, '');
