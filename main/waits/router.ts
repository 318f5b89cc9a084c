import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';

export function waitsRoom(os: Implementer, needs: MonitoringNeeds) {
  const router = os.waits.router({
    limits: os.waits.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
