import type { Oid, TypeModel } from '../../../../preload/contract/schema-model.ts';
import type { ObjectDetails } from './details.ts';
import { defaultOf, grantWords } from './grants.ts';
import type { Look } from './look.ts';
import { constraintNotes, type DetailFact } from './words.ts';

const kinds: Record<TypeModel['kind'], string> = {
  enum: 'enum',
  domain: 'domain',
  composite: 'composite type',
  range: 'range type',
  base: 'base type',
  shell: 'type without a definition',
};

/** Null when it is no type. */
export function typeDetails(look: Look, oid: Oid): ObjectDetails | null {
  const type = look.model.types.find((one) => one.oid === oid);
  if (!type) return null;
  return {
    oid,
    what: 'type',
    kind: kinds[type.kind],
    schema: look.schemaName(type.schema),
    title: type.name,
    comment: type.comment,
    owner: type.owner,
    facts: factsOf(type),
    access: {
      owner: type.owner,
      byDefault: defaultOf('type', type.grants),
      grants: grantWords('type', type.grants, type.owner),
      columns: [],
      schema: null,
    },
    table: null,
    values: type.kind === 'enum' ? type.values : [],
    checks: look.model.constraints
      .filter(({ domain, kind }) => domain === oid && kind === 'check')
      .map((one) => look.keyOf(one, [], 'Check', constraintNotes(one))),
    attributes: type.kind === 'composite' ? type.columns : [],
    definition: null,
    usedBy: look.columnsOfType(oid, type.schema),
    uses: [],
  };
}

function factsOf(type: TypeModel): DetailFact[] {
  const facts: DetailFact[] = [];
  const add = (label: string, value: string | null): void => {
    if (value !== null && value !== '') facts.push({ label, value });
  };
  if (type.kind === 'domain') {
    add('Based on', type.base);
    add('Null', type.notNull ? 'not allowed' : 'allowed');
    add('Default', type.default);
    add('Collation', type.collation);
  }
  if (type.kind === 'range') {
    add('Range of', type.subtype);
    add('Operator class', type.subtypeOperatorClass);
    add('Collation', type.collation);
    add('Canonical function', type.canonical);
    add('Difference function', type.subtypeDiff);
    add('Multirange', type.multirange);
  }
  add('Extension', type.extension);
  return facts;
}
