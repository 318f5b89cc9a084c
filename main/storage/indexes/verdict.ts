import type { Counting, IndexVerdict } from '../../../preload/contract/storage.ts';
import type { IndexFacts, IndexRow } from './facts.ts';
import type { IndexTree } from './tree.ts';

const day = 24 * 3_600_000;

/** Counters that run for less than this say nothing about what is never used, ms. */
export const longEnough = 7 * day;
/** An index whose last use is longer ago than this is used rarely, ms. */
const longAgo = 30 * day;

/** Whether an index is used, and if that can't be said, why. */
export function verdictOf(
  index: IndexRow,
  tree: IndexTree,
  { counting, firstSeen }: Pick<IndexFacts, 'counting' | 'firstSeen'>,
): IndexVerdict {
  if (index.parent !== null) return 'part-of-parent';
  const scans = tree.scansOf(index);
  if (!counting.on || scans === null) return 'not-counted';
  if (scans > 0) return isLongAgo(tree.lastScanOf(index), counting) ? 'rarely' : 'used';
  if (index.is_unique || index.is_exclusion || index.constraint !== null || index.is_identity)
    return 'keeps-rows-right';
  // ANALYZE keeps statistics of its expressions, which the planner uses without any scan.
  if (index.expressions !== null) return 'keeps-statistics';
  if (counting.forMs < longEnough) return 'too-early';
  const seen = firstSeen.get(index.oid);
  if (seen !== undefined && counting.since + counting.forMs - seen < longEnough) return 'young';
  return 'unused';
}

function isLongAgo(last: number | null, { since, forMs }: Counting): boolean {
  return last !== null && since + forMs - last > longAgo;
}
