import type { Diagram } from '../../preload/contract/diagram/model/diagram.ts';

/** Where some tables of one diagram are in another, by schema and name; those that are gone are left out. */
export function samePlaces(before: Diagram, after: Diagram, places: readonly number[]): number[] {
  return places.flatMap((place) => {
    const old = before.tables[place];
    const schema = before.schemas[old?.schema ?? -1];
    const found = after.tables.findIndex(
      (table) => table.name === old?.name && after.schemas[table.schema] === schema,
    );
    return found < 0 ? [] : [found];
  });
}
