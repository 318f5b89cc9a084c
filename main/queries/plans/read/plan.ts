import type { Plan, PlanNode } from '../../../../preload/contract/plan-model.ts';
import { figuresOf, type NodeFigures } from './figures.ts';
import { familyOf, targetOf, typeName } from './names.ts';
import { type Fields, isFields, numberIn, type Outline, type OutlineNode, textIn } from './outline.ts';

/** A plan without its findings: everything that can be read and computed from its JSON. */
export function planOf(outline: Outline): Omit<Plan, 'findings'> {
  const { top, nodes } = outline;
  const figures = figuresOf(outline);
  const room = { left: mostFactText };
  const stops = stoppedEarly(nodes);
  const read = nodes.map((node) =>
    nodeOf(node, figures.nodes[node.id] as NodeFigures, room, stops[node.id] ?? false),
  );
  const first = read[0];
  return {
    nodes: read,
    analyzed: first?.loops !== null && first?.loops !== undefined,
    measure: figures.measure,
    planningMs: numberIn(top, 'Planning Time'),
    executionMs: numberIn(top, 'Execution Time') ?? first?.totalMs ?? null,
    totalCost: first?.totalCost ?? null,
    triggers: triggersOf(top),
    jit: jitOf(top),
    settings: isFields(top.Settings)
      ? Object.entries(top.Settings)
          // Set by this console to get a generic plan.
          .filter(([name]) => name !== 'plan_cache_mode')
          .map(([name, value]) => ({ name, value: String(value).slice(0, 1000) }))
      : [],
    text: textIn(top, 'Query Text')?.slice(0, 200_000) ?? null,
    queryId: queryIdOf(top),
  };
}

/** Text that is passed on of all nodes' further fields, characters. */
const mostFactText = 4_000_000;
const longestFact = 4000;

function nodeOf(
  { id, parent, depth, fields }: OutlineNode,
  figures: NodeFigures,
  room: { left: number },
  stops: boolean,
): PlanNode {
  const { loops } = figures;
  const estimatedRows = numberIn(fields, 'Plan Rows');
  const rowsPerLoop = loops === null ? null : numberIn(fields, 'Actual Rows');
  const rows = rowsPerLoop === null || loops === null ? null : rowsPerLoop * loops;
  const ran = loops !== null && loops > 0 && rowsPerLoop !== null && estimatedRows !== null;
  const real = Math.max(1, rowsPerLoop ?? 0);
  const expected = Math.max(1, estimatedRows ?? 0);
  // Fewer than expected say nothing where somebody above wanted no more.
  const tells = ran && !(stops && expected > real);
  return {
    id,
    parent,
    depth,
    type: typeName(fields),
    family: familyOf(fields),
    role: textIn(fields, 'Parent Relationship'),
    subplan: textIn(fields, 'Subplan Name'),
    schema: textIn(fields, 'Schema'),
    relation: textIn(fields, 'Relation Name'),
    alias: textIn(fields, 'Alias'),
    index: textIn(fields, 'Index Name'),
    target: targetOf(fields).slice(0, 500),
    startupCost: numberIn(fields, 'Startup Cost'),
    totalCost: numberIn(fields, 'Total Cost'),
    estimatedRows,
    width: numberIn(fields, 'Plan Width'),
    ...figures,
    rowsPerLoop,
    rows,
    misestimate: tells ? Math.max(real / expected, expected / real) : null,
    overestimated: tells && expected > real,
    removedRows: removedOf(fields, loops),
    facts: factsOf(fields, room),
  };
}

/** Which nodes are only asked for as many rows as somebody above needs. */
function stoppedEarly(nodes: readonly OutlineNode[]): boolean[] {
  const found: boolean[] = [];
  for (const { id, parent, fields } of nodes) {
    const above = parent === null ? undefined : nodes[parent]?.fields;
    const type = textIn(above ?? {}, 'Node Type') ?? '';
    const join = textIn(above ?? {}, 'Join Type') ?? '';
    const role = textIn(fields, 'Parent Relationship');
    if (type === 'Limit' || type === 'Merge Join' || /Semi|Anti/.test(join) || role === 'SubPlan')
      found[id] = true;
    // These read all of what is below them first.
    else if (/Sort$|^Aggregate$|^Hash$/.test(type)) found[id] = false;
    else found[id] = parent !== null && (found[parent] ?? false);
  }
  return found;
}

const removals = ['Rows Removed by Filter', 'Rows Removed by Join Filter', 'Rows Removed by Index Recheck'];

function removedOf(fields: Fields, loops: number | null): number | null {
  const counts = removals.map((name) => numberIn(fields, name)).filter((one) => one !== null);
  return counts.length === 0 || loops === null ? null : counts.reduce((a, b) => a + b, 0) * loops;
}

function factsOf(fields: Fields, room: { left: number }): PlanNode['facts'] {
  const facts: PlanNode['facts'] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'Plans' || name === 'Node Type' || facts.length >= 120 || room.left <= 0) continue;
    const text = textOf(value);
    const cut = text.length > longestFact ? `${text.slice(0, longestFact)}…` : text;
    room.left -= cut.length + name.length;
    facts.push({ name: name.slice(0, 100), value: cut });
  }
  return facts;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Deeper than the stack.
    return '…';
  }
}

function triggersOf(top: Fields): Plan['triggers'] {
  const all = Array.isArray(top.Triggers) ? top.Triggers.filter(isFields).slice(0, 1000) : [];
  return all.map((one) => ({
    name: textIn(one, 'Constraint Name') ?? textIn(one, 'Trigger Name') ?? 'trigger',
    relation: textIn(one, 'Relation'),
    ms: numberIn(one, 'Time'),
    calls: numberIn(one, 'Calls') ?? 0,
  }));
}

function jitOf(top: Fields): Plan['jit'] {
  if (!isFields(top.JIT)) return null;
  const timing = isFields(top.JIT.Timing) ? top.JIT.Timing : {};
  const parts = Object.entries(timing).flatMap(([name, value]) => {
    // Since 17 Generation is an object with a Total.
    const ms = isFields(value) ? numberIn(value, 'Total') : typeof value === 'number' ? value : null;
    return name === 'Total' || ms === null ? [] : [{ name, ms }];
  });
  return { functions: numberIn(top.JIT, 'Functions') ?? 0, totalMs: numberIn(timing, 'Total'), parts };
}

/** An int8: JSON.parse would round it, so whoever parses keeps it as text; a rounded one is of no use. */
function queryIdOf(top: Fields): string | null {
  const value = top['Query Identifier'];
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}
