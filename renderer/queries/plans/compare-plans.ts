import type { Plan, PlanFinding, PlanNode } from '../../../preload/contract/plan-model.ts';

/** One node of both plans, or of one only. */
export interface ComparedNode {
  /** Path from the top: stable for the same place in both plans. */
  key: string;
  depth: number;
  a: PlanNode | undefined;
  b: PlanNode | undefined;
  /** `same`: same sort of node on the same thing. */
  change: 'same' | 'changed' | 'gone' | 'new';
}

export interface ComparedPlans {
  nodes: ComparedNode[];
  /** Findings of the first plan that the second has not, and the other way round. */
  gone: PlanFinding[];
  fresh: PlanFinding[];
  stayed: PlanFinding[];
}

/**
 * Lays two plans side by side: nodes at the same place in both, by their roles from the top down. A place where one of
 * them has another sort of node is `changed`, and what is below it is still compared.
 */
export function comparePlans(a: Plan, b: Plan): ComparedPlans {
  const left = pathsOf(a);
  const right = pathsOf(b);
  const keys = merged([...left.keys()], [...right.keys()]);
  const nodes = keys.map((key): ComparedNode => {
    const one = left.get(key);
    const other = right.get(key);
    const change = !one ? 'new' : !other ? 'gone' : alike(one, other) ? 'same' : 'changed';
    return { key, depth: key.split('/').length - 1, a: one, b: other, change };
  });
  const nameOf = (plan: Plan, { kind, node }: PlanFinding): string => {
    const of = node === null ? undefined : plan.nodes[node];
    return `${kind} ${of?.relation ?? of?.target ?? ''}`;
  };
  const before = new Set(a.findings.map((finding) => nameOf(a, finding)));
  const after = new Set(b.findings.map((finding) => nameOf(b, finding)));
  return {
    nodes,
    gone: a.findings.filter((finding) => !after.has(nameOf(a, finding))),
    fresh: b.findings.filter((finding) => !before.has(nameOf(b, finding))),
    stayed: b.findings.filter((finding) => before.has(nameOf(b, finding))),
  };
}

const alike = (a: PlanNode, b: PlanNode): boolean =>
  a.type === b.type && a.relation === b.relation && a.index === b.index;

/** Nodes by their path: at each step the role and its number among those of the same role. */
function pathsOf({ nodes }: Plan): Map<string, PlanNode> {
  const paths: string[] = [];
  const seen = new Map<string, number>();
  const found = new Map<string, PlanNode>();
  for (const node of nodes.slice(0, 3000).filter(({ depth }) => depth <= 200)) {
    const above = node.parent === null ? '' : (paths[node.parent] ?? '');
    const step = `${above}/${node.subplan?.replace(/ \(returns.*/, '') ?? node.role ?? 'top'}`;
    const number = seen.get(step) ?? 0;
    seen.set(step, number + 1);
    const path = number === 0 ? step : `${step} ${number}`;
    paths[node.id] = path;
    found.set(path, node);
  }
  return found;
}

/** Both lists in one, each in its own order, what is only in the second after its place in the first. */
function merged(a: readonly string[], b: readonly string[]): string[] {
  const inA = new Set(a);
  const after = new Map<string, string[]>();
  let last = '';
  for (const key of b) {
    if (inA.has(key)) last = key;
    else after.set(last, [...(after.get(last) ?? []), key]);
  }
  return [...(after.get('') ?? []), ...a.flatMap((key) => [key, ...(after.get(key) ?? [])])];
}
