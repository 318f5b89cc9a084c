import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeSample, startSample } from '../../../main/sample/sample.ts';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { measureExact } from '../../../main/storage/bloat/exact.ts';
import { bloatAdvice, readBloat } from '../../../main/storage/bloat/report.ts';
import { growthOf } from '../../../main/storage/growth/answer.ts';
import { lookAtSizes } from '../../../main/storage/growth/look.ts';
import { openSizeStore } from '../../../main/storage/growth/size-store.ts';
import { type IndexFacts, readIndexFacts } from '../../../main/storage/indexes/facts.ts';
import { findIndexFaults } from '../../../main/storage/indexes/findings.ts';
import { followIndexes, measureIndexes } from '../../../main/storage/indexes/report.ts';
import { followTables } from '../../../main/storage/tables/follow.ts';
import { openStore } from '../../../main/store/index.ts';
import type { StoredTable, TableSize } from '../../../preload/contract/storage.ts';
import { draftFor } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const day = 24 * 3_600_000;

let server: TestServer;
const pools: ServerPool[] = [];
const poolOf = (url: string, lockTimeoutMs = 500): ServerPool => {
  const { connection } = draftFor(url);
  const pool = openPool(
    { connection, password: 'postgres' },
    { way: { target: connection, tls: false, pooled: false }, lockTimeoutMs },
  );
  pools.push(pool);
  return pool;
};
/** A database of its own, filled. */
async function database(name: string, sql: string): Promise<ServerPool> {
  await server.query(`CREATE DATABASE ${name}`);
  await server.query(sql, name);
  return poolOf(server.url(name));
}

beforeAll(async () => {
  server = await startPostgres({ settings: { autovacuum: 'off' } });
  await server.query("CREATE ROLE plain LOGIN PASSWORD 'postgres'");
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await server?.remove();
});

async function allOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

/** The facts as they would be had the counters run for that long. */
const counted = (facts: IndexFacts, forMs: number): IndexFacts => ({
  ...facts,
  counting: { ...facts.counting, since: facts.counting.since + facts.counting.forMs - forMs, forMs },
});
/** And as if all were ten times as large. */
const tenfold = (facts: IndexFacts): IndexFacts => ({
  ...facts,
  sizes: new Map([...facts.sizes].map(([oid, bytes]) => [oid, 10 * bytes])),
});
const told = (facts: IndexFacts): string[] =>
  findIndexFaults(facts)
    .map(({ advice: { kind, object, severity } }) => `${kind} ${object} ${severity}`)
    .sort();

describe('findings about indexes', () => {
  let pool: ServerPool;
  let facts: IndexFacts;
  beforeAll(async () => {
    pool = await database('faults', faults);
    await expect(server.query('CREATE UNIQUE INDEX CONCURRENTLY broken ON t (c)', 'faults')).rejects.toThrow(
      'could not create unique index',
    );
    ({ measured: facts } = await measureIndexes(pool, await readIndexFacts(pool)));
  });

  it('name exactly what is wrong, and none of the look-alikes', () => {
    const found = told(tenfold(counted(facts, 30 * day)))
      // Which of the look-alikes the planner takes is its own affair, and so which of two equal ones was used.
      .filter((line) => !line.startsWith('index-unused public.t_'))
      .map((line) => line.replace('_first', ''));
    expect(found).toEqual([
      'foreign-key-unindexed public.child warning',
      'index-duplicate public.dupl warning',
      'index-duplicate public.lower_again warning',
      'index-duplicate public.parted_b warning',
      'index-duplicate public.t_email_plain warning',
      'index-incomplete public.half notice',
      'index-invalid public.broken warning',
      'index-redundant public.t_a notice',
      'index-unused odd " schema\n✓.idle notice',
      'index-unused public.parted_idle notice',
    ]);
  });

  it('have statements that the server takes', async () => {
    const statements = findIndexFaults(tenfold(counted(facts, 30 * day))).flatMap(
      ({ advice }) => advice.statement ?? [],
    );
    expect(statements.length).toBeGreaterThanOrEqual(9);
    for (const text of statements)
      for (const one of text.split(/;\n?/).filter(Boolean)) await server.query(one, 'faults');
    const after = await readIndexFacts(pool);
    const left = findIndexFaults(counted({ ...after, sizes: facts.sizes }, 30 * day));
    expect(left.map(({ advice }) => advice.kind)).toEqual(['index-incomplete']);
  });
});

