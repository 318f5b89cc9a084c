import { expect } from 'vitest';
import type { IndexReport, StoredTable, TablesEvent } from '../../../../preload/contract/storage.ts';
import type { TestServer } from '../../../support/postgres.ts';
import type { VersionCheck } from './check.ts';

const made = new WeakMap<TestServer, Promise<unknown>>();

/** A partitioned table, one with TOAST, one without columns, and one large enough for an estimate of bloat. */
const prepare = (server: TestServer): Promise<unknown> => {
  const known = made.get(server) ?? server.query(setup);
  made.set(server, known);
  return known;
};

const setup = `CREATE EXTENSION IF NOT EXISTS pgstattuple;
  CREATE SCHEMA stored; GRANT USAGE ON SCHEMA stored TO plain, monitor;
  CREATE TABLE stored."we""ird
name ✓" (id int PRIMARY KEY, body text);
  INSERT INTO stored."we""ird
name ✓" SELECT n, string_agg(md5(n::text || m), '') FROM generate_series(1, 50) n, generate_series(1, 300) m GROUP BY n;
  CREATE TABLE stored.nothing ();
  CREATE TABLE stored.logs (at date, n int) PARTITION BY RANGE (at);
  CREATE INDEX logs_n ON stored.logs (n);
  CREATE TABLE stored.logs_1 PARTITION OF stored.logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE TABLE stored.logs_2 PARTITION OF stored.logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY LIST (n);
  CREATE TABLE stored.logs_2a PARTITION OF stored.logs_2 DEFAULT;
  INSERT INTO stored.logs SELECT '2026-01-15', n FROM generate_series(1, 1000) n;
  INSERT INTO stored.logs SELECT '2026-02-15', n FROM generate_series(1, 1000) n;
  CREATE TABLE stored.holey (id int, filler text) WITH (autovacuum_enabled = off);
  INSERT INTO stored.holey SELECT n, repeat('x', 100) FROM generate_series(1, 120000) n;
  CREATE INDEX holey_id ON stored.holey (id);
  CREATE INDEX holey_id_again ON stored.holey (id);
  DELETE FROM stored.holey WHERE id % 3 > 0; ANALYZE stored.holey; ANALYZE stored.logs`;

async function allOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

async function allTables(stream: AsyncIterable<TablesEvent>) {
  const tables = new Map<string, StoredTable>();
  let exact = 0;
  let last: TablesEvent | undefined;
  for await (const event of stream) {
    last = event;
    if (event.kind === 'tables') {
      expect(exact).toBe(0);
      for (const table of event.tables) tables.set(`${table.schema}.${table.name}`, table);
    }
    if (event.kind !== 'sizes') continue;
    for (const size of event.sizes) {
      exact += 1;
      const [name, table] = [...tables].find(([, { oid }]) => oid === size.oid) ?? [];
      if (name && table) tables.set(name, { ...table, ...size });
    }
  }
  return { tables, last };
}

