import type { Difference } from '../../../preload/contract/schema-diff.ts';
import { count, plural } from '../../components/format.ts';

export type State = Difference['state'];

/** The order in which states are told. */
export const states: readonly State[] = ['only-wanted', 'only-actual', 'changed', 'unknown'];

export type Counts = Record<State, number>;

/** What the states and the sides are called: between two structures, or between then and now of one. */
export interface Vocabulary {
  wanted: string;
  actual: string;
  state: Record<State, string>;
  /** Which sign a state has: something more, less, other, or not known. */
  sign: Record<State, 'more' | 'less' | 'other' | 'unknown'>;
}

/** Two structures beside each other. */
export const betweenTwo: Vocabulary = {
  wanted: 'Wanted',
  actual: 'Actual',
  state: {
    'only-wanted': 'Only in wanted',
    'only-actual': 'Only in actual',
    changed: 'Changed',
    unknown: 'Not comparable',
  },
  // What the actual structure lacks is made by the script, what it has too much is taken away.
  sign: { 'only-wanted': 'more', 'only-actual': 'less', changed: 'other', unknown: 'unknown' },
};

/** One structure then and now: the snapshot is what is wanted, and the present is what is actual. */
export const sinceThen: Vocabulary = {
  wanted: 'Then',
  actual: 'Now',
  state: {
    'only-wanted': 'Removed since',
    'only-actual': 'Added since',
    changed: 'Changed since',
    unknown: 'Not comparable',
  },
  sign: { 'only-wanted': 'less', 'only-actual': 'more', changed: 'other', unknown: 'unknown' },
};

export function countStates(differences: readonly Difference[]): Counts {
  const counts: Counts = { 'only-wanted': 0, 'only-actual': 0, changed: 0, unknown: 0 };
  for (const { state } of differences) counts[state] += 1;
  return counts;
}

/**
 * The whole result in a sentence. What could not be compared is no difference, and is told apart.
 *
 * @param unseen how many things could not be read on either side
 */
export function summaryWords(counts: Counts, vocabulary: Vocabulary, unseen: number): string {
  const known = counts['only-wanted'] + counts['only-actual'] + counts.changed;
  const since = vocabulary === sinceThen;
  const parts = states
    .filter((state) => state !== 'unknown' && counts[state] > 0)
    .map(
      (state) => `${count(counts[state])} ${vocabulary.state[state].toLowerCase().replace(/ since$/, '')}`,
    );
  const noun = since ? 'change' : 'difference';
  const blind = counts.unknown > 0 || unseen > 0;
  const head =
    known > 0
      ? `${plural(known, noun)}: ${parts.join(', ')}`
      : blind
        ? `No ${noun}s in what could be compared`
        : since
          ? 'Nothing has changed'
          : 'No differences';
  return counts.unknown > 0 ? `${head}; ${count(counts.unknown)} could not be compared` : head;
}

const kinds: Record<string, string> = {
  schema: 'Schemas',
  extension: 'Extensions',
  type: 'Types',
  'foreign server': 'Foreign servers',
  sequence: 'Sequences',
  routine: 'Functions and procedures',
  table: 'Tables',
  'foreign table': 'Foreign tables',
  column: 'Columns',
  constraint: 'Constraints',
  'domain constraint': 'Constraints of domains',
  index: 'Indexes',
  view: 'Views',
  'materialized view': 'Materialized views',
  'foreign key': 'Foreign keys',
  trigger: 'Triggers',
  policy: 'Policies',
  publication: 'Publications',
  'event trigger': 'Event triggers',
};

/** A kind of object as a heading. */
export function kindHeading(kind: string): string {
  return kinds[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`;
}
