import type { PlanAnswer, PlanOrigin, PlanOutcome } from '../../../preload/contract/plans.ts';
import { checkTypedName } from '../../guard/index.ts';
import { fail } from '../../lib/fail.ts';
import type { MonitoringNeeds } from '../../monitoring/index.ts';
import type { Implementer } from '../../rpc.ts';
import type { ServerPool } from '../../servers/index.ts';
import { openKeptPlans } from './keep.ts';
import { readLogFile, readLogText } from './log/read-log.ts';
import { PlanUnreadable } from './read/outline.ts';
import { readPlan } from './reading.ts';
import { factsOf } from './run/lookup.ts';
import { analyze, explain, type Planned } from './run/outcome.ts';

/** EXPLAIN, and what plans say. */
export function planProcedures(os: Implementer, needs: MonitoringNeeds) {
  const kept = openKeptPlans(needs.store);

  const keep = (environment: string, answer: Omit<PlanAnswer, 'id'>): PlanAnswer => ({
    ...answer,
    id: needs.keepsHistory(environment) ? kept.add(environment, answer) : null,
  });
  const outcome = async (
    environment: string,
    pool: ServerPool,
    planned: Planned,
    signal: AbortSignal | undefined,
  ): Promise<PlanOutcome> => {
    if (!('json' in planned)) return { kind: 'asked', asked: planned };
    const { text, json, origin } = planned;
    const generic = origin.how === 'generic' || origin.how === 'prepared';
    const plan = await readPlan(json, signal, { pool, generic });
    return { kind: 'planned', answer: keep(environment, { at: needs.now(), origin, text, plan, json }) };
  };
  const run = async (
    input: {
      environment: string;
      text?: string | undefined;
      key?: string | undefined;
      parameters: (string | null)[];
      timeoutMs: number;
    },
    readOnly: boolean,
    signal: AbortSignal | undefined,
  ): Promise<PlanOutcome> => {
    const { id } = needs.findEnvironment(input.environment);
    const pool = needs.pool(id);
    return outcome(
      id,
      pool,
      await analyze(pool, input, { readOnly, timeoutMs: input.timeoutMs, signal }),
      signal,
    );
  };

  const { plans } = os.queries;
  return plans.router({
    statement: plans.statement.handler(({ input }) =>
      factsOf(needs.pool(needs.findEnvironment(input.environment).id), input),
    ),
    explain: plans.explain.handler(async ({ input, signal }) => {
      const { id } = needs.findEnvironment(input.environment);
      const pool = needs.pool(id);
      return outcome(id, pool, await explain(pool, input, signal), signal);
    }),
    analyze: plans.analyze.handler(({ input, signal }) => run(input, false, signal)),
    analyzeReadOnly: plans.analyzeReadOnly.handler(({ input, signal }) => {
      // It changes nothing, and yet it runs what somebody typed, in full.
      checkTypedName(needs.findEnvironment(input.environment), input.confirm);
      return run(input, true, signal);
    }),
    read: plans.read.handler(async ({ input, signal }) => {
      const { id } = needs.findEnvironment(input.environment);
      const plan = await readPlan(input.text, signal).catch((error: unknown) => {
        throw error instanceof PlanUnreadable ? unreadable(error) : error;
      });
      const origin: PlanOrigin = {
        how: 'given',
        note: 'As it was given: which indexes there are was not looked at.',
      };
      return keep(id, { at: needs.now(), origin, text: plan.text, plan, json: input.text });
    }),
    log: plans.log.handler(async ({ input, signal }) => {
      needs.findEnvironment(input.environment);
      if (input.text !== undefined) return readLogText(input.text, signal);
      if (!input.path) throw noLog();
      return readLogFile(input.path, signal).catch((error: unknown) => {
        throw isSystemError(error) ? logUnreadable(error) : error;
      });
    }),
    kept: plans.kept.handler(({ input }) => kept.list(needs.findEnvironment(input.environment).id)),
    one: plans.one.handler(({ input }) => {
      const found = kept.one(needs.findEnvironment(input.environment).id, input.id);
      if (!found) throw planGone(input.id);
      return found;
    }),
    drop: plans.drop.handler(({ input }) =>
      kept.drop(needs.findEnvironment(input.environment).id, input.ids),
    ),
  });
}

function unreadable({ message }: PlanUnreadable): Error {
  return fail('INVALID', {
    cause: 'plan-unreadable',
    field: 'text',
    what: 'This is no plan that can be read.',
    why: message,
    next: 'Paste what EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) gives, or its text format, whole.',
  });
}

function noLog(): Error {
  return fail('INVALID', {
    cause: 'no-log',
    field: 'path',
    what: 'There is no log to read.',
    why: 'Neither a path nor a text was given.',
    next: 'Give the path of a log on the machine that this console runs on, or paste a part of it.',
  });
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';

function logUnreadable(error: NodeJS.ErrnoException): Error {
  return fail('INVALID', {
    cause: 'log-unreadable',
    field: 'path',
    what: 'The log can’t be read.',
    why: error.message,
    next: 'The path is one of the machine that this console runs on; its user needs the right to read the file.',
  });
}

function planGone(id: number): Error {
  return fail('INVALID', {
    cause: 'plan-gone',
    field: 'id',
    what: `Plan ${id} is no longer kept.`,
    why: 'The last twenty of an environment are; it was removed, or others have come since.',
    next: 'Explain the statement again.',
  });
}
