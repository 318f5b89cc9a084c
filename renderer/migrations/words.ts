import type {
  MigrationEntry,
  MigrationState,
  MigrationTrack,
  TrackProblem,
} from '../../preload/contract/migrations.ts';
import { migrationStates } from '../../preload/contract/migrations.ts';
import { count } from '../components/format.ts';
import type { Severity } from '../theme/colors.ts';

interface StateWords {
  word: string;
  /** What it means, on hover. */
  sentence: string;
  /** Undefined: as it should be. */
  severity: Severity | undefined;
}

/** How the states of a migration are spoken of. */
export const stateWords: Record<MigrationState, StateWords> = {
  applied: { word: 'Applied', sentence: 'It has run here.', severity: undefined },
  pending: { word: 'Pending', sentence: 'It has not run here yet.', severity: 'notice' },
  failed: { word: 'Failed', sentence: 'It was begun here and did not end well.', severity: 'bad' },
  missing: {
    word: 'Missing',
    sentence: 'It has run here, and the folder has no file of it.',
    severity: 'warning',
  },
  changed: {
    word: 'Changed',
    sentence: 'It has run here, and its file is not what it was then.',
    severity: 'warning',
  },
  'out-of-order': {
    word: 'Out of order',
    sentence: 'It has not run here, though a later one has.',
    severity: 'warning',
  },
  baseline: {
    word: 'Baseline',
    sentence: 'Where the record begins: everything up to it counts as there.',
    severity: undefined,
  },
  'rolled-back': { word: 'Rolled back', sentence: 'It was tried here and taken back.', severity: 'notice' },
  ignored: { word: 'Ignored', sentence: 'The tool passes over it.', severity: undefined },
  unknown: { word: 'Unknown', sentence: 'What the tool records does not tell.', severity: 'notice' },
};

/** In the order in which they are told. */
const toldStates: readonly MigrationState[] = [
  'failed',
  'applied',
  'pending',
  'out-of-order',
  'changed',
  'missing',
  'rolled-back',
  'baseline',
  'ignored',
  'unknown',
];

/** The states that a track has entries of, in the order in which they are told, each with how many. */
export function countsOf(track: Pick<MigrationTrack, 'counts'>): { state: MigrationState; many: number }[] {
  return toldStates.flatMap((state) => {
    const many = track.counts[state] ?? 0;
    return many > 0 ? [{ state, many }] : [];
  });
}

/** A track in words: `12 applied, 2 pending, 1 changed`. */
export function summaryOf(track: Pick<MigrationTrack, 'counts' | 'table' | 'problems'>): string {
  const counts = countsOf(track);
  if (counts.length > 0)
    return counts
      .map(({ state, many }) => `${count(many)} ${stateWords[state].word.toLowerCase()}`)
      .join(', ');
  return track.problems.length > 0 && track.table ? 'Not known' : 'No migrations';
}

const ranks: Record<Severity, number> = { notice: 1, warning: 2, bad: 3 };

/** The worst thing about a track; undefined when all is as it should be. */
export function severityOf(
  track: Pick<MigrationTrack, 'counts' | 'dirty' | 'problems'>,
): Severity | undefined {
  if (track.dirty) return 'bad';
  const all = [
    ...track.problems.map(({ severity }) => severity),
    ...migrationStates.flatMap((state) =>
      (track.counts[state] ?? 0) > 0 ? [stateWords[state].severity] : [],
    ),
  ];
  return all.reduce<Severity | undefined>(
    (worst, one) => (one && (!worst || ranks[one] > ranks[worst]) ? one : worst),
    undefined,
  );
}

/** Problems with the worst first. */
export function worstFirst(problems: readonly TrackProblem[]): TrackProblem[] {
  return problems.toSorted((a, b) => ranks[b.severity] - ranks[a.severity]);
}

/** What a tool does not record, said once: `golang-migrate does not record when, by whom or how long`. */
export function unrecordedWords({ title, unrecorded }: Pick<MigrationTrack, 'title' | 'unrecorded'>): string {
  if (unrecorded.length === 0) return '';
  const said = unrecorded.map((one) => (one === 'checksum' ? 'a checksum' : one));
  const last = said.at(-1);
  const list = said.length > 1 ? `${said.slice(0, -1).join(', ')} or ${last}` : last;
  return `${title} does not record ${list}.`;
}

/** Where a track stands: `At 5`, `At a1b2, one after it is d4e5`. Empty before the first. */
export function placeWords({ current, heads }: Pick<MigrationTrack, 'current' | 'heads'>): string {
  const at = current.length === 0 ? 'Before the first migration' : `At ${current.join(', ')}`;
  if (heads.length === 0) return at;
  const isThere = heads.length === current.length && heads.every((head) => current.includes(head));
  if (isThere) return heads.length === 1 ? `${at}, the head` : `${at}, which are the ${heads.length} heads`;
  return heads.length === 1 ? `${at}; the head is ${heads[0]}` : `${at}; heads are ${heads.join(', ')}`;
}

/** Shows characters that would turn the direction of the text or not be seen at all. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** The instant of a time with a zone, ms; undefined for the server's text, whose zone nobody knows. */
export function instantOf(appliedAt: string): number | undefined {
  if (!/(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(appliedAt) || !/^\d{4}-\d{2}-\d{2}[T ]\d/.test(appliedAt))
    return undefined;
  const short = /[+-]\d{2}$/.test(appliedAt) ? `${appliedAt}:00` : appliedAt;
  const at = Date.parse(short.replace(' ', 'T'));
  return Number.isNaN(at) ? undefined : at;
}

/** By what people look for a migration. */
export function matches(
  entry: Pick<MigrationEntry, 'id' | 'name' | 'labels' | 'file' | 'appliedBy'>,
  search: string,
): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  return [entry.id, entry.name, entry.file ?? '', entry.appliedBy ?? '', ...entry.labels].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
