import type { Environment } from '../../preload/contract/environments.ts';
import type { Address, ServerPool, SessionWay } from '../servers/index.ts';

/** What the workbench is given. */
export interface SqlNeeds {
  /** @throws ENVIRONMENT_UNKNOWN */
  findEnvironment(ref: string): Environment;
  /** @throws NOT_CONNECTED */
  pool(id: string): ServerPool;
  /** Where an environment's sessions go. @throws NOT_CONNECTED */
  reached(id: string): { address: Address; way: SessionWay };
  dataFolder: string;
}
