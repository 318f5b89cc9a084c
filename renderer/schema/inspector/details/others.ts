import type { Oid, SchemaModel } from '../../../../preload/contract/schema-model.ts';

export type OtherKind = 'routine' | 'sequence' | 'type';

/** Something with a name in a schema that the diagram has no box for. */
export interface OtherObject {
  oid: Oid;
  schema: string;
  kind: OtherKind;
  name: string;
  /** Behind the name: a routine's arguments. */
  aside: string;
  /** In words, for screen readers. */
  word: string;
}

const typeWords = {
  domain: 'domain',
  composite: 'composite type',
  range: 'range type',
  base: 'base type',
  shell: 'type without a definition',
} as const;

/**
 * Routines, sequences and types. What came with an extension is left out: that one is written up by its makers. So are
 * sequences of identity columns, which are a part of their column.
 */
export function otherObjects(
  model: Pick<SchemaModel, 'schemas' | 'routines' | 'sequences' | 'types'>,
): OtherObject[] {
  const schemas = new Map(model.schemas.map(({ oid, name }) => [oid, name]));
  const others: OtherObject[] = [];
  for (const { oid, schema, name, arguments: taken, kind, extension } of model.routines)
    if (!extension)
      others.push({
        oid,
        schema: schemas.get(schema) ?? '?',
        kind: 'routine',
        name,
        aside: `(${taken})`,
        word: kind,
      });
  for (const { oid, schema, name, ownedBy, extension } of model.sequences)
    if (!extension && !ownedBy?.identity)
      others.push({
        oid,
        schema: schemas.get(schema) ?? '?',
        kind: 'sequence',
        name,
        aside: '',
        word: 'sequence',
      });
  for (const type of model.types)
    if (!type.extension && type.kind !== 'enum')
      others.push({
        oid: type.oid,
        schema: schemas.get(type.schema) ?? '?',
        kind: 'type',
        name: type.name,
        aside: type.kind === 'domain' ? type.base : '',
        word: typeWords[type.kind],
      });
  return others.sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.aside < b.aside ? -1 : a.aside > b.aside ? 1 : 0,
  );
}
