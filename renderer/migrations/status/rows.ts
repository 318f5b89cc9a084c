import type { MigrationEntry } from '../../../preload/contract/migrations.ts';
import { type Graph, type GraphRow, graphOf } from '../graph.ts';

/** A migration in the list, with its part of the graph. */
export interface EntryRow {
  entry: MigrationEntry;
  /** Place in the order in which the tool runs them, from 1. */
  number: number;
  graph: GraphRow | undefined;
  lanes: number;
}

/**
 * The list as it shows, newest first unless asked otherwise. `lanes` is 0 where the tool keeps no graph, or where the
 * list runs the other way round.
 */
export function rowsOf(
  entries: readonly MigrationEntry[],
  oldestFirst: boolean,
): { rows: EntryRow[]; lanes: number } {
  const hasGraph = entries.some(({ parents }) => parents.length > 0);
  const newest = entries.toReversed();
  const graph: Graph | undefined = hasGraph && !oldestFirst ? graphOf(newest) : undefined;
  const lanes = graph?.lanes ?? 0;
  const ordered = oldestFirst ? entries : newest;
  const rows = ordered.map((entry, at) => ({
    entry,
    number: oldestFirst ? at + 1 : entries.length - at,
    graph: graph?.rows[at],
    lanes,
  }));
  return { rows, lanes };
}
