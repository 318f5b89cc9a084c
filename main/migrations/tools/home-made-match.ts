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
export function chooseColumn(
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

export function recordedOf(
  state: HomeMadeState,
  choice: Choice,
  migrations: readonly FolderMigration[],
): Recorded[] {
  const { time = null, checksum = null } = state.table.home ?? {};
  const proven = checksum !== null && checksumsFit(state, choice, migrations, checksum);
  const found = new Map<string, Recorded>();
  for (const row of state.rows) {
    const value = row[choice.column];
    if (value === null || value === undefined) continue;
    const id = choice.idOf(value) ?? String(value);
    const at = time === null ? null : row[time];
    const took = row.execution_time_ms ?? row.duration_ms;
    found.set(id, {
      id,
      appliedAt: typeof at === 'string' ? instantOf(at) : null,
      durationMs: typeof took === 'number' ? took : null,
      checksum: proven && checksum !== null ? plainSum(row[checksum]) : null,
      notes: found.has(id) ? ['The table has more than one row for it.'] : [],
    });
  }
  return [...found.values()];
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
