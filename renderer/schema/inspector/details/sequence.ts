import type { Oid } from '../../../../preload/contract/schema-model.ts';
import type { DetailLink, ObjectDetails } from './details.ts';
import { defaultOf, grantWords } from './grants.ts';
import type { Look } from './look.ts';

/** Null when it is no sequence. */
export function sequenceDetails(look: Look, oid: Oid): ObjectDetails | null {
  const sequence = look.model.sequences.find((one) => one.oid === oid);
  if (!sequence) return null;
  const { ownedBy } = sequence;
  return {
    oid,
    what: 'sequence',
    kind: 'sequence',
    schema: look.schemaName(sequence.schema),
    title: sequence.name,
    comment: sequence.comment,
    owner: sequence.owner,
    facts: [
      { label: 'Type', value: sequence.type },
      { label: 'Starts at', value: sequence.start },
      { label: 'Steps by', value: sequence.increment },
      { label: 'From', value: sequence.minimum },
      { label: 'To', value: `${sequence.maximum}${sequence.cycle ? ', then begins anew' : ', then fails'}` },
      { label: 'Cached', value: `${sequence.cache} in each session` },
      ...(sequence.persistence === 'permanent'
        ? []
        : [{ label: 'Persistence', value: sequence.persistence }]),
      ...(ownedBy
        ? [{ label: 'Bound to', value: ownedBy.identity ? 'an identity column' : 'a column' }]
        : []),
      ...(sequence.extension ? [{ label: 'Extension', value: sequence.extension }] : []),
    ],
    access: {
      owner: sequence.owner,
      byDefault: defaultOf('sequence', sequence.grants),
      grants: grantWords('sequence', sequence.grants, sequence.owner),
      columns: [],
      schema: null,
    },
    table: null,
    values: [],
    checks: [],
    attributes: [],
    definition: null,
    usedBy: ownedBy ? columnLink(look, sequence.schema, ownedBy) : [],
    uses: [],
  };
}

function columnLink(look: Look, from: Oid, owner: { table: Oid; column: number }): DetailLink[] {
  const table = look.tables.get(owner.table);
  const column = table?.columns.find(({ number }) => number === owner.column);
  return table ? [{ oid: table.oid, name: `${look.nameFrom(from, table)}.${column?.name ?? '?'}` }] : [];
}
