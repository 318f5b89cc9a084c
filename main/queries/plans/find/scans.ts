import type { PlanFinding, PlanNode } from '../../../../preload/contract/plan-model.ts';
import { conditionsOf, type IndexColumn } from '../index-ideas/conditions.ts';
import { orderAbove } from '../index-ideas/order-above.ts';
import { createIndex, indexTarget, remedyOf } from '../index-ideas/words.ts';
import { textIn } from '../read/outline.ts';
import {
  acrossWorkers,
  type Finder,
  fieldsOf,
  isWorth,
  numberOf,
  type PlanInSight,
  severityBy,
  tableOf,
} from './context.ts';
import { figure, nameOf, percent, rowsOf, size, span } from './words.ts';

/** Tables read in whole for a few rows. */
export const seqScans: Finder = (sight) =>
  sight.plan.nodes
    .filter(({ type }) => /Seq Scan$/.test(type))
    .slice(0, 200)
    .flatMap((node) => seqScan(sight, node) ?? []);

const manyRows = 10_000;

function seqScan(sight: PlanInSight, node: PlanNode): PlanFinding | undefined {
  // Partitions of one table are told of once, at the first.
  const idea = sight.ideas.find(({ nodes }) => nodes[0] === node.id);
  if (!idea && sight.ideas.some(({ nodes }) => nodes.includes(node.id))) return undefined;
  const runs = runsOf(node);
  const gives = (node.rows ?? 0) / runs;
  const scanned = idea?.scanned ?? gives + (node.removedRows ?? 0) / runs;
  const selective = scanned >= manyRows && gives < scanned * 0.05 && (node.removedRows ?? 0) > 0;
  const together = idea?.nodes.map((id) => sight.plan.nodes[id]?.totalShare ?? 0) ?? [node.totalShare];
  const share = Math.min(
    1,
    together.reduce((a, b) => a + b, 0),
  );
  if (!isWorth(sight, { ...node, totalShare: share }) || !(idea || selective)) return undefined;
  const others = (idea?.nodes.length ?? 1) - 1;
  const matching = idea?.matching ?? gives;
  const again = runs > 1 ? `, ${figure(runs)} times` : '';
  const base = {
    kind: 'seq-scan' as const,
    severity: severityBy(share),
    node: node.id,
    share,
    evidence: [
      `${others > 0 ? `${nameOf(node)}, with ${figure(others)} more partitions,` : nameOf(node)} goes through ${rowsOf(scanned)}${again}; ${figure(matching)} of them match${idea?.estimated ? ' by the planner’s estimate' : ''}.`,
      ...timeOf(node),
    ],
  };
  if (idea) {
    const target = indexTarget(idea);
    return {
      ...base,
      what: `All of ${idea.on.name} is read for a few rows; an index on ${target} is missing`,
      evidence: [
        ...base.evidence,
        `With the index about ${rowsOf(Math.max(1, idea.wouldRead))} would be read${idea.ordered ? ', in the order that is asked for' : ''}.`,
      ],
      remedy: remedyOf(idea),
      statement: createIndex(idea),
    };
  }
  const columns = sight.knowsIndexes ? [] : likelyColumns(sight, node);
  const target = columns.length > 0 && tableOf(node) ? { on: tableOf(node) ?? '', columns } : undefined;
  return {
    ...base,
    what: `All of ${node.relation} is read for ${percent(gives / Math.max(1, scanned))} of its rows`,
    remedy: target
      ? `An index on ${columns.map(({ column }) => column).join(', ')} would find them; look first whether there is one.`
      : sight.knowsIndexes
        ? 'No plain index on a column would serve this filter, or there is one that the planner left aside: look at how the condition is written (a function or cast around the column needs an index on that expression), and at whether the statistics are fresh.'
        : 'An index on what the filter compares would find them; a function or cast around a column needs an index on that expression.',
    statement: target ? `CREATE INDEX CONCURRENTLY ON ${target.on} (${columnList(columns)})` : null,
  };
}

/** How often the whole table was gone through: the processes of a parallel scan share one time. */
const runsOf = ({ loops, processes }: PlanNode): number => Math.max(1, Math.round((loops ?? 1) / processes));

function likelyColumns(sight: PlanInSight, node: PlanNode): IndexColumn[] {
  const filter = textIn(fieldsOf(sight, node), 'Filter');
  const outlined = sight.outline.nodes[node.id];
  if (filter === null || !outlined) return [];
  const conditions = conditionsOf(filter, node.alias, sight.parse);
  const plain = conditions.filter(({ cast }) => cast === null || cast === 'text');
  const order = orderAbove(sight.outline, outlined, {
    alias: node.alias,
    parse: sight.parse,
    generic: false,
  });
  const equal = plain.filter(({ kind }) => kind === 'equal');
  const ranges = plain.filter(({ kind }) => kind === 'range').slice(0, 1);
  const rest =
    order?.columns ?? ranges.map(({ column }) => ({ column, descending: false, nulls: 'last' as const }));
  const all = [
    ...equal.map(({ column }) => ({ column, descending: false, nulls: 'last' as const })),
    ...rest,
  ];
  return equal.length + ranges.length === 0
    ? []
    : [...new Map(all.map((one) => [one.column, one])).values()].slice(0, 4);
}

