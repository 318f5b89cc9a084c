import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Monitored, openMonitored, watchers } from '../../support/monitored.ts';
import { binariesOf, hasServerVersions, type Major } from '../../support/server-versions.ts';
import { checks as health } from './checks/health.ts';
import { checks as locks } from './checks/locks.ts';
import { checks as maintenance } from './checks/maintenance.ts';
import { checks as plans } from './checks/plans.ts';
import { checks as queries } from './checks/queries.ts';
import { checks as server } from './checks/server.ts';
import { checks as storage } from './checks/storage.ts';
import { checks as waits } from './checks/waits.ts';

if (!hasServerVersions) console.warn('Skipped: servers of all versions are only packaged for Linux on x64.');

/** `HOWDAH_MAJORS=15,18` narrows the run. */
const chosen = process.env.HOWDAH_MAJORS?.split(',').map(Number) as Major[] | undefined;
const majors: readonly Major[] = chosen ?? [13, 15, 16, 17, 18];
const rooms = { queries, plans, locks, waits, storage, maintenance, server, health };

describe.skipIf(!hasServerVersions).each(majors)('PostgreSQL %i (needs Linux on x64)', (major) => {
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
