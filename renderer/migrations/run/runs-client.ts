import type { ContractRouterClient } from '@orpc/contract';
import type { migrationRuns } from '../../../preload/contract/migrations.ts';
import { client } from '../../lib/client.ts';

/** The procedures that run migrations; they share the room's key in the contract. */
export const runsClient = client.migrations as unknown as ContractRouterClient<typeof migrationRuns>;
