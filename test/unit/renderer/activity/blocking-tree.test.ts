import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockingLine, blockingTree, freedBy } from '../../../../preload/contract/blocking-tree.ts';
import type { Waiter } from '../../../../preload/contract/wait-graph.ts';

/** `{ 2: [1] }` reads: 2 waits for 1. Those that wait began in the order of their pids. */
function waits(edges: Record<number, number[]>): Waiter[] {
  return Object.entries(edges).map(([pid, blockedBy]) => ({
    pid: Number(pid),
    blockedBy,
    waitingSince: Number(pid),
  }));
}

/** The tree as indented text: `*` refers to a line above, `!` is in a ring. */
function drawn(backends: readonly Waiter[]): string[] {
  return blockingTree(backends).lines.map(
    (line) => `${'  '.repeat(line.depth)}${line.pid}${line.repeated ? '*' : ''}${line.inCycle ? '!' : ''}`,
  );
}

function line(backends: readonly Waiter[], pid: number): BlockingLine {
  const found = blockingTree(backends).lines.find((candidate) => candidate.pid === pid);
  if (!found) throw new Error(`no line for ${pid}`);
  return found;
}

describe('the blocking tree', () => {
  it('is empty when nobody waits', () => {
    expect(blockingTree([{ pid: 1, blockedBy: [], waitingSince: null }])).toEqual({
      lines: [],
      waiting: 0,
      roots: 0,
      inCycle: 0,
    });
  });

  it('puts the backend that waits for nobody at the top', () => {
    expect(drawn([...waits({ 2: [1] }), { pid: 1, blockedBy: [], waitingSince: null }])).toEqual([
      '1',
      '  2',
    ]);
    expect(line(waits({ 2: [1] }), 1)).toMatchObject({ waits: false, behind: 1, frees: 1 });
  });

  it('draws a chain as deep as it is', () => {
    const chain = waits({ 2: [1], 3: [2], 4: [3], 5: [4] });
    expect(drawn(chain)).toEqual(['1', '  2', '    3', '      4', '        5']);
    expect(line(chain, 1)).toMatchObject({ behind: 4, frees: 4 });
    expect(line(chain, 3)).toMatchObject({ behind: 2, frees: 2 });
  });

  it('draws a lock queue, where everybody waits for all before him, as one chain', () => {
    expect(drawn(waits({ 2: [1], 3: [1, 2], 4: [1, 2, 3] }))).toEqual(['1', '  2', '    3', '      4']);
  });

  it('counts only what nothing else holds up as set free', () => {
    const queue = waits({ 2: [1], 3: [1, 2], 4: [1, 2, 3] });
    expect(line(queue, 1).frees).toBe(3);
    expect(line(queue, 2)).toMatchObject({ behind: 2, frees: 0 });
  });

  it('puts the one that has waited longest first', () => {
    const backends: Waiter[] = [
      { pid: 7, blockedBy: [1], waitingSince: 300 },
      { pid: 5, blockedBy: [1], waitingSince: 100 },
      { pid: 6, blockedBy: [1], waitingSince: null },
    ];
    expect(drawn(backends)).toEqual(['1', '  5', '  7', '  6']);
  });

  it('puts the root with the oldest wait first, however many wait for the others', () => {
    expect(drawn(waits({ 3: [2], 4: [1], 5: [1] }))).toEqual(['2', '  3', '1', '  4', '  5']);
  });

  it('draws a waiter with two roots in full once and marks it under both', () => {
    const two = waits({ 3: [1, 2], 4: [3] });
    expect(drawn(two)).toEqual(['1', '  3', '    4', '2', '  3*']);
    const lines = blockingTree(two).lines.filter((each) => each.pid === 3);
    expect(lines.map((each) => each.alsoBehind)).toEqual([[2], [1]]);
    expect(lines.map((each) => each.roots)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(line(two, 1)).toMatchObject({ behind: 2, frees: 0 });
  });

  it('draws a diamond once and refers to it, and frees all of it from its one root', () => {
    const diamond = waits({ 2: [1], 3: [1], 4: [2, 3] });
    expect(drawn(diamond)).toEqual(['1', '  2', '    4', '  3', '    4*']);
    expect(line(diamond, 4).roots).toEqual([1]);
    expect(line(diamond, 1)).toMatchObject({ behind: 3, frees: 3 });
    expect(line(diamond, 2)).toMatchObject({ behind: 1, frees: 0 });
  });

  it('takes a blocker named twice as one', () => {
    expect(drawn(waits({ 2: [1, 1, 1] }))).toEqual(['1', '  2']);
    expect(line(waits({ 2: [1, 1] }), 2).alsoBehind).toEqual([]);
  });

  it('draws blockers that are not among the backends, prepared transactions too', () => {
    expect(drawn(waits({ 2: [0], 3: [999] }))).toEqual(['0', '  2', '999', '  3']);
  });

  it('starts a ring at its longest waiter and ends it', () => {
    expect(drawn(waits({ 2: [1], 1: [2] }))).toEqual(['1!', '  2!', '    1*!']);
    expect(blockingTree(waits({ 2: [1], 1: [2] }))).toMatchObject({ waiting: 2, roots: 1, inCycle: 2 });
  });

  it('frees the other of two that wait for each other', () => {
    expect(line(waits({ 2: [1], 1: [2] }), 1).frees).toBe(1);
  });

  it('hangs a ring under what it waits for', () => {
    expect(drawn(waits({ 2: [1, 3], 3: [2] }))).toEqual(['1', '  2!', '    3!', '      2*!']);
    expect(line(waits({ 2: [1, 3], 3: [2] }), 1).frees).toBe(0);
  });

  it('draws those who wait for a ring beneath it', () => {
    expect(drawn(waits({ 1: [2], 2: [1], 3: [2] }))).toEqual(['1!', '  2!', '    1*!', '    3']);
  });

  it('survives a backend that is said to wait for itself', () => {
    expect(drawn(waits({ 1: [1] }))).toEqual(['1!', '  1*!']);
  });

  it('gives every line a key of its own', () => {
    const { lines } = blockingTree(waits({ 3: [1, 2], 4: [1, 2], 5: [3, 4] }));
    expect(new Set(lines.map((each) => each.key)).size).toBe(lines.length);
  });

  it('draws 500 waiters in one queue quickly and without running out of stack', () => {
    const queue = Array.from({ length: 500 }, (_, index) => ({
      pid: index + 2,
      blockedBy: Array.from({ length: index + 1 }, (_, before) => before + 1),
      waitingSince: index,
    }));
    const { lines } = blockingTree(queue);
    expect(lines).toHaveLength(501);
    expect(lines.at(-1)?.depth).toBe(500);
    expect(lines[0]?.frees).toBe(500);
  });
});

describe('whatever the server says', () => {
  const anyGraph = fc
    .uniqueArray(
      fc.record({
        pid: fc.integer({ min: 1, max: 14 }),
        blockedBy: fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 5 }),
        waitingSince: fc.option(fc.integer({ min: 0, max: 99 })),
      }),
      { selector: (backend) => backend.pid, maxLength: 14 },
    )
    .map((backends): Waiter[] => backends);

  it('every waiter is drawn in full exactly once', () => {
    fc.assert(
      fc.property(anyGraph, (backends) => {
        const full = blockingTree(backends).lines.filter((each) => !each.repeated && each.waits);
        const waiting = backends.filter((each) => each.blockedBy.length > 0);
        expect(full.map((each) => each.pid).sort()).toEqual(waiting.map((each) => each.pid).sort());
      }),
    );
  });

  it('every line beneath another waits for it directly', () => {
    fc.assert(
      fc.property(anyGraph, (backends) => {
        const path: number[] = [];
        for (const each of blockingTree(backends).lines) {
          path.length = each.depth;
          const parent = path.at(-1);
          if (parent !== undefined) {
            expect(backends.find(({ pid }) => pid === each.pid)?.blockedBy).toContain(parent);
          }
          path.push(each.pid);
        }
      }),
    );
  });

  it('what is set free is always a part of what waits behind', () => {
    fc.assert(
      fc.property(anyGraph, (backends) => {
        const waiters = new Map(
          backends.filter((each) => each.blockedBy.length > 0).map((each) => [each.pid, each]),
        );
        for (const each of blockingTree(backends).lines) {
          expect(each.frees).toBeLessThanOrEqual(each.behind);
          expect(freedBy(each.pid, waiters).size).toBe(each.frees);
        }
      }),
    );
  });
});
