import type { PlanFinding, PlanNode } from '../../../../preload/contract/plan-model.ts';
import { textIn } from '../read/outline.ts';
import { above, childrenOf, type Finder, fieldsOf, type PlanInSight, tableOf } from './context.ts';
import { figure, nameOf, rowsOf } from './words.ts';

const farOff = 10;

/** Where the planner's idea of the rows first goes wrong, tenfold or more, and something dear rests on it. */
export const badEstimates: Finder = (sight) => {
  const begins = sight.plan.nodes.filter(
    (node) => isFarOff(node) && !childrenOf(sight, node).some((child) => isFarOff(child)),
  );
  return begins
    .filter((node) => (sight.plan.executionMs ?? 0) >= 10 && weightAbove(sight, node) >= 0.1)
    .sort((a, b) => (b.misestimate ?? 0) - (a.misestimate ?? 0))
    .slice(0, 5)
    .map((node) => estimate(sight, node));
};

function isFarOff(node: PlanNode): boolean {
  const { misestimate, overestimated, rows } = node;
  if (misestimate === null || misestimate < farOff) return false;
  // Of a handful of rows nothing hangs.
  return Math.max(rows ?? 0, overestimated ? (node.estimatedRows ?? 0) : 0) >= 100;
}

/** The largest own part of the time of the node and those above it. */
function weightAbove(sight: PlanInSight, node: PlanNode): number {
  let most = node.selfShare;
  for (const one of above(sight, node)) most = Math.max(most, one.selfShare);
  return most;
}

function estimate(sight: PlanInSight, node: PlanNode): PlanFinding {
  const { misestimate, overestimated, estimatedRows, rowsPerLoop, loops } = node;
  const factor = figure(misestimate ?? 1);
  const fields = fieldsOf(sight, node);
  const filter = textIn(fields, 'Filter') ?? textIn(fields, 'Index Cond') ?? textIn(fields, 'Hash Cond');
  const several = filter !== null && / AND /.test(filter);
  const table = tableOf(node);
  const hurts = [...above(sight, node)].find(
    ({ selfShare, family }) => selfShare >= 0.1 && family === 'join',
  );
  return {
    kind: 'estimate',
    severity: (misestimate ?? 0) >= 100 ? 'warning' : 'notice',
    node: node.id,
    share: null,
    what: `The planner expected ${factor} times too ${overestimated ? 'many' : 'few'} rows from ${nameOf(node)}`,
    evidence: [
      `Expected ${rowsOf(estimatedRows ?? 0)}, got ${rowsOf(rowsPerLoop ?? 0)}${(loops ?? 1) > 1 ? ' each time' : ''}. It begins here: what it reads from was estimated well.`,
      ...(filter === null ? [] : [`Its condition: ${filter.slice(0, 300)}`]),
      ...(hurts ? [`${nameOf(hurts)} above it was chosen for the number expected.`] : []),
    ],
    remedy: several
      ? 'ANALYZE the table. If it stays, the columns of the condition depend on each other: CREATE STATISTICS (dependencies, mcv) on them tells the planner.'
      : table !== null
        ? 'ANALYZE the table. If it stays, raise the column’s statistics target (ALTER TABLE … ALTER COLUMN … SET STATISTICS 1000), or compare the column plainly: the planner only guesses at functions and parameters.'
        : 'It can’t know this one from statistics. Splitting the statement, or a CTE that is MATERIALIZED, keeps what follows from resting on it.',
    statement: table === null ? null : `ANALYZE ${table}`,
  };
}
