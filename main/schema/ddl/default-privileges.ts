import type { DefaultPrivilegesModel, Grant } from '../../../preload/contract/schema-model.ts';
import { defaultGrants, describeGrants, type GrantKind, grantStatements } from './privileges.ts';
import { quoted } from './quote.ts';

const kinds: Record<DefaultPrivilegesModel['on'], GrantKind> = {
  tables: 'table',
  sequences: 'sequence',
  functions: 'routine',
  types: 'type',
  schemas: 'schema',
  'large objects': 'large object',
};

/** Statements from one setting to another of the same role, schema and kind; null is none at all. */
export function defaultPrivileges(
  schema: string | null,
  from: DefaultPrivilegesModel | null,
  to: DefaultPrivilegesModel | null,
  version: number,
): string[] {
  const about = to ?? from;
  if (!about) return [];
  const { role, on } = about;
  const at = (one: DefaultPrivilegesModel | null) => ({
    grants: one?.grants ?? (schema === null ? defaultGrants(kinds[on], role, version) : []),
    owner: role,
    version,
  });
  const alter = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(role)}${schema === null ? '' : ` IN SCHEMA ${quoted(schema)}`}`;
  const target = { kind: kinds[on], on: on.toUpperCase() };
  return grantStatements(target, at(from), at(to), true).map((sql) => `${alter} ${sql}`);
}

export function describeDefaults({ on, grants, role }: DefaultPrivilegesModel, version: number): string {
  return describeGrants(kinds[on], { grants, owner: role, version }, false);
}

/** The ACL that a new object of a role gets (PostgreSQL manual, ALTER DEFAULT PRIVILEGES); null where nothing is set. */
export function grantsAtStart(
  all: readonly DefaultPrivilegesModel[],
  role: string,
  schema: string | null,
  schemaOf: (oid: string) => string,
  kind: GrantKind,
  version: number,
): Grant[] | null {
  const mine = all.filter((one) => one.role === role && kinds[one.on] === kind);
  const everywhere = mine.find((one) => one.schema === null);
  const here = mine.find((one) => one.schema !== null && schemaOf(one.schema) === schema);
  if (!everywhere && !here) return null;
  return [...(everywhere?.grants ?? defaultGrants(kind, role, version)), ...(here?.grants ?? [])];
}
