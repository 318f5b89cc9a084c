import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';

export function storageRoom(os: Implementer, needs: MonitoringNeeds) {
  const router = os.storage.router({
    limits: os.storage.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
