import type { SchemaModel, TableModel } from '../../preload/contract/schema-model.ts';
import type { Lists } from './assembly/lists.ts';

/** What the connection itself tells of a model. */
export type Header = Pick<SchemaModel, 'at' | 'server' | 'database' | 'user' | 'unseen'>;

/** How much a part holds, counted in things of some 300 characters of JSON each, such as a column or an index. */
const most = 800;

/**
 * A model in parts, as JSON: each one a model with some of the lists, or with a stretch of one. Put behind each other
 * they are the whole. The first one says what and when. What has been written is let go, so that memory holds the model
 * but once.
 *
 * @param fill called with each table just before it is written
 */
export function* partsOf(
  header: Header,
  lists: Lists,
  fill: (table: TableModel) => void = () => undefined,
): Generator<string, void, void> {
  const names = Object.keys(lists) as (keyof Lists)[];
  yield JSON.stringify({ ...header, ...Object.fromEntries(names.map((name) => [name, []])) });
  let part: Record<string, unknown[]> = {};
  let weight = 0;
  for (const name of names) {
    const list: unknown[] = lists[name] ?? [];
    let from = 0;
    for (let at = 0; at < list.length; at += 1) {
      if (name === 'tables') fill(list[at] as TableModel);
      weight += weightOf(list[at] as Weighed);
      if (weight < most) continue;
      part[name] = list.slice(from, at + 1);
      const text = JSON.stringify(part);
      list.fill(undefined, from, at + 1);
      part = {};
      weight = 0;
      from = at + 1;
      yield text;
    }
    if (from < list.length) part[name] = list.slice(from);
    list.length = 0;
  }
  if (weight > 0) yield JSON.stringify(part);
}

interface Weighed {
  columns?: readonly unknown[];
  values?: readonly string[];
  comment?: string | null;
}

function weightOf({ columns, values, comment }: Weighed): number {
  return 1 + (columns?.length ?? 0) + ((values?.length ?? 0) >> 3) + ((comment?.length ?? 0) >> 8);
}
