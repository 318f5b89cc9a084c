import type { MonitoringNeeds } from '../../monitoring/index.ts';
import type { Implementer } from '../../rpc.ts';

/** EXPLAIN, and what plans say. */
export function planProcedures(os: Implementer, needs: MonitoringNeeds) {
  return os.queries.plans.router({
    limits: os.queries.plans.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
}
