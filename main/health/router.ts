import type { Advised, Adviser } from '../../preload/contract/advice.ts';
import type { Environment } from '../../preload/contract/environments.ts';
import type { MonitoringNeeds, MonitoringRoom } from '../monitoring/index.ts';
import type { Implementer } from '../rpc.ts';

export interface HealthNeeds extends MonitoringNeeds {
  /** Who looks for what is wrong, room by room. */
  advisers: Partial<Record<Adviser, (environment: Environment, signal?: AbortSignal) => Promise<Advised>>>;
}

export function healthRoom(os: Implementer, needs: HealthNeeds) {
  const router = os.health.router({
    limits: os.health.limits.handler(({ input }) => {
      needs.findEnvironment(input.environment);
      return [];
    }),
  });
  return { router } satisfies MonitoringRoom<typeof router>;
}
