import type { Parts, SizeSource, StoredTable } from './storage.ts';

/** From the best known to the least. */
const certainty: readonly SizeSource[] = ['exact', 'pages', 'waiting', 'unknown'];

/**
 * Gives partitioned tables the sizes of all that lies below them, at any depth. A sum is as certain as its least certain
 * part.
 */
export function rollUp(tables: readonly StoredTable[]): StoredTable[] {
  const parents = new Map(tables.map(({ oid, parent }) => [oid, parent]));
  const sums = new Map<number, { size: Parts; source: SizeSource }>();
  for (const { oid, kind, size, source } of tables) {
    if (kind === 'partitioned table') continue;
    const seen = new Set([oid]);
    for (let up = parents.get(oid) ?? null; up !== null && !seen.has(up); up = parents.get(up) ?? null) {
      seen.add(up);
      const sum = sums.get(up);
      sums.set(
        up,
        sum
          ? { size: add(sum.size, size), source: lessCertain(sum.source, source) }
          : { size: { ...size }, source },
      );
    }
  }
  return tables.map((table) => {
    if (table.kind !== 'partitioned table') return table;
    const sum = sums.get(table.oid);
    return sum ? { ...table, ...sum } : { ...table, source: 'exact' };
  });
}

const lessCertain = (a: SizeSource, b: SizeSource): SizeSource =>
  certainty.indexOf(a) > certainty.indexOf(b) ? a : b;

const add = (a: Parts, b: Parts): Parts => ({
  heap: String(Number(a.heap) + Number(b.heap)),
  maps: String(Number(a.maps) + Number(b.maps)),
  toast: String(Number(a.toast) + Number(b.toast)),
  indexes: String(Number(a.indexes) + Number(b.indexes)),
});
