/** A value of JSON. */
export type Fields = Record<string, unknown>;

/** One node as the plan has it, without its children, which follow it in the list. */
export interface OutlineNode {
  id: number;
  parent: number | null;
  depth: number;
  fields: Fields;
  children: number[];
}

/** A plan's JSON as a flat list, parents before children, and what stands beside the tree. */
export interface Outline {
  nodes: OutlineNode[];
  /** Planning and execution time, triggers, JIT, settings, the statement. */
  top: Fields;
}

/** The plan can't be read; the message says why, for a person. */
export class PlanUnreadable extends Error {
  override name = 'PlanUnreadable';
}

/** Plans over thousands of partitions have some ten thousand nodes. */
const mostNodes = 12_000;

/**
 * Lays a plan's JSON out: EXPLAIN's array of one, its object, or what auto_explain logs. Walks without recursion,
 * since a hostile one may be deeper than the stack.
 *
 * @throws {PlanUnreadable}
 */
export function outlineOf(value: unknown): Outline {
  const top = topOf(value);
  const nodes: OutlineNode[] = [];
  const waiting: { fields: Fields; parent: number | null; depth: number }[] = [
    { fields: asNode(top.Plan), parent: null, depth: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { fields, parent, depth } = next;
    const id = nodes.length;
    if (id >= mostNodes)
      throw new PlanUnreadable(`The plan has more than ${mostNodes} nodes; larger ones are not read.`);
    nodes.push({ id, parent, depth, fields, children: [] });
    if (parent !== null) nodes[parent]?.children.push(id);
    const plans = Array.isArray(fields.Plans) ? fields.Plans : [];
    for (let index = plans.length - 1; index >= 0; index -= 1)
      waiting.push({ fields: asNode(plans[index]), parent: id, depth: depth + 1 });
  }
  return { nodes, top };
}

function topOf(value: unknown): Fields {
  let found = value;
  // An array of one, and a row of a client that gives the column's name: {"QUERY PLAN": [{"Plan": …}]}.
  for (let wraps = 0; wraps < 4; wraps += 1) {
    if (Array.isArray(found)) {
      if (found.length > 1 && found.every((one) => isFields(one) && 'Plan' in one))
        throw new PlanUnreadable(`There are ${found.length} plans in it; one at a time can be read.`);
      found = found[0];
    }
    if (isFields(found) && !('Plan' in found) && 'QUERY PLAN' in found) found = found['QUERY PLAN'];
  }
  if (isFields(found) && isFields(found.Plan)) return found;
  if (isFields(found) && typeof found['Node Type'] === 'string') return { Plan: found };
  throw new PlanUnreadable('It is JSON, but no plan: there is no "Plan" with a "Node Type" in it.');
}

function asNode(value: unknown): Fields {
  if (isFields(value) && typeof value['Node Type'] === 'string') return value;
  throw new PlanUnreadable('One of the plan’s nodes has no "Node Type".');
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A finite number, or null. */
export const numberIn = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** A text, or null. */
export const textIn = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
};

/** A list of texts; empty where there is none. */
export const textsIn = (fields: Fields, name: string): string[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};

/** The tables that a plan reads, as VERBOSE names them. */
export function relationsIn({ nodes }: Outline): { schema: string; name: string }[] {
  const found = new Map<string, { schema: string; name: string }>();
  for (const { fields } of nodes) {
    const schema = textIn(fields, 'Schema');
    const name = textIn(fields, 'Relation Name');
    if (schema !== null && name !== null) found.set(JSON.stringify([schema, name]), { schema, name });
  }
  return [...found.values()];
}
