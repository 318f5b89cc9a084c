import type { ParseStatement } from '../../../sql-text/index.ts';
import { numberIn, type Outline, type OutlineNode, textIn } from '../read/outline.ts';
import { type Condition, conditionsOf, type IndexColumn } from './conditions.ts';
import { type OrderAbove, orderAbove } from './order-above.ts';
import { type Relation, relationKey } from './relation.ts';
import { existsAlready, indexable } from './usable.ts';

/** An index that a plan would be much quicker with. */
export interface IndexIdea {
  /** The nodes that read the table, one for each partition in sight. */
  nodes: number[];
  relation: Relation;
  /** Where it belongs: the partitioned table for a partition. */
  on: { schema: string; name: string };
  columns: IndexColumn[];
  /** Rows that one run reads now, and would read with it. */
  scanned: number;
  wouldRead: number;
  /** Rows that match, of those. */
  matching: number;
  /** It also gives them in the order wanted, so that nothing is sorted. */
  ordered: boolean;
  /** Rests on the planner's figures; false where the plan was run. */
  estimated: boolean;
}

/** Below these an index is not worth its upkeep: a scan takes a few ms. */
const fewestRows = 10_000;
const smallestBytes = 1024 * 1024;
/** The most of the table that an index may have to read to be worth it. */
const mostShare = 0.05;
const mostScans = 200;

/**
 * Indexes that are missing, as far as one plan shows it: whole tables that are read for a few of their rows, and large
 * sorts of which only the first rows are wanted. Says nothing where the planner could only guess, or where an index that
 * would do is there already: it was then left aside for a reason.
 *
 * @param generic the plan is for parameters of any value: a LIMIT is then not known
 */
export function indexIdeas(
  outline: Outline,
  relations: ReadonlyMap<string, Relation>,
  parse: ParseStatement,
  { generic }: { generic: boolean },
): IndexIdea[] {
  const scans = outline.nodes.filter(({ fields }) => textIn(fields, 'Node Type') === 'Seq Scan');
  const found = new Map<string, IndexIdea>();
  const sizes = sizesOf(scans, relations);
  for (const scan of scans.slice(0, mostScans)) {
    const relation = relationOf(scan, relations);
    if (!relation || relation.rows === null) continue;
    const on = relation.root ?? { schema: relation.schema, name: relation.name };
    const whole = sizes.get(relationKey(on.schema, on.name)) ?? relation;
    if ((whole.rows ?? 0) < fewestRows || whole.bytes < smallestBytes) continue;
    const idea = ideaFor(outline, scan, relation, { generic, parse, on });
    if (!idea) continue;
    const key = JSON.stringify([on, idea.columns]);
    const before = found.get(key);
    if (before) {
      before.nodes.push(scan.id);
      before.scanned += idea.scanned;
      before.wouldRead += idea.wouldRead;
      before.matching += idea.matching;
    } else found.set(key, idea);
  }
  return [...found.values()];
}

function relationOf({ fields }: OutlineNode, relations: ReadonlyMap<string, Relation>): Relation | undefined {
  const name = textIn(fields, 'Relation Name');
  const schema = textIn(fields, 'Schema');
  if (name === null) return undefined;
  if (schema !== null) return relations.get(relationKey(schema, name));
  // A plan without VERBOSE does not name schemas: only a name that is there once is known.
  const same = [...relations.values()].filter((one) => one.name === name);
  return same.length === 1 ? same[0] : undefined;
}

/** Partitions that a plan reads are as large as they are together. */
function sizesOf(
  scans: readonly OutlineNode[],
  relations: ReadonlyMap<string, Relation>,
): ReadonlyMap<string, { rows: number | null; bytes: number }> {
  const sizes = new Map<string, { rows: number | null; bytes: number }>();
  for (const relation of new Set(scans.map((scan) => relationOf(scan, relations)))) {
    if (!relation?.root) continue;
    const key = relationKey(relation.root.schema, relation.root.name);
    const size = sizes.get(key) ?? { rows: 0, bytes: 0 };
    sizes.set(key, { rows: (size.rows ?? 0) + (relation.rows ?? 0), bytes: size.bytes + relation.bytes });
  }
  return sizes;
}

interface Circumstances {
  generic: boolean;
  parse: ParseStatement;
  on: { schema: string; name: string };
}

