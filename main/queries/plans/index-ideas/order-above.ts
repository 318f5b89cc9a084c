import type { ParseStatement } from '../../../sql-text/index.ts';
import { numberIn, type Outline, type OutlineNode, textIn, textsIn } from '../read/outline.ts';
import { type IndexColumn, sortColumnsOf } from './conditions.ts';

/** The order in which a scan's rows are wanted, and how few of them. */
export interface OrderAbove {
  columns: IndexColumn[];
  /** Only so many; undefined for all. */
  limit?: number;
  /** One of each group only, so many groups, and the index would hold all that is asked for. */
  groups?: number;
}

/** A LIMIT that is a parameter: the planner takes a tenth of all rows, people take a page. */
const usualPage = 100;

/**
 * The sort right above a scan, when it is by the scan's own columns and somebody above it wants only the first rows
 * (Limit) or the first of each group (Unique, for DISTINCT ON).
 */
export function orderAbove(
  outline: Outline,
  scan: OutlineNode,
  { alias, parse, generic }: { alias: string | null; parse: ParseStatement; generic: boolean },
): OrderAbove | undefined {
  const [sort, ...above] = straightAbove(outline, scan);
  if (!sort || textIn(sort.fields, 'Node Type') !== 'Sort') return undefined;
  const columns = sortColumnsOf(textsIn(sort.fields, 'Sort Key'), alias, parse);
  if (!columns || columns.length === 0) return undefined;
  const [top] = above;
  const type = top ? textIn(top.fields, 'Node Type') : null;
  const rows = top ? numberIn(top.fields, 'Plan Rows') : null;
  if (!top || rows === null) return undefined;
  if (type === 'Limit') {
    const below = numberIn(sort.fields, 'Plan Rows') ?? 0;
    const unknown = generic && Math.abs(rows - below / 10) <= 1;
    return { columns, limit: unknown ? Math.min(rows, usualPage) : rows };
  }
  if (type !== 'Unique') return undefined;
  const held = new Set(columns.map(({ column }) => column));
  const output = textsIn(scan.fields, 'Output');
  const needed = sortColumnsOf(output, alias, parse);
  return output.length > 0 && needed?.every(({ column }) => held.has(column))
    ? { columns, groups: rows }
    : undefined;
}

/** Nodes from a scan upwards, as long as each only hands on what comes from the one below. */
function straightAbove(outline: Outline, from: OutlineNode): OutlineNode[] {
  const found: OutlineNode[] = [];
  let node = from;
  while (node.parent !== null) {
    const role = textIn(node.fields, 'Parent Relationship');
    const parent = outline.nodes[node.parent];
    if (!parent || (role !== null && role !== 'Outer')) break;
    const type = textIn(parent.fields, 'Node Type') ?? '';
    if (/^(?:Sort|Limit|Unique)$/.test(type)) found.push(parent);
    else if (!/^Gather/.test(type)) break;
    node = parent;
  }
  return found;
}
