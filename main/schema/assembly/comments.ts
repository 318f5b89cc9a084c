import type { Oid, OtherKind } from '../../../preload/contract/schema-model.ts';
import { textOf } from '../rows.ts';
import type { Lists } from './lists.ts';
import { bare, oid, type Row } from './of-rows.ts';

/** Where comments say that they are on one of the others. */
const otherCatalogs: Record<string, OtherKind> = {
  pg_rewrite: 'rule',
  pg_statistic_ext: 'statistics',
  pg_collation: 'collation',
  pg_conversion: 'conversion',
  pg_operator: 'operator',
  pg_opfamily: 'operator family',
  pg_opclass: 'operator class',
  pg_cast: 'cast',
  pg_transform: 'transform',
  pg_language: 'language',
  pg_am: 'access method',
  pg_foreign_data_wrapper: 'foreign-data wrapper',
  pg_ts_parser: 'text search parser',
  pg_ts_template: 'text search template',
  pg_ts_dict: 'text search dictionary',
  pg_ts_config: 'text search configuration',
};

/** Comments are few: each one looks for what it speaks of. Those on columns come with them. */
export function putComments(lists: Lists, rows: readonly Row[]): void {
  const of = <T extends { oid: Oid; comment: string | null }>(list: T[]): Map<Oid, T> =>
    new Map(list.map((one) => [one.oid, one]));
  const wanted = new Set(rows.map((row) => bare(row[0])));
  const places: Record<string, () => Map<Oid, { comment: string | null }>> = {
    pg_namespace: () => of(lists.schemas),
    pg_class: () =>
      new Map<Oid, { comment: string | null }>([
        ...of(lists.tables),
        ...of(lists.indexes),
        ...of(lists.sequences),
      ]),
    pg_constraint: () => of(lists.constraints),
    pg_type: () => of(lists.types),
    pg_proc: () => of(lists.routines),
    pg_trigger: () => of(lists.triggers),
    pg_policy: () => of(lists.policies),
    pg_extension: () => of(lists.extensions),
    pg_event_trigger: () => of(lists.eventTriggers),
    pg_publication: () => of(lists.publications),
    pg_foreign_server: () => of(lists.foreignServers),
    ...Object.fromEntries(
      Object.entries(otherCatalogs).map(([catalog, kind]) => [
        catalog,
        () => of((lists.others ?? []).filter((one) => one.kind === kind)),
      ]),
    ),
  };
  const known = new Map([...wanted].map((catalog) => [catalog, places[catalog]?.()]));
  for (const [catalog, object, sub, text] of rows) {
    const one = sub === '0' ? known.get(bare(catalog))?.get(oid(object)) : undefined;
    if (one) one.comment = textOf(text);
  }
}