function ideaFor(
  outline: Outline,
  scan: OutlineNode,
  relation: Relation,
  { generic, parse, on }: Circumstances,
): IndexIdea | undefined {
  const alias = textIn(scan.fields, 'Alias');
  const filter = textIn(scan.fields, 'Filter');
  const conditions = filter === null ? [] : conditionsOf(filter, alias, parse);
  const read = readBy(outline, scan, relation);
  if (!read || read.scanned < 1) return undefined;
  const usable = conditions.filter((one) => indexable(one, relation));
  const equal = unique(usable.filter(({ kind }) => kind === 'equal' || kind === 'null'));
  const ranges = unique(usable.filter(({ kind }) => kind === 'range'));
  const order = orderAbove(outline, scan, { alias, parse, generic });
  const make = (columns: IndexColumn[], wouldRead: number, ordered: boolean): IndexIdea | undefined =>
    existsAlready(columns, equal.length, relation)
      ? undefined
      : { nodes: [scan.id], relation, on, columns, ...read, wouldRead, ordered };

  const share = equalShare(equal, conditions, relation, read);
  const selective = share !== undefined && share < mostShare;
  const leading = equal.map(({ column }) => ascending(column));
  const follows = order && isOf(order, relation) ? order : undefined;
  if (selective) {
    // The planner has one that begins with such a column, and found it of no use.
    if (equal.some(({ column }) => isLed(relation, column))) return undefined;
    const rest = follows?.columns ?? ranges.slice(0, 1).map(({ column }) => ascending(column));
    const columns = withoutRepeats([...leading, ...rest]);
    const matching = Math.max(1, read.scanned * share);
    const stops = follows?.limit && conditions.length === equal.length ? follows.limit : matching;
    return make(columns, Math.min(matching, stops), follows !== undefined);
  }
  // Only the first rows of an order are wanted: an index that has it reads those alone.
  const onlyKeys = conditions.length === equal.length && share !== undefined;
  if (follows?.limit && onlyKeys && read.matching >= fewestRows && follows.limit < read.scanned * mostShare)
    return make(withoutRepeats([...leading, ...follows.columns]), follows.limit, true);
  // One row of each group, all of it in the index.
  if (follows?.groups && conditions.length === 0 && follows.groups < read.scanned * mostShare)
    return make(follows.columns, read.scanned, true);
  // A narrow range of values that stand in the text.
  const [range] = ranges;
  const certain = conditions.every(({ kind, known }) => kind === 'range' && known);
  const writes = textIn(outline.nodes[0]?.fields ?? {}, 'Node Type') === 'ModifyTable';
  if (!range || !certain || generic || writes || ranges.length > 1) return undefined;
  if (read.matching >= read.scanned * mostShare || isLed(relation, range.column)) return undefined;
  return make([ascending(range.column)], Math.max(1, read.matching), false);
}

const ascending = (column: string): IndexColumn => ({ column, descending: false, nulls: 'last' });

const unique = (conditions: Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [one.column, one])).values(),
];

function withoutRepeats(columns: IndexColumn[]): IndexColumn[] {
  const seen = new Set<string>();
  return columns.filter(({ column }) => !seen.has(column) && seen.add(column));
}

const isOf = (order: OrderAbove, relation: Relation): boolean =>
  order.columns.every(({ column }) => {
    const known = relation.columns.get(column);
    return known !== undefined && indexable({ kind: 'range', column, cast: null, known: true }, relation);
  });

/** A usable index begins with this column. */
const isLed = (relation: Relation, column: string): boolean =>
  relation.indexes.some(
    ({ keys, partial, valid, method }) =>
      valid && !partial && (method === 'btree' || method === 'hash') && keys[0]?.column === column,
  );

/** Rows that one run of the scan goes through and gives: as measured, else as estimated. */
function readBy(
  outline: Outline,
  scan: OutlineNode,
  relation: Relation,
): Pick<IndexIdea, 'scanned' | 'matching' | 'estimated'> | undefined {
  const { fields } = scan;
  const gather = gatherAbove(outline, scan);
  const loops = numberIn(fields, 'Actual Loops');
  if (loops !== null) {
    const gives = numberIn(fields, 'Actual Rows');
    if (loops === 0 || gives === null) return undefined;
    const runs = Math.max(1, gather ? (numberIn(gather.fields, 'Actual Loops') ?? 1) : loops);
    const matching = (gives * loops) / runs;
    const removed = ((numberIn(fields, 'Rows Removed by Filter') ?? 0) * loops) / runs;
    return { scanned: matching + removed, matching, estimated: false };
  }
  const planned = numberIn(fields, 'Plan Rows');
  if (planned === null || relation.rows === null) return undefined;
  const workers = gather ? (numberIn(gather.fields, 'Workers Planned') ?? 0) : 0;
  // The planner divides the rows of a parallel scan by the workers and a part of the leader (get_parallel_divisor).
  const divisor = workers + Math.max(0, 1 - 0.3 * workers);
  return { scanned: relation.rows, matching: planned * Math.max(1, divisor), estimated: true };
}

function gatherAbove(outline: Outline, node: OutlineNode): OutlineNode | undefined {
  for (let at = node.parent; at !== null; ) {
    const one = outline.nodes[at];
    if (!one) return undefined;
    if (/^Gather/.test(textIn(one.fields, 'Node Type') ?? '')) return one;
    at = one.parent;
  }
  return undefined;
}

/** Which part of the rows the equality conditions let through; undefined when that would be a guess. */
function equalShare(
  equal: readonly Condition[],
  all: readonly Condition[],
  { columns, rows }: Relation,
  read: Pick<IndexIdea, 'scanned' | 'matching' | 'estimated'>,
): number | undefined {
  if (equal.length === 0) return all.length === 0 ? 1 : undefined;
  // With the values in sight the planner looks them up among the most common ones; when it ran they were counted.
  if (all.length === equal.length && (!read.estimated || equal.every(({ known }) => known)))
    return read.matching / Math.max(1, read.scanned);
  if (rows === null) return undefined;
  const shares = equal.flatMap(({ column, kind }) => {
    const known = columns.get(column);
    if (kind === 'null') return known?.nulls === null || !known ? [] : [known.nulls];
    return known?.distinct ? [1 / known.distinct] : [];
  });
  // Columns that depend on each other narrow no further together than the narrowest does alone.
  return shares.length > 0 ? Math.min(...shares) : undefined;
}
