import { describe, expect, it } from 'vitest';
import type { FindingKind } from '../../../preload/contract/plan-model.ts';
import { findingsOf, ran, whole } from './support.ts';

interface Pair {
  kind: FindingKind;
  /** A plan that has it, and what is said. */
  has: unknown;
  says: RegExp;
  /** Ones that look similar and have not. */
  hasNot: unknown[];
}

const event = { 'Relation Name': 'event', Schema: 'public', Alias: 'e' };
const scan = (more: Record<string, unknown>) =>
  ran('Seq Scan', {
    rows: 20,
    ms: 90,
    ...event,
    Filter: '((e.team_id = 7) AND (e.at > now()))',
    'Rows Removed by Filter': 60_000,
    ...more,
  });
const sort = (more: Record<string, unknown>, ms = 400) =>
  whole(
    ran(
      'Sort',
      { rows: 200_000, ms, 'Sort Key': ['e.at'], ...more },
      ran('Seq Scan', { rows: 200_000, ms: 60, ...event }),
    ),
  );
const hashJoin = (hash: Record<string, unknown>) =>
  whole(
    ran(
      'Hash Join',
      { rows: 9000, ms: 300, 'Join Type': 'Inner' },
      ran('Seq Scan', { rows: 9000, ms: 20, ...event }),
      ran(
        'Hash',
        { rows: 90_000, ms: 60, ...hash },
        ran('Seq Scan', { rows: 90_000, ms: 30, 'Relation Name': 'team' }),
      ),
    ),
  );
const nested = ({
  outer,
  expected,
  removed = 0,
  ms = 800,
}: {
  outer: number;
  expected: number;
  removed?: number;
  ms?: number;
}) =>
  whole(
    ran(
      'Nested Loop',
      {
        rows: outer,
        estimated: expected,
        ms,
        ...(removed ? { 'Rows Removed by Join Filter': removed } : {}),
      },
      ran('Seq Scan', { rows: outer, estimated: expected, ms: 5, ...event }),
      ran('Index Scan', {
        rows: 1,
        ms: (ms - 50) / outer,
        loops: outer,
        'Relation Name': 'team',
        'Index Name': 'team_pkey',
      }),
    ),
  );
const subplan = (loops: number, each: number) =>
  whole(
    ran(
      'Seq Scan',
      { rows: loops, ms: 100, ...event },
      ran('Aggregate', { ms: each, loops, 'Parent Relationship': 'SubPlan', 'Subplan Name': 'SubPlan 1' }),
    ),
  );
const estimate = (rows: number, estimated: number, top = 'Hash Join') =>
  whole(
    ran(
      top,
      { rows, ms: 200 },
      ran('Seq Scan', { rows, estimated, ms: 50, ...event, Filter: '((a = 1) AND (b = 2))' }),
    ),
  );
const gather = (launched: number) =>
  whole(
    ran(
      'Gather',
      { rows: 10, ms: 300, 'Workers Planned': 4, 'Workers Launched': launched },
      ran('Seq Scan', { rows: 5, ms: 280, loops: launched + 1, 'Parallel Aware': true, ...event }),
    ),
  );
const jit = (ms: number) =>
  whole(ran('Aggregate', { ms: 200 }), {
    JIT: { Functions: 12, Timing: { Generation: { Deform: 1, Total: 4 }, Emission: ms - 4, Total: ms } },
  });
const trigger = (ms: number) =>
  whole(ran('ModifyTable', { rows: 0, ms: 50, Operation: 'Delete' }), {
    'Execution Time': 50 + ms,
    Triggers: [
      {
        'Trigger Name': 'RI_ConstraintTrigger_a_1',
        'Constraint Name': 'child_fk',
        Relation: 'event',
        Time: ms,
        Calls: 900,
      },
    ],
  });
const bitmap = (exact: number, lossy: number) =>
  whole(
    ran('Bitmap Heap Scan', {
      rows: 5000,
      ms: 90,
      ...event,
      'Exact Heap Blocks': exact,
      'Lossy Heap Blocks': lossy,
      'Rows Removed by Index Recheck': lossy * 40,
    }),
  );
const indexOnly = (fetches: number) =>
  whole(
    ran('Index Only Scan', { rows: 20_000, ms: 90, ...event, 'Index Name': 'i', 'Heap Fetches': fetches }),
  );
const indexScan = (removed: number, rows = 50) =>
  whole(
    ran('Index Scan', {
      rows,
      ms: 90,
      ...event,
      'Index Name': 'i',
      'Index Cond': '(kind = 1)',
      Filter: '(team = 2)',
      'Rows Removed by Filter': removed,
    }),
  );
const aggregate = (more: Record<string, unknown>) =>
  whole(
    ran(
      'Aggregate',
      { rows: 50_000, ms: 300, Strategy: 'Hashed', 'Peak Memory Usage': 4096, ...more },
      ran('Seq Scan', { rows: 900_000, ms: 90, ...event }),
    ),
  );
const read = (hit: number, blocks: number) =>
  whole(
    ran('Seq Scan', { rows: 9, ms: 900, ...event, 'Shared Hit Blocks': hit, 'Shared Read Blocks': blocks }),
  );

