import type { StatementsState } from '../../preload/contract/queries.ts';
import { limitsOf, providerOf, stepsFor, unknownIoTimes, unknownPlanning } from './limits.ts';
import { isPreloaded, isReadable, readFacts } from './read-server.ts';
import type { Statements } from './statements.ts';

/** How statements are counted there, as the server says now; without a connection what the store knows. */
export async function stateOf(statements: Statements, id: string): Promise<StatementsState> {
  const { needs, watch, steps } = statements;
  const pool = needs.poolIfAny(id);
  const environment = needs.keepsHistory(id) ? steps.keyOf(id) : undefined;
  const last = environment === undefined ? undefined : steps.lastFacts(environment);
  const beat = watch.beat(id)?.state();
  const facts = pool ? await readFacts(pool) : undefined;
  const setting = (name: string): string | null => facts?.settings[name] ?? null;
  const flag = (name: string): boolean | null => {
    const value = setting(name);
    return value === null ? null : value === 'on';
  };
  const max = setting('pg_stat_statements.max');
  const readable = facts !== undefined && isReadable(facts);
  return {
    extension: facts?.extension ?? null,
    preloaded: facts ? isPreloaded(facts) : null,
    provider: facts ? providerOf(facts) : 'own',
    track: setting('pg_stat_statements.track'),
    trackPlanning: flag('pg_stat_statements.track_planning'),
    trackIoTiming: flag('track_io_timing'),
    computeQueryId: setting('compute_query_id'),
    max: max === null ? null : Number(max),
    entries: watch.entries(id),
    hidden: watch.hidden(id),
    resetAt: last?.resetAt == null ? null : last.resetAt / 1000,
    dealloc: last?.dealloc ?? null,
    lastAt: last?.at ?? null,
    nextAt: beat?.nextAt ?? null,
    measuredMs: beat?.measuredMs ?? null,
    steps: facts ? stepsFor(facts) : [],
    limits: facts
      ? [
          ...limitsOf(facts, watch.hidden(id), watch.textProblem(id)),
          ...(readable && facts.settings.track_io_timing !== 'on' ? [unknownIoTimes] : []),
          ...(readable && facts.settings['pg_stat_statements.track_planning'] !== 'on'
            ? [unknownPlanning]
            : []),
        ]
      : [],
  };
}
