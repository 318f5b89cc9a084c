import type { PlanFinding } from '../../../../preload/contract/plan-model.ts';
import { type Finder, isWorth, numberOf, severityBy } from './context.ts';
import { figure, nameOf, percent, span } from './words.ts';

/** Compiling that took a good part of the time. */
export const jitCost: Finder = ({ plan }) => {
  const spent = plan.jit?.totalMs ?? 0;
  const whole = plan.executionMs ?? 0;
  if (spent < 20 || whole === 0 || spent < whole * 0.2) return [];
  const share = Math.min(1, spent / whole);
  return [
    {
      kind: 'jit',
      severity: severityBy(share),
      node: null,
      share,
      what: `Compiling the statement took ${percent(share)} of its time`,
      evidence: [
        `JIT compiled ${figure(plan.jit?.functions ?? 0)} functions in ${span(spent)} of ${span(whole)}: ${(plan.jit?.parts ?? []).map(({ name, ms }) => `${name.toLowerCase()} ${span(ms)}`).join(', ')}.`,
        ...(plan.totalCost === null
          ? []
          : [`It is tried because the plan’s cost of ${figure(plan.totalCost)} is above jit_above_cost.`]),
      ],
      remedy:
        'For short statements compiling does not pay. Switch it off where this runs (SET jit = off for the role or the session), or raise jit_above_cost; often the cost is only that high because of a bad estimate.',
      statement: 'SET LOCAL jit = off',
    },
  ];
};

/** Time in triggers. */
export const triggerTime: Finder = ({ plan }) => {
  const whole = plan.executionMs ?? 0;
  return plan.triggers.flatMap((one): PlanFinding[] => {
    const spent = one.ms ?? 0;
    if (spent < 10 || spent < whole * 0.2) return [];
    const share = Math.min(1, spent / whole);
    return [
      {
        kind: 'triggers',
        severity: severityBy(share),
        node: 0,
        share,
        what: `The trigger ${one.name}${one.relation ? ` on ${one.relation}` : ''} took ${percent(share)} of the time`,
        evidence: [
          `It was called ${figure(one.calls)} times and took ${span(spent)}, ${span(spent / Math.max(1, one.calls))} each.`,
        ],
        remedy:
          'If it checks a foreign key after a DELETE or UPDATE, the table that refers to this one needs an index on those columns. Of a trigger of your own, look at what it runs for each row; one FOR EACH STATEMENT with transition tables does it once.',
        statement: null,
      },
    ];
  });
};

/** Parallel plans that did not get their processes. */
export const missingWorkers: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (node.family !== 'gather' || !node.loops) return [];
    const planned = numberOf(sight, node, 'Workers Planned');
    const launched = numberOf(sight, node, 'Workers Launched');
    if (planned === 0 || launched >= planned || !isWorth(sight, node, 0.2)) return [];
    return [
      {
        kind: 'workers',
        severity: launched === 0 ? 'warning' : 'notice',
        node: node.id,
        share: null,
        what: `${figure(launched)} of ${figure(planned)} planned parallel workers were started`,
        evidence: [`${nameOf(node)} went on with fewer, so the same work took longer.`],
        remedy:
          'Others had them at that moment, or the limits are low: max_parallel_workers and max_worker_processes are for the whole server.',
        statement: null,
      },
    ];
  });
