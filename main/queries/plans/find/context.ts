import type { Plan, PlanFinding, PlanNode } from '../../../../preload/contract/plan-model.ts';
import type { ParseStatement } from '../../../sql-text/index.ts';
import type { IndexIdea } from '../index-ideas/ideas.ts';
import { type Fields, numberIn, type Outline } from '../read/outline.ts';

/** What findings are made of. */
export interface PlanInSight {
  plan: Omit<Plan, 'findings'>;
  outline: Outline;
  /** Indexes that are missing, where the catalogue was asked. */
  ideas: readonly IndexIdea[];
  /** The catalogue was asked: where no idea is, none would help. */
  knowsIndexes: boolean;
  parse: ParseStatement;
}

/** One kind of finding, over the whole plan. */
export type Finder = (sight: PlanInSight) => PlanFinding[];

/** Below this a plan is quick enough, ms. */
const quick = 5;

/** Whether a node is worth a word: a part of the time (of the cost, where it was not run) that somebody would notice. */
export function isWorth({ plan }: PlanInSight, node: PlanNode, share = 0.05): boolean {
  if (plan.measure === 'time') return (plan.executionMs ?? 0) >= quick && node.totalShare >= share;
  return plan.measure === 'cost' ? node.totalShare >= Math.max(0.2, share) : true;
}

/** `bad` for half of the time and more, `warning` for a tenth. */
export function severityBy(share: number): PlanFinding['severity'] {
  return share >= 0.5 ? 'bad' : share >= 0.1 ? 'warning' : 'notice';
}

export const fieldsOf = ({ outline }: PlanInSight, node: PlanNode): Fields =>
  outline.nodes[node.id]?.fields ?? {};

/** A number of a node, as the plan gives it: for one loop, where it is a mean. */
export const numberOf = (sight: PlanInSight, node: PlanNode, name: string): number =>
  numberIn(fieldsOf(sight, node), name) ?? 0;

/** A number of a node summed over its workers, where only those have it. */
export function acrossWorkers(sight: PlanInSight, node: PlanNode, name: string): number {
  const fields = fieldsOf(sight, node);
  const workers = Array.isArray(fields.Workers) ? (fields.Workers as Fields[]) : [];
  return (numberIn(fields, name) ?? 0) + workers.reduce((all, one) => all + (numberIn(one, name) ?? 0), 0);
}

export const childrenOf = (sight: PlanInSight, node: PlanNode): PlanNode[] =>
  (sight.outline.nodes[node.id]?.children ?? []).flatMap((id) => sight.plan.nodes[id] ?? []);

/** Nodes from the one above to the top. */
export function* above({ plan }: PlanInSight, node: PlanNode): Generator<PlanNode> {
  for (let at = node.parent; at !== null; ) {
    const one = plan.nodes[at];
    if (!one) return;
    yield one;
    at = one.parent;
  }
}

/** A table as SQL names it, quoted where it has to be; null where the plan does not name one. */
export function tableOf({ schema, relation }: PlanNode): string | null {
  if (relation === null) return null;
  const quoted = (name: string): string =>
    /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
  return schema === null ? quoted(relation) : `${quoted(schema)}.${quoted(relation)}`;
}
