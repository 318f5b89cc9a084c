import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Monitored, openMonitored, watchers } from '../../../support/monitored.ts';
import { binariesOf, hasServerVersions, type Major } from '../../../support/server-versions.ts';
import { checks as health } from './health.ts';
import { checks as locks } from './locks.ts';
import { checks as maintenance } from './maintenance.ts';
import { checks as plans } from './plans.ts';
import { checks as queries } from './queries.ts';
import { checks as server } from './server.ts';
import { checks as storage } from './storage.ts';
import { checks as waits } from './waits.ts';

const rooms = { queries, plans, locks, waits, storage, maintenance, server, health };

/**
 * Holds every query of every room to a server of a major version, as each sort of role. Each version is a file of its own,
 * because these checks wait more than they work.
 */
export function checkOn(major: Major): void {
  if (!hasServerVersions)
    console.warn('Skipped: servers of all versions are only packaged for Linux on x64.');
  describe.skipIf(!hasServerVersions)(`PostgreSQL ${major} (needs Linux on x64)`, () => {
    let monitored: Monitored;
    beforeAll(async () => {
      monitored = await openMonitored({
        binaries: binariesOf(major),
        settings: { max_prepared_transactions: 4 },
      });
    }, 180_000);
    afterAll(() => monitored?.remove());

    describe.each(Object.entries(rooms))('%s', (_room, checks) => {
      describe.each(watchers)('as %s', (as) => {
        for (const { name, run } of checks) it(name, () => run({ ...monitored, major, as }));
      });
    });
  });
}
