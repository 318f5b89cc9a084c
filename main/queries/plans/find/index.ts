import type { Plan, PlanFinding } from '../../../../preload/contract/plan-model.ts';
import type { ParseStatement } from '../../../sql-text/index.ts';
import type { IndexIdea } from '../index-ideas/ideas.ts';
import type { Outline } from '../read/outline.ts';
import { planOf } from '../read/plan.ts';
import type { Finder } from './context.ts';
import { badEstimates } from './estimates.ts';
import { nestedLoops, subplanLoops } from './joins.ts';
import { aggregateSpills, hashSpills, sortSpills } from './memory.ts';
import { coldReads, filterLosses, heapFetches, lossyBitmaps, seqScans } from './scans.ts';
import { jitCost, missingWorkers, triggerTime } from './whole.ts';

const finders: readonly Finder[] = [
  seqScans,
  filterLosses,
  heapFetches,
  lossyBitmaps,
  sortSpills,
  hashSpills,
  aggregateSpills,
  nestedLoops,
  subplanLoops,
  badEstimates,
  jitCost,
  triggerTime,
  missingWorkers,
  coldReads,
];

const rank: Record<PlanFinding['severity'], number> = { bad: 0, warning: 1, notice: 2 };
const mostFindings = 100;

/** Of two that account for about the same time the one that says more about its cause comes first. */
const tenths = ({ share }: PlanFinding): number => Math.round((share ?? 0) * 10);

/**
 * A plan with what is to be said about it, the worst first.
 *
 * @param ideas indexes that are missing; undefined when the catalogue could not be asked, as for a pasted plan
 */
export function readOut(outline: Outline, parse: ParseStatement, ideas?: readonly IndexIdea[]): Plan {
  const plan = planOf(outline);
  const sight = { plan, outline, ideas: ideas ?? [], knowsIndexes: ideas !== undefined, parse };
  const findings = finders
    .flatMap((find) => find(sight))
    .sort((a, b) => rank[a.severity] - rank[b.severity] || tenths(b) - tenths(a))
    .slice(0, mostFindings);
  return { ...plan, findings };
}