const faults = `CREATE SCHEMA "odd "" schema
✓";
  CREATE TABLE t (id int PRIMARY KEY, email text UNIQUE, a int, b int, c int, d text);
  INSERT INTO t SELECT n, 'e' || n, n, n, 1, md5(n::text) FROM generate_series(1, 60000) n;
  CREATE INDEX t_email_plain ON t (email);
  CREATE INDEX t_email_pattern ON t (email text_pattern_ops);
  CREATE INDEX t_email_c ON t (email COLLATE "C");
  CREATE INDEX t_a ON t (a);
  CREATE INDEX t_a_desc ON t (a DESC NULLS FIRST);
  CREATE INDEX t_a_partial ON t (a) WHERE b > 10;
  CREATE INDEX t_a_hash ON t USING hash (a);
  CREATE INDEX t_ab ON t (a, b);
  CREATE INDEX t_ac_inc ON t (c) INCLUDE (a);
  CREATE INDEX t_ac_inc2 ON t (c) INCLUDE (b);
  CREATE UNIQUE INDEX t_ab_unique ON t (b, a);
  CREATE INDEX dupl ON t (d);
  CREATE INDEX dupl_first ON t (d);
  CREATE INDEX lower_d ON t (lower(d));
  CREATE INDEX lower_again ON t ((lower( d )));
  CREATE INDEX upper_d ON t (upper(d));
  CREATE TABLE "odd "" schema
✓".many (x int, y int NOT NULL);
  INSERT INTO "odd "" schema
✓".many SELECT n, n FROM generate_series(1, 60000) n;
  CREATE INDEX idle ON "odd "" schema
✓".many (x);
  CREATE UNIQUE INDEX identity ON "odd "" schema
✓".many (y);
  ALTER TABLE "odd "" schema
✓".many REPLICA IDENTITY USING INDEX identity;
  CREATE TABLE parent (id int PRIMARY KEY);
  INSERT INTO parent SELECT generate_series(1, 1000);
  CREATE TABLE child (id int, parent int REFERENCES parent, indexed int REFERENCES parent);
  CREATE INDEX child_indexed ON child (indexed);
  INSERT INTO child SELECT n, 1, 2 FROM generate_series(1, 120000) n;
  CREATE TABLE child_small (parent int REFERENCES parent);
  CREATE TABLE undeleted (id int PRIMARY KEY);
  INSERT INTO undeleted VALUES (1);
  CREATE TABLE child_undeleted (of int REFERENCES undeleted);
  INSERT INTO child_undeleted SELECT 1 FROM generate_series(1, 20000);
  DELETE FROM parent WHERE id > 995;
  CREATE TABLE parted (k int, a int, b int) PARTITION BY RANGE (k);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (50000);
  CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (50000) TO (100000);
  INSERT INTO parted SELECT n, n, n FROM generate_series(1, 99000) n;
  CREATE INDEX parted_b ON parted (b);
  CREATE INDEX parted_b_first ON parted (b);
  CREATE INDEX parted_idle ON parted (a);
  CREATE INDEX half ON ONLY parted (a, b);
  CREATE TABLE tiny (a int); CREATE INDEX tiny_idle ON tiny (a);
  ANALYZE;
  SET enable_seqscan = off; SET enable_bitmapscan = off;
  SET enable_indexonlyscan = on;
  SELECT count(*) FROM (SELECT a FROM t WHERE a = 5) x;
  SELECT a FROM t WHERE a > 59990 ORDER BY a, b;
  SELECT a FROM t ORDER BY a DESC NULLS FIRST LIMIT 1;
  SELECT c, a FROM t WHERE c = 7;
  SELECT b FROM parted WHERE b = 7;
  SELECT d FROM t WHERE d = 'x';
  SELECT email FROM t WHERE email = 'x';
  SELECT email FROM t WHERE email = 'x' COLLATE "C";
  SELECT email FROM t WHERE email ~~ 'x%';
  SELECT indexed FROM child WHERE indexed = 4`;

