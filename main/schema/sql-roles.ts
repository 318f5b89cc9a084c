import type { Grant, OtherModel, SchemaModel } from '../../preload/contract/schema-model.ts';
import { isScratchOwner, isScratchRole, standsFor, withoutStandIns } from '../lib/scratch-names.ts';

/**
 * A model that was read from a scratch database, with roles called what its SQL calls them; any other is given back as
 * it is. What the SQL gives to nobody belongs to whoever runs it, which it doesn't say: that one is taken to be the role
 * that owns most of the other model, so that its name is no difference. Where the other one was made of SQL too, both
 * are taken to be run by the same one.
 */
export function withRealRoles(model: SchemaModel, other?: SchemaModel): SchemaModel {
  if (!isScratchOwner(model.user)) return model;
  const owner =
    other && (mainOwner(other) ?? (isScratchOwner(other.user) ? shared(model, other) : other.user));
  return renamed(model, (role) => (isScratchRole(role) ? (owner ?? model.user) : (standsFor(role) ?? role)));
}

/** One name for both sides, and the same whichever is asked about: still that of a scratch database, as nobody's role. */
const shared = (one: SchemaModel, other: SchemaModel): string => [one.user, other.user].sort()[0] ?? one.user;

/** Whether a statement gives something to a role that is only there while SQL is run. */
export const givesToNobody = (sql: string): boolean =>
  /^ALTER .* OWNER TO "howdah_scratch_[0-9a-f]{12}"$/s.test(sql);

/** The role that owns most; undefined where that is as unknown. */
function mainOwner(model: SchemaModel): string | undefined {
  const counts = new Map<string, number>();
  for (const list of [model.tables, model.routines, model.types, model.sequences, model.schemas]) {
    for (const { owner, ...item } of list) {
      if ('extension' in item && item.extension !== null) continue;
      // A role of the server's own, which owns what each database begins with.
      if (owner === 'pg_database_owner' || isScratchRole(owner)) continue;
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, one], [, another]) => another - one)[0]?.[0];
}

function renamed(model: SchemaModel, name: (role: string) => string): SchemaModel {
  const named = (grants: Grant[]): Grant[] =>
    grants.map((grant) => ({ ...grant, grantee: name(grant.grantee), grantor: name(grant.grantor) }));
  const granted = <T extends { grants: Grant[] | null }>(item: T): T =>
    item.grants ? { ...item, grants: named(item.grants) } : item;
  const owned = <T extends { owner: string }>(item: T): T => ({ ...item, owner: name(item.owner) });
  const both = <T extends { owner: string; grants: Grant[] | null }>(item: T): T => owned(granted(item));
  const otherNamed = (one: OtherModel): OtherModel => ({
    ...granted(one),
    owner: one.owner === null ? null : name(one.owner),
    name: one.kind === 'user mapping' ? withoutStandIns(one.name) : one.name,
    identity: withoutStandIns(one.identity),
    definition:
      one.definition.state === 'known'
        ? { ...one.definition, text: withoutStandIns(one.definition.text) }
        : one.definition,
    also: one.also.map(withoutStandIns),
  });
  return {
    ...model,
    user: name(model.user),
    schemas: model.schemas.map(both),
    tables: model.tables.map((table) => {
      const { columns } = table;
      return {
        ...both(table),
        columns: columns.some(({ grants }) => grants) ? columns.map(granted) : columns,
      };
    }),
    sequences: model.sequences.map(both),
    types: model.types.map(both),
    routines: model.routines.map(both),
    foreignServers: model.foreignServers.map(both),
    extensions: model.extensions.map(owned),
    eventTriggers: model.eventTriggers.map(owned),
    publications: model.publications.map(owned),
    policies: model.policies.map((policy) => ({ ...policy, roles: policy.roles.map(name) })),
    ...(model.others ? { others: model.others.map(otherNamed) } : {}),
    ...(model.defaultPrivileges
      ? {
          defaultPrivileges: model.defaultPrivileges.map((one) => ({
            ...one,
            role: name(one.role),
            grants: named(one.grants),
          })),
        }
      : {}),
  };
}
