import type { PlanFinding, PlanNode } from '../../../../preload/contract/plan-model.ts';
import { type Fields, numberIn, textIn } from '../read/outline.ts';
import {
  acrossWorkers,
  childrenOf,
  type Finder,
  fieldsOf,
  isWorth,
  numberOf,
  severityBy,
} from './context.ts';
import { figure, memorySetting, nameOf, percent, rowsOf, size, span } from './words.ts';

/** Sorts that did not fit into work_mem. */
export const sortSpills: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    const disk = sortedOnDisk(fieldsOf(sight, node));
    if (disk === 0 || !isWorth(sight, node)) return [];
    const rows = (node.rowsPerLoop ?? 0) * 1;
    // In memory a row takes its width, 24 bytes of header and as much again for its place in the sort.
    const needed = Math.max(disk * 1.3, (rows * ((node.width ?? 0) + 48)) / 1024);
    return [
      spill('sort-spill', node, {
        what: `The sort did not fit into memory and wrote ${size(disk)} to disk`,
        evidence: [
          `${nameOf(node)} sorted ${rowsOf(rows)}${(node.loops ?? 1) > 1 ? ` in each of ${figure(node.loops ?? 1)} runs` : ''} by ${textIn(fieldsOf(sight, node), 'Sort Method') ?? 'external merge'}.`,
        ],
        needed,
        more: 'An index in this order would spare the sort.',
      }),
    ];
  });

function sortedOnDisk(fields: Fields): number {
  const workers = Array.isArray(fields.Workers) ? (fields.Workers as Fields[]) : [];
  return [fields, ...workers].reduce(
    (most, one) =>
      textIn(one, 'Sort Space Type') === 'Disk'
        ? Math.max(most, numberIn(one, 'Sort Space Used') ?? 0)
        : most,
    0,
  );
}

/** Hashes of joins that were split into batches on disk. */
export const hashSpills: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!/Hash$/.test(node.type)) return [];
    const batches = numberOf(sight, node, 'Hash Batches');
    const join = node.parent === null ? undefined : sight.plan.nodes[node.parent];
    if (batches <= 1 || !join || !isWorth(sight, join)) return [];
    const peak = numberOf(sight, node, 'Peak Memory Usage');
    const planned = numberOf(sight, node, 'Original Hash Batches');
    return [
      spill('hash-spill', join, {
        what: `The hash table of the join did not fit into memory and was split into ${figure(batches)} batches`,
        evidence: [
          `${rowsOf(node.rowsPerLoop ?? 0)} were hashed, ${size(peak)} at a time; both sides of the join were written to disk and read again.`,
          ...(planned > 0 && planned < batches ? [`The planner had expected ${figure(planned)}.`] : []),
        ],
        needed: (peak * batches) / 2,
        more: 'hash_mem_multiplier (13 and later) raises it for hashes alone.',
      }),
    ];
  });

/** Groups that did not fit. */
export const aggregateSpills: Finder = (sight) =>
  sight.plan.nodes.flatMap((node): PlanFinding[] => {
    if (!/Aggregate$/.test(node.type)) return [];
    const disk = acrossWorkers(sight, node, 'Disk Usage');
    if (disk === 0 || !isWorth(sight, node)) return [];
    const peak = acrossWorkers(sight, node, 'Peak Memory Usage');
    const [input] = childrenOf(sight, node);
    return [
      spill('aggregate-spill', node, {
        what: `Grouping did not fit into memory and wrote ${size(disk)} to disk`,
        evidence: [
          `${rowsOf(node.rows ?? 0)} of groups${input?.rows ? ` out of ${rowsOf(input.rows)}` : ''}, ${size(peak)} in memory at a time.`,
        ],
        needed: Math.max(peak * 2, ((node.rowsPerLoop ?? 0) * ((node.width ?? 0) + 64)) / 1024),
        more: 'hash_mem_multiplier raises it for hashes alone.',
      }),
    ];
  });

function spill(
  kind: PlanFinding['kind'],
  node: PlanNode,
  { what, evidence, needed, more }: { what: string; evidence: string[]; needed: number; more: string },
): PlanFinding {
  const setting = memorySetting(needed);
  return {
    kind,
    severity: severityBy(node.selfShare),
    node: node.id,
    share: node.selfShare,
    what,
    evidence: [
      ...evidence,
      ...(node.selfMs === null
        ? []
        : [`It took ${span(node.selfMs)} of its own, ${percent(node.selfShare)} of the whole.`]),
      `About ${size(needed)} would have held it.`,
    ],
    remedy: `Raise work_mem for this statement alone (SET LOCAL in its transaction), not for the server: each sort and hash of each session may take that much. ${more}`,
    statement: `SET LOCAL work_mem = '${setting}'`,
  };
}
