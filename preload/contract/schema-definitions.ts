import type { Printed, SchemaModel } from './schema-model.ts';

/** What the server prints, by the statement that asks for it (`printing/*.sql`). */
export const printings = [
  'defaults',
  'generated',
  'bounds',
  'partition-keys',
  'constraints',
  'indexes',
  'views',
  'routines',
  'triggers',
  'policies-using',
  'policies-check',
  'publication-filters',
  'rules',
  'statistics',
] as const;
export type Printing = (typeof printings)[number];

/**
 * The key of a definition among definitions: the object's oid; with its attnum for a column's expression; with a word
 * where an object has several.
 */
export function definitionKey(printing: Printing, first: string | number, second?: string | number): string {
  switch (printing) {
    case 'defaults':
    case 'generated':
      return `${first}.${second}`;
    case 'bounds':
      return `${first}.bound`;
    case 'partition-keys':
      return `${first}.key`;
    case 'policies-using':
      return `${first}.using`;
    case 'policies-check':
      return `${first}.check`;
    case 'publication-filters':
      return `${first}.filter.${second}`;
    case 'rules':
    case 'statistics':
      return `${first}.other`;
    default:
      return String(first);
  }
}

/** Puts definitions into a model where they belong. */
export function putDefinitions(
  model: Pick<
    SchemaModel,
    'tables' | 'constraints' | 'indexes' | 'routines' | 'triggers' | 'policies' | 'publications' | 'others'
  >,
  definitions: Record<string, Printed>,
): void {
  for (const table of model.tables) {
    for (const column of table.columns)
      column.expression = definitions[`${table.oid}.${column.number}`] ?? column.expression;
    table.partitionKey = definitions[`${table.oid}.key`] ?? table.partitionKey;
    table.partitionBound = definitions[`${table.oid}.bound`] ?? table.partitionBound;
    table.definition = table.definition && (definitions[table.oid] ?? table.definition);
  }
  for (const list of [model.constraints, model.indexes, model.routines, model.triggers])
    for (const one of list) one.definition = definitions[one.oid] ?? one.definition;
  for (const policy of model.policies) {
    policy.using = definitions[`${policy.oid}.using`] ?? policy.using;
    policy.check = definitions[`${policy.oid}.check`] ?? policy.check;
  }
  for (const publication of model.publications)
    for (const one of publication.tables)
      one.filter = definitions[`${publication.oid}.filter.${one.table}`] ?? one.filter;
  for (const other of model.others ?? [])
    other.definition = definitions[`${other.oid}.other`] ?? other.definition;
}
