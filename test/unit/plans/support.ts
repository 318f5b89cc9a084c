import { readOut } from '../../../main/queries/plans/find/index.ts';
import type { IndexIdea } from '../../../main/queries/plans/index-ideas/ideas.ts';
import { type Outline, outlineOf } from '../../../main/queries/plans/read/outline.ts';
import { parser } from '../../../main/queries/plans/run/parser.ts';
import type { Plan, PlanFinding } from '../../../preload/contract/plan-model.ts';

type Fields = Record<string, unknown>;

/** A node of EXPLAIN's JSON that was run: rows and ms of one loop. */
export function ran(
  type: string,
  {
    rows = 1,
    ms = 0,
    loops = 1,
    estimated = rows,
    ...more
  }: { rows?: number; ms?: number; loops?: number; estimated?: number } & Fields,
  ...plans: Fields[]
): Fields {
  return {
    'Node Type': type,
    'Startup Cost': 0,
    'Total Cost': 1000,
    'Plan Rows': estimated,
    'Plan Width': 40,
    'Actual Rows': rows,
    'Actual Total Time': ms,
    'Actual Loops': loops,
    ...more,
    ...(plans.length > 0
      ? { Plans: plans.map((plan, at) => ({ 'Parent Relationship': at === 0 ? 'Outer' : 'Inner', ...plan })) }
      : {}),
  };
}

/** The whole around it. */
export const whole = (plan: Fields, more: Fields = {}): Fields[] => [
  { Plan: plan, 'Planning Time': 0.1, 'Execution Time': plan['Actual Total Time'], ...more },
];

export async function planOf(value: unknown, ideas?: (outline: Outline) => IndexIdea[]): Promise<Plan> {
  const outline = outlineOf(value);
  return readOut(outline, await parser(), ideas?.(outline));
}

export async function findingsOf(value: unknown): Promise<PlanFinding[]> {
  return (await planOf(value)).findings;
}
