import { condense, type Graph, type Waiter } from './wait-graph.ts';

/** One line of the tree, in the order in which it is drawn. */
export interface BlockingLine {
  /** Unlike any other line's, and the same from sample to sample: the pids from the root down. */
  key: string;
  pid: number;
  depth: number;
  /** Whether it waits itself (false for a root that only blocks). */
  waits: boolean;
  /** Drawn in full elsewhere; this line only refers to it and has nothing beneath. */
  repeated: boolean;
  /** Waits in a ring: a deadlock that the server has not broken yet. */
  inCycle: boolean;
  /** Other backends that block it too, besides the one it is drawn beneath. */
  alsoBehind: readonly number[];
  /** Roots it waits for in the end. More than one: no single act sets it free. */
  roots: readonly number[];
  /** Backends that wait for this one, directly or through others. */
  behind: number;
  /** Of those, the ones with nothing else in their way: what ending this backend sets free. */
  frees: number;
}

export interface BlockingTree {
  lines: readonly BlockingLine[];
  /** Backends that wait. */
  waiting: number;
  /** Backends at the top of a tree. */
  roots: number;
  /** Backends that wait in a ring. */
  inCycle: number;
}

/**
 * Draws who waits for whom from pg_blocking_pids (PostgreSQL manual, "System Information Functions").
 *
 * A waiter stands beneath the last of its blockers: where C waits for A and B, and B for A, C is drawn under B
 * alone, for it comes after B in the queue. Where several unrelated backends block it, it is drawn in full
 * once and referred to under the others. A ring has no root of its own: its longest waiter stands at the top.
 * Blockers that are not among the backends (prepared transactions, sessions that ended meanwhile) are drawn
 * all the same.
 */
export function blockingTree(backends: readonly Waiter[]): BlockingTree {
  const waiters = new Map<number, Waiter>();
  for (const backend of backends) if (backend.blockedBy.length > 0) waiters.set(backend.pid, backend);
  if (waiters.size === 0) return { lines: [], waiting: 0, roots: 0, inCycle: 0 };

  const graph = condense(waiters);
  const beneath = childrenOf(graph, waiters);
  const roots = rootsOf(graph, waiters);
  const lines: BlockingLine[] = [];
  const drawn = new Set<number>();
  const weight = new Map<number, { behind: number; frees: number }>();
  const weigh = (pid: number) => {
    const known = weight.get(pid);
    if (known) return known;
    const found = { behind: graph.waitersOf(pid).size, frees: freedBy(pid, waiters, graph).size };
    weight.set(pid, found);
    return found;
  };

  const draw = (pid: number, parent: number | null, path: string, depth: number): void => {
    const key = path === '' ? String(pid) : `${path}>${pid}`;
    const waiter = waiters.get(pid);
    const repeated = drawn.has(pid);
    drawn.add(pid);
    lines.push({
      key,
      pid,
      depth,
      waits: waiter !== undefined,
      repeated,
      inCycle: graph.inCycle(pid),
      // What blocks the head of a ring is the ring itself.
      alsoBehind: parent === null ? [] : parentsOf(pid, graph, waiters).filter((other) => other !== parent),
      roots: graph.rootsOf(pid),
      ...weigh(pid),
    });
    if (repeated) return;
    for (const child of beneath.get(pid) ?? []) draw(child, pid, key, depth + 1);
  };
  // By age and not by size, so that a tree keeps its place while others grow and shrink.
  const byOldestWait = (a: number, b: number): number =>
    oldest(a, beneath, waiters) - oldest(b, beneath, waiters) || a - b;
  for (const root of [...roots].sort(byOldestWait)) draw(root, null, '', 0);

  const inCycle = [...waiters.keys()].filter((pid) => graph.inCycle(pid)).length;
  return { lines, waiting: waiters.size, roots: roots.length, inCycle };
}

/**
 * The backends that go on once `pid` is ended, at once or one after another: those for which every one of
 * their blockers is `pid` or is itself set free. Backends in a ring hold each other and are not among them.
 */
export function freedBy(
  pid: number,
  waiters: ReadonlyMap<number, Waiter>,
  graph?: Graph,
): ReadonlySet<number> {
  const candidates = graph ? graph.waitersOf(pid) : new Set(waiters.keys());
  const freed = new Set<number>();
  let grew = true;
  while (grew) {
    grew = false;
    for (const candidate of candidates) {
      if (candidate === pid || freed.has(candidate)) continue;
      const blockers = waiters.get(candidate)?.blockedBy ?? [];
      if (blockers.every((blocker) => blocker === pid || freed.has(blocker))) {
        freed.add(candidate);
        grew = true;
      }
    }
  }
  return freed;
}

/** The blockers beneath which a waiter is drawn: those that do not stand behind another of its blockers. */
function parentsOf(pid: number, graph: Graph, waiters: ReadonlyMap<number, Waiter>): number[] {
  const blockers = [...new Set(waiters.get(pid)?.blockedBy ?? [])];
  return blockers.filter((blocker) => !graph.implied(pid, blocker));
}

function childrenOf(graph: Graph, waiters: ReadonlyMap<number, Waiter>): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const pid of waiters.keys()) {
    for (const parent of parentsOf(pid, graph, waiters)) {
      const list = children.get(parent);
      if (list) list.push(pid);
      else children.set(parent, [pid]);
    }
  }
  const since = (pid: number): number => waiters.get(pid)?.waitingSince ?? Number.MAX_SAFE_INTEGER;
  for (const list of children.values()) list.sort((a, b) => since(a) - since(b) || a - b);
  return children;
}

/** Blockers that do not wait, and of each ring that waits for nobody outside it the one that waits longest. */
function rootsOf(graph: Graph, waiters: ReadonlyMap<number, Waiter>): number[] {
  const since = (pid: number): number => waiters.get(pid)?.waitingSince ?? Number.MAX_SAFE_INTEGER;
  return graph
    .topGroups()
    .map((group) => [...group].sort((a, b) => since(a) - since(b) || a - b)[0] as number);
}

function oldest(
  pid: number,
  beneath: ReadonlyMap<number, number[]>,
  waiters: ReadonlyMap<number, Waiter>,
): number {
  const first = beneath.get(pid)?.[0];
  return first === undefined
    ? Number.MAX_SAFE_INTEGER
    : (waiters.get(first)?.waitingSince ?? Number.MAX_SAFE_INTEGER);
}
