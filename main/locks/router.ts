import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';

export function locksRoom(os: Implementer, needs: MonitoringNeeds) {
  const router = os.locks.router({
    limits: os.locks.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