describe('what can’t be judged', () => {
  it('is not: counters off, reset lately, a standby beside it, an index under construction', async () => {
    const pool = await database(
      'unjudged',
      `CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100000); CREATE INDEX idle ON t (a); ANALYZE`,
    );
    const read = async (): Promise<IndexFacts> =>
      (await measureIndexes(pool, await readIndexFacts(pool))).measured;
    const facts = await read();
    expect(told(tenfold(counted(facts, 8 * day)))).toEqual(['index-unused public.idle notice']);
    // As it is, the server has just been started.
    expect(told(tenfold(facts))).toEqual([]);

    await server.query("SELECT pg_create_physical_replication_slot('standby')");
    const beside = await read();
    expect(beside.counting.standbys).toBe(1);
    expect(told(tenfold(counted(beside, 8 * day)))).toEqual([]);
    let limits: string[] = [];
    for await (const report of followIndexes(pool, { now: Date.now, firstSeen: () => new Map() }))
      limits = report.limits.map(({ cause }) => cause);
    expect(limits).toEqual(['counted-too-short', 'standbys-not-counted']);
    await server.query("SELECT pg_drop_replication_slot('standby')");

    await server.query('ALTER DATABASE unjudged SET track_counts = off');
    const off = poolOf(server.url('unjudged'));
    const { measured: uncounted } = await measureIndexes(off, await readIndexFacts(off));
    expect(uncounted.counting.on).toBe(false);
    expect(told(tenfold(counted(uncounted, 8 * day)))).toEqual([]);
    await server.query('ALTER DATABASE unjudged RESET track_counts');

    const from = Date.now();
    await server.query('SELECT pg_stat_reset()', 'unjudged');
    const reset = await eventually(async () => {
      const again = await readIndexFacts(pool);
      return again.counting.since >= from - 1000 && again;
    });
    expect(reset.counting.forMs).toBeLessThan(60_000);

    // An older transaction keeps it from being finished.
    const older = await server.connect({ database: 'unjudged' });
    await older.query('BEGIN; DELETE FROM t WHERE a = 1');
    const builder = await server.connect({ database: 'unjudged' });
    const building = builder.query('CREATE INDEX CONCURRENTLY under_way ON t (a, (a + 1))');
    const plain = poolOf(server.url('unjudged', 'plain'));
    for (const who of [pool, plain]) {
      const midway = await eventually(async () => {
        const seen = await readIndexFacts(who);
        return seen.indexes.some(({ name, is_valid }) => name === 'under_way' && !is_valid) && seen;
      });
      expect(told(counted(midway, day))).toEqual([]);
      expect(midway.building.indexes.size + midway.building.tables.size).toBe(1);
    }
    await older.query('ROLLBACK');
    await building;
  });
});

it('shows what was noted of a table that somebody has to himself, and measures all others', async () => {
  const pool = await database(
    'locked',
    `CREATE TABLE held (a int PRIMARY KEY, b text); INSERT INTO held SELECT n, repeat('x', 500) FROM generate_series(1, 2000) n;
     CREATE TABLE free (a int PRIMARY KEY); INSERT INTO free VALUES (1); ANALYZE`,
  );
  const holder = await server.connect({ database: 'locked' });
  for (const lock of ['LOCK TABLE held', 'REINDEX INDEX held_pkey']) {
    await holder.query(`BEGIN; ${lock}`);
    const from = performance.now();
    const events = await allOf(followTables(pool, Date.now));
    expect(performance.now() - from).toBeLessThan(4000);
    const tables: StoredTable[] = events.flatMap((event) => (event.kind === 'tables' ? event.tables : []));
    const sizes: TableSize[] = events.flatMap((event) => (event.kind === 'sizes' ? event.sizes : []));
    const of = (name: string) =>
      sizes.find(({ oid }) => oid === tables.find((one) => one.name === name)?.oid);
    expect(of('free')).toMatchObject({ source: 'exact', size: { heap: '8192' } });
    const noted = tables.find(({ name }) => name === 'held');
    expect(of('held')).toEqual({ oid: noted?.oid, source: 'waiting', size: noted?.size });
    expect(Number(noted?.size.heap)).toBeGreaterThan(1_000_000);
    expect(events.at(-1)).toMatchObject({ kind: 'done', limits: [{ cause: 'sizes-locked' }] });
    await holder.query('ROLLBACK');
  }
  await holder.end();
});

