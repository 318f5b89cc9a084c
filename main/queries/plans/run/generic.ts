import { serverWords } from '../../../servers/index.ts';
import { parametersIn, withPlainParameters } from './parameters.ts';
import type { PlanSession } from './session.ts';

export interface PlannedText {
  /** EXPLAIN's JSON. */
  json: string;
  how: 'plain' | 'generic' | 'prepared';
}

/**
 * The plan of a statement that is not run. One with `$1` in it is planned for any value.
 *
 * @param options further ones for EXPLAIN, such as `VERBOSE`
 * @throws the server's error
 */
export async function explainText(
  session: PlanSession,
  text: string,
  options: readonly string[],
): Promise<PlannedText> {
  const list = [...options, 'FORMAT JSON'].join(', ');
  if (parametersIn(text) === 0)
    return { json: await session.plan(`EXPLAIN (${list}) ${text}`), how: 'plain' };
  const open = withPlainParameters(text);
  const isKnown = await knowsGenericPlan(session);
  return withPrepared(session, open, async (types) => {
    if (isKnown)
      return { json: await session.provenPlan(`EXPLAIN (GENERIC_PLAN, ${list}) ${open}`), how: 'generic' };
    // Its generic plan is shown: with that, values play no part, and NULL stands for each.
    await session.own('SET LOCAL plan_cache_mode = force_generic_plan');
    const values = types.map(() => 'NULL').join(', ');
    const json = await session.plan(`EXPLAIN (${list}) EXECUTE howdah_plan${values ? `(${values})` : ''}`);
    return { json, how: 'prepared' };
  });
}

/** Since 16. Asked without a parameter: before, one would be taken for a value that has to come with the message. */
async function knowsGenericPlan(session: PlanSession): Promise<boolean> {
  await session.own('SAVEPOINT generic');
  try {
    await session.plan('EXPLAIN (GENERIC_PLAN) SELECT 1');
    return true;
  } catch (error) {
    if (serverWords(error)?.sqlstate !== '42601') throw error;
    await session.own('ROLLBACK TO SAVEPOINT generic');
    return false;
  }
}

/** The types that the server takes the parameters for; null for all where it can't tell. */
export async function parameterTypes(
  session: PlanSession,
  text: string,
  count: number,
): Promise<(string | null)[]> {
  await session.own('SAVEPOINT types');
  try {
    return await withPrepared(session, withPlainParameters(text), async (types) => types);
  } catch (error) {
    if (serverWords(error)?.sqlstate === undefined) throw error;
    await session.own('ROLLBACK TO SAVEPOINT types');
    return Array.from({ length: count }, () => null);
  }
}

/** Prepares it, which also proves that it is one statement and no more. */
async function withPrepared<T>(
  session: PlanSession,
  text: string,
  work: (types: string[]) => Promise<T>,
): Promise<T> {
  await session.one(`PREPARE howdah_plan AS ${text}`);
  await session.own('SAVEPOINT prepared');
  try {
    const rows = await session.one<{ type: string }>(
      "SELECT type::text FROM pg_catalog.pg_prepared_statements, pg_catalog.unnest(parameter_types) AS type WHERE name = 'howdah_plan'",
    );
    return await work(rows.map(({ type }) => type));
  } finally {
    // Behind a pooler the session goes to somebody else, and a prepared statement outlives its transaction.
    await session.own('ROLLBACK TO SAVEPOINT prepared; DEALLOCATE howdah_plan').catch(() => undefined);
  }
}
