import type { MigrationEntry, TrackProblem } from '../../../preload/contract/migrations.ts';
import type { FolderReading, TrackReading } from '../tool.ts';
import { folderOf, joined } from './code/project-tree.ts';
import type { ChangeSet, LiquibaseExtra, LiquibaseRow, LiquibaseState } from './liquibase-changeset.ts';
import { entryOfFile, entryOfRow } from './shared/entries.ts';

/** Both sides by id, author and path, of which Liquibase makes one key. */
export function liquibaseStatus(
  state: LiquibaseState | undefined,
  reading: FolderReading | undefined,
): TrackReading {
  const rows = state?.rows ?? [];
  const extra = reading?.extra as LiquibaseExtra | undefined;
  const prefix = extra && prefixOf(extra, rows);
  const rest = new Map(rows.map((row) => [keyOf(plainPath(row.path), row), row]));
  const elsewhere = Map.groupBy(rows, ({ id, author }) => `${id}::${author}`);
  const entries: MigrationEntry[] = [];
  for (const [index, changeSet] of (extra?.changeSets ?? []).entries()) {
    const path = changeSet.logical ? plainPath(changeSet.path) : below(prefix ?? '', changeSet.path);
    const key = keyOf(path, changeSet);
    const row = rest.get(key);
    rest.delete(key);
    const migration = reading?.migrations[index];
    if (!migration) continue;
    const base = { ...entryOfFile(migration, 'pending'), id: key };
    entries.push(row ? applied(base, row, changeSet) : notApplied(base, changeSet, elsewhere, path));
  }
  const lost = [...rest].map(([key, row]): MigrationEntry => {
    const certain = extra && extra.doubts.length === 0;
    const state = !extra ? 'applied' : certain ? 'missing' : 'unknown';
    const note = !extra
      ? []
      : certain
        ? ['The changelog does not hold it any more; Liquibase passes over it.']
        : ['It may be in a part of the changelog that can’t be read without Liquibase.'];
    const entry = entryOfRow({ id: key, name: `${row.id} by ${row.author}`, notes: note }, state);
    return state === 'missing' || row.exectype === 'EXECUTED'
      ? stamped(entry, row)
      : byType(stamped(entry, row), row);
  });
  const last = rows.at(-1);
  const failed = [...entries, ...lost].find((entry) => entry.state === 'failed');
  return {
    current: last ? [keyOf(plainPath(last.path), last)] : [],
    heads: [],
    dirty: failed ? { version: failed.id, why: 'Its last run is recorded as failed.' } : null,
    entries: [...entries, ...lost],
    problems: [...(reading?.problems ?? []), ...lockTaken(state)],
  };
}

const keyOf = (path: string, { id, author }: { id: string; author: string }): string =>
  `${path}::${id}::${author}`;

/** `DatabaseChangeLog.normalizePath`: without class path, drive and leading slashes. */
const plainPath = (path: string): string =>
  joined(
    path
      .replace(/^classpath\*?:/, '')
      .replaceAll('\\', '/')
      .replace(/^[A-Za-z]:/, ''),
  );

const below = (prefix: string, path: string): string =>
  prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;

/** The folder above the changelog from which most rows' paths begin; the one of the configuration when none tells. */
function prefixOf({ changeSets, changelog, root }: LiquibaseExtra, rows: readonly LiquibaseRow[]): string {
  const keys = new Set(rows.map((row) => keyOf(plainPath(row.path), row)));
  const candidates = [root];
  for (let folder = folderOf(changelog); ; folder = folderOf(folder)) {
    if (!candidates.includes(folder)) candidates.push(folder);
    if (folder === '') break;
  }
  let best = { prefix: root, score: 0 };
  for (const prefix of candidates) {
    let score = 0;
    for (const changeSet of changeSets)
      if (!changeSet.logical && keys.has(keyOf(below(prefix, changeSet.path), changeSet))) score++;
    if (score > best.score) best = { prefix, score };
  }
  return best.prefix;
}

function applied(entry: MigrationEntry, row: LiquibaseRow, changeSet: ChangeSet): MigrationEntry {
  const notes: string[] = [];
  if (changeSet.runAlways)
    notes.push('It is marked runAlways: Liquibase runs it with each update, and lists it as not run.');
  if (changeSet.runOnChange)
    notes.push('It is marked runOnChange: Liquibase runs it again once its content differs.');
  return byType(stamped({ ...entry, state: 'applied', notes }, row), row);
}

function stamped(entry: MigrationEntry, row: LiquibaseRow): MigrationEntry {
  return {
    ...entry,
    appliedAt: row.appliedAt,
    labels: row.tag ? [...entry.labels, `tag ${row.tag}`] : entry.labels,
  };
}

/** What `exectype` says beyond "run". */
function byType(entry: MigrationEntry, { exectype }: LiquibaseRow): MigrationEntry {
  if (exectype === 'FAILED') return { ...entry, state: 'failed' };
  if (exectype === 'SKIPPED')
    return { ...entry, state: 'ignored', notes: [...entry.notes, 'It was skipped.'] };
  if (exectype === 'MARK_RAN')
    return { ...entry, notes: [...entry.notes, 'It was marked as run without being run.'] };
  return entry;
}

function notApplied(
  entry: MigrationEntry,
  changeSet: ChangeSet,
  elsewhere: ReadonlyMap<string, readonly LiquibaseRow[]>,
  path: string,
): MigrationEntry {
  const notes: string[] = [];
  const [other] = elsewhere.get(`${changeSet.id}::${changeSet.author}`) ?? [];
  if (other && plainPath(other.path) !== path)
    notes.push(
      `The same id and author are applied from ${other.path}; to Liquibase that is another change set.`,
    );
  if (changeSet.preconditions) notes.push('Its preconditions decide whether it runs.');
  if (changeSet.ignore) return { ...entry, state: 'ignored', notes: [...notes, 'It is marked ignore.'] };
  if (!forPostgres(changeSet.dbms))
    return { ...entry, state: 'ignored', notes: [...notes, `It is for ${changeSet.dbms} only.`] };
  const filters = [
    ...(changeSet.contexts ? [`contexts ${changeSet.contexts}`] : []),
    ...(changeSet.labels ? [`labels ${changeSet.labels}`] : []),
  ];
  if (filters.length === 0 && !/\$\{/.test(entry.id)) return { ...entry, notes };
  return {
    ...entry,
    state: 'unknown',
    notes: [
      ...notes,
      filters.length > 0
        ? `It has not run. Whether it will depends on what Liquibase is started with: it has ${filters.join(' and ')}.`
        : 'Its id has a parameter, so that it can’t be told whether it has run.',
    ],
  };
}

/** `DatabaseList.definitionMatches`. */
function forPostgres(dbms: string | null): boolean {
  const names = (dbms ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  if (names.length === 0 || names.includes('all')) return true;
  if (names.includes('none') || names.includes('!postgresql')) return false;
  return names.includes('postgresql') || names.every((name) => name.startsWith('!'));
}

function lockTaken(state: LiquibaseState | undefined): TrackProblem[] {
  if (!state?.lock) return [];
  const { heldBy, since } = state.lock;
  return [
    {
      severity: 'warning',
      cause: 'lock-taken',
      what: `Liquibase’s lock is taken${heldBy ? ` by ${heldBy}` : ''}${since ? ` since ${since}` : ''}.`,
      why: 'Either it is migrating at this moment, or it was ended while it did and left the lock behind; the row does not tell which.',
      next: 'See that no update runs. Then run liquibase release-locks.',
      command: 'liquibase release-locks',
    },
  ];
}
