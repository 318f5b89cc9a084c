import type { SchemaObject } from '../ddl/schema-object.ts';
import { isGenerated } from '../ddl/script.ts';
import { changed } from './compare.ts';
import { canonicalText } from './same-text.ts';
import { own } from './sides.ts';

/** Whether there are statements that change what differs and keep the rest. */
export function changesInPlace(want: SchemaObject, have: SchemaObject): boolean {
  const differing = new Set(changed(own(want), own(have)).map(({ name }) => name));
  const only = (...names: string[]) => [...differing].every((name) => names.includes(name));
  switch (want.kind) {
    case 'table':
    case 'foreign table':
      return (
        !['partition key', 'of type', 'server'].some((name) => differing.has(name)) &&
        want.of.kind === 'table' &&
        want.of.table.persistence !== 'temporary'
      );
    case 'view':
      return isReplaceable(want, have);
    case 'materialized view':
      return [...differing].every(
        (name) => ['options', 'tablespace', 'access method'].includes(name) || name.startsWith('column '),
      );
    case 'routine':
      return !differing.has('kind') && !differing.has('result') && headOf(want) === headOf(have);
    case 'constraint':
    case 'foreign key':
      return isValidation(want, have);
    case 'index':
      return want.fold !== null
        ? !want.key.startsWith('index partition ')
        : only('tablespace', 'statistics targets') && want.create.length > 0;
    case 'trigger':
      return only('enabled');
    case 'policy':
      return !differing.has('command') && !differing.has('permissive') && keepsExpressions(want, have);
    case 'default':
      return !isGenerated(want) && !isGenerated(have);
    case 'publication table':
    case 'partition':
    case 'domain constraint':
      return false;
    case 'publication':
      return !differing.has('all tables');
    case 'event trigger':
      return only('enabled');
    case 'foreign server':
      return !differing.has('wrapper') && !differing.has('type');
    case 'default privileges':
      return true;
    default:
      // What is known by its statement alone can only be made anew.
      return !isOther(want);
  }
}

function isReplaceable(want: SchemaObject, have: SchemaObject): boolean {
  if (want.of.kind !== 'table' || have.of.kind !== 'table') return false;
  const to = want.of.table.columns;
  return have.of.table.columns.every(
    (column, index) =>
      to[index]?.name === column.name &&
      to[index].type === column.type &&
      to[index].collation === column.collation,
  );
}

/** NOT VALID on this side only, and otherwise the same. */
function isValidation(want: SchemaObject, have: SchemaObject): boolean {
  const to = want.attributes.definition;
  const from = have.attributes.definition;
  return typeof to === 'string' && typeof from === 'string' && from === `${to} NOT VALID`;
}
/** What CREATE OR REPLACE FUNCTION can't change: names, types and defaults of arguments, and the result. */
function headOf(object: SchemaObject): string {
  const definition = canonicalText(object.create[0] ?? '');
  return definition.slice(0, definition.indexOf('\n LANGUAGE '));
}

function keepsExpressions(want: SchemaObject, have: SchemaObject): boolean {
  return ['using', 'check'].every((name) => want.attributes[name] !== null || have.attributes[name] === null);
}

const isOther = ({ attributes, of, fold }: SchemaObject): boolean =>
  of.kind === 'other' && fold === null && 'definition' in attributes;
