import type { Condition, IndexColumn } from './conditions.ts';
import type { Relation } from './relation.ts';

/** Types without an order of their own: no btree index can be made on them. */
const unordered = new Set(['json', 'xml', 'xid', 'cid', 'aclitem', 'jsonb', 'tsvector', 'hstore']);

/** Whether a plain btree index on the column would serve this condition. */
export function indexable({ column, cast, kind }: Condition, relation: Relation): boolean {
  if (kind === 'other') return false;
  const known = relation.columns.get(column);
  // Geometric types and arrays have other indexes.
  if (!known || known.category === 'G' || known.category === 'A' || unordered.has(known.type)) return false;
  // A varchar is compared as text, and its index with it; any other cast makes another value of it.
  return cast === null || cast === known.type || (cast === 'text' && known.type === 'varchar');
}

/** Whether an index that serves is there: the first columns in any order, those after in theirs, read either way. */
export function existsAlready(
  columns: readonly IndexColumn[],
  equal: number,
  { indexes }: Relation,
): boolean {
  const first = new Set(columns.slice(0, equal).map(({ column }) => column));
  const rest = columns.slice(equal);
  return indexes.some(({ keys, partial, valid, method }) => {
    if (partial || !valid || method !== 'btree' || keys.length < columns.length) return false;
    const leads = keys.slice(0, equal).every(({ column }) => column !== null && first.has(column));
    if (!leads) return false;
    const matches = (turned: boolean): boolean =>
      rest.every(({ column, descending, nulls }, at) => {
        const key = keys[equal + at];
        if (key?.column !== column) return false;
        return (
          (key.descending !== turned) === descending && (key.nullsFirst !== turned) === (nulls === 'first')
        );
      });
    return matches(false) || matches(true);
  });
}
