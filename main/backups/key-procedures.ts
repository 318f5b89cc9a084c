import type { Implementer } from '../rpc.ts';
import type { Secrets } from '../secrets/index.ts';
import { backupKey, keptKeys, takeKey } from './create/index.ts';
import { refusing } from './refusals.ts';

/** The key that backups are encrypted with: `key`, `revealKey`, `takeKey`. */
export function keyProcedures(os: Implementer, { secrets }: { secrets: Secrets }) {
  return {
    key: os.backups.key.handler(async () => ({ recipient: (await keptKeys(secrets))[0]?.recipient ?? null })),
    revealKey: os.backups.revealKey.handler(() => refusing('key', () => backupKey(secrets))),
    takeKey: os.backups.takeKey.handler(async ({ input }) => ({
      recipient: (await refusing('identity', () => takeKey(secrets, input.identity))).recipient,
    })),
  };
}