const pairs: Pair[] = [
  {
    kind: 'seq-scan',
    has: whole(scan({})),
    says: /60,020 rows.*20 of them match.*90 ms.*index on team_id, at.*CREATE INDEX CONCURRENTLY ON public\.event \(team_id, at\)/s,
    hasNot: [
      // Most rows are wanted; the table is small; it is over at once; no filter at all.
      whole(scan({ rows: 50_000, 'Rows Removed by Filter': 10_000 })),
      whole(scan({ rows: 2, 'Rows Removed by Filter': 3000 })),
      whole(scan({ ms: 2 })),
      whole(ran('Seq Scan', { rows: 60_000, ms: 90, ...event })),
    ],
  },
  {
    kind: 'sort-spill',
    has: sort({ 'Sort Method': 'external merge', 'Sort Space Used': 20_480, 'Sort Space Type': 'Disk' }),
    says: /wrote 20 MB to disk.*200,000 rows.*About 26 MB would have held it.*work_mem = '32MB'/s,
    hasNot: [
      sort({ 'Sort Method': 'quicksort', 'Sort Space Used': 20_480, 'Sort Space Type': 'Memory' }),
      sort({ 'Sort Method': 'external merge', 'Sort Space Used': 200, 'Sort Space Type': 'Disk' }, 3),
    ],
  },
  {
    kind: 'hash-spill',
    has: hashJoin({ 'Hash Batches': 8, 'Original Hash Batches': 2, 'Peak Memory Usage': 4096 }),
    says: /8 batches.*expected 2/s,
    hasNot: [hashJoin({ 'Hash Batches': 1, 'Original Hash Batches': 1, 'Peak Memory Usage': 4096 })],
  },
  {
    kind: 'aggregate-spill',
    has: aggregate({ 'HashAgg Batches': 5, 'Disk Usage': 10_240 }),
    says: /10 MB to disk/,
    hasNot: [aggregate({ 'HashAgg Batches': 1, 'Disk Usage': 0 })],
  },
  {
    kind: 'nested-loop',
    has: nested({ outer: 40_000, expected: 12 }),
    says: /40,000 times where 12 were expected/,
    // As expected; few turns; a product is one too.
    hasNot: [nested({ outer: 40_000, expected: 39_000 }), nested({ outer: 200, expected: 4 })],
  },
  {
    kind: 'nested-loop',
    has: nested({ outer: 500, expected: 480, removed: 2_000_000 }),
    says: /every row of one side.*2,000,000 pairs/s,
    hasNot: [nested({ outer: 500, expected: 480, removed: 900 })],
  },
  {
    kind: 'subplan-loops',
    has: subplan(400, 0.2),
    says: /400 times.*80 ms together: 80 %/s,
    hasNot: [subplan(20, 4), subplan(400, 0.01)],
  },
  {
    kind: 'estimate',
    has: estimate(90_000, 30),
    says: /3,000 times too few rows from Seq Scan on event e.*begins here.*depend on each other.*ANALYZE public\.event/s,
    // Near enough; a handful; a LIMIT that wanted no more.
    hasNot: [estimate(90_000, 30_000), estimate(60, 2), estimate(10, 90_000, 'Limit')],
  },
  { kind: 'jit', has: jit(120), says: /60 % of its time.*generation 4 ms/s, hasNot: [jit(10)] },
  {
    kind: 'triggers',
    has: trigger(400),
    says: /child_fk on event took 89 %.*900 times/s,
    hasNot: [trigger(6)],
  },
  {
    kind: 'lossy-bitmap',
    has: bitmap(100, 900),
    says: /900 of 1,000 blocks/,
    hasNot: [bitmap(1000, 0), bitmap(90_000, 200)],
  },
  {
    kind: 'heap-fetches',
    has: indexOnly(15_000),
    says: /15,000 of 20,000 rows.*VACUUM public\.event/s,
    hasNot: [indexOnly(0), indexOnly(400)],
  },
  {
    kind: 'filter-loss',
    has: indexScan(80_000),
    says: /80,000 of 80,050 rows.*\(team = 2\)/s,
    hasNot: [indexScan(300), indexScan(80_000, 60_000)],
  },
  { kind: 'workers', has: gather(1), says: /1 of 4/, hasNot: [gather(4)] },
  {
    kind: 'cold-reads',
    has: read(100, 90_000),
    says: /90,000 blocks \(703 MB/,
    hasNot: [read(90_000, 100), read(0, 20)],
  },
];

describe('findings', () => {
  it.each(pairs)(
    '$kind is found where it is, in words, and only there',
    async ({ kind, has, says, hasNot }) => {
      const found = (await findingsOf(has)).find((one) => one.kind === kind);
      expect(JSON.stringify(found)).toMatch(says);
      for (const plan of hasNot) expect((await findingsOf(plan)).map((one) => one.kind)).not.toContain(kind);
    },
  );

  it('are none for an everyday plan, and put the worst first', async () => {
    const good = whole(
      ran(
        'Limit',
        { rows: 20, ms: 0.2 },
        ran('Index Scan', { rows: 20, estimated: 5000, ms: 0.2, ...event, 'Index Name': 'i' }),
      ),
    );
    expect(await findingsOf(good)).toEqual([]);
    const bad = whole(ran('Sort', { rows: 20, ms: 100, 'Sort Key': ['x'] }, scan({})), {
      JIT: { Functions: 3, Timing: { Total: 25 } },
    });
    expect((await findingsOf(bad)).map(({ kind, severity }) => `${severity} ${kind}`)).toEqual([
      'bad seq-scan',
      'warning jit',
    ]);
  });
});
