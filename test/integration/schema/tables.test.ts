import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn } from '../../support/read-model.ts';
import { binariesOf, hasServerVersions, majors } from '../../support/server-versions.ts';

const tables = `
  CREATE TABLE used (id int PRIMARY KEY, long text);
  ALTER TABLE used ALTER long SET STORAGE EXTERNAL;
  INSERT INTO used SELECT g, repeat('x', 4000) FROM generate_series(1, 300) g;
  UPDATE used SET long = 'y' WHERE id <= 50; DELETE FROM used WHERE id > 290;
  SELECT count(*) FROM used; SELECT * FROM used WHERE id = 7;
  CREATE VIEW looked AS SELECT id FROM used;
  CREATE TABLE parted (at date, n int) PARTITION BY RANGE (at);
  CREATE TABLE early PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE TABLE late PARTITION OF parted FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY LIST (n);
  CREATE TABLE late_one PARTITION OF late FOR VALUES IN (1);
  CREATE INDEX parted_n ON parted (n);
  INSERT INTO parted SELECT '2026-01-05', g FROM generate_series(1, 2000) g; INSERT INTO parted VALUES ('2026-02-05', 1);
  CREATE TABLE mother (id int); CREATE TABLE "the child" (more int) INHERITS (mother);
  CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one;
  VACUUM ANALYZE`;

/** Counters are told to the collector at the end of a session's transaction, at the latest when it ends. */
async function fill(server: TestServer): Promise<void> {
  for (const sql of tables.split(';')) if (sql.trim()) await server.query(sql);
}

describe('the facts of a table', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres({ settings: { autovacuum: 'off' } });
    await fill(server);
    howdah = await consoleOn({ main: server.url() });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });
  const factsOf = (table: string) =>
    howdah.client.schema.tableFacts({ environment: 'main', schema: 'public', table });

  it('are its sizes, its use, and its indexes', async () => {
    const { sizes, use, indexes, partitions, problem, at } = await eventually(async () => {
      const facts = await factsOf('used');
      return facts.use?.deleted === '10' ? facts : undefined;
    });
    expect(problem).toBeUndefined();
    expect(Math.abs(Date.now() - at)).toBeLessThan(5000);
    const bytes = Object.fromEntries(
      Object.entries(sizes ?? {}).map(([name, value]) => [name, Number(value)]),
    );
    const [real] = await server.query<Record<string, string>>(
      `SELECT pg_total_relation_size('used')::text AS total, pg_relation_size('used')::text AS heap, pg_indexes_size('used')::text AS indexes`,
    );
    expect(sizes).toMatchObject(real ?? {});
    expect(bytes.toast).toBeGreaterThan(1_000_000);
    expect(use).toMatchObject({ liveRows: '290', inserted: '300', updated: '50', deleted: '10' });
    expect(Number(use?.sequentialScans)).toBeGreaterThan(0);
    expect(use?.lastVacuum).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    expect(use?.lastAutovacuum).toBeNull();
    expect(indexes).toMatchObject([{ name: 'used_pkey', bytes: expect.stringMatching(/^\d+$/) }]);
    expect(Number(indexes[0]?.scans)).toBeGreaterThan(0);
    expect(partitions).toEqual([]);
  });

  it('of a partitioned one are those of its partitions, all the way down', async () => {
    const { sizes, use, partitions, indexes } = await factsOf('parted');
    expect(use).toBeNull();
    expect(partitions).toMatchObject([
      { schema: 'public', name: 'early', estimatedRows: '2000' },
      { name: 'late', bytes: null, estimatedRows: null },
      { name: 'late_one', estimatedRows: '1' },
    ]);
    expect(Number(sizes?.total)).toBe(partitions.reduce((sum, { bytes }) => sum + Number(bytes), 0));
    expect(Number(indexes[0]?.bytes)).toBeGreaterThan(16_000);
  });

  it('of a mother are her own; her heirs are named', async () => {
    const { sizes, partitions } = await factsOf('mother');
    expect(sizes?.total).toBe('0');
    expect(partitions).toMatchObject([{ name: 'the child', bytes: '0' }]);
  });

  it('of a view are none, and of what is not there are told so', async () => {
    expect(await factsOf('looked')).toMatchObject({ sizes: null, use: null, indexes: [], partitions: [] });
    expect((await factsOf('kept')).sizes?.total).toMatch(/^\d+$/);
    await expect(factsOf('nowhere')).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: 'table-unknown' },
    });
  });

  it('leave out the size of a partition that is locked, and say so, without waiting', async () => {
    const holder = await server.connect({});
    await holder.query('BEGIN; LOCK TABLE late_one IN ACCESS EXCLUSIVE MODE');
    const from = Date.now();
    const { partitions, sizes, problem } = await factsOf('parted');
    expect(Date.now() - from).toBeLessThan(450);
    expect(partitions).toMatchObject(
      [{ name: 'early', bytes: /^\d+$/ }, {}, { bytes: null }].map((one) =>
        'bytes' in one && one.bytes instanceof RegExp
          ? { ...one, bytes: expect.stringMatching(one.bytes) }
          : one,
      ),
    );
    expect(sizes).toBeNull();
    expect(problem).toMatchObject({
      cause: 'partitions-locked',
      what: 'The size of one partition is not known.',
    });
    await holder.query('ROLLBACK');
    expect((await factsOf('parted')).problem).toBeUndefined();
  });

  it.skipIf(!pgbouncer)('come through a pooler too, and so do a few rows', async () => {
    const pooler = await startPgbouncer(server.port, 'transaction');
    const pooled = await consoleOn({ behind: server.url().replace(`:${server.port}/`, `:${pooler.port}/`) });
    try {
      const table = { environment: 'behind', schema: 'public', table: 'used' };
      expect((await pooled.client.schema.tableFacts(table)).use?.liveRows).toBe('290');
      expect((await pooled.client.schema.sampleRows({ ...table, limit: 3 })).rows).toHaveLength(3);
    } finally {
      await pooled.remove();
      await pooler.stop();
    }
  });

  it('leave no session behind when rows are looked at one after the other', async () => {
    const count = async (): Promise<number> =>
      (
        await server.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'howdah' AND datname = 'postgres'",
        )
      )[0]?.n ?? 0;
    await Promise.all(
      Array.from({ length: 12 }, () =>
        howdah.client.schema.sampleRows({ environment: 'main', schema: 'public', table: 'used', limit: 5 }),
      ),
    );
    // The sampler's, and what the pool keeps for a while.
    await eventually(async () => (await count()) <= 3, 3000);
  });
});

