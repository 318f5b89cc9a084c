import type { IndexFacts, IndexRow } from './facts.ts';

/** Indexes with what they are together with those of partitions that belong to them. */
export interface IndexTree {
  byOid: ReadonlyMap<number, IndexRow>;
  byTable: ReadonlyMap<number, readonly IndexRow[]>;
  /** Bytes: exact where measured, else as the last VACUUM or ANALYZE noted. */
  bytesOf(index: IndexRow): number;
  /** Scans begun; null where nothing counts them. */
  scansOf(index: IndexRow): number | null;
  /** ms since 1970. */
  lastScanOf(index: IndexRow): number | null;
  leavesOf(index: IndexRow): readonly IndexRow[];
}

/** An index of a partitioned table has no storage and no counters: those of the partitions' indexes below are its own. */
export function indexTree({
  indexes,
  page,
  sizes,
}: Pick<IndexFacts, 'indexes' | 'page' | 'sizes'>): IndexTree {
  const byOid = new Map(indexes.map((one) => [one.oid, one]));
  const leaves = new Map<number, IndexRow[]>();
  for (const one of indexes) {
    if (one.kind === 'I') continue;
    const seen = new Set<number>();
    for (let up = one.parent; up !== null && !seen.has(up); up = byOid.get(up)?.parent ?? null) {
      seen.add(up);
      const list = leaves.get(up);
      if (list) list.push(one);
      else leaves.set(up, [one]);
    }
  }
  const leavesOf = (index: IndexRow): readonly IndexRow[] =>
    index.kind === 'I' ? (leaves.get(index.oid) ?? []) : [index];
  const byTable = Map.groupBy(indexes, ({ table }) => table);
  return {
    byOid,
    byTable,
    leavesOf,
    bytesOf: (index) =>
      leavesOf(index).reduce((sum, { oid, pages }) => sum + (sizes.get(oid) ?? pages * page), 0),
    scansOf: (index) => {
      const all = leavesOf(index).map(({ scans }) => scans);
      return all.some((scans) => scans === null)
        ? null
        : all.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    },
    lastScanOf: (index) => {
      const all = leavesOf(index).flatMap(({ last_scan }) => last_scan ?? []);
      return all.length > 0 ? all.reduce((a, b) => Math.max(a, b)) : null;
    },
  };
}
