import type { PlanFinding } from '../../../../preload/contract/plan-model.ts';
import { childrenOf, type Finder, isWorth, numberOf, severityBy } from './context.ts';
import { figure, nameOf, percent, rowsOf, span } from './words.ts';

/** Nested loops that go round far more often than expected, or over far too much each time. */
export const nestedLoops: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!node.type.startsWith('Nested Loop') || !node.loops) return [];
    const [outer, inner] = childrenOf(sight, node);
    if (!outer || !inner?.loops || !isWorth(sight, node, 0.2)) return [];
    const turns = inner.loops / node.loops;
    const compared = numberOf(sight, node, 'Rows Removed by Join Filter') * node.loops;
    const isProduct = compared >= 100_000 && compared >= (node.rows ?? 0) * 9;
    const surprised =
      turns >= 1000 &&
      !outer.overestimated &&
      (outer.misestimate ?? 1) >= 10 &&
      inner.totalShare + node.selfShare >= 0.3;
    if (!isProduct && !surprised) return [];
    return [
      {
        kind: 'nested-loop',
        severity: severityBy(node.selfShare + inner.totalShare),
        node: node.id,
        share: Math.min(1, node.selfShare + inner.totalShare),
        what: isProduct
          ? `The join compares every row of one side with every row of the other`
          : `The nested loop went round ${figure(turns)} times where ${figure(Math.max(1, outer.estimatedRows ?? 1))} were expected`,
        evidence: [
          `${nameOf(inner)} was run ${figure(inner.loops)} times${inner.totalMs === null ? '' : ` and took ${span(inner.totalMs)} together, ${percent(inner.totalShare)} of the whole`}.`,
          ...(isProduct
            ? [`${figure(compared)} pairs were looked at in vain for ${rowsOf(node.rows ?? 0)}.`]
            : []),
          ...(surprised ? [`The outer side, ${nameOf(outer)}, gave ${rowsOf(outer.rowsPerLoop ?? 0)}.`] : []),
        ],
        remedy: isProduct
          ? 'Join by equality, so that the planner can hash or merge; where the condition is a range, an index on the inner side’s column spares the comparisons.'
          : 'The planner would have hashed or merged, had it known: mend the estimate of the outer side (ANALYZE, CREATE STATISTICS). To see the difference: SET LOCAL enable_nestloop = off.',
        statement: null,
      },
    ];
  });

/** Subqueries that are run anew for each row. */
export const subplanLoops: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (node.role !== 'SubPlan' || (node.loops ?? 0) < 100 || !isWorth(sight, node, 0.3)) return [];
    const parent = node.parent === null ? undefined : sight.plan.nodes[node.parent];
    return [
      {
        kind: 'subplan-loops',
        severity: severityBy(node.totalShare),
        node: node.id,
        share: node.totalShare,
        what: `The subquery is run anew for each row: ${figure(node.loops ?? 0)} times`,
        evidence: [
          `${node.subplan ?? 'It'}${parent ? `, for the rows of ${nameOf(parent)},` : ''} took ${span((node.totalMs ?? 0) / Math.max(1, (node.loops ?? 1) / node.processes))} each time${node.totalMs === null ? '' : `, ${span(node.totalMs)} together: ${percent(node.totalShare)} of the whole`}.`,
        ],
        remedy:
          'Make one run cheap with an index for its condition, or ask once for all: a join with a grouped subquery, DISTINCT ON, or LATERAL.',
        statement: null,
      },
    ];
  });
