/** A revision as its file writes it. */
export interface RevisionFile {
  id: string;
  /** Relative to the project. */
  file: string;
  /** Undefined: it can't be read without running the file. */
  downs: string[] | undefined;
  dependsOn: string[] | undefined;
  labels: string[];
  reversible: boolean | null;
}

/** Revisions with what they come after worked out. */
export interface RevisionGraph {
  /** Such that each comes after those it builds on; those of a circle where they can't. */
  order: string[];
  files: Map<string, RevisionFile>;
  /** Through `down_revision` and `depends_on`, as far as they are there. */
  parents: Map<string, string[]>;
  /** Revisions that are nobody's `down_revision`. */
  heads: string[];
  /** Revisions whose predecessors can't all be known. */
  uncertain: Set<string>;
  /** Revisions that come after themselves. */
  circle: string[];
  /** `down_revision` or `depends_on` that names no revision. */
  dangling: { id: string; field: 'down_revision' | 'depends_on'; target: string }[];
  /** `depends_on` that names only the beginning of one. */
  partial: { id: string; target: string; meant: string }[];
  /** Branch labels that several revisions declare. */
  sharedLabels: string[];
}

/** Linear in revisions and edges. */
export function revisionGraph(revisions: readonly RevisionFile[]): RevisionGraph {
  const files = new Map(revisions.map((revision) => [revision.id, revision]));
  const labels = new Map<string, string>();
  const sharedLabels = new Set<string>();
  for (const { id, labels: own } of files.values()) {
    for (const label of own) {
      if (labels.has(label) || files.has(label)) sharedLabels.add(label);
      labels.set(label, id);
    }
  }
  const graph: RevisionGraph = {
    order: [],
    files,
    parents: new Map(),
    heads: [],
    uncertain: new Set(),
    circle: [],
    dangling: [],
    partial: [],
    sharedLabels: [...sharedLabels],
  };
  const followed = new Set<string>();
  let sorted: string[] | undefined;
  for (const [id, { downs, dependsOn }] of files) {
    const parents = new Set<string>();
    for (const target of downs ?? []) {
      if (files.has(target)) {
        parents.add(target);
        followed.add(target);
      } else graph.dangling.push({ id, field: 'down_revision', target });
    }
    for (const target of dependsOn ?? []) {
      const exact = files.has(target) ? target : labels.get(target);
      if (exact !== undefined) {
        parents.add(exact);
        continue;
      }
      sorted ??= [...files.keys()].sort();
      const meant = onlyOneBeginning(sorted, target);
      if (meant !== undefined) {
        parents.add(meant);
        graph.partial.push({ id, target, meant });
      } else graph.dangling.push({ id, field: 'depends_on', target });
    }
    if (!downs || !dependsOn) graph.uncertain.add(id);
    graph.parents.set(id, [...parents]);
  }
  for (const { id } of graph.dangling) graph.uncertain.add(id);
  graph.heads = [...files.keys()].filter((id) => !followed.has(id));
  ({ order: graph.order, circle: graph.circle } = topological(graph));
  return graph;
}

/** `roots` and everything they come after. */
export function closure(
  parents: ReadonlyMap<string, readonly string[]>,
  roots: Iterable<string>,
): Set<string> {
  const reached = new Set<string>();
  const stack = [...roots];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const parent of parents.get(id) ?? []) if (!reached.has(parent)) stack.push(parent);
  }
  return reached;
}

/** Branch by branch: each head's line is written out before the next one's. */
function topological({ files, parents, heads }: Pick<RevisionGraph, 'files' | 'parents' | 'heads'>): {
  order: string[];
  circle: string[];
} {
  const order: string[] = [];
  const mark = new Map<string, 'open' | 'done'>();
  const closing: [from: string, to: string][] = [];
  for (const root of [...heads, ...files.keys()]) {
    const stack: { id: string; next: number }[] = mark.has(root) ? [] : [{ id: root, next: 0 }];
    if (stack.length > 0) mark.set(root, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const parent = parents.get(top.id)?.[top.next++];
      if (parent === undefined) {
        mark.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else if (!mark.has(parent)) {
        mark.set(parent, 'open');
        stack.push({ id: parent, next: 0 });
      } else if (mark.get(parent) === 'open') closing.push([top.id, parent]);
    }
  }
  if (closing.length === 0) return { order, circle: [] };
  return { order, circle: inCircles(parents, order) };
}

/** What is left when revisions that nothing leads to, or that lead to nothing, are taken away again and again. */
function inCircles(parents: ReadonlyMap<string, readonly string[]>, ids: readonly string[]): string[] {
  const children = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const id of ids) for (const parent of parents.get(id) ?? []) children.get(parent)?.push(id);
  const left = new Set(ids);
  const peel = (
    ahead: ReadonlyMap<string, readonly string[]>,
    behind: ReadonlyMap<string, readonly string[]>,
  ) => {
    const count = new Map(
      [...left].map((id) => [id, (ahead.get(id) ?? []).filter((other) => left.has(other)).length]),
    );
    const free = [...count].filter(([, edges]) => edges === 0).map(([id]) => id);
    for (let id = free.pop(); id !== undefined; id = free.pop()) {
      left.delete(id);
      for (const other of behind.get(id) ?? []) {
        if (!left.has(other)) continue;
        const edges = (count.get(other) ?? 0) - 1;
        count.set(other, edges);
        if (edges === 0) free.push(other);
      }
    }
  };
  peel(parents, children);
  peel(children, parents);
  return [...left].sort();
}

/** The only one of `sorted` that begins so; undefined when there are none or several. */
function onlyOneBeginning(sorted: readonly string[], beginning: string): string | undefined {
  if (beginning === '') return undefined;
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < beginning) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found?.startsWith(beginning) && !sorted[low + 1]?.startsWith(beginning) ? found : undefined;
}
