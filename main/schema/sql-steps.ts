import { escapeIdentifier } from 'pg';
import {
  type NamedRole,
  type ParsedStatement,
  type ParseStatement,
  rolesNamedIn,
} from '../sql-text/index.ts';

/** What is done with one statement of a script that is run into a scratch database. */
export type SqlStep = { line: number; sql: string } & (
  | { kind: 'run'; roles: NamedRole[] }
  /** BEGIN, COMMIT and the like. */
  | { kind: 'transaction' }
  /** A setting: one that the server does not know says nothing about structure. */
  | { kind: 'setting' }
  /** Run by the role that may act for all others. */
  | { kind: 'for-others'; roles: NamedRole[] }
  /** Changes an owner; done at the end, because who works here must own all until then. */
  | { kind: 'owner'; roles: NamedRole[] }
  | { kind: 'extension'; name: string; schema: string | null }
  | { kind: 'leave'; what: string; why: string }
  /** Says nothing about structure, or would be wrong here: nobody misses it. */
  | { kind: 'skip' }
);

export interface StepTraits {
  /** Can only be run within a transaction, or means something else outside of one. */
  wantsTransaction: boolean;
  /** Handles transactions by itself, or can't be part of one. */
  ownTransactions: boolean;
}

const ofTheServer = 'It changes the server, not the database.';

/** Statements that are left out, by their node in the parse tree: what to call them, and why. */
const left: Record<string, [what: string, why: string]> = {
  CreateRoleStmt: [
    'CREATE ROLE',
    'Roles belong to the server. Those that are named by grants and owners are known by their names.',
  ],
  AlterRoleStmt: ['ALTER ROLE', ofTheServer],
  AlterRoleSetStmt: ['ALTER ROLE … SET', ofTheServer],
  DropRoleStmt: ['DROP ROLE', ofTheServer],
  GrantRoleStmt: ['GRANT of a role', ofTheServer],
  ReassignOwnedStmt: ['REASSIGN OWNED', 'It may change what other statements rely on.'],
  DropOwnedStmt: ['DROP OWNED', 'It may change what other statements rely on.'],
  CreatedbStmt: ['CREATE DATABASE', ofTheServer],
  DropdbStmt: ['DROP DATABASE', ofTheServer],
  AlterDatabaseStmt: ['ALTER DATABASE', ofTheServer],
  AlterDatabaseSetStmt: ['ALTER DATABASE … SET', ofTheServer],
  AlterDatabaseRefreshCollStmt: ['ALTER DATABASE', ofTheServer],
  CreateTableSpaceStmt: ['CREATE TABLESPACE', ofTheServer],
  DropTableSpaceStmt: ['DROP TABLESPACE', ofTheServer],
  AlterTableSpaceOptionsStmt: ['ALTER TABLESPACE', ofTheServer],
  AlterSystemStmt: ['ALTER SYSTEM', ofTheServer],
  CheckPointStmt: ['CHECKPOINT', ofTheServer],
  CreateSubscriptionStmt: ['CREATE SUBSCRIPTION', 'It would connect to another server.'],
  AlterSubscriptionStmt: ['ALTER SUBSCRIPTION', 'It would connect to another server.'],
  DropSubscriptionStmt: ['DROP SUBSCRIPTION', 'It would connect to another server.'],
  LoadStmt: ['LOAD', 'It loads a library into the server.'],
};

