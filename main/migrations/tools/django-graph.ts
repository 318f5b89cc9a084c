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
  app: string;
  name: string;
  /** Its place by app and name, as Python compares tuples. */
  rank: number;
  parents: Set<MigrationKey>;
  children: Set<MigrationKey>;
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
  const files = new Map(migrations.map((migration) => [keyOf(migration.app, migration.name), migration]));
  const nodes = new Map<MigrationKey, Node>();
  for (const [key, { app, name }] of files) nodes.set(key, newNode(app, name));
  // A migration that is gone from disk still links others until what replaces it takes its place.
  const ghosts = new Map<MigrationKey, MigrationKey>();
  const link = (key: MigrationKey, child: MigrationKey, parent: MigrationKey): void => {
    for (const end of [child, parent]) {
      if (nodes.has(end)) continue;
      nodes.set(end, newNode(end.slice(0, end.indexOf('.')), end.slice(end.indexOf('.') + 1)));
      ghosts.set(end, key);
    }
    nodes.get(child)?.parents.add(parent);
    nodes.get(parent)?.children.add(child);
  };
  rankNodes(nodes);
  for (const [key, { app, dependencies }] of files)
    for (const [parentApp, parent] of dependencies)
      if (parentApp === app && parent !== '__first__') link(key, key, keyOf(parentApp, parent));
  for (const [key, { app, dependencies, runBefore }] of files) {
    for (const [parentApp, parent] of dependencies) {
      const target = parentApp === app ? undefined : resolve(nodes, apps, parentApp, parent);
      if (target) link(key, key, target);
    }
    for (const [childApp, child] of runBefore) {
      const target = resolve(nodes, apps, childApp, child);
      if (target) link(key, target, key);
    }
  }

  const applied = new Set(rows);
  const implied = new Set<MigrationKey>();
  const replaced = new Map<MigrationKey, MigrationKey>();
  const unusable: MigrationKey[] = [];
  for (const [key, { replaces }] of files) {
    if (replaces.length === 0) continue;
    const targets = replaces.map(([app, name]) => keyOf(app, name));
    const done = targets.filter((target) => applied.has(target)).length;
    if (done === targets.length) {
      if (!rows.has(key)) implied.add(key);
      applied.add(key);
    } else applied.delete(key);
    if (done === targets.length || done === 0) {
      for (const target of targets) replaced.set(target, key);
      replaceNodes(nodes, key, targets);
    } else {
      unusable.push(key);
      dropReplacement(nodes, key, targets);
    }
  }
  const dangling: DjangoPlan['dangling'] = [];
  for (const [target, key] of ghosts) {
    const node = nodes.get(target);
    if (!node) continue;
    dangling.push({ key, target });
    nodes.delete(target);
    for (const child of node.children) nodes.get(child)?.parents.delete(target);
    for (const parent of node.parents) nodes.get(parent)?.children.delete(target);
  }
  rankNodes(nodes);
  const leaves = new Map<string, MigrationKey[]>();
  for (const key of byRank(nodes, nodes.keys())) {
    const { app, children } = nodes.get(key) as Node;
    if (![...children].some((child) => nodes.get(child)?.app === app))
      leaves.set(app, [...(leaves.get(app) ?? []), key]);
  }
  const { order, circle } = plan(nodes, leaves);
  const parents = new Map([...nodes].map(([key, node]) => [key, [...node.parents]]));
  return { order, parents, applied, implied, replaced, unusable, leaves, dangling, circle };
}

/** `__first__` and `__latest__` of another app; undefined for apps of others. */
function resolve(
  nodes: ReadonlyMap<MigrationKey, Node>,
  apps: ReadonlySet<string>,
  app: string,
  name: string,
): MigrationKey | undefined {
  if (!apps.has(app)) return undefined;
  if (name !== '__first__' && name !== '__latest__') return keyOf(app, name);
  const edge = name === '__first__' ? 'parents' : 'children';
  const own = [...nodes].filter(([, node]) => node.app === app).map(([key]) => key);
  return byRank(nodes, own).find((key) =>
    [...(nodes.get(key) as Node)[edge]].every((other) => nodes.get(other)?.app !== app),
  );
}

