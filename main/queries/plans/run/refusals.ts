import type { Explanation } from '../../../../preload/contract/common.ts';
import { fail } from '../../../lib/fail.ts';
import { serverWords } from '../../../servers/index.ts';

/** Why a statement is not planned, in words. */
export const refusals = {
  nothing: (): Explanation => ({
    cause: 'no-statement',
    what: 'There is no statement.',
    why: 'The text is empty, or has nothing but comments in it.',
    next: 'Type a SELECT, INSERT, UPDATE, DELETE or MERGE.',
  }),
  cut: (why: string): Explanation => ({
    cause: 'text-cut',
    what: 'The statement is not whole, so it is neither explained nor run.',
    why,
    next: 'Take the whole text from the application, or raise track_activity_query_size (takes a restart of the server). If the text is whole as it is, add a comment to it.',
  }),
  hidden: (): Explanation => ({
    cause: 'text-hidden',
    what: 'The text of this statement is hidden from this role.',
    why: 'Another role ran it, and only pg_read_all_stats sees the statements of others.',
    next: 'Connect as a member of pg_monitor, or have the grant made.',
    command: 'GRANT pg_monitor TO CURRENT_USER;',
  }),
  gone: (): Explanation => ({
    cause: 'statement-gone',
    what: 'The server no longer knows this statement.',
    why: 'pg_stat_statements has been reset since, or has let it go for others; or another role ran it, which only pg_read_all_stats may see.',
    next: 'Choose it again from the list of statements, or paste its text.',
  }),
  notInstalled: (): Explanation => ({
    cause: 'pg-stat-statements-missing',
    what: 'The statement can’t be looked up.',
    why: 'pg_stat_statements is not installed in this database, or this role may not use it.',
    next: 'Install it, or paste the statement’s text.',
    command: 'CREATE EXTENSION pg_stat_statements;',
  }),
  otherDatabase: (database: string | null): Explanation => ({
    cause: 'other-database',
    what: `The statement belongs to ${database === null ? 'another database' : `the database ${database}`}.`,
    why: 'A statement can only be planned where its tables are.',
    next: 'Open it in an environment that is connected to that database.',
  }),
  utility: (node: string): Explanation => ({
    cause: 'no-plan',
    what: 'This sort of statement has no plan.',
    why: `The server’s parser reads it as ${words(node)}; only SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE are planned.`,
    next: 'Where it contains a query (COPY, CREATE TABLE AS, DECLARE), explain that query by itself.',
  }),
  isExplain: (): Explanation => ({
    cause: 'is-explain',
    what: 'The text begins with EXPLAIN already.',
    why: 'Howdah asks for the plan itself, in the form that it can read.',
    next: 'Leave EXPLAIN and its options out, and choose whether it is to be run.',
  }),
  several: (): Explanation => ({
    cause: 'several-statements',
    what: 'The text holds more than one statement.',
    why: 'One is planned at a time, and the server is asked in a way that lets no second one through.',
    next: 'Leave one of them.',
  }),
};

/** `CreateTableAsStmt` as people say it: `create table as`. */
function words(node: string): string {
  return node
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** What the server said to a plan that was asked for, put into words. Other errors stay as they are. */
export function toldFailure(error: unknown, { timeoutMs }: { timeoutMs?: number } = {}): unknown {
  const server = serverWords(error);
  if (!server?.sqlstate) return error;
  const told = known(server.sqlstate, server.message, timeoutMs);
  if (!told) return error;
  const { field, ...explanation } = told;
  return field === undefined
    ? fail('SERVER_ERROR', { ...explanation, server })
    : fail('INVALID', { ...explanation, server, field });
}

function known(
  sqlstate: string,
  message: string,
  timeoutMs: number | undefined,
): (Explanation & { field?: string }) | undefined {
  const text = { field: 'text' };
  if (sqlstate === '42601' && /multiple commands/.test(message)) return { ...refusals.several(), ...text };
  switch (sqlstate) {
    case '42601':
      return {
        cause: 'syntax',
        what: 'The server can’t read the statement.',
        why: message,
        next: 'Correct it. Texts of pg_stat_statements have $1 where a literal was: give values for them, or write the literal.',
        ...text,
      };
    case '42P01':
    case '3F000':
      return {
        cause: 'relation-unknown',
        what: 'A table of the statement is not found.',
        why: 'It is not in this database, or in a schema that this role’s search_path does not hold: the application may have another.',
        next: 'Write the schema in front of its name, or connect as the role that runs the statement.',
        ...text,
      };
    case '42501':
      return {
        cause: 'permission-denied',
        what: 'This role may not plan the statement.',
        why: message,
        next: 'Planning takes the rights of running it. Connect as the role that runs it, or have the grant made.',
      };
    case '25006':
      return {
        cause: 'read-only-transaction',
        what: 'The statement writes, and was refused by the server.',
        why: 'It was run in a READ ONLY transaction.',
        next: 'Explain it without running it, or run it in an environment that is not read-only.',
        ...text,
      };
    case '55P03':
      return {
        cause: 'locked',
        what: 'A table of the statement is locked.',
        why: 'Somebody holds a lock that planning or running it has to wait for; it was not waited for.',
        next: 'Look at Locks for who holds it, and try again.',
      };
    case '57014':
      return timeoutMs !== undefined && /statement timeout/.test(message)
        ? {
            cause: 'timeout',
            what: `The statement took longer than ${timeoutMs / 1000} s and was ended.`,
            why: 'That was the time allowed. Everything it did was rolled back.',
            next: 'Allow more time, narrow it, or explain it without running it.',
          }
        : undefined;
    case '42P18':
    case '42P08':
      return {
        cause: 'parameter-type',
        what: 'The type of a parameter can’t be told from the statement.',
        why: message,
        next: 'Give values for the parameters, or write the type behind it: $1::text.',
        ...text,
      };
    default:
      return undefined;
  }
}
