import { escapeIdentifier } from 'pg';
import { fail } from '../lib/fail.ts';
import type { ServerPool } from '../servers/index.ts';
import { stepsFor } from './limits.ts';
import { isReadable, readFacts, sourceOf } from './read-server.ts';
import resetAllSql from './reset-all.sql?raw';
import resetFormsSql from './reset-forms.sql?raw';
import resetOneSql from './reset-one.sql?raw';
import { partsOf } from './top.ts';

/**
 * Resets one statement's counters, or all.
 *
 * @throws INVALID where this server or role can't; the server's error
 */
export async function resetStatements(pool: ServerPool, key: string | null): Promise<void> {
  const facts = await readFacts(pool);
  if (!facts.extension || !isReadable(facts)) {
    throw fail('INVALID', {
      field: 'environment',
      cause: 'statements-unreadable',
      what: 'There is nothing to reset.',
      why: 'pg_stat_statements can’t be called here.',
      next: stepsFor(facts)[0]?.text ?? '',
    });
  }
  const source = sourceOf(facts.extension.schema);
  const forms = await pool.query<{ arguments: number; allowed: boolean }>(resetFormsSql);
  const wanted = key === null ? forms : forms.filter((form) => form.arguments >= 3);
  if (wanted.length === 0) throw tooOld(facts.extension.version);
  if (!wanted.some(({ allowed }) => allowed)) throw notAllowed(source, facts.role, wanted[0]?.arguments ?? 0);
  if (key === null) {
    await pool.query(resetAllSql.replace('{{source}}', () => source));
    return;
  }
  const { user, database, queryId } = partsOf(key);
  if (queryId === null) throw hidden();
  await pool.query(
    resetOneSql.replace('{{source}}', () => source),
    [user, database, queryId],
  );
}

const argumentsOf: Record<number, string> = {
  0: '',
  3: 'oid, oid, bigint',
  4: 'oid, oid, bigint, boolean',
};

function notAllowed(source: string, role: string, count: number) {
  const signature = argumentsOf[count] ?? '';
  return fail('INVALID', {
    field: 'environment',
    cause: 'statements-reset-denied',
    what: 'This role may not reset the counters.',
    why: 'Only superusers may call pg_stat_statements_reset unless it is granted.',
    next: 'Let a superuser grant it, or reset with a superuser’s role.',
    command: `GRANT EXECUTE ON FUNCTION ${source}_reset(${signature}) TO ${escapeIdentifier(role)};`,
  });
}

function tooOld(version: string) {
  return fail('INVALID', {
    field: 'key',
    cause: 'statements-reset-all-only',
    what: 'One statement can’t be reset here, only all of them.',
    why: `The installed pg_stat_statements ${version} has no such function; 1.7 brought it.`,
    next: 'Update the extension, or reset all statements.',
    command: 'ALTER EXTENSION pg_stat_statements UPDATE;',
  });
}

function hidden() {
  return fail('INVALID', {
    field: 'key',
    cause: 'statements-hidden',
    what: 'It is not known which statements these are.',
    why: 'Their query ids are hidden from this role.',
    next: 'Grant it pg_read_all_stats, or reset all statements.',
  });
}
