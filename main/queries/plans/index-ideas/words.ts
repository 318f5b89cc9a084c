import { escapeIdentifier } from 'pg';
import type { IndexIdea } from './ideas.ts';

/** Names as a person reads them: quoted only where they have to be. Keywords are quoted by the caller's server, not here. */
export const bare = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : escapeIdentifier(name);

/** Reserved words (PostgreSQL manual, appendix C) that are likely names of tables and columns. */
const reserved = new Set(
  'all analyse analyze and any array as asc both case cast check collate column constraint create current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
);

/** `schema.table (a, b DESC)`. */
export function indexTarget({ on, columns }: Pick<IndexIdea, 'on' | 'columns'>): string {
  const list = columns.map(({ column, descending, nulls }) => {
    const usual = descending ? 'first' : 'last';
    return `${bare(column)}${descending ? ' DESC' : ''}${nulls === usual ? '' : ` NULLS ${nulls.toUpperCase()}`}`;
  });
  return `${bare(on.schema)}.${bare(on.name)} (${list.join(', ')})`;
}

/** The statement that makes an index; for a partitioned table, where it can't be CONCURRENTLY, the plain one. */
export function createIndex(idea: IndexIdea): string {
  return `CREATE INDEX ${idea.relation.root ? '' : 'CONCURRENTLY '}ON ${indexTarget(idea)}`;
}

/** What making it means, in words. */
export function remedyOf({ relation, columns }: IndexIdea): string {
  const width = columns.reduce((sum, { column }) => sum + (relation.columns.get(column)?.width ?? 8), 0);
  // An entry is its key, 8 bytes of header and 4 of pointer; pages are nine tenths full (nbtree's README).
  const megabytes = Math.max(0.1, ((relation.rows ?? 0) * (width + 12)) / 0.9 / 1024 / 1024);
  const figure = new Intl.NumberFormat('en-US', { maximumFractionDigits: megabytes < 10 ? 1 : 0 }).format(
    megabytes,
  );
  const size = `It will take about ${figure} MB${relation.root ? ' for each partition of this size' : ''}, and make each write to the table a little dearer.`;
  return relation.root
    ? `Create the index. The table is partitioned, so this locks writes until it is built: for a large one create it ON ONLY the parent, CONCURRENTLY on each partition, and attach those. ${size}`
    : `Create the index. CONCURRENTLY lets writes go on meanwhile and can’t run inside a transaction; if it fails, drop the invalid index it leaves. ${size}`;
}
