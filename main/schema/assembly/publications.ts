import type { PublicationModel } from '../../../preload/contract/schema-model.ts';
import { isTrue, numbersOf, textOf } from '../rows.ts';
import { type Lookups, later, oid, type Row } from './of-rows.ts';

/** Publications with their tables and schemas. `of` gives the rows of a statement. */
export function publicationsOf(of: (statement: string) => Row[], look: Lookups): PublicationModel[] {
  const tables = Map.groupBy(of('publication-tables'), (row) => row[0]);
  const schemas = Map.groupBy(of('publication-schemas'), (row) => row[0]);
  return of('publications').map((row) => ({
    oid: oid(row[0]),
    name: textOf(row[1]),
    owner: look.role(row[2]),
    allTables: isTrue(row[3]),
    operations: ['insert', 'update', 'delete', 'truncate'].filter((_, index) => isTrue(row[4 + index])),
    viaRoot: isTrue(row[8]),
    ...(row[9] === 's' || row[9] === 'n'
      ? { generatedColumns: row[9] === 's' ? ('stored' as const) : ('none' as const) }
      : {}),
    tables: (tables.get(row[0]) ?? []).map((one) => ({
      table: oid(one[1]),
      columns: one[2] === '\\N' ? null : numbersOf(one[2]),
      filter: isTrue(one[3]) ? later : null,
    })),
    schemas: (schemas.get(row[0]) ?? []).map((one) => oid(one[1])),
    comment: null,
  }));
}
