import type { Environment } from '../../preload/contract/environments.ts';
import { fail } from '../lib/fail.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import { adviseOn } from './advise.ts';
import { regressionsOf } from './answer-regressions.ts';
import { stateOf } from './answer-state.ts';
import { detailOf } from './answer-statement.ts';
import { topOfWindow, topSinceReset } from './answer-top.ts';
import { limitsOf } from './limits.ts';
import { planProcedures } from './plans/index.ts';
import { readFacts } from './read-server.ts';
import { resetStatements } from './reset.ts';
import { openStatements, spanOf } from './statements.ts';

export function queriesRoom(os: Implementer, needs: MonitoringNeeds) {
  const statements = openStatements(needs);
  const { watch, applications } = statements;
  const idOf = (ref: string): string => needs.findEnvironment(ref).id;

  const router = os.queries.router({
    state: os.queries.state.handler(({ input }) => stateOf(statements, idOf(input.environment))),
    top: os.queries.top.handler(({ input }) => {
      const id = idOf(input.environment);
      if (input.source === 'reset') return topSinceReset(statements, id, needs.pool(id), input);
      return topOfWindow(statements, id, spanOf(input, needs.now()), input);
    }),
    statement: os.queries.statement.handler(({ input }) =>
      detailOf(statements, idOf(input.environment), input.key, spanOf(input, needs.now())),
    ),
    regressions: os.queries.regressions.handler(({ input }) => {
      const { id } = keptEnvironment(needs, input.environment);
      return regressionsOf(statements, id, input.window);
    }),
    snapshotNow: os.queries.snapshotNow.handler(async ({ input }) => {
      const id = idOf(input.environment);
      const pool = needs.pool(id);
      const taken = await watch.take(id, pool);
      if (taken) return taken;
      const [limit] = limitsOf(await readFacts(pool), null, undefined);
      throw fail('INVALID', {
        field: 'environment',
        ...(limit ?? {
          cause: 'statements-unreadable',
          what: 'Statements can’t be read here.',
          why: '',
          next: '',
        }),
      });
    }),
    reset: os.queries.reset.handler(async ({ input }) => {
      const id = idOf(input.environment);
      const pool = needs.pool(id);
      // What was done until now is kept before it goes.
      const before = await watch.take(id, pool);
      await resetStatements(pool, input.key);
      const after = await watch.take(id, pool);
      if (input.key !== null) needs.onEvent(id, 'statistics-reset', 'Counters of one statement were reset');
      return { at: after?.at ?? needs.now(), statements: input.key === null ? (before?.entries ?? 0) : 1 };
    }),
    plans: planProcedures(os, needs),
  });

  return {
    router,
    begin: watch.begin,
    sample: (id, sample) => applications.note(id, sample),
    roll: (now) => void statements.roll(now).catch(() => undefined),
    advise: (environment, signal) => adviseOn(statements, environment, signal),
    forget: watch.forget,
    close: statements.close,
  } satisfies MonitoringRoom<typeof router>;
}

/** @throws INVALID for one that has no history */
function keptEnvironment(needs: MonitoringNeeds, ref: string): Environment {
  const environment = needs.findEnvironment(ref);
  if (needs.keepsHistory(environment.id)) return environment;
  throw fail('INVALID', {
    field: 'environment',
    cause: 'statements-no-history',
    what: 'There is no history of this environment to compare with.',
    why: 'It is only here for this call, from a bare URL.',
    next: 'Add it, and let a console run for some days.',
  });
}
