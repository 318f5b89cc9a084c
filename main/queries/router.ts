import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';
import { planProcedures } from './plans/index.ts';

export function queriesRoom(os: Implementer, needs: MonitoringNeeds) {
  const router = os.queries.router({
    limits: os.queries.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
    plans: planProcedures(os, needs),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
