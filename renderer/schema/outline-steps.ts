import type { Oid } from '../../preload/contract/schema-model.ts';
import type { OutlineRow } from './outline-row.ts';

/** What a row stands for; `table` is its place in the diagram, where it has one. */
export interface OutlineStep {
  oid: Oid;
  table: number | undefined;
}

/** Place of the row that one lies below; its own when there is none. */
export function parentOf(rows: readonly OutlineRow[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let before = at - 1; before >= 0; before -= 1) if ((rows[before]?.level ?? 1) < level) return before;
  return at;
}

/** What a row stands for, where it can be shown: names alone can't be until the structure has come. */
export function stepOf(row: OutlineRow | undefined): OutlineStep | undefined {
  if (row?.kind === 'other') return { oid: row.oid, table: undefined };
  return row?.kind === 'table' && row.table !== undefined ? { oid: row.oid, table: row.table } : undefined;
}

/** What bears the name that was searched for, else what begins with it, else the first; tables before others. */
export function bestMatch(rows: readonly OutlineRow[], search: string): OutlineStep | undefined {
  const wanted = search.trim().toLowerCase();
  const named = (kind: 'table' | 'other') =>
    rows.flatMap((row) => {
      const step = row.kind === kind ? stepOf(row) : undefined;
      if (!step || (row.kind !== 'table' && row.kind !== 'other')) return [];
      return [{ name: row.name.toLowerCase(), full: `${row.schema}.${row.name}`.toLowerCase(), step }];
    });
  const all = [...named('table'), ...named('other')];
  const best =
    all.find(({ name, full }) => name === wanted || full === wanted) ??
    all.find(({ name, full }) => name.startsWith(wanted) || full.startsWith(wanted)) ??
    all[0];
  return best?.step;
}