/** `MigrationGraph.remove_replaced_nodes`. */
function replaceNodes(
  nodes: Map<MigrationKey, Node>,
  key: MigrationKey,
  targets: readonly MigrationKey[],
): void {
  const own = nodes.get(key);
  if (!own) return;
  const gone = new Set(targets);
  for (const target of targets) {
    const node = nodes.get(target);
    if (!node) continue;
    nodes.delete(target);
    for (const child of node.children) {
      nodes.get(child)?.parents.delete(target);
      if (gone.has(child) || child === key) continue;
      nodes.get(child)?.parents.add(key);
      own.children.add(child);
    }
    for (const parent of node.parents) {
      nodes.get(parent)?.children.delete(target);
      if (gone.has(parent) || parent === key) continue;
      nodes.get(parent)?.children.add(key);
      own.parents.add(parent);
    }
  }
}

/** `MigrationGraph.remove_replacement_node`. */
function dropReplacement(
  nodes: Map<MigrationKey, Node>,
  key: MigrationKey,
  targets: readonly MigrationKey[],
): void {
  const own = nodes.get(key);
  if (!own) return;
  nodes.delete(key);
  const present = targets.filter((target) => nodes.has(target));
  const inside = new Set(present.flatMap((target) => [...(nodes.get(target)?.parents ?? [])]));
  const last = present.filter((target) => !inside.has(target));
  for (const child of own.children) {
    nodes.get(child)?.parents.delete(key);
    for (const target of last) {
      nodes.get(child)?.parents.add(target);
      nodes.get(target)?.children.add(child);
    }
  }
  for (const parent of own.parents) nodes.get(parent)?.children.delete(key);
}

/** Depth first from each leaf in turn, parents by name: `_generate_plan` over `iterative_dfs`. */
function plan(
  nodes: ReadonlyMap<MigrationKey, Node>,
  leaves: ReadonlyMap<string, readonly MigrationKey[]>,
): { order: MigrationKey[]; circle: MigrationKey[] } {
  const order: MigrationKey[] = [];
  const open = new Set<MigrationKey>();
  const done = new Set<MigrationKey>();
  const circle: MigrationKey[] = [];
  const roots = [...byRank(nodes, [...leaves.values()].flat()), ...byRank(nodes, nodes.keys())];
  for (const root of roots) {
    const stack: { key: MigrationKey; close: boolean }[] = [{ key: root, close: false }];
    for (let top = stack.pop(); top; top = stack.pop()) {
      const { key, close } = top;
      if (close) {
        open.delete(key);
        done.add(key);
        order.push(key);
      } else if (open.has(key)) {
        if (circle.length === 0) circle.push(...between([...open], key));
      } else if (!done.has(key)) {
        open.add(key);
        stack.push({ key, close: true });
        const parents = [...(nodes.get(key)?.parents ?? [])].filter((parent) => !done.has(parent));
        for (const parent of byRank(nodes, parents)) stack.push({ key: parent, close: false });
      }
    }
  }
  return { order, circle };
}

/** The open ones from `key` on. */
const between = (open: MigrationKey[], key: MigrationKey): MigrationKey[] => open.slice(open.indexOf(key));

const newNode = (app: string, name: string): Node => ({
  app,
  name,
  rank: -1,
  parents: new Set(),
  children: new Set(),
});

function rankNodes(nodes: ReadonlyMap<MigrationKey, Node>): void {
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...nodes.values()].sort((a, b) => before(a.app, b.app) || before(a.name, b.name));
  for (const [rank, node] of sorted.entries()) node.rank = rank;
}

const byRank = (nodes: ReadonlyMap<MigrationKey, Node>, keys: Iterable<MigrationKey>): MigrationKey[] =>
  [...keys].sort((a, b) => (nodes.get(a)?.rank ?? 0) - (nodes.get(b)?.rank ?? 0));
