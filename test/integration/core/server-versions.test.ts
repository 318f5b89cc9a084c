import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions, majors } from '../../support/server-versions.ts';

if (!hasServerVersions) console.warn('Skipped: servers of all versions are only packaged for Linux on x64.');

describe.skipIf(!hasServerVersions).each(majors)('PostgreSQL %i (needs Linux on x64)', (major) => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres({ binaries: binariesOf(major) });
    await server.query(`CREATE TABLE t (id int); INSERT INTO t VALUES (1);
      CREATE ROLE plain LOGIN PASSWORD 'postgres'; CREATE ROLE monitor LOGIN PASSWORD 'postgres' IN ROLE pg_monitor`);
    howdah = await openTestConsole();
    for (const user of ['postgres', 'monitor', 'plain']) {
      const password = { password: 'postgres', remember: false };
      await howdah.client.environments.add({
        draft: draftFor(server.url('postgres', user), { name: user }),
        password,
      });
      await howdah.client.environments.connect({ environment: user });
    }
  }, 180_000);
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  it('gives live samples, a blocking tree and details to superuser and monitor, and the honest part to a plain role', async () => {
    const blocker = await server.connect({ application: 'blocker' });
    const waiter = await server.connect({ application: 'waiter' });
    await blocker.query('BEGIN; LOCK TABLE t');
    const waiting = waiter.query('SELECT * FROM t');
    for (const environment of ['postgres', 'monitor']) {
      const { root, held, hidden } = await eventually(async () => {
        const { backends, hidden } = await howdah.client.activity.show({ environment });
        const root = backends.find(({ application }) => application === 'blocker');
        const held = backends.find(({ application }) => application === 'waiter');
        return root && held?.blockedBy.includes(root.pid) && { root, held, hidden };
      });
      expect(hidden).toBe(0);
      expect(held).toMatchObject({ state: 'waiting', waitType: 'Lock' });
      // The second sample that sees the waiter also knows since when it waits.
      const { waitingSince, waitsFor } = await eventually(async () => {
        const { backends } = await howdah.client.activity.show({ environment });
        const again = backends.find(({ pid }) => pid === held.pid);
        return again?.waitsFor ? again : undefined;
      });
      expect(waitingSince).toBeGreaterThan(0);
      expect(waitsFor).toEqual({ mode: 'AccessShareLock', target: 't' });
      const detail = await howdah.client.activity.detail({ environment, backend: root });
      expect(detail.locks).toContainEqual(
        expect.objectContaining({ relation: 'public.t', mode: 'AccessExclusiveLock' }),
      );
    }
    const plain = await howdah.client.activity.show({ environment: 'plain' });
    expect(plain.hidden).toBeGreaterThan(0);
    await howdah.client.activity.terminate({
      environment: 'postgres',
      backends: (await howdah.client.activity.show({ environment: 'postgres' })).backends.filter(
        ({ application }) => application === 'blocker',
      ),
    });
    await waiting;
  });

  it('gives rates and sizes', async () => {
    for (const environment of ['postgres', 'plain']) {
      await eventually(async () => {
        const { series } = await howdah.client.metrics.history({ environment, window: '1h' });
        return series['server.commits'] && series['database.hit'];
      }, 20_000);
      const { databases } = await eventually(async () => {
        const sizes = await howdah.client.metrics.databases({ environment, window: '1h' });
        return sizes.databases.length > 0 && sizes;
      }, 20_000);
      expect(Number(databases.find(({ database }) => database === 'postgres')?.bytes)).toBeGreaterThan(
        1_000_000,
      );
    }
  });
});
