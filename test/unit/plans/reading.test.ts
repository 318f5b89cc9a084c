import { describe, expect, it } from 'vitest';
import { readPlan } from '../../../main/queries/plans/reading.ts';
import { planOf, ran, whole } from './support.ts';

const rounded = (values: (number | null)[]): (number | null)[] =>
  values.map((value) => (value === null ? null : Math.round(value * 100) / 100));

describe('self times', () => {
  it('take loops and processes side by side into account', async () => {
    // Three processes scan for 90 ms each; the inner side runs 400 times.
    const { nodes } = await planOf(
      whole(
        ran(
          'Gather',
          { rows: 300, ms: 100, 'Workers Planned': 2, 'Workers Launched': 2 },
          ran(
            'Nested Loop',
            { rows: 100, ms: 90, loops: 3 },
            ran('Seq Scan', { rows: 400, ms: 30, loops: 3 }),
            ran('Index Scan', { ms: 0.1, loops: 1200, 'Index Name': 'i' }),
          ),
        ),
      ),
    );
    expect(rounded(nodes.map(({ selfMs }) => selfMs))).toEqual([10, 20, 30, 40]);
    expect(nodes.map(({ processes }) => processes)).toEqual([1, 3, 3, 3]);
    expect(rounded(nodes.map(({ selfShare }) => selfShare))).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(nodes[3]?.rows).toBe(1200);
    // An icicle: each lies within the one that it is counted in.
    for (const { offset, totalShare, countedIn } of nodes) {
      const above = nodes[countedIn ?? 0];
      expect(offset).toBeGreaterThanOrEqual(above?.offset ?? 0);
      expect(offset + totalShare).toBeLessThanOrEqual((above?.offset ?? 0) + (above?.totalShare ?? 0) + 1e-9);
    }
  });

  it('count a CTE in the scan that reads it, and an InitPlan in the node that asks for it', async () => {
    for (const [name, use] of [
      ['InitPlan 2 (returns $1)', 'x > $1'],
      ['InitPlan 2', '(x > (InitPlan 2).col1)'],
    ]) {
      const { nodes } = await planOf(
        whole(
          ran(
            'Hash Join',
            { ms: 100 },
            {
              ...ran('Aggregate', { ms: 40, 'Shared Hit Blocks': 7, 'Shared Read Blocks': 0 }),
              'Parent Relationship': 'InitPlan',
              'Subplan Name': 'CTE recent',
            },
            { ...ran('Aggregate', { ms: 20 }), 'Parent Relationship': 'InitPlan', 'Subplan Name': name },
            {
              ...ran('CTE Scan', {
                ms: 50,
                'CTE Name': 'recent',
                'Shared Hit Blocks': 9,
                'Shared Read Blocks': 0,
              }),
              'Parent Relationship': 'Outer',
            },
            { ...ran('Seq Scan', { ms: 45, Filter: use }), 'Parent Relationship': 'Inner' },
            { ...ran('Result', { loops: 0, rows: 0 }), 'Parent Relationship': 'SubPlan' },
          ),
        ),
      );
      expect(rounded(nodes.map(({ selfMs }) => selfMs))).toEqual([5, 40, 20, 10, 25, 0]);
      expect(nodes.map(({ countedIn }) => countedIn)).toEqual([null, 3, 4, 0, 0, 0]);
      expect(nodes[3]?.buffers?.hit).toBe(2);
      expect(nodes[5]).toMatchObject({ loops: 0, misestimate: null });
    }
  });

  it('stand on cost where nothing was run: a subplan and an inner side count once a row', async () => {
    const node = (type: string, cost: number, rows: number, plans: object[] = [], more = {}): object => ({
      'Node Type': type,
      'Startup Cost': 0,
      'Total Cost': cost,
      'Plan Rows': rows,
      'Plan Width': 8,
      ...more,
      ...(plans.length > 0 ? { Plans: plans } : {}),
    });
    const below = node('Limit', 9, 1, [node('Seq Scan', 90, 10, [], { 'Parent Relationship': 'Outer' })], {
      'Parent Relationship': 'SubPlan',
      'Subplan Name': 'SubPlan 1',
    });
    const { nodes, measure, analyzed, executionMs } = await planOf([
      { Plan: node('Seq Scan', 1000, 100, [below]) },
    ]);
    expect({ measure, analyzed, executionMs }).toEqual({
      measure: 'cost',
      analyzed: false,
      executionMs: null,
    });
    expect(rounded(nodes.map(({ totalShare }) => totalShare))).toEqual([1, 0.9, 0.9]);
    expect(rounded(nodes.map(({ selfShare }) => selfShare))).toEqual([0.1, 0, 0.9]);
  });
});

