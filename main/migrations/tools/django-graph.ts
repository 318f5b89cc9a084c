import { type DjangoMigration, keyOf, type MigrationKey } from './django-files.ts';

/** The plan as Django would make it with the rows of one database. */
export interface DjangoPlan {
  /** In the order of `showmigrations --plan`. */
  order: MigrationKey[];
  parents: Map<MigrationKey, MigrationKey[]>;
  /** Applied by a row of its own, or, for a squashed one, by those of all that it replaces. */
  applied: Set<MigrationKey>;
  /** Squashed migrations that count as applied and have no row of their own. */
  implied: Set<MigrationKey>;
  /** Migrations, there or not, that are not part of the plan, with what stands for them. */
  replaced: Map<MigrationKey, MigrationKey>;
  /** Squashed migrations that can't be used, for some of what they replace is applied and some is not. */
  unusable: MigrationKey[];
  /** What nothing of its own app comes after, by app. */
  leaves: Map<string, MigrationKey[]>;
  /** Dependencies on a migration that its app does not have. */
  dangling: { key: MigrationKey; target: MigrationKey }[];
  circle: MigrationKey[];
}

interface Node {
  key: MigrationKey;
  app: string;
  name: string;
  /** Its place by app and name, as Python compares tuples. */
  rank: number;
  parents: Set<Node>;
  children: Set<Node>;
  /** Still part of the graph; what replaces it, or is missing on disk, may take it out. */
  there: boolean;
  state: 'new' | 'open' | 'done';
}

/** The migrations of a project by key, and by app. */
interface Graph {
  nodes: Map<MigrationKey, Node>;
  byApp: ReadonlyMap<string, readonly Node[]>;
  /** Those of the files, by app and name. */
  byName: readonly Node[];
}

/**
 * Builds the graph as `MigrationLoader.build_graph` and `MigrationGraph` of Django do (3.2 and 5.2 are the same in
 * this). Dependencies on apps that the project does not hold are left out. Linear in migrations and dependencies but
 * for the sorting of names.
 */
export function djangoPlan(
  migrations: readonly DjangoMigration[],
  rows: ReadonlySet<MigrationKey>,
  apps: ReadonlySet<string>,
): DjangoPlan {
  const graph = graphOf(migrations);
  const { nodes } = graph;
  const files = new Map<Node, DjangoMigration>();
  for (const migration of migrations)
    files.set(nodes.get(keyOf(migration.app, migration.name)) as Node, migration);
  const ghosts = linkAll(graph, files, apps);

  const applied = new Set(rows);
  const implied = new Set<MigrationKey>();
  const replaced = new Map<MigrationKey, MigrationKey>();
  const unusable: MigrationKey[] = [];
  for (const [node, { replaces }] of files) {
    if (replaces.length === 0) continue;
    const { key } = node;
    const keys = replaces.map(([app, name]) => keyOf(app, name));
    const targets = keys.flatMap((target) => nodes.get(target) ?? []).filter(({ there }) => there);
    const done = keys.filter((target) => applied.has(target)).length;
    if (done === keys.length) {
      if (!rows.has(key)) implied.add(key);
      applied.add(key);
    } else applied.delete(key);
    if (done === keys.length || done === 0) {
      for (const target of keys) replaced.set(target, key);
      if (node.there) replaceNodes(node, targets);
    } else {
      unusable.push(key);
      if (node.there) dropReplacement(node, targets);
    }
  }
  const dangling: DjangoPlan['dangling'] = [];
  for (const [ghost, by] of ghosts) {
    if (!ghost.there) continue;
    dangling.push({ key: by.key, target: ghost.key });
    takeOut(ghost);
  }
  const leaves = new Map<string, Node[]>();
  for (const node of graph.byName) {
    if (!node.there || hasOf(node.children, node.app)) continue;
    const others = leaves.get(node.app);
    if (others) others.push(node);
    else leaves.set(node.app, [node]);
  }
  const { order, circle } = plan([...[...leaves.values()].flat().sort(byRank), ...graph.byName]);
  const parents = new Map<MigrationKey, MigrationKey[]>();
  for (const node of nodes.values()) if (node.there) parents.set(node.key, keysOf(node.parents));
  return {
    ...{ order: keysOf(order), parents, applied, implied, replaced, unusable },
    leaves: new Map([...leaves].map(([app, own]) => [app, keysOf(own)])),
    dangling,
    circle: keysOf(circle),
  };
}

function graphOf(migrations: readonly DjangoMigration[]): Graph {
  const nodes = new Map<MigrationKey, Node>();
  for (const { app, name } of migrations) {
    const key = keyOf(app, name);
    nodes.set(key, newNode(key, app, name));
  }
  const byApp = Map.groupBy(nodes.values(), ({ app }) => app);
  // Texts sort by themselves far faster than by a comparison of ours.
  const byName = [...byApp.keys()].sort().flatMap((app) => {
    const own = new Map(byApp.get(app)?.map((node) => [node.name, node]));
    return [...own.keys()].sort().map((name) => own.get(name) as Node);
  });
  for (const [rank, node] of byName.entries()) node.rank = rank;
  return { nodes, byApp, byName };
}