/** Statements of these words are never looked into: they name no role and are as many as there are rows. */
const plainWords = /^(?:insert|update|delete|select|with|values|do|merge|call|table|truncate|analyze)\b/i;
const transactionWords =
  /^(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;
const cannotShare = new Set(['VacuumStmt', 'CreatedbStmt', 'DropdbStmt', 'AlterSystemStmt']);
/** Objects that belong to the server, or whose owner must be a superuser. */
const ownedElsewhere: Record<string, string> = {
  OBJECT_DATABASE: 'DATABASE',
  OBJECT_TABLESPACE: 'TABLESPACE',
  OBJECT_SUBSCRIPTION: 'SUBSCRIPTION',
  OBJECT_EVENT_TRIGGER: 'EVENT TRIGGER',
  OBJECT_FDW: 'FOREIGN DATA WRAPPER',
};

/** Decides what is done with a statement. What the parser can't read is run as it is: the server says what is wrong with it. */
export function stepsOf(
  sql: string,
  line: number,
  parse: ParseStatement,
): { steps: SqlStep[]; traits: StepTraits } {
  const traits: StepTraits = { wantsTransaction: false, ownTransactions: false };
  const one = (step: SqlStep): { steps: SqlStep[]; traits: StepTraits } => ({ steps: [step], traits });
  if (plainWords.test(sql)) return one({ kind: 'run', line, sql, roles: [] });
  const parsed = parse(sql);
  if ('empty' in parsed) return { steps: [], traits };
  if (!('statement' in parsed)) {
    if (transactionWords.test(sql)) return one({ kind: 'transaction', line, sql });
    return one({ kind: /^set\b/i.test(sql) ? 'setting' : 'run', line, sql, roles: [] });
  }
  const { node, fields } = parsed.statement;
  traits.ownTransactions = cannotShare.has(node) || isConcurrent(parsed.statement);
  traits.wantsTransaction = wantsTransaction(parsed.statement);
  const leave = left[node];
  if (leave) return one({ kind: 'leave', line, sql, what: leave[0], why: leave[1] });
  const roles = rolesNamedIn(sql, parsed.statement);
  const base = { line, sql };
  switch (node) {
    case 'TransactionStmt':
      traits.ownTransactions = !/SAVEPOINT|RELEASE|ROLLBACK_TO/.test(String(fields.kind));
      traits.wantsTransaction = !traits.ownTransactions;
      return one({ kind: 'transaction', ...base });
    case 'VariableSetStmt':
      return one(settingStep(base, fields));
    case 'CopyStmt':
      // Rows from or to whoever runs it; from or to a file the server refuses by itself.
      return one({ kind: fields.filename === undefined ? 'skip' : 'run', ...base, roles: [] });
    case 'DiscardStmt':
      return one({ kind: 'skip', ...base });
    case 'CreateExtensionStmt':
      return one({
        kind: 'extension',
        ...base,
        name: String(fields.extname),
        schema: optionOf(fields.options, 'schema'),
      });
    case 'AlterDefaultPrivilegesStmt':
      return one({ kind: optionOf(fields.options, 'roles') === null ? 'run' : 'for-others', ...base, roles });
    case 'CreateSchemaStmt':
      return { steps: schemaSteps(base, fields, roles), traits };
    case 'AlterOwnerStmt': {
      const kind = ownedElsewhere[String(fields.objectType)];
      if (kind) return one({ kind: 'leave', ...base, what: `ALTER ${kind} … OWNER TO`, why: ofTheServer });
      return one({ kind: roles.length ? 'owner' : 'run', ...base, roles });
    }
    case 'AlterTableStmt':
      return one({ kind: roles.length && changesOnlyOwner(fields) ? 'owner' : 'run', ...base, roles });
    case 'GrantStmt':
      if (fields.objtype === 'OBJECT_DATABASE' || fields.objtype === 'OBJECT_TABLESPACE') {
        return one({ kind: 'leave', ...base, what: 'GRANT or REVOKE on a database', why: ofTheServer });
      }
      return one({ kind: 'run', ...base, roles });
    case 'CommentStmt':
      if (fields.objtype === 'OBJECT_DATABASE' || fields.objtype === 'OBJECT_ROLE') {
        return one({ kind: 'leave', ...base, what: 'COMMENT on a database or role', why: ofTheServer });
      }
      // An extension brings its own comment; who works here does not own all of them.
      if (fields.objtype === 'OBJECT_EXTENSION') return one({ kind: 'skip', ...base });
      return one({ kind: 'run', ...base, roles });
  }
  return one({ kind: 'run', ...base, roles });
}

function settingStep(base: { line: number; sql: string }, fields: Record<string, unknown>): SqlStep {
  const name = String(fields.name ?? '').toLowerCase();
  if (name === 'role' || name === 'session_authorization') {
    return {
      kind: 'leave',
      ...base,
      what: `SET ${name.replace('_', ' ').toUpperCase()}`,
      why: 'All is made by one role; owners are as the statements that name them say.',
    };
  }
  // The text was decoded already.
  if (name === 'client_encoding') return { kind: 'skip', ...base };
  return { kind: 'setting', ...base };
}

/** A schema for somebody: made, and given away at the end. */
function schemaSteps(
  base: { line: number; sql: string },
  fields: Record<string, unknown>,
  roles: NamedRole[],
): SqlStep[] {
  const [role] = roles;
  const elements = Array.isArray(fields.schemaElts) ? fields.schemaElts.length : 0;
  if (!role || elements > 0) return [{ kind: 'run', ...base, roles }];
  const name = escapeIdentifier(typeof fields.schemaname === 'string' ? fields.schemaname : role.name);
  const give = `ALTER SCHEMA ${name} OWNER TO `;
  const owner = escapeIdentifier(role.name);
  return [
    {
      ...base,
      kind: 'run',
      sql: `CREATE SCHEMA ${fields.if_not_exists ? 'IF NOT EXISTS ' : ''}${name}`,
      roles: [],
    },
    {
      ...base,
      kind: 'owner',
      sql: give + owner,
      roles: [{ name: role.name, start: give.length, end: give.length + owner.length }],
    },
  ];
}

interface Command {
  AlterTableCmd?: { subtype?: string };
}

function changesOnlyOwner({ cmds }: Record<string, unknown>): boolean {
  return Array.isArray(cmds) && cmds.every((one: Command) => one.AlterTableCmd?.subtype === 'AT_ChangeOwner');
}

/** Options are `{ DefElem: { defname, arg } }`; text of one, `''` for one that is no text, null when it is not there. */
function optionOf(options: unknown, name: string): string | null {
  if (!Array.isArray(options)) return null;
  for (const { DefElem: option } of options as {
    DefElem?: { defname?: string; arg?: Record<string, unknown> };
  }[]) {
    if (option?.defname !== name) continue;
    const text = option.arg?.String as { sval?: string } | undefined;
    return text?.sval ?? '';
  }
  return null;
}

function isConcurrent({ node, fields }: ParsedStatement): boolean {
  return (
    fields.concurrent === true ||
    (node === 'AlterTableStmt' && /\bconcurrently\b/i.test(JSON.stringify(fields.cmds)))
  );
}

function wantsTransaction({ node, fields }: ParsedStatement): boolean {
  if (node === 'LockStmt' || node === 'DeclareCursorStmt' || node === 'ConstraintsSetStmt') return true;
  if (node === 'VariableSetStmt') return fields.is_local === true;
  return (
    (node === 'CreateStmt' || node === 'CreateTableAsStmt') &&
    /ONCOMMIT_(?:DROP|DELETE)/.test(JSON.stringify(fields))
  );
}
