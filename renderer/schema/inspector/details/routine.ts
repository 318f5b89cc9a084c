import type { Oid } from '../../../../preload/contract/schema-model.ts';
import type { ObjectDetails } from './details.ts';
import { defaultOf, grantWords } from './grants.ts';
import { byName, type Look } from './look.ts';

const kinds = {
  function: 'function',
  procedure: 'procedure',
  aggregate: 'aggregate',
  window: 'window function',
} as const;

/** Null when it is no function, procedure or aggregate. */
export function routineDetails(look: Look, oid: Oid): ObjectDetails | null {
  const routine = look.model.routines.find((one) => one.oid === oid);
  if (!routine) return null;
  const triggers = look.model.triggers
    .filter((trigger) => trigger.function === oid && !trigger.parent)
    .flatMap((trigger) => {
      const table = look.link(trigger.table, routine.schema);
      return table ? [{ oid: table.oid, name: `${trigger.name} on ${table.name}` }] : [];
    });
  return {
    oid,
    what: 'routine',
    kind: kinds[routine.kind],
    schema: look.schemaName(routine.schema),
    title: `${routine.name}(${routine.arguments})`,
    comment: routine.comment,
    owner: routine.owner,
    facts: [
      { label: 'Arguments', value: routine.arguments || 'none' },
      ...(routine.result === null ? [] : [{ label: 'Gives', value: routine.result }]),
      { label: 'Language', value: routine.language },
      ...(routine.kind === 'procedure' ? [] : [{ label: 'Volatility', value: routine.volatility }]),
      {
        label: 'Runs as',
        value: routine.securityDefiner
          ? `its owner, ${routine.owner} (security definer)`
          : 'whoever calls it',
      },
      ...(routine.extension ? [{ label: 'Extension', value: routine.extension }] : []),
    ],
    access: {
      owner: routine.owner,
      byDefault: defaultOf('routine', routine.grants),
      grants: grantWords('routine', routine.grants, routine.owner),
      columns: [],
      schema: null,
    },
    table: null,
    values: [],
    checks: [],
    attributes: [],
    definition: look.printed(oid, routine.definition),
    usedBy: [...triggers.sort(byName), ...look.related(oid, routine.schema, 'usedBy')],
    uses: look.related(oid, routine.schema, 'uses'),
  };
}
