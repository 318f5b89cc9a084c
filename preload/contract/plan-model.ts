import { z } from 'zod';

/** Sorts of plan nodes, for colour and for words. */
export const nodeFamilies = [
  'scan',
  'index',
  'join',
  'sort',
  'aggregate',
  'gather',
  'write',
  'other',
] as const;
export type NodeFamily = (typeof nodeFamilies)[number];

/** Blocks of 8 kB (or the server's BLCKSZ), over all loops and processes. */
export const PlanBuffers = z.object({
  /** Found in shared memory. */
  hit: z.number(),
  /** Asked of the operating system. */
  read: z.number(),
  dirtied: z.number(),
  written: z.number(),
  /** Of temporary tables. */
  local: z.number(),
  /** Of temporary files: what did not fit into memory. */
  tempRead: z.number(),
  tempWritten: z.number(),
});
export type PlanBuffers = z.infer<typeof PlanBuffers>;

/** One node of a plan. Nodes stand in a flat list, parents before their children, so that no depth is too deep. */
export const PlanNode = z.object({
  /** Its place in the list, from 0. */
  id: z.number(),
  parent: z.number().nullable(),
  /** 0 for the top. */
  depth: z.number(),
  /** As EXPLAIN's text would name it: `Parallel Seq Scan`, `Hash Left Join`. */
  type: z.string(),
  family: z.enum(nodeFamilies),
  /** `Outer`, `Inner`, `Member`, `InitPlan`, `SubPlan`, `Subquery`; null for the top. */
  role: z.string().nullable(),
  /** `CTE recent`, `SubPlan 1`, `InitPlan 1`. */
  subplan: z.string().nullable(),
  schema: z.string().nullable(),
  relation: z.string().nullable(),
  alias: z.string().nullable(),
  index: z.string().nullable(),
  /** What it works on, in one line: the relation with its alias, the index, the CTE, the function; empty for none. */
  target: z.string(),
  /** In the planner's units; those of the children included. Null where the plan has no costs. */
  startupCost: z.number().nullable(),
  totalCost: z.number().nullable(),
  /** Rows that the planner expects from one run. */
  estimatedRows: z.number().nullable(),
  /** Mean width of a row, bytes. */
  width: z.number().nullable(),
  /** How often it ran, over all processes; 0: never; null: the plan was not run. */
  loops: z.number().nullable(),
  /** Processes that ran it side by side, the leader included; 1 outside of a Gather. */
  processes: z.number(),
  /** Mean rows of one run. */
  rowsPerLoop: z.number().nullable(),
  /** Rows of all runs. */
  rows: z.number().nullable(),
  /** Factor between expected and real rows, at least 1; below the estimate when `overestimated`. */
  misestimate: z.number().nullable(),
  overestimated: z.boolean(),
  /** Wall time over all loops, its children's included, ms. Null without ANALYZE, or with TIMING off. */
  totalMs: z.number().nullable(),
  /** Wall time of its own, ms. */
  selfMs: z.number().nullable(),
  /** Its part of the whole, 0 to 1: of time where that is known, else of cost. With the children, and its own. */
  totalShare: z.number(),
  selfShare: z.number(),
  /**
   * The node whose time includes this one's: its parent; for a CTE and an InitPlan the node that asks for their rows.
   * Null for the top.
   */
  countedIn: z.number().nullable(),
  /** Where it begins in the drawing of the whole, 0 to 1: an icicle, each within the node that it is counted in. */
  offset: z.number(),
  /** Blocks of its own, without its children's; null without BUFFERS. */
  buffers: PlanBuffers.nullable(),
  /** Rows that its filters threw away, over all loops. */
  removedRows: z.number().nullable(),
  /** Everything else the plan says of it, in its order: name and value as text. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type PlanNode = z.infer<typeof PlanNode>;

/** Kinds of findings, each stable. */
export const findingKinds = [
  'seq-scan',
  'estimate',
  'sort-spill',
  'hash-spill',
  'aggregate-spill',
  'nested-loop',
  'jit',
  'lossy-bitmap',
  'heap-fetches',
  'filter-loss',
  'subplan-loops',
  'workers',
  'cold-reads',
  'triggers',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something about a plan that costs time, in plain words. */
export const PlanFinding = z.object({
  kind: z.enum(findingKinds),
  severity: z.enum(['notice', 'warning', 'bad']),
  /** The node it is about; null for the whole plan. */
  node: z.number().nullable(),
  /** One line: what is wrong, where. */
  what: z.string(),
  /** Figures that show it, a sentence each. */
  evidence: z.array(z.string()),
  /** What to do. */
  remedy: z.string(),
  /** SQL that would mend it; never run by itself. */
  statement: z.string().nullable(),
  /** Part of the whole that it accounts for, 0 to 1, where that can be said. */
  share: z.number().nullable(),
});
export type PlanFinding = z.infer<typeof PlanFinding>;

/** A plan as it was read. */
export const Plan = z.object({
  nodes: z.array(PlanNode),
  /** It was run: there are real rows. */
  analyzed: z.boolean(),
  /** What shares are of. */
  measure: z.enum(['time', 'cost', 'none']),
  planningMs: z.number().nullable(),
  executionMs: z.number().nullable(),
  totalCost: z.number().nullable(),
  /** Time in triggers, by name. */
  triggers: z.array(
    z.object({
      name: z.string(),
      relation: z.string().nullable(),
      ms: z.number().nullable(),
      calls: z.number(),
    }),
  ),
  jit: z
    .object({
      functions: z.number(),
      totalMs: z.number().nullable(),
      parts: z.array(z.object({ name: z.string(), ms: z.number() })),
    })
    .nullable(),
  /** Settings that differ from the default and bear on the plan (EXPLAIN's SETTINGS). */
  settings: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The statement, where the plan names it. */
  text: z.string().nullable(),
  /** int8 as text. */
  queryId: z.string().nullable(),
  findings: z.array(PlanFinding),
});
export type Plan = z.infer<typeof Plan>;
