import type { NodeFamily, Plan, PlanNode } from '../../../preload/contract/plan-model.ts';
import type { KeptPlan, PlanOrigin } from '../../../preload/contract/plans.ts';
import { duration, milliseconds, percent, shortCount, timeOfDay } from '../../components/format.ts';

export const familyWords: Record<NodeFamily, string> = {
  scan: 'Scan',
  index: 'Index',
  join: 'Join',
  sort: 'Sort',
  aggregate: 'Aggregate',
  gather: 'Parallel',
  write: 'Write',
  other: 'Other',
};

/** One colour a family, with its word in the legend. */
export const familyColors: Record<NodeFamily, string> = {
  scan: 'var(--env-orange)',
  index: 'var(--env-green)',
  join: 'var(--env-blue)',
  sort: 'var(--env-magenta)',
  aggregate: 'var(--env-violet)',
  gather: 'var(--env-teal)',
  write: 'var(--env-red)',
  other: 'var(--env-slate)',
};

export const originWords: Record<PlanOrigin['how'], string> = {
  plain: 'Estimated',
  generic: 'Estimated, for any values',
  prepared: 'Estimated, for any values',
  parameters: 'Estimated, for the values given',
  analyzed: 'Run and rolled back',
  'analyzed read-only': 'Run read-only',
  given: 'Given',
};

/** Time or cost of a node's own, as the plan has it. */
export function selfWords(plan: Plan, node: PlanNode): string {
  if (node.selfMs !== null) return node.loops === 0 ? 'never run' : milliseconds(node.selfMs);
  return plan.measure === 'cost' ? percent(node.selfShare) : '';
}

/** How a kept plan is called in a list: time, what it took, the beginning of its statement. */
export function keptWords({ at, executionMs, totalCost, text }: KeptPlan): string {
  const took =
    executionMs !== null ? duration(executionMs) : totalCost !== null ? `cost ${shortCount(totalCost)}` : '';
  const statement = (text ?? 'pasted plan').replace(/\s+/g, ' ').trim();
  return [timeOfDay(at), took, statement.length > 60 ? `${statement.slice(0, 59)}…` : statement]
    .filter(Boolean)
    .join(' · ');
}

export function nodeWords({ type, target }: PlanNode): string {
  return target ? `${type} on ${target}` : type;
}

/** A factor between rows expected and got: `×40`, with which way it went. */
export function factorWords({ misestimate, overestimated }: PlanNode): string {
  if (misestimate === null || misestimate < 2) return '';
  return `${overestimated ? '÷' : '×'}${misestimate < 10 ? misestimate.toFixed(1) : shortCount(Math.round(misestimate))}`;
}