const json = JSON.stringify(
  whole(ran('Seq Scan', { rows: 3, ms: 1, 'Relation Name': 't' }), { 'Query Identifier': 'ID' }),
  null,
  2,
).replace('"ID"', '-7170258029046817203');

describe('what is read', () => {
  it('is JSON however it was printed, its query id unrounded', async () => {
    const psql = [
      ' QUERY PLAN ',
      '------------',
      ...json.split('\n').map((line) => ` ${line.padEnd(60)}+`),
      '(1 row)',
    ].join('\n');
    const framed = json
      .split('\n')
      .map((line) => `| ${line.padEnd(60)} |`)
      .join('\n');
    const csv = `"${json.replaceAll('"', '""')}"`;
    for (const text of [
      json,
      psql,
      framed,
      csv,
      `LOG: duration: 3 ms plan:\n${json}`,
      JSON.stringify({
        'QUERY PLAN': JSON.parse(json.replace('-7170258029046817203', '"-7170258029046817203"')),
      }),
      `\uFEFF${json}`,
    ])
      expect(await readPlan(text), text.slice(0, 40)).toMatchObject({
        queryId: '-7170258029046817203',
        nodes: [{ type: 'Seq Scan', target: 't' }],
      });
  });

  it('is EXPLAIN’s text format, too', async () => {
    const text = `
 Sort  (cost=10.00..11.00 rows=40 width=29) (actual time=5.000..6.000 rows=10 loops=1)
   Sort Key: c.n DESC, (lower(a, 'x, y'))
   Sort Method: external merge  Disk: 840kB
   Buffers: shared hit=2504 read=3, temp read=5 written=6
   CTE c
     ->  HashAggregate  (cost=3.00..4.00 rows=12 width=24) (actual time=2.000..3.000 rows=12 loops=1)
           Batches: 5  Memory Usage: 48kB  Disk Usage: 120kB
           ->  Parallel Index Only Scan Backward using "odd ix" on public.events e  (cost=0.00..3.00 rows=6 width=16) (never executed)
                 Heap Fetches: 12
   ->  Nested Loop Left Join  (cost=3.50..7.55 rows=40 width=29) (actual time=1.000..5.000 rows=10 loops=1)
         ->  CTE Scan on c  (cost=0.00..3.00 rows=40 width=24) (actual time=3.500..3.500 rows=4 loops=1)
               Filter: (n > 3)
               Rows Removed by Filter: 120
         ->  Function Scan on generate_series g  (cost=0.00..1.00 rows=9 width=4) (actual rows=1.50 loops=4)
 Planning:
   Buffers: shared hit=99
 Settings: work_mem = '64kB'
 Planning Time: 1.028 ms
 Trigger RI_x for constraint child_fk on events: time=7.500 calls=3
 JIT:
   Functions: 4
   Timing: Generation 1.000 ms, Emission 2.000 ms, Total 3.000 ms
 Execution Time: 20.357 ms
(24 rows)`;
    const plan = await readPlan(text);
    expect(plan).toMatchObject({
      planningMs: 1.028,
      executionMs: 20.357,
      settings: [{ name: 'work_mem', value: '64kB' }],
      triggers: [{ name: 'child_fk on events', ms: 7.5, calls: 3 }],
      jit: { functions: 4, totalMs: 3 },
    });
    expect(plan.nodes.map(({ type, target, role, loops }) => [type, target, role, loops])).toEqual([
      ['Sort', '', null, 1],
      ['HashAggregate', '', 'InitPlan', 1],
      ['Parallel Index Only Scan Backward', 'events e by odd ix', 'Outer', 0],
      ['Nested Loop Left Join', '', 'Outer', 1],
      ['CTE Scan', 'c', 'Outer', 1],
      ['Function Scan', 'generate_series g', 'Inner', 4],
    ]);
    expect(plan.nodes[0]?.buffers).toMatchObject({ hit: 2504, read: 3, tempRead: 5, tempWritten: 6 });
    expect(plan.nodes[4]).toMatchObject({ removedRows: 120, totalMs: 3.5, selfMs: 0.5 });
    expect(plan.findings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['sort-spill', 'aggregate-spill']),
    );
    expect(plan.nodes[0]?.facts.find(({ name }) => name === 'Sort Key')?.value).toBe(
      "c.n DESC, (lower(a, 'x, y'))",
    );
  });

  it.each([
    ['', /empty/],
    ['hello', /neither JSON/],
    ['{"a": 1}', /no "Plan"/],
    ['[]', /no "Plan"/],
    ['null', /no "Plan"/],
    ['[{"Plan": 7}]', /no "Plan"/],
    ['[{"Plan": {"Node Type": "Sort", "Plans": [{}]}}]', /no "Node Type"/],
    ['[{"Plan": {"Node Type"', /not whole/],
    ['- Plan:\n    Node Type: "Sort"', /YAML/],
    ['<explain xmlns="x">', /XML/],
    [JSON.stringify([{ Plan: { 'Node Type': 'A' } }, { Plan: { 'Node Type': 'B' } }]), /2 plans/],
    ['['.repeat(900), /neither|no "Plan"|not whole/],
  ])('says why it can’t read %j', async (text, why) => {
    await expect(readPlan(text)).rejects.toThrow(why);
  });

  it('bears hostile plans: deep, long, wide, with fields of the wrong sort', async () => {
    const deep = `[{"Plan": ${'{"Node Type": "Materialize", "Actual Rows": 1, "Actual Loops": 1, "Actual Total Time": 1, "Plans": ['.repeat(9999)}{"Node Type": "Result"}${']}'.repeat(9999)}}]`;
    const plan = await readPlan(deep);
    expect([plan.nodes.length, plan.nodes.at(-1)?.depth]).toEqual([10_000, 9999]);
    const long = JSON.stringify(
      whole({
        ...ran('Seq Scan', { rows: 1, ms: 50, 'Rows Removed by Filter': 90_000 }),
        Filter: `(${'a AND '.repeat(3_400_000)}b)`,
      }),
    );
    expect(long.length).toBeGreaterThan(20_000_000);
    expect((await readPlan(long)).nodes[0]?.facts.every(({ value }) => value.length <= 4001)).toBe(true);
    const wide = JSON.stringify(
      whole(ran('Append', { ms: 1 }, ...Array.from({ length: 13_000 }, () => ran('Result', {})))),
    );
    await expect(readPlan(wide)).rejects.toThrow(/more than 12000 nodes/);
    const odd = {
      'Node Type': 'Hash',
      'Plan Rows': 'many',
      'Actual Loops': null,
      'Actual Rows': {},
      'Total Cost': '1e999',
      Workers: 7,
      'Sort Key': [1, {}],
      Filter: ['x'],
      Plans: 'none',
      Alias: 5,
    };
    expect(
      (await readPlan(JSON.stringify([{ Plan: odd, JIT: 3, Triggers: [1, {}], Settings: [] }]))).nodes[0],
    ).toMatchObject({ estimatedRows: null, totalMs: null, totalShare: 0 });
    // Two InitPlans that would wait for each other.
    const circle = whole(
      ran(
        'Result',
        { ms: 9 },
        {
          ...ran('A', { ms: 3, Filter: '$2' }),
          'Parent Relationship': 'InitPlan',
          'Subplan Name': 'InitPlan 1 (returns $1)',
        },
        {
          ...ran('B', { ms: 3, Filter: '$1' }),
          'Parent Relationship': 'InitPlan',
          'Subplan Name': 'InitPlan 2 (returns $2)',
        },
      ),
    );
    expect((await planOf(circle)).nodes.map(({ countedIn }) => countedIn)).toEqual([null, 0, 0]);
  });
});
