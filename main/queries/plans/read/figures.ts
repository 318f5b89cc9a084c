import type { PlanBuffers } from '../../../../preload/contract/plan-model.ts';
import { countedIn } from './counted-in.ts';
import { numberIn, type Outline, type OutlineNode, textIn } from './outline.ts';

/** What is computed for a node out of its own figures and those of the ones it includes. */
export interface NodeFigures {
  processes: number;
  loops: number | null;
  totalMs: number | null;
  selfMs: number | null;
  buffers: PlanBuffers | null;
  countedIn: number | null;
  totalShare: number;
  selfShare: number;
  offset: number;
}

export interface PlanFigures {
  nodes: NodeFigures[];
  measure: 'time' | 'cost' | 'none';
}

/**
 * Self times, blocks and shares. EXPLAIN's times are means of one loop, and loops count over all processes; under a
 * Gather that many processes run side by side, so that wall time is the sum divided by them.
 */
export function figuresOf(outline: Outline): PlanFigures {
  const { nodes } = outline;
  const processes = processesOf(nodes);
  const loops = nodes.map(({ fields }) => numberIn(fields, 'Actual Loops'));
  const totals = nodes.map(({ id, fields }) => {
    const ran = loops[id] ?? null;
    const mean = numberIn(fields, 'Actual Total Time');
    if (ran === null) return null;
    if (ran === 0) return 0;
    return mean === null ? null : (mean * ran) / (processes[id] ?? 1);
  });
  const into = countedIn(outline, totals);
  const included = membersOf(into);
  const measure =
    (totals[0] ?? 0) > 0
      ? 'time'
      : (numberIn(nodes[0]?.fields ?? {}, 'Total Cost') ?? 0) > 0
        ? 'cost'
        : 'none';
  const weights =
    measure === 'time'
      ? totals.map((ms) => ms ?? 0)
      : measure === 'cost'
        ? costsOf(nodes)
        : nodes.map(() => 0);
  const blocks = nodes.map(({ fields }) => blocksOf(fields));
  const places = placesOf(included, weights);
  return {
    measure,
    nodes: nodes.map(({ id }) => {
      const below = included[id] ?? [];
      const total = totals[id] ?? null;
      const whole = weights[0] || 1;
      const own = Math.max(0, (weights[id] ?? 0) - sum(below, (one) => weights[one] ?? 0));
      return {
        processes: processes[id] ?? 1,
        loops: loops[id] ?? null,
        totalMs: total,
        selfMs: total === null ? null : Math.max(0, total - sum(below, (one) => totals[one] ?? 0)),
        buffers: ownBlocks(blocks, id, below),
        countedIn: into[id] ?? null,
        totalShare: places[id]?.share ?? 0,
        selfShare: Math.min(1, own / whole),
        offset: places[id]?.offset ?? 0,
      };
    }),
  };
}

function processesOf(nodes: readonly OutlineNode[]): number[] {
  const found: number[] = [];
  for (const { id, parent, fields } of nodes) {
    const above = parent === null ? undefined : nodes[parent];
    if (!above || textIn(fields, 'Parent Relationship') === 'InitPlan') found[id] = 1;
    else if (/^Gather/.test(textIn(above.fields, 'Node Type') ?? '')) {
      const own = numberIn(fields, 'Actual Loops');
      const gathered = numberIn(above.fields, 'Actual Loops');
      found[id] = own && gathered ? Math.max(1, own / gathered) : 1;
    } else found[id] = found[above.id] ?? 1;
  }
  return found;
}

/**
 * Costs stand in for times where a plan was not run: they include the children's, but for the inner side of a nested
 * loop and a subplan, which count once for each run.
 */
