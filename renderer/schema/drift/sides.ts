import type { Environment } from '../../../preload/contract/environments.ts';
import type { Comparison, SchemaSource, SnapshotInfo } from '../../../preload/contract/schema.ts';
import { dayWords } from './dates.ts';

/** A side as one text, for the address and for lists: `environment:…`, `snapshot:7`, `path:/srv/schema`. */
export function sideKey(source: SchemaSource): string {
  if (source.kind === 'environment') return `environment:${source.environment}`;
  return source.kind === 'snapshot' ? `snapshot:${source.id}` : `path:${source.path}`;
}

/** Reads what `sideKey` wrote; null when it is nothing of the sort. */
export function readSide(key: string | null): SchemaSource | null {
  const match = /^(environment|snapshot|path):(.*)$/s.exec(key ?? '');
  const value = match?.[2] ?? '';
  if (match?.[1] === 'path') return { kind: 'path', path: value.slice(0, 4096) };
  if (value === '') return null;
  if (match?.[1] === 'environment') return { kind: 'environment', environment: value };
  return /^\d{1,15}$/.test(value) ? { kind: 'snapshot', id: Number(value) } : null;
}

/** Whether a side says enough to be read. */
export const isWhole = (source: SchemaSource | null): source is SchemaSource =>
  source !== null && (source.kind !== 'path' || source.path.trim() !== '');

export interface Known {
  environments: readonly Environment[];
  snapshots: readonly SnapshotInfo[];
}

/** A side for a person. A snapshot is called by its name, or else by when it was taken. */
export function sideLabel(source: SchemaSource, { environments, snapshots }: Known, now: number): string {
  if (source.kind === 'path') return source.path || 'A file or folder';
  if (source.kind === 'environment') {
    return environments.find(({ id }) => id === source.environment)?.name ?? source.environment;
  }
  const snapshot = snapshots.find(({ id }) => id === source.id);
  return snapshot ? snapshotLabel(snapshot, now) : `Snapshot ${source.id}`;
}

/** A snapshot with where it is from: `kronos_eam, Tuesday 14:05`, `kronos_eam, before the release`. */
export function snapshotLabel(snapshot: SnapshotInfo, now: number): string {
  return `${snapshot.origin}, ${snapshot.name ?? dayWords(snapshot.takenAt, now)}`;
}

/** Since when, in words: `yesterday 09:12`, `“before 2.4”, yesterday 09:12`. */
export function sinceWords({ name, takenAt }: SnapshotInfo, now: number): string {
  const when = dayWords(takenAt, now);
  return name === null ? when : `“${name}”, ${when}`;
}

/** The snapshot of an environment that is compared with that same environment as it is now. */
export function sinceOf(
  { wanted, actual }: Pick<Comparison, 'wanted' | 'actual'>,
  snapshots: readonly SnapshotInfo[],
): SnapshotInfo | undefined {
  if (wanted.kind !== 'snapshot' || actual.kind !== 'environment') return undefined;
  return snapshots.find(({ id, environment }) => id === wanted.id && environment === actual.environment);
}

/**
 * Other environments that this one is likely to be compared with, likeliest first: those whose names and databases
 * share words with its own before the others of its group.
 */
export function proposals(environment: Environment, all: readonly Environment[]): Environment[] {
  const own = wordsOf(environment);
  return all
    .filter(({ id }) => id !== environment.id)
    .map((other, index) => {
      const shared = [...wordsOf(other)].filter((word) => own.has(word)).length;
      const sameGroup = environment.group !== '' && other.group === environment.group;
      return { other, index, likely: shared * 2 + (sameGroup ? 1 : 0), isRelated: shared > 0 || sameGroup };
    })
    .filter(({ isRelated }) => isRelated)
    .sort((a, b) => b.likely - a.likely || a.index - b.index)
    .map(({ other }) => other);
}

/** The one environment that is called alike, where there is one: it is chosen before anybody chooses. */
export function alike(environment: Environment, all: readonly Environment[]): Environment | undefined {
  const [first] = proposals(environment, all);
  const own = wordsOf(environment);
  return first && [...wordsOf(first)].some((word) => own.has(word)) ? first : undefined;
}

/** Words that only say which stage it is tell nothing about what it is of. */
const stages =
  /^(prod|production|live|stage|staging|test|testing|dev|development|local|demo|qa|uat|preview|sandbox|db|database|pg|postgres|sample|main|master|primary|replica|eu|us|new|old|copy|\d+)$/;

function wordsOf({ name, connection }: Environment): Set<string> {
  const words = `${name} ${connection.database}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new Set(words.filter((word) => word.length > 1 && !stages.test(word)));
}
