import { expect } from 'vitest';
import type { MaintenanceProgress } from '../../../../preload/contract/maintenance.ts';
import { eventually } from '../../../support/eventually.ts';
import type { VersionCheck } from './check.ts';

/** All that a stream told, and what it ended with. */
async function heard<E>(stream: Promise<AsyncIterable<E>>): Promise<{ events: E[]; error: unknown }> {
  const events: E[] = [];
  try {
    for await (const event of await stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

const outcomes = (events: MaintenanceProgress[]) =>
  events.flatMap((event) => (event.kind === 'result' ? [event.result.outcome] : []));

const own = (as: string, name: string) => ({ schema: 'public', name: `${name}_${as}` });

export const checks: VersionCheck[] = [
  {
    name: 'tells dead rows, thresholds, ages and who holds an old snapshot',
    run: async ({ client, server, as, major }) => {
      await server.query(`CREATE TABLE upkeep_${as} (id int, payload text) WITH (autovacuum_enabled = off);
        INSERT INTO upkeep_${as} SELECT g, 'x' FROM generate_series(1, 1000) g; ANALYZE upkeep_${as};
        UPDATE upkeep_${as} SET payload = 'y' WHERE id <= 300`);
      const holder = await server.connect({ application: 'holder' });
      await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
      const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await server.query('CREATE TABLE IF NOT EXISTS age_by_one ()');
      const { table, status } = await eventually(async () => {
        const status = await client.maintenance.status({ environment: as, filter: `upkeep_${as}` });
        const table = status.tables.find(({ name }) => name === `upkeep_${as}`);
        return table?.dead.counted === 300 ? { table, status } : undefined;
      });
      expect(table).toMatchObject({
        schema: 'public',
        kind: 'table',
        system: false,
        live: 1000,
        dead: { counted: 300, threshold: 250, due: true, dueAt: null },
        inserted: major >= 13 ? { counted: 1000, threshold: major >= 13 ? 1200 : null, due: false } : {},
        off: true,
        vacuums: 0,
        analyzes: 1,
        state: 'overdue',
        options: ['autovacuum_enabled=off'],
      });
      expect(table.toast).toMatchObject({ dead: { counted: 0 }, live: 0 });
      expect(table.lastAnalyze).toBeGreaterThan(Date.now() - 60_000);
      expect(status).toMatchObject({ standby: false, autovacuum: true, trackCounts: true });
      expect(status.xid).toEqual({
        forced: 200_000_000,
        failsafe: major >= 14 ? 1_600_000_000 : null,
        stop: 2_144_483_647,
      });
      expect(status.databases.map(({ database }) => database)).toEqual(
        expect.arrayContaining(['postgres', 'template0', 'template1']),
      );
      const held = status.holders.find(({ pid }) => pid === rows[0]?.pid);
      expect(held).toMatchObject({ kind: 'session', database: 'postgres' });
      expect(held?.state).toBe(as === 'plain' ? null : 'idle in transaction');
      expect(status.limits.map(({ cause }) => cause)).toEqual(as === 'plain' ? ['sessions-hidden'] : []);
      await holder.end();
    },
  },
  {
    name: 'tells how far a vacuum of somebody else is, or that it is hidden',
    run: async ({ client, server, as }) => {
      await server.query(`CREATE TABLE slow_${as} (id int) WITH (autovacuum_enabled = off);
        INSERT INTO slow_${as} SELECT g FROM generate_series(1, 200000) g; DELETE FROM slow_${as} WHERE id % 2 = 0`);
      const vacuuming = await server.connect();
      await vacuuming.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 10');
      const { rows } = await vacuuming.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = vacuuming.query(`VACUUM slow_${as}`).catch((error: Error) => error.message);
      const { operation, limits } = await eventually(async () => {
        const { operations, limits } = await client.maintenance.operations({ environment: as });
        const operation = operations.find(({ pid }) => pid === rows[0]?.pid);
        return operation && { operation, limits };
      });
      expect(operation).toMatchObject({ kind: 'vacuum', command: 'VACUUM', database: 'postgres' });
      if (as === 'plain') {
        expect(operation).toMatchObject({ phase: null, total: null, relation: null, auto: null });
        expect(limits[0]?.cause).toBe('progress-hidden');
      } else {
        expect(operation).toMatchObject({ auto: false, relation: `public.slow_${as}`, unit: 'blocks' });
        expect(operation.phase).toMatch(/heap/);
        expect(operation.total).toBeGreaterThan(800);
        expect(operation.meaning).toMatch(/table/);
      }
      await server.query(`SELECT pg_cancel_backend(${rows[0]?.pid})`);
      expect(await ended).toMatch(/canceling/);
      await vacuuming.end();
    },
  },
  {
    name: 'runs VACUUM, ANALYZE and REINDEX where it may, and says who may where it may not',
    run: async ({ client, server, as, major }) => {
      await server.query(`CREATE TABLE theirs_${as} (id int PRIMARY KEY);
        CREATE TABLE mine_${as} (id int PRIMARY KEY); ALTER TABLE mine_${as} OWNER TO ${as};
        INSERT INTO mine_${as} SELECT g FROM generate_series(1, 100) g; DELETE FROM mine_${as} WHERE id > 50`);
      const environment = as;
      const mine = { environment, tables: [own(as, 'mine')] };
      const theirs = { environment, tables: [own(as, 'theirs')] };

      const vacuum = await heard(client.maintenance.vacuum({ ...mine, analyze: true, freeze: true }));
      expect(vacuum.error).toBeUndefined();
      expect(outcomes(vacuum.events)).toEqual(['done']);
      expect(vacuum.events.flatMap((one) => (one.kind === 'log' ? [one.text] : [])).join('\n')).toMatch(
        /vacuuming "(postgres\.)?public\.mine_/,
      );
      const full = await heard(client.maintenance.vacuumFull(mine));
      expect(outcomes(full.events)).toEqual(['done']);
      expect(outcomes((await heard(client.maintenance.analyze(mine))).events)).toEqual(['done']);
      const reindex = await heard(client.maintenance.reindex(mine));
      expect(outcomes(reindex.events)).toEqual(['done']);
      const index = {
        ...mine,
        tables: [own(as, 'mine')].map(({ schema, name }) => ({ schema, name: `${name}_pkey` })),
      };
      expect(outcomes((await heard(client.maintenance.reindex({ ...index, of: 'index' }))).events)).toEqual([
        'done',
      ]);
      // Up to 14 counts come to be known a moment later.
      await eventually(async () => {
        const [row] = await server.query<{ counted: boolean }>(
          `SELECT vacuum_count > 0 AND analyze_count > 1 AS counted FROM pg_stat_all_tables WHERE relname = 'mine_${as}'`,
        );
        return row?.counted;
      });

      const plan = await client.maintenance.plan({
        environment,
        act: { kind: 'vacuum', tables: theirs.tables },
      });
      if (as === 'postgres') return expect(plan.refused).toEqual([]);
      expect(plan.refused.join()).toMatch(
        major >= 17 ? /owner postgres.*MAINTAIN/ : /owner postgres.*superuser/,
      );
      const refused = await heard(client.maintenance.vacuum(theirs));
      expect(refused.error).toMatchObject({ code: 'INVALID', data: { cause: 'act-refused' } });
    },
  },
  {
    name: 'previews old partitions and old rows, and finds where they could be',
    run: async ({ client, server, as }) => {
      const key = as.slice(0, 2);
      await server.query(`CREATE TABLE kept_${key} (at timestamptz NOT NULL, n int) PARTITION BY RANGE (at);
        CREATE TABLE kept_${key}_1 PARTITION OF kept_${key} FOR VALUES FROM ('2020-01-01') TO ('2020-01-02');
        CREATE TABLE kept_${key}_2 PARTITION OF kept_${key} FOR VALUES FROM ('2020-01-02') TO (MAXVALUE);
        CREATE INDEX ON kept_${key} (at);
        INSERT INTO kept_${key} VALUES ('2020-01-01 12:00', 1), (now(), 2);
        ALTER TABLE kept_${key} OWNER TO ${as}; ALTER TABLE kept_${key}_1 OWNER TO ${as};
        ALTER TABLE kept_${key}_2 OWNER TO ${as}`);
      const table = { schema: 'public', table: `kept_${key}` };
      const keep = { count: 30, unit: 'days' } as const;
      const { candidates } = await client.maintenance.retention.candidates({ environment: as });
      expect(candidates.find((one) => one.table === `kept_${key}`)).toMatchObject({
        kind: 'partitions',
        columns: [{ name: 'at', type: 'timestamp with time zone', indexed: true }],
        partitions: 2,
      });
      const partitions = await client.maintenance.retention.preview({
        environment: as,
        target: { kind: 'partitions', ...table, keep },
      });
      expect(partitions.partitions).toMatchObject([
        { name: `kept_${key}_1`, goes: true, endsAt: expect.any(Number) },
        { name: `kept_${key}_2`, goes: false, endsAt: null },
      ]);
      expect(partitions).toMatchObject({ refused: [], statements: [`DROP TABLE "public"."kept_${key}_1"`] });
      const rows = await client.maintenance.retention.preview({
        environment: as,
        target: { kind: 'delete', ...table, column: 'at', keep },
      });
      expect(rows).toMatchObject({ rows: 1, exact: true, refused: [] });
      expect(rows.plan).toContain('Delete');
    },
  },
];
