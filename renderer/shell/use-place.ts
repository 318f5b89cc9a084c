import { useLocation } from 'wouter';
import type { Environment } from '../../preload/contract/environments.ts';
import { type Place, readPlace } from './address.ts';
import { useEnvironments } from './environments-provider.tsx';

/** Where the window is: the environment and the room of the present address. */
export function usePlace(): Place & { current: Environment | undefined } {
  const [location] = useLocation();
  const { environments } = useEnvironments();
  const place = readPlace(location);
  return { ...place, current: environments?.find(({ id }) => id === place.environment) };
}