/**
 * Links children and parents: those of one app first. A migration that is gone from disk still links others until what
 * replaces it takes its place: those are returned, each with what named it.
 */
function linkAll(
  { nodes, byApp }: Graph,
  files: ReadonlyMap<Node, DjangoMigration>,
  apps: ReadonlySet<string>,
): Map<Node, Node> {
  const ghosts = new Map<Node, Node>();
  const nodeOf = (app: string, name: string, by: Node): Node => {
    const key = keyOf(app, name);
    const known = nodes.get(key);
    if (known) return known;
    const ghost = newNode(key, app, name);
    nodes.set(key, ghost);
    ghosts.set(ghost, by);
    return ghost;
  };
  const link = (child: Node, parent: Node): void => {
    child.parents.add(parent);
    parent.children.add(child);
  };
  /** `__first__` and `__latest__` of another app; undefined for apps of others. */
  const resolve = (app: string, name: string, by: Node): Node | undefined => {
    if (!apps.has(app)) return undefined;
    if (name !== '__first__' && name !== '__latest__') return nodeOf(app, name, by);
    const edge = name === '__first__' ? 'parents' : 'children';
    return [...(byApp.get(app) ?? [])].sort(byRank).find((node) => !hasOf(node[edge], app));
  };
  for (const [node, { app, dependencies }] of files)
    for (const [parentApp, parent] of dependencies)
      if (parentApp === app && parent !== '__first__') link(node, nodeOf(parentApp, parent, node));
  for (const [node, { app, dependencies, runBefore }] of files) {
    for (const [parentApp, parent] of dependencies) {
      const target = parentApp === app ? undefined : resolve(parentApp, parent, node);
      if (target) link(node, target);
    }
    for (const [childApp, child] of runBefore) {
      const target = resolve(childApp, child, node);
      if (target) link(target, node);
    }
  }
  return ghosts;
}

/** Whether one of them is of the app. */
function hasOf(nodes: ReadonlySet<Node>, app: string): boolean {
  for (const node of nodes) if (node.app === app) return true;
  return false;
}

/** `MigrationGraph.remove_replaced_nodes`. */
function replaceNodes(own: Node, targets: readonly Node[]): void {
  const gone = new Set(targets);
  for (const target of targets) {
    const { children, parents } = target;
    takeOut(target);
    for (const child of children) {
      if (gone.has(child) || child === own) continue;
      child.parents.add(own);
      own.children.add(child);
    }
    for (const parent of parents) {
      if (gone.has(parent) || parent === own) continue;
      parent.children.add(own);
      own.parents.add(parent);
    }
  }
}

/** `MigrationGraph.remove_replacement_node`. */
function dropReplacement(own: Node, targets: readonly Node[]): void {
  takeOut(own);
  const inside = new Set(targets.flatMap((target) => [...target.parents]));
  const last = targets.filter((target) => !inside.has(target));
  for (const child of own.children) {
    for (const target of last) {
      child.parents.add(target);
      target.children.add(child);
    }
  }
}

/** Takes a node out of the graph; it still knows whom it was linked to. */
function takeOut(node: Node): void {
  node.there = false;
  for (const child of node.children) child.parents.delete(node);
  for (const parent of node.parents) parent.children.delete(node);
}

/** Depth first from each root in turn, parents by name: `_generate_plan` over `iterative_dfs`. */
function plan(roots: readonly Node[]): { order: Node[]; circle: Node[] } {
  const order: Node[] = [];
  const open: Node[] = [];
  const circle: Node[] = [];
  for (const root of roots) {
    if (!root.there) continue;
    // A node lies in it once to be opened and, below its parents, once to be closed.
    const stack = [root];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      if (node.state === 'new') {
        node.state = 'open';
        open.push(node);
        const parents = [...node.parents].filter(({ state }) => state !== 'done');
        if (parents.length > 1) parents.sort(byRank);
        for (const parent of parents) {
          if (parent.state === 'open') {
            if (circle.length === 0) circle.push(...open.slice(open.indexOf(parent)));
          } else stack.push(parent);
        }
        continue;
      }
      stack.pop();
      if (node.state === 'done' || node !== open.at(-1)) continue;
      open.pop();
      node.state = 'done';
      order.push(node);
    }
  }
  return { order, circle };
}

const newNode = (key: MigrationKey, app: string, name: string): Node => ({
  ...{ key, app, name, rank: -1, there: true, state: 'new' },
  parents: new Set(),
  children: new Set(),
});

const byRank = (a: Node, b: Node): number => a.rank - b.rank;

const keysOf = (nodes: Iterable<Node>): MigrationKey[] => Array.from(nodes, ({ key }) => key);