function costsOf(nodes: readonly OutlineNode[]): number[] {
  const given = nodes.map(({ fields }) => Math.max(0, numberIn(fields, 'Total Cost') ?? 0));
  const costs = [...given];
  const rowsOf = (id: number | undefined): number =>
    Math.max(1, numberIn(nodes[id ?? -1]?.fields ?? {}, 'Plan Rows') ?? 1);
  for (const { id, children } of nodes) {
    const whole = given[id] ?? 0;
    const fixed = children.filter((child) => !isRepeated(nodes, id, child));
    const repeated = children.filter((child) => isRepeated(nodes, id, child));
    const rest = Math.max(0, whole - sum(fixed, (child) => given[child] ?? 0));
    for (const child of fixed) costs[child] = given[child] ?? 0;
    for (const child of repeated) {
      const isSubplan = textIn(nodes[child]?.fields ?? {}, 'Parent Relationship') === 'SubPlan';
      const runs = isSubplan ? rowsOf(id) : rowsOf(children[0]);
      costs[child] = Math.min((given[child] ?? 0) * runs, rest / repeated.length);
    }
    // What stops early, under a Limit, is dearer on its own than with what is above it. And as often as the node itself
    // runs, so does what is below it.
    const below = sum(children, (child) => costs[child] ?? 0);
    const scale =
      ((costs[id] ?? 0) / Math.max(whole, Number.MIN_VALUE)) * (below > whole ? whole / below : 1);
    for (const child of children) costs[child] = (costs[child] ?? 0) * scale;
  }
  return costs;
}

function isRepeated(nodes: readonly OutlineNode[], parent: number, child: number): boolean {
  const role = textIn(nodes[child]?.fields ?? {}, 'Parent Relationship');
  if (role === 'SubPlan') return true;
  return role === 'Inner' && textIn(nodes[parent]?.fields ?? {}, 'Node Type') === 'Nested Loop';
}

function membersOf(into: readonly (number | null)[]): number[][] {
  const members: number[][] = into.map(() => []);
  into.forEach((above, id) => {
    if (above !== null) members[above]?.push(id);
  });
  return members;
}

/** Places of an icicle: each within the one above it, side by side, never wider together than that one. */
function placesOf(
  included: readonly number[][],
  weights: readonly number[],
): { share: number; offset: number }[] {
  const places: { share: number; offset: number }[] = [];
  places[0] = { share: weights[0] ? 1 : 0, offset: 0 };
  const waiting = [0];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const place = places[id] ?? { share: 0, offset: 0 };
    const below = included[id] ?? [];
    const heavy = weights[id] ?? 0;
    const together = sum(below, (one) => weights[one] ?? 0);
    const scale = place.share / Math.max(heavy, together, Number.MIN_VALUE);
    let { offset } = place;
    for (const one of below) {
      const share = Math.min(place.share, (weights[one] ?? 0) * scale);
      places[one] = { share, offset };
      offset += share;
      waiting.push(one);
    }
  }
  return places;
}

const blockFields: readonly [keyof PlanBuffers, readonly string[]][] = [
  ['hit', ['Shared Hit Blocks']],
  ['read', ['Shared Read Blocks']],
  ['dirtied', ['Shared Dirtied Blocks']],
  ['written', ['Shared Written Blocks']],
  ['local', ['Local Hit Blocks', 'Local Read Blocks']],
  ['tempRead', ['Temp Read Blocks']],
  ['tempWritten', ['Temp Written Blocks']],
];

function blocksOf(fields: Record<string, unknown>): PlanBuffers | null {
  if (numberIn(fields, 'Shared Hit Blocks') === null) return null;
  const entries = blockFields.map(([key, names]) => [key, sum(names, (name) => numberIn(fields, name) ?? 0)]);
  return Object.fromEntries(entries) as PlanBuffers;
}

function ownBlocks(
  blocks: readonly (PlanBuffers | null)[],
  id: number,
  below: readonly number[],
): PlanBuffers | null {
  const whole = blocks[id];
  if (!whole) return null;
  const entries = blockFields.map(([key]) => [
    key,
    Math.max(0, whole[key] - sum(below, (one) => blocks[one]?.[key] ?? 0)),
  ]);
  return Object.fromEntries(entries) as PlanBuffers;
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  let total = 0;
  for (const one of list) total += of(one);
  return total;
}