describe.skipIf(!hasServerVersions)('the facts of a table on every server', () => {
  for (const major of majors) {
    it(`come from PostgreSQL ${major}`, async () => {
      const server = await startPostgres({
        binaries: binariesOf(major),
        settings: { autovacuum: 'off', shared_preload_libraries: '' },
      });
      try {
        await fill(server);
        const howdah = await consoleOn({ main: server.url() });
        try {
          const factsOf = (table: string) =>
            howdah.client.schema.tableFacts({ environment: 'main', schema: 'public', table });
          const facts = await eventually(async () => {
            const now = await factsOf('used');
            return now.use?.deleted === '10' && Number(now.indexes[0]?.scans) > 0 ? now : undefined;
          });
          expect(facts.problem).toBeUndefined();
          expect(facts.use).toMatchObject({ liveRows: '290', updated: '50' });
          expect(Number(facts.sizes?.toast)).toBeGreaterThan(1_000_000);
          const since16 = major >= 16 ? expect.stringMatching(/^\d{4}-/) : null;
          expect(facts.use?.lastSequentialScan).toEqual(since16);
          expect(facts.indexes[0]?.lastScan).toEqual(since16);
          expect((await factsOf('parted')).partitions).toHaveLength(3);
          const [reset] = await server.query<{ at: string | null }>(
            'SELECT stats_reset::text AS at FROM pg_stat_database WHERE datname = current_database()',
          );
          expect(facts.use?.countedSince ?? null).toBe(reset?.at ?? null);
        } finally {
          await howdah.remove();
        }
      } finally {
        await server.remove();
      }
    }, 120_000);
  }
});
