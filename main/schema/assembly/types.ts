import type { ColumnModel, Oid, TypeModel } from '../../../preload/contract/schema-model.ts';
import { grantsOf } from '../acl.ts';
import { isTrue, textOf, textOrNull } from '../rows.ts';
import { typeText } from './dropped-meanwhile.ts';
import { type Lookups, oid, type Row, typeKind } from './of-rows.ts';

/** Types of every kind. `columnsOf` gives the columns of relations, composites' among them. */
export function typesOf(
  types: Row[],
  take: (statement: string) => Row[],
  columnsOf: (relation: Oid) => ColumnModel[],
  look: Lookups,
): TypeModel[] {
  const values = new Map<string | undefined, string[]>();
  for (const [type, value] of take('enum-values')) {
    const known = values.get(type);
    if (known) known.push(textOf(value));
    else values.set(type, [textOf(value)]);
  }
  const ranges = new Map(take('ranges').map((row) => [row[0], row]));
  return types.map((row): TypeModel => {
    const common = {
      oid: oid(row[0]),
      schema: oid(row[1]),
      name: textOf(row[2]),
      extension: look.extension('pg_type', row[0]) ?? look.extension('pg_class', row[7]),
      owner: look.role(row[5]),
      grants: grantsOf(row[6]),
      comment: null,
    };
    const kind = typeKind(row);
    switch (kind) {
      case 'enum':
        return { ...common, kind, values: values.get(row[0]) ?? [] };
      case 'domain': {
        const inherited = look.traits(row[11])?.collation;
        return {
          ...common,
          kind,
          base: typeText(textOf(row[8])),
          notNull: isTrue(row[9]),
          default: textOrNull(row[10]),
          collation: inherited === row[12] ? null : look.collation(row[12]),
        };
      }
      case 'composite':
        return {
          ...common,
          kind,
          columns: columnsOf(oid(row[7])).map(({ name, type, collation, comment }) => ({
            name,
            type,
            collation,
            comment,
          })),
        };
      case 'range': {
        const [, subtype, operatorClass, collation, canonical, subtypeDiff, multirange] =
          ranges.get(row[0]) ?? [];
        return {
          ...common,
          kind,
          subtype: typeText(textOf(subtype)),
          subtypeOperatorClass: textOrNull(operatorClass),
          collation: look.collation(collation),
          canonical: textOrNull(canonical),
          subtypeDiff: textOrNull(subtypeDiff),
          multirange: textOrNull(multirange),
        };
      }
      default:
        return { ...common, kind };
    }
  });
}