const columnList = (columns: readonly IndexColumn[]): string =>
  columns
    .map(
      ({ column, descending }) =>
        `${/^[a-z_][a-z0-9_$]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`}${descending ? ' DESC' : ''}`,
    )
    .join(', ');

/** Bitmaps that did not fit into memory, so that whole pages were checked again. */
export const lossyBitmaps: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!/Bitmap Heap Scan$/.test(node.type)) return [];
    const lossy = acrossWorkers(sight, node, 'Lossy Heap Blocks');
    const exact = acrossWorkers(sight, node, 'Exact Heap Blocks');
    if (lossy < 100 || lossy < (lossy + exact) * 0.1 || !isWorth(sight, node)) return [];
    const rechecked = numberOf(sight, node, 'Rows Removed by Index Recheck') * (node.loops ?? 1);
    return [
      {
        kind: 'lossy-bitmap',
        severity: severityBy(node.totalShare * 0.5),
        node: node.id,
        share: node.totalShare,
        what: `The bitmap for ${node.relation} did not fit into work_mem`,
        evidence: [
          `${figure(lossy)} of ${figure(lossy + exact)} blocks are known only as a whole, so every row in them is checked again: ${rowsOf(rechecked)} in vain.`,
          ...timeOf(node),
        ],
        remedy:
          'Raise work_mem for this statement, or narrow it with an index that has more of its conditions.',
        statement: null,
      },
    ];
  });

/** Index-only scans that go to the table all the same. */
export const heapFetches: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!/Index Only Scan/.test(node.type)) return [];
    const loops = node.loops ?? 0;
    const raw = numberOf(sight, node, 'Heap Fetches');
    // The number is of all loops; rows are of one.
    if (raw < 1000 || raw < (node.rowsPerLoop ?? 0) * loops * 0.2 || !isWorth(sight, node)) return [];
    const table = tableOf(node);
    return [
      {
        kind: 'heap-fetches',
        severity: severityBy(node.totalShare * 0.5),
        node: node.id,
        share: node.totalShare,
        what: `The index-only scan on ${node.relation ?? node.index} reads the table as well`,
        evidence: [
          `${figure(raw)} of ${rowsOf(node.rows ?? 0)} had to be looked up in the table, because it is not marked there that all can see them.`,
          ...timeOf(node),
        ],
        remedy:
          'VACUUM marks pages whose rows all can see. If it comes back soon, let autovacuum run more often on this table.',
        statement: table === null ? null : `VACUUM ${table}`,
      },
    ];
  });

/** Indexes that give many rows of which the filter throws most away. */
export const filterLosses: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!/^(?:Parallel )?(?:Index (?:Only )?Scan|Bitmap Heap Scan)/.test(node.type)) return [];
    const removed = numberOf(sight, node, 'Rows Removed by Filter') * (node.loops ?? 0);
    const rows = node.rows ?? 0;
    if (removed < manyRows || removed < (removed + rows) * 0.9 || !isWorth(sight, node)) return [];
    const filter = textIn(fieldsOf(sight, node), 'Filter') ?? '';
    const condition =
      textIn(fieldsOf(sight, node), 'Index Cond') ?? textIn(fieldsOf(sight, node), 'Recheck Cond');
    return [
      {
        kind: 'filter-loss',
        severity: severityBy(node.totalShare),
        node: node.id,
        share: node.totalShare,
        what: `The index${node.index ? ` ${node.index}` : ''} finds far more rows than are wanted of ${node.relation}`,
        evidence: [
          `${figure(removed)} of ${rowsOf(removed + rows)} are thrown away by the filter ${filter.slice(0, 200)}.`,
          ...(condition === null
            ? ['The index is read without a condition of its own.']
            : [`The index is asked for ${condition.slice(0, 200)}.`]),
          ...timeOf(node),
        ],
        remedy:
          'An index that begins with the columns compared for equality, those of the filter included, would find them directly.',
        statement: null,
      },
    ];
  });

/** Plans that mostly wait for blocks that were not in memory. */
export const coldReads: Finder = (sight) => {
  const { nodes, executionMs } = sight.plan;
  const all = nodes.flatMap(({ buffers }) => buffers ?? []);
  const read = all.reduce((sum, one) => sum + one.read, 0);
  const hit = all.reduce((sum, one) => sum + one.hit, 0);
  if (read < 1000 || read < hit || (executionMs ?? 0) < 50) return [];
  const most = nodes.reduce((a, b) => ((b.buffers?.read ?? 0) > (a.buffers?.read ?? 0) ? b : a));
  return [
    {
      kind: 'cold-reads',
      severity: 'notice',
      node: most.id,
      share: null,
      what: `Most of what it read was not in shared memory`,
      evidence: [
        `${figure(read)} blocks (${size(read * 8)} at 8 kB) came from the operating system, ${figure(hit)} from shared memory.`,
        `Most of them, ${figure(most.buffers?.read ?? 0)}, by ${nameOf(most)}.`,
      ],
      remedy:
        'Run it again: if it is much quicker then, the first run mostly waited for storage. Reading fewer blocks (an index, less bloat) helps both.',
      statement: null,
    },
  ];
};

function timeOf(node: PlanNode): string[] {
  return node.selfMs === null
    ? []
    : [`It took ${span(node.selfMs)}, ${percent(node.totalShare)} of the whole.`];
}
