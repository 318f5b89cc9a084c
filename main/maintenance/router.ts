import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';

export function maintenanceRoom(os: Implementer, needs: MonitoringNeeds) {
  const router = os.maintenance.router({
    limits: os.maintenance.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