it('cancels an exact measurement on the server when nobody waits for it any more', async () => {
  await database('exact', 'CREATE EXTENSION pgstattuple; CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
  // So long that only a cancel ends it within this test.
  const pool = poolOf(server.url('exact'), 60_000);
  const [relation] = await pool.query<{ oid: number }>("SELECT 't'::regclass::oid AS oid");
  const holder = await server.connect({ database: 'exact' });
  const underway = `SELECT pid FROM pg_stat_activity WHERE query LIKE '%FROM "public"."pgstattuple"(%' AND state = 'active' AND pid <> pg_backend_pid()`;
  const measuring = measureExact(pool, relation?.oid ?? 0, 'pgstattuple');
  expect(await measuring.next()).toMatchObject({ value: { kind: 'running' } });
  // Its session is still being opened.
  await holder.query('BEGIN; LOCK TABLE t');
  await eventually(async () => (await server.query(underway, 'exact')).length === 1);
  await measuring.return();
  expect(await server.query(underway, 'exact')).toEqual([]);
  await holder.end();
});

it('keeps sizes over time, begins a forecast anew after a fall, and notices what comes and goes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-storage-'));
  const own = openStore(folder);
  const store = openSizeStore(own);
  const pool = await database(
    'growing',
    `CREATE TABLE log (at int, body text) PARTITION BY RANGE (at); CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (1000000);
     CREATE TABLE small (a int); CREATE TABLE leaving (a int); INSERT INTO leaving SELECT generate_series(1, 50000)`,
  );
  let now = Date.UTC(2026, 0, 10, 12);
  const events: string[] = [];
  const look = () =>
    lookAtSizes(pool, 'env', {
      store,
      now: () => now,
      onChange: ({ kind, text }) => events.push(`${kind} ${text}`),
    });
  const grow = () =>
    server.query(
      'INSERT INTO log SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 3000) n',
      'growing',
    );
  try {
    for (let nth = 0; nth < 6; nth += 1) {
      await grow();
      await look();
      now += 12 * 3_600_000;
    }
    expect(events).toEqual([]);
    const of = { kind: 'database' } as const;
    const first = await growthOf(store, 'env', { window: '7d', of }, now);
    expect(first.points).toHaveLength(6);
    expect(first.growers[0]).toMatchObject({ name: 'log', gone: false });
    const [relation] = await pool.query<{ size: string; oid: number }>(
      "SELECT pg_total_relation_size('log_1') AS size, 'log'::regclass::oid AS oid",
    );
    expect(first.growers[0]?.bytes).toBe(relation?.size);
    expect(first.forecast?.perDay).toBeGreaterThan(4_000_000);
    const table = await growthOf(
      store,
      'env',
      { window: '30d', of: { kind: 'table', oid: relation?.oid ?? 0 } },
      now,
    );
    // One a day.
    expect(table.points).toHaveLength(4);

    await server.query('DROP TABLE leaving; DROP TABLE log_1; CREATE INDEX small_a ON small (a)', 'growing');
    await look();
    expect(events).toEqual([
      'table-dropped Table public.log_1 was dropped.',
      'table-dropped Table public.leaving was dropped.',
      'index-created Index public.small_a was made.',
    ]);
    const after = await growthOf(store, 'env', { window: '7d', of }, now);
    expect(after.forecast).toBeNull();
    expect(after.noForecast).toContain('since it fell to');
    expect(after.growers.find(({ name }) => name === 'leaving')).toMatchObject({ gone: true, bytes: '0' });
    expect(store.known('env')?.known.indexes.map(({ name, firstAt }) => [name, firstAt])).toEqual([
      ['small_a', now],
    ]);

    // Ten days on only the first look of each day is left, and can be read.
    store.roll(now + 10 * day);
    const kept = [...store.looks('env', 'growing', 0, now + day)];
    expect(kept.map(({ at }) => new Date(at).toISOString().slice(0, 13))).toEqual([
      '2026-01-10T12',
      '2026-01-11T00',
      '2026-01-12T00',
      '2026-01-13T00',
    ]);
    expect(kept[0]?.look.sizes.get(relation?.oid ?? 0)?.heap).toBeGreaterThan(2000);
  } finally {
    own.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

it('claims of the sample systems only what was planted: the index on email that is there twice', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-storage-sample-'));
  try {
    await putSample(dataFolder);
    const sample = await startSample({
      dataFolder,
      assets: join(import.meta.dirname, '../../../assets/samples'),
    });
    const found: string[] = [];
    for (const { database: name, user } of sample.systems) {
      const { connection } = draftFor(
        `postgresql://${user}@127.0.0.1:${sample.port}/${name}?sslmode=disable`,
      );
      const pool = openPool(
        { connection, password: sample.password },
        { way: { target: connection, tls: false, pooled: false } },
      );
      const { measured } = await measureIndexes(pool, await readIndexFacts(pool));
      const bloat = await readBloat(pool, Date.now);
      const all = [
        ...findIndexFaults(counted(measured, 60 * day)).map(({ advice }) => advice),
        ...bloatAdvice(bloat),
      ];
      found.push(...all.map(({ kind, object, severity }) => `${name}: ${kind} ${object} ${severity}`));
      await pool.close();
    }
    expect(found).toEqual(['iotistic: index-duplicate public.idx_users_email warning']);
  } finally {
    await removeSample({ dataFolder });
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
