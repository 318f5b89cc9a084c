import type pg from 'pg';
import { expect } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import type { VersionCheck } from './check.ts';

const pidOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;

export const checks: VersionCheck[] = [
  {
    name: 'sees who waits for whom, since when and for what, and finds the jam',
    run: async ({ server, client, as }) => {
      const table = `jam_${as}`;
      await server.query(`CREATE TABLE ${table} (id int)`);
      const [root, waiter] = await Promise.all(
        ['root', 'waiter'].map((application) => server.connect({ application })),
      );
      try {
        await root?.query(`BEGIN; LOCK TABLE ${table}`);
        void waiter?.query(`SELECT * FROM ${table}`).catch(() => undefined);
        const { parties, deadlocks, waiting, longestWaitMs } = await eventually(async () => {
          const graph = await client.locks.graph({ environment: as });
          return graph.waiting === 1 && graph;
        });
        const isPlain = as === 'plain';
        expect(parties).toMatchObject([
          { pid: pidOf(root as pg.Client), blockedBy: [], state: isPlain ? 'hidden' : 'idle in transaction' },
          {
            pid: pidOf(waiter as pg.Client),
            blockedBy: [pidOf(root as pg.Client)],
            state: 'waiting',
            waitsFor: { mode: 'AccessShareLock', target: table },
            query: isPlain ? null : `SELECT * FROM ${table}`,
          },
        ]);
        // Where neither pg_locks nor pg_stat_activity tells since when, it is unknown and not zero.
        if (longestWaitMs !== null) expect(longestWaitMs).toBeGreaterThanOrEqual(0);
        else expect(isPlain).toBe(true);
        expect(waiting).toBe(1);
        expect(deadlocks.count).toMatch(/^\d+$/);
        const limits = await client.locks.limits({ environment: as });
        expect(limits.map(({ cause }) => cause)).toEqual(isPlain ? ['limited-visibility'] : []);
      } finally {
        await Promise.all([root?.end(), waiter?.end()]);
      }
    },
  },
  {
    name: 'names a prepared transaction that stands in the way',
    run: async ({ server, client, as }) => {
      const waiter = await server.connect();
      await server.query(`CREATE TABLE held_${as} (id int)`);
      const preparing = await server.connect();
      try {
        await preparing.query(`BEGIN; LOCK TABLE held_${as}; PREPARE TRANSACTION 'held ${as}'`);
        void waiter.query(`SELECT * FROM held_${as}`).catch(() => undefined);
        const graph = await eventually(async () => {
          const seen = await client.locks.graph({ environment: as });
          return seen.waiting === 1 && seen;
        });
        expect(graph.parties[0]).toMatchObject({ kind: 'prepared', gid: `held ${as}`, user: 'postgres' });
      } finally {
        await server.query(`ROLLBACK PREPARED 'held ${as}'`);
        await Promise.all([waiter.end(), preparing.end()]);
      }
    },
  },
];
