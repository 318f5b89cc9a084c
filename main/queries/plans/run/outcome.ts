import type { Explanation } from '../../../../preload/contract/common.ts';
import type { PlanOrigin, StatementFacts } from '../../../../preload/contract/plans.ts';
import { fail } from '../../../lib/fail.ts';
import { type ServerPool, serverWords } from '../../../servers/index.ts';
import { analyzeText, lockTimeoutMs } from './analyze.ts';
import { explainText, parameterTypes } from './generic.ts';
import { factsOf } from './lookup.ts';
import { withValues } from './parameters.ts';
import { toldFailure } from './refusals.ts';
import { inPlanSession } from './session.ts';

export interface PlanRequest {
  text?: string | undefined;
  key?: string | undefined;
  parameters: readonly (string | null)[];
}

/** A plan as the server gave it, or the types of the values that it takes to get one. */
export type Planned =
  | { text: string; json: string; origin: PlanOrigin }
  | { explanation: Explanation; types: (string | null)[] };

const explainTimeouts = { statementTimeoutMs: 15_000, lockTimeoutMs: 500 };

/** The plan of a statement that is not run. @throws the contract's errors; the server's */
export async function explain(
  pool: ServerPool,
  request: PlanRequest,
  signal: AbortSignal | undefined,
): Promise<Planned> {
  const { text, parameters } = await plannable(pool, request);
  return inPlanSession(pool, { ...explainTimeouts, readOnly: true, signal }, async (session) => {
    await session.own('SAVEPOINT explain');
    try {
      if (parameters > 0 && request.parameters.length > 0) {
        const given = withValues(text, request.parameters);
        return {
          text: given,
          json: (await explainText(session, given, ['VERBOSE', 'SETTINGS'])).json,
          origin: {
            how: 'parameters' as const,
            note: 'Planned for the values given; others may have another plan.',
          },
        };
      }
      const { json, how } = await explainText(session, text, ['VERBOSE', 'SETTINGS']);
      return { text, json, origin: { how, note: notes[how] } };
    } catch (error) {
      const sqlstate = serverWords(error)?.sqlstate ?? '';
      // With $1 in it, what the server can't make sense of may be clear once there are values.
      if (
        parameters === 0 ||
        request.parameters.length > 0 ||
        !/^42(?:601|P18|P08|804|883|725)$/.test(sqlstate)
      )
        throw error;
      await session.own('ROLLBACK TO SAVEPOINT explain');
      const server = serverWords(error);
      return {
        types: await parameterTypes(session, text, parameters),
        explanation: {
          ...valuesNeeded(parameters, 'It can’t be planned for any value: the server says why below.'),
          server,
        },
      };
    }
  }).catch((error: unknown) => {
    throw toldFailure(error, { timeoutMs: explainTimeouts.statementTimeoutMs });
  });
}

const notes = {
  plain: '',
  generic:
    'Planned for parameters of any value (GENERIC_PLAN): estimates are averages, and partitions are chosen only when it runs.',
  prepared:
    'The generic plan of a prepared statement: estimates are averages. NULL stood in for the values, so partitions may be missing from it.',
};

/**
 * The plan of a statement with its real figures: it is run in a transaction that is rolled back.
 *
 * @throws the contract's errors; the server's; the signal's reason, once the server has been told to stop
 */
export async function analyze(
  pool: ServerPool,
  request: PlanRequest,
  options: { readOnly: boolean; timeoutMs: number; signal: AbortSignal | undefined },
): Promise<Planned> {
  const { text, parameters } = await plannable(pool, request);
  const { readOnly, timeoutMs, signal } = options;
  const timeouts = { statementTimeoutMs: timeoutMs, lockTimeoutMs };
  return inPlanSession(pool, { ...timeouts, readOnly, signal }, async (session) => {
    if (parameters > request.parameters.length)
      return {
        types: await parameterTypes(session, text, parameters),
        explanation: valuesNeeded(parameters, 'It can only be run with values in their place.'),
      };
    const given = parameters > 0 ? withValues(text, request.parameters) : text;
    return {
      text: given,
      json: await analyzeText(session, given),
      origin: {
        how: readOnly ? ('analyzed read-only' as const) : ('analyzed' as const),
        note: 'It was run and rolled back. Timing each node makes it a little slower than it is.',
      },
    };
  }).catch((error: unknown) => {
    throw toldFailure(error, { timeoutMs });
  });
}

/** @throws INVALID with what stands against it */
async function plannable(
  pool: ServerPool,
  request: PlanRequest,
): Promise<{ text: string; parameters: number }> {
  const { text, refusal, parameters }: StatementFacts = await factsOf(pool, request);
  if (refusal || text === null)
    throw fail('INVALID', {
      ...(refusal ?? { cause: 'no-statement', what: 'There is no statement.', why: '', next: '' }),
      field: request.text === undefined ? 'key' : 'text',
    });
  return { text, parameters };
}

function valuesNeeded(count: number, why: string): Explanation {
  return {
    cause: 'parameters-needed',
    what: `The statement has ${count === 1 ? 'a parameter' : `${count} parameters`} ($1${count > 1 ? ` to $${count}` : ''}).`,
    why,
    next: 'Give a value for each, such as the application uses; leave NULL where there is none.',
  };
}
