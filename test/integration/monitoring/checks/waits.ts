import { expect } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import type { VersionCheck } from './check.ts';

export const checks: VersionCheck[] = [
  {
    name: 'counts a sleeping session as active, or as hidden',
    run: async ({ server, client, as }) => {
      const sleeper = await server.connect({ application: `sleeper of ${as}` });
      try {
        void sleeper.query('SELECT pg_sleep(60)').catch(() => undefined);
        const asked = { environment: as, window: '1h', by: 'application' } as const;
        if (as === 'plain') {
          expect(await client.waits.limits({ environment: as })).toMatchObject([
            { cause: 'limited-visibility' },
          ]);
          await eventually(async () => {
            await client.activity.show({ environment: as });
            const { hidden } = await client.waits.history(asked);
            return hidden.some((sessions) => (sessions ?? 0) > 0);
          });
        } else {
          expect(await client.waits.limits({ environment: as })).toEqual([]);
          const share = await eventually(async () => {
            await client.activity.show({ environment: as });
            const { shares } = await client.waits.top({ ...asked, filter: { type: 'Timeout' } });
            return shares.find(({ key }) => key === `sleeper of ${as}`);
          });
          expect(share.ms).toBeGreaterThan(0);
        }
      } finally {
        // A session that sleeps does not notice that nobody waits for it, and REINDEX CONCURRENTLY would wait for it.
        sleeper.on('error', () => undefined);
        await server.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sleeper of ${as}'`,
        );
        await sleeper.end().catch(() => undefined);
      }
    },
  },
];
