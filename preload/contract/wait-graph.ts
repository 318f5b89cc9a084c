/** What the tree needs to know of a backend. */
export interface Waiter {
  pid: number;
  /** pids that stand in its way; 0 is a prepared transaction. */
  blockedBy: readonly number[];
  /** Since when it waits, ms. */
  waitingSince: number | null;
}

/** Answers about who waits for whom, rings taken as one. */
export interface Graph {
  inCycle: (pid: number) => boolean;
  /** Everybody who waits for this one, directly or through others; never itself. */
  waitersOf: (pid: number) => ReadonlySet<number>;
  /** Whether `blocker` stands behind another blocker of `pid`, so that the way to it leads through that one. */
  implied: (pid: number, blocker: number) => boolean;
  /** The backends at the far end of every chain, in ascending order; of a ring, its members. */
  rootsOf: (pid: number) => readonly number[];
  /** Groups that wait for nobody outside themselves: single blockers and rings. */
  topGroups: () => readonly (readonly number[])[];
}

/**
 * Finds the rings (Tarjan's strongly connected components, without recursion) and, group by group, everything
 * each one waits for. Sets are bit masks: a queue of n waiters has n²/2 edges.
 */
export function condense(waiters: ReadonlyMap<number, Waiter>): Graph {
  const { groups, groupOf } = components(waiters);
  const words = Math.ceil(groups.length / 32);
  const ahead = groups.map(() => new Uint32Array(words));
  const behind = groups.map(() => new Uint32Array(words));
  const isTop = groups.map(() => true);

  // Tarjan yields a group after every group it reaches, so that what lies ahead is complete when it is needed.
  groups.forEach((members, group) => {
    const own = ahead[group] as Uint32Array;
    for (const pid of members) {
      for (const blocker of waiters.get(pid)?.blockedBy ?? []) {
        const other = groupOf.get(blocker) as number;
        if (other === group) continue;
        isTop[group] = false;
        set(own, other);
        merge(own, ahead[other] as Uint32Array);
      }
    }
    forEach(own, (other) => set(behind[other] as Uint32Array, group));
  });

  const ring = (pid: number): boolean => {
    const members = groups[groupOf.get(pid) ?? -1];
    return (members?.length ?? 0) > 1 || (waiters.get(pid)?.blockedBy.includes(pid) ?? false);
  };
  const farther = new Map<number, Uint32Array>();
  return {
    inCycle: ring,
    waitersOf: (pid) => {
      const group = groupOf.get(pid);
      const found = new Set<number>();
      if (group === undefined) return found;
      for (const member of groups[group] ?? []) if (member !== pid) found.add(member);
      forEach(behind[group] as Uint32Array, (other) => {
        for (const member of groups[other] ?? []) found.add(member);
      });
      return found;
    },
    implied: (pid, blocker) => {
      let mask = farther.get(pid);
      if (!mask) {
        mask = new Uint32Array(words);
        for (const other of waiters.get(pid)?.blockedBy ?? []) {
          const group = groupOf.get(other) as number;
          if (group !== groupOf.get(pid)) merge(mask, ahead[group] as Uint32Array);
        }
        farther.set(pid, mask);
      }
      return has(mask, groupOf.get(blocker) as number);
    },
    rootsOf: (pid) => {
      const group = groupOf.get(pid);
      if (group === undefined) return [];
      const found: number[] = isTop[group] ? [...(groups[group] ?? [])] : [];
      forEach(ahead[group] as Uint32Array, (other) => {
        if (isTop[other]) found.push(...(groups[other] ?? []));
      });
      return found.sort((a, b) => a - b);
    },
    topGroups: () => groups.filter((_, group) => isTop[group]),
  };
}

function components(waiters: ReadonlyMap<number, Waiter>): {
  groups: number[][];
  groupOf: Map<number, number>;
} {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const groups: number[][] = [];
  const groupOf = new Map<number, number>();

  for (const start of waiters.keys()) {
    if (index.has(start)) continue;
    const work: { pid: number; next: number }[] = [{ pid: start, next: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1] as { pid: number; next: number };
      const { pid } = frame;
      if (frame.next === 0) {
        index.set(pid, index.size);
        low.set(pid, index.get(pid) as number);
        stack.push(pid);
        onStack.add(pid);
      }
      const blockers = waiters.get(pid)?.blockedBy ?? [];
      const blocker = blockers[frame.next];
      if (blocker !== undefined) {
        frame.next += 1;
        if (!index.has(blocker)) work.push({ pid: blocker, next: 0 });
        else if (onStack.has(blocker))
          low.set(pid, Math.min(low.get(pid) as number, index.get(blocker) as number));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low.set(parent.pid, Math.min(low.get(parent.pid) as number, low.get(pid) as number));
      if (low.get(pid) !== index.get(pid)) continue;
      const members: number[] = [];
      let member: number | undefined;
      do {
        member = stack.pop() as number;
        onStack.delete(member);
        groupOf.set(member, groups.length);
        members.push(member);
      } while (member !== pid);
      groups.push(members);
    }
  }
  return { groups, groupOf };
}

function set(mask: Uint32Array, bit: number): void {
  mask[bit >>> 5] = (mask[bit >>> 5] as number) | (1 << (bit & 31));
}

function has(mask: Uint32Array, bit: number): boolean {
  return ((mask[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
}

function merge(into: Uint32Array, from: Uint32Array): void {
  for (let word = 0; word < into.length; word += 1)
    into[word] = (into[word] as number) | (from[word] as number);
}

function forEach(mask: Uint32Array, visit: (bit: number) => void): void {
  for (let word = 0; word < mask.length; word += 1) {
    for (let rest = mask[word] as number; rest !== 0; rest &= rest - 1) {
      visit(word * 32 + (31 - Math.clz32(rest & -rest)));
    }
  }
}