export const checks: VersionCheck[] = [
  {
    name: 'tells what tables take, from the catalogue at once and then exactly',
    run: async ({ client, server, as }) => {
      await prepare(server);
      const { tables, last } = await allTables(await client.storage.tables({ environment: as }));
      expect(last).toMatchObject({ kind: 'done', limits: [] });
      const weird = tables.get('stored.we"ird\nname ✓');
      expect(weird).toMatchObject({ source: 'exact', kind: 'table', indexes: 1, parent: null });
      expect(Number(weird?.size.toast)).toBeGreaterThan(200_000);
      expect(tables.get('stored.nothing')).toMatchObject({
        source: 'exact',
        size: { heap: '0', toast: '0', indexes: '0' },
      });
      const logs = tables.get('stored.logs');
      expect(logs).toMatchObject({ kind: 'partitioned table', partitions: 2, rows: 2000 });
      expect(tables.get('stored.logs_2')?.parent).toBe(logs?.oid);
      expect(tables.get('stored.logs_2a')?.parent).toBe(tables.get('stored.logs_2')?.oid);
      const [server_] = await server.query<{ heap: string; indexes: string }>(
        "SELECT pg_relation_size('stored.holey') AS heap, pg_indexes_size('stored.holey') AS indexes",
      );
      expect(tables.get('stored.holey')?.size).toMatchObject(server_ ?? {});
      const detail = await client.storage.table({
        environment: as,
        oid: tables.get('stored.logs_1')?.oid ?? 0,
      });
      expect(detail.bound).toBe("FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')");
      expect(detail.indexes[0]?.definition).toContain('CREATE INDEX logs_1_n_idx ON stored.logs_1');
    },
  },
  {
    name: 'tells how indexes are used, and which are there twice',
    run: async ({ client, server, as }) => {
      await prepare(server);
      let report: IndexReport | undefined;
      for await (const next of await client.storage.indexes({ environment: as })) {
        expect(next.complete).toBe(report !== undefined);
        report = next;
      }
      const of = (name: string) => report?.indexes.find((one) => one.name === name);
      expect(of('logs_n')).toMatchObject({ attachedTo: null, source: 'exact', scans: '0' });
      expect(of('logs_1_n_idx')).toMatchObject({ attachedTo: 'stored.logs_n', verdict: 'part-of-parent' });
      expect(of('holey_id')).toMatchObject({ columns: ['id'], method: 'btree', verdict: 'too-early' });
      expect(report?.findings.filter(({ object }) => object?.startsWith('stored.'))).toMatchObject([
        {
          id: 'index-duplicate stored.holey_id_again',
          severity: 'warning',
          statement: 'DROP INDEX CONCURRENTLY "stored"."holey_id_again";',
        },
      ]);
      expect(report?.limits.map(({ cause }) => cause)).toEqual(['counted-too-short']);
    },
  },
  {
    name: 'estimates bloat where statistics may be read, and measures it exactly where it may',
    run: async ({ client, server, as }) => {
      await prepare(server);
      const { relations, limits } = await client.storage.bloat({ environment: as });
      const holey = relations.find(({ name }) => name === 'holey');
      const environment = as;
      const oid = holey?.oid ?? 0;
      const plan = await client.storage.exactPlan({ environment, oid, method: 'pgstattuple' });
      expect(Number(plan.reads)).toBe(Number(holey?.bytes));
      if (as === 'plain') {
        expect(holey?.wasted).toBeNull();
        expect(limits.map(({ cause }) => cause)).toContain('bloat-unknown');
        expect(plan.refused?.cause).toBe('pgstattuple-denied');
        return;
      }
      if (as === 'postgres') {
        // Two of three rows are gone: an estimate of that, a tenth more or less.
        const share = Number(holey?.wasted) / Number(holey?.bytes);
        expect(share).toBeGreaterThan(0.55);
        expect(share).toBeLessThan(0.75);
      }
      expect(plan.refused).toBeNull();
      for (const method of ['pgstattuple', 'pgstattuple_approx'] as const) {
        const events = await allOf(await client.storage.exact({ environment, oid, method }));
        const done = events.at(-1);
        if (done?.kind !== 'done') throw new Error('It did not come to an end.');
        expect(Number(done.result.wasted) / Number(done.result.bytes)).toBeGreaterThan(0.5);
      }
      const indexes = relations.filter(({ kind }) => kind === 'index');
      expect(indexes.every(({ oid: index }) => index > 0)).toBe(true);
      const [index] = await server.query<{ oid: number }>("SELECT 'stored.holey_id'::regclass::oid AS oid");
      const measured = await allOf(
        await client.storage.exact({ environment, oid: index?.oid ?? 0, method: 'pgstatindex' }),
      );
      expect(measured.at(-1)).toMatchObject({ kind: 'done', result: { leafDensity: expect.any(Number) } });
    },
  },
  {
    name: 'keeps sizes, and notices what is made',
    run: async ({ client, server, as }) => {
      await prepare(server);
      const environment = as;
      await client.storage.measureNow({ environment });
      await server.query(`CREATE INDEX made_${as} ON stored.logs (at, n)`);
      await client.storage.measureNow({ environment });
      await server.query(`DROP INDEX stored.made_${as}`);
      const growth = await client.storage.growth({ environment, window: '7d', of: { kind: 'database' } });
      expect(growth.events.map(({ kind, text }) => `${kind} ${text}`)).toContain(
        `index-created Index stored.made_${as} was made.`,
      );
      expect(growth.points.at(-1)?.bytes).toBeGreaterThan(1_000_000);
      expect(growth.noForecast).toContain('There is no forecast yet');
      const logs = growth.growers.find(({ name }) => name === 'logs');
      expect(Number(logs?.bytes)).toBeGreaterThan(100_000);
      expect(growth.growers.some(({ name }) => name === 'logs_1')).toBe(false);
      expect(growth.schemas.find(({ schema }) => schema === 'stored')?.bytes).toMatch(/^\d{7,}$/);
    },
  },
];
