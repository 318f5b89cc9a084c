import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { adviceOf } from '../../../main/maintenance/advise.ts';
import { measurePace } from '../../../main/maintenance/pace/measure.ts';
import { openPaceStore } from '../../../main/maintenance/pace/pace-store.ts';
import { readSamplePassword } from '../../../main/sample/index.ts';
import { openPool } from '../../../main/servers/index.ts';
import { openStore } from '../../../main/store/index.ts';
import type { MaintenanceProgress } from '../../../preload/contract/maintenance.ts';
import type {
  RetentionDraft,
  RetentionPreview,
  RetentionProgress,
  RetentionRun,
} from '../../../preload/contract/maintenance-retention.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let howdah: TestConsole;
/** Id of the environment `open`. */
let open: string;
const minute = 60_000;

beforeAll(async () => {
  server = await startPostgres({
    settings: {
      autovacuum_naptime: 1,
      wal_level: 'logical',
      max_prepared_transactions: 5,
    },
  });
  await server.query("CREATE ROLE slow LOGIN PASSWORD 'postgres' SUPERUSER");
  await server.query(
    'ALTER ROLE slow SET vacuum_cost_delay = 100; ALTER ROLE slow SET vacuum_cost_limit = 10',
  );
  howdah = await openTestConsole();
  const environments = { open: server.url(), slow: server.url('postgres', 'slow'), guarded: server.url() };
  for (const [name, url] of Object.entries(environments)) {
    const protection = name === 'guarded' ? 'guarded' : 'open';
    const { id } = await howdah.client.environments.add({
      draft: draftFor(url, { name, protection }),
      password: { password: 'postgres', remember: false },
    });
    if (name === 'open') open = id;
    await howdah.client.environments.connect({ environment: name });
  }
});
afterAll(async () => {
  await howdah?.remove();
  await server?.remove();
});

const room = () => howdah.client.maintenance;
const table = (name: string) => ({ schema: 'public', name });

async function tableOf(name: string, environment = 'open') {
  const { tables } = await room().status({ environment, filter: name });
  const found = tables.find((one) => one.name === name);
  if (!found) throw new Error(`No table ${name}.`);
  return found;
}

/** All that a stream tells, and what it fails with; `onEvent` may act meanwhile. */
async function hear<E>(
  stream: Promise<AsyncIterable<E>>,
  onEvent: (event: E) => unknown = () => undefined,
): Promise<{ events: E[]; error?: unknown }> {
  const events: E[] = [];
  try {
    for await (const event of await stream) {
      events.push(event);
      await onEvent(event);
    }
  } catch (error) {
    return { events, error };
  }
  return { events };
}
const endOf = (events: MaintenanceProgress[]) => events.find((event) => event.kind === 'ended');
const runOf = (events: RetentionProgress[]): RetentionRun | undefined =>
  events.find((event) => event.kind === 'ended')?.run;

async function begun(session: pg.Client, sql: string): Promise<number> {
  await session.query(sql);
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

it('calls due what autovacuum then does, and nothing that it leaves alone', async () => {
  const fill = (name: string, rows: number, dead: number, options = ''): string =>
    `CREATE TABLE ${name} (n int) WITH (autovacuum_enabled = off${options}); INSERT INTO ${name} SELECT g FROM generate_series(1, ${rows}) g;
     ANALYZE ${name}; DELETE FROM ${name} WHERE n <= ${dead};`;
  // 50 + 0.2 × 1000 = 250; of its own 10 + 0.013 × 1000 = 23, which single precision makes no more of.
  await server.query(
    `${fill('dead_even', 1000, 250)} ${fill('dead_due', 1000, 251)}
     ${fill('own_even', 1000, 23, ', autovacuum_vacuum_threshold = 10, autovacuum_vacuum_scale_factor = 0.013')}
     ${fill('own_due', 1000, 24, ', autovacuum_vacuum_threshold = 10, autovacuum_vacuum_scale_factor = 0.013')}
     CREATE TABLE inserts_even (n int) WITH (autovacuum_enabled = off); INSERT INTO inserts_even SELECT g FROM generate_series(1, 1000) g;
     CREATE TABLE inserts_due (n int) WITH (autovacuum_enabled = off); INSERT INTO inserts_due SELECT g FROM generate_series(1, 1001) g;
     CREATE TABLE inserts_never (n int) WITH (autovacuum_enabled = off, autovacuum_vacuum_insert_threshold = -1);
     INSERT INTO inserts_never SELECT g FROM generate_series(1, 3000) g;`,
  );
  const names = [
    'dead_even',
    'own_even',
    'inserts_even',
    'inserts_never',
    'dead_due',
    'own_due',
    'inserts_due',
  ];
  const expected = await eventually(async () => {
    const tables = await Promise.all(names.map((name) => tableOf(name)));
    const counted = tables.reduce((sum, { inserted }) => sum + (inserted.counted ?? 0), 0);
    return counted === 4 * 1000 + 1000 + 1001 + 3000 && tables;
  });
  const due = expected.filter(({ dead, inserted }) => dead.due || inserted.due).map(({ name }) => name);
  expect(due).toEqual(['dead_due', 'own_due', 'inserts_due']);
  // Past it, and nobody will come.
  expect((await tableOf('dead_due')).state).toBe('overdue');
  await server.query(names.map((name) => `ALTER TABLE ${name} RESET (autovacuum_enabled);`).join(' '));
  const counts = await eventually(async () => {
    const rows = await server.query<{ relname: string; autovacuum_count: string }>(
      `SELECT relname, autovacuum_count FROM pg_stat_user_tables WHERE relname = ANY ('{${names.join()}}')`,
    );
    const vacuumed = rows.filter((row) => row.autovacuum_count !== '0').map((row) => row.relname);
    return due.every((name) => vacuumed.includes(name)) && vacuumed;
  });
  // The others have lower oids: in the same pass they were looked at before.
  expect(counts.sort()).toEqual([...due].sort());
  expect(await tableOf('dead_due')).toMatchObject({ dead: { counted: 0, due: false }, autovacuums: 1 });
}, 60_000);

it('tells when a table is due only from what it measured itself', async () => {
  await server.query(`CREATE TABLE growing (n int) WITH (autovacuum_enabled = off, autovacuum_vacuum_insert_threshold = -1);
    INSERT INTO growing SELECT g FROM generate_series(1, 10000) g; ANALYZE growing; DELETE FROM growing WHERE n <= 500`);
  await eventually(async () => (await tableOf('growing')).dead.counted === 500);
  expect((await tableOf('growing')).dead.dueAt).toBeNull();
  const { connection } = draftFor(server.url());
  const pool = openPool(
    { connection, password: 'postgres' },
    { way: { target: connection, tls: false, pooled: false } },
  );
  const store = openStore(howdah.dataFolder);
  try {
    const pace = openPaceStore(store);
    const now = Date.now();
    pace.add(open, await measurePace(pool, now - 20 * minute));
    await server.query('DELETE FROM growing WHERE n <= 1000');
    const dead = await eventually(async () => {
      const { dead } = await tableOf('growing');
      return dead.counted === 1000 && dead;
    });
    // 500 in 20 min, and 1050 to go to 2050: 42 min.
    expect(dead.threshold).toBe(2050);
    expect((dead.dueAt ?? 0) - now).toBeGreaterThan(41 * minute);
    expect((dead.dueAt ?? 0) - now).toBeLessThan(43 * minute);
    const { oid } = await tableOf('growing');
    const history = await room().history({ environment: 'open', window: '24h', table: oid });
    expect(history.dead.filter((value) => value !== null)).toContain(500);
    expect(history.xidAge.filter((value) => value !== null).length).toBeGreaterThan(0);
    expect(history.dead.length).toBeLessThanOrEqual(300);
    // After a vacuum the pace of before tells nothing.
    await server.query('VACUUM growing');
    await server.query('DELETE FROM growing WHERE n <= 1100');
    expect(
      await eventually(async () => {
        const { dead } = await tableOf('growing');
        return dead.counted === 100 && dead;
      }),
    ).toMatchObject({ dueAt: null });
  } finally {
    await pool.close();
    store.close();
  }
});

it('finds an old transaction, a prepared one and a slot that hold dead rows, and says how each ends', async () => {
  const session = await server.connect({ application: 'report' });
  const pid = await begun(session, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
  await server.query("SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')");
  await server.query(
    "CREATE TABLE promised (n int); BEGIN; INSERT INTO promised VALUES (1); PREPARE TRANSACTION 'it''s one'",
  );
  const status = await room().status({ environment: 'open' });
  const holder = (kind: string, name: string) =>
    status.holders.find((one) => one.kind === kind && one.name === name);
  expect(holder('session', String(pid))).toMatchObject({
    application: 'report',
    state: 'idle in transaction',
    statement: `SELECT pg_terminate_backend(${pid})`,
  });
  expect(holder('replication slot', 'forgotten')).toMatchObject({
    catalogOnly: true,
    state: 'inactive',
    statement: "SELECT pg_drop_replication_slot('forgotten')",
  });
  expect(holder('prepared transaction', "it's one")).toMatchObject({
    database: 'postgres',
    user: 'postgres',
    statement: "ROLLBACK PREPARED 'it''s one'",
  });
  // As the same status is read two hours later: the prepared one is told of, the others once rows die by them.
  const later = status.at + 120 * minute;
  expect(adviceOf({ ...status, dead: 0 }, later).advice.map(({ kind }) => kind)).toEqual([
    'prepared-transaction',
  ]);
  const dying = { ...status, dead: 50_000, holders: status.holders.map((one) => ({ ...one, age: 5000 })) };
  expect(
    adviceOf(dying, later)
      .advice.map(({ id }) => id)
      .sort(),
  ).toEqual(["prepared-transaction it's one", `xmin-holder session ${pid}`]);
  expect(adviceOf(status, status.at).advice).toEqual([]);
  await server.query("ROLLBACK PREPARED 'it''s one'");
  await server.query("SELECT pg_drop_replication_slot('forgotten')");
  await session.end();
});

it('shows how far a vacuum is, and cancels it on the server', async () => {
  await server.query(`CREATE TABLE large (n int) WITH (autovacuum_enabled = off);
    INSERT INTO large SELECT g FROM generate_series(1, 300000) g; DELETE FROM large WHERE n % 3 = 0`);
  let pid = 0;
  let run = '';
  const { events, error } = await hear(
    room().vacuum({ environment: 'slow', tables: [table('large'), table('growing')] }),
    async (event) => {
      if (event.kind === 'begun') run = event.run;
      if (event.kind === 'step') pid = event.pid;
      if (event.kind === 'progress') {
        expect(event.operation).toMatchObject({ kind: 'vacuum', relation: 'public.large', pid, auto: false });
        expect(await room().cancel({ environment: 'slow', run })).toBe(true);
      }
    },
  );
  expect(events.some(({ kind }) => kind === 'progress')).toBe(true);
  expect(endOf(events)?.results.map(({ outcome }) => outcome)).toEqual(['cancelled', 'not begun']);
  expect(error).toMatchObject({
    code: 'SERVER_ERROR',
    data: { cause: 'cancelled', server: { sqlstate: '57014' } },
  });
  const there = await server.query(`SELECT FROM pg_stat_activity WHERE pid = ${pid} AND state = 'active'`);
  expect(there).toEqual([]);
  expect((await tableOf('large')).lastVacuum).toBeNull();
  expect(await room().cancel({ environment: 'slow', run })).toBe(false);
  const { entries } = await howdah.client.audit.list({ text: 'maintenance.vacuum', limit: 1 });
  expect(entries[0]).toMatchObject({ outcome: 'failed', procedure: 'maintenance.vacuum' });
});

it('lets go of a lock that it does not get, says who holds it, and goes on with the next table', async () => {
  const session = await server.connect({ application: 'importer' });
  const pid = await begun(session, 'BEGIN; LOCK TABLE dead_even IN ACCESS EXCLUSIVE MODE');
  for (const act of ['vacuum', 'reindex'] as const) {
    const tables = [table('dead_even'), table('own_even')];
    const { events, error } = await hear(room()[act]({ environment: 'open', tables, lockTimeoutMs: 400 }));
    expect(endOf(events)?.results.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    expect(endOf(events)?.results[0]?.problem).toMatchObject({
      cause: 'lock-timeout',
      why: expect.stringContaining(`Process ${pid}, postgres (importer)`),
    });
    expect(error).toMatchObject({ data: { server: { sqlstate: '55P03' } } });
  }
  // What is there to see does not wait for it either.
  const from = performance.now();
  expect((await tableOf('dead_even')).name).toBe('dead_even');
  expect(performance.now() - from).toBeLessThan(450);
  await session.end();
  const { events: noted } = await howdah.client.metrics.history({ environment: 'open', window: '1h' });
  expect(noted.filter(({ kind }) => kind === 'maintenance').length).toBe(2);
});

it('finds the index that a cancelled REINDEX CONCURRENTLY leaves, and drops that one only', async () => {
  await server.query(
    'CREATE TABLE indexed (n int PRIMARY KEY); INSERT INTO indexed SELECT generate_series(1, 100)',
  );
  const session = await server.connect({ application: 'long report' });
  const pid = await begun(session, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM indexed');
  const act = { kind: 'reindex' as const, of: 'table' as const, tables: [table('indexed')] };
  const plan = await eventually(async () => {
    const plan = await room().plan({ environment: 'guarded', act });
    // An instant after it began it is not old yet.
    return plan.waitsFor.length > 0 && plan;
  });
  expect(plan.waitsFor).toMatchObject([{ pid, application: 'long report' }]);
  const input = { environment: 'guarded', tables: [table('indexed')], confirm: 'guarded' };
  const { error: unconfirmed } = await hear(room().reindex({ ...input, confirm: 'other' }));
  expect(unconfirmed).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
  let run = '';
  const { events, error } = await hear(room().reindex(input), async (event) => {
    if (event.kind === 'begun') run = event.run;
    if (event.kind === 'progress' && event.operation.blockedBy.includes(pid))
      await room().cancel({ environment: 'guarded', run });
  });
  expect(endOf(events)?.leftovers).toMatchObject([{ name: 'indexed_pkey_ccnew', table: 'public.indexed' }]);
  expect(error).toMatchObject({ data: { next: expect.stringContaining('public.indexed_pkey_ccnew') } });
  const status = await room().status({ environment: 'guarded' });
  expect(status.leftovers.map(({ statement }) => statement)).toEqual([
    'DROP INDEX CONCURRENTLY "public"."indexed_pkey_ccnew"',
  ]);
  // The other one was made so by a test before.
  expect(adviceOf(status, status.at).advice.map(({ id }) => id)).toEqual([
    'vacuum-overdue public.large',
    'reindex-leftover public.indexed_pkey_ccnew',
  ]);
  await session.end();
  const drop = (name: string) =>
    room().dropLeftover({ environment: 'guarded', index: table(name), confirm: 'guarded' });
  await expect(drop('indexed_pkey')).rejects.toMatchObject({ data: { cause: 'no-leftover' } });
  await drop('indexed_pkey_ccnew');
  expect((await room().status({ environment: 'guarded' })).leftovers).toEqual([]);
  const left = await server.query(
    "SELECT relname FROM pg_class WHERE relname LIKE 'indexed%' AND relkind = 'i'",
  );
  expect(left).toEqual([{ relname: 'indexed_pkey' }]);
}, 60_000);

const save = async (draft: z.input<typeof RetentionDraft>) =>
  await room().retention.add({ environment: 'open', draft });

it('deletes old rows in batches, and tells exactly how many went when it is stopped', async () => {
  await server.query(`CREATE TABLE reading (id bigint PRIMARY KEY, at timestamptz NOT NULL, epoch bigint) WITH (autovacuum_enabled = off);
    INSERT INTO reading SELECT g, now() - g * interval '1 hour', extract(epoch FROM now() - g * interval '1 hour') * 1000 FROM generate_series(1, 5000) g`);
  const target = {
    kind: 'delete',
    schema: 'public',
    table: 'reading',
    column: 'at',
    keep: { count: 90, unit: 'days' },
    batch: 100,
    pauseMs: 0,
  } as const;
  // 90 days are 2160 hours.
  const preview = await room().retention.preview({ environment: 'open', target });
  expect(preview).toMatchObject({ rows: 2841, exact: true, refused: [] });
  expect(preview.warnings.join()).toMatch(/No index begins with at/);
  expect(preview.plan).toContain('Seq Scan on reading');
  const byNumber = { ...target, column: 'epoch', epoch: 'ms' } as const;
  expect(await room().retention.preview({ environment: 'open', target: byNumber })).toMatchObject({
    rows: 2841,
  });

  await save({ name: 'old readings', target });
  let run = '';
  let batches = 0;
  const stopped = await hear(
    room().retention.run({ environment: 'open', job: 'old readings' }),
    async (event) => {
      if (event.kind === 'begun') run = event.run;
      if (event.kind === 'progress' && ++batches === 5) await room().cancel({ environment: 'open', run });
    },
  );
  expect(stopped.error).toMatchObject({ data: { cause: 'stopped' } });
  const told = runOf(stopped.events);
  expect(told).toMatchObject({ outcome: 'stopped', by: 'hand' });
  expect(told?.rows).toBeGreaterThanOrEqual(500);
  expect(told?.rows).toBeLessThan(2841);
  const count = async () =>
    Number((await server.query<{ n: string }>('SELECT count(*) AS n FROM reading'))[0]?.n);
  expect(await count()).toBe(5000 - (told?.rows ?? 0));

  // Rows that somebody works with are passed over, and told.
  const session = await server.connect();
  await session.query('BEGIN; SELECT FROM reading WHERE id IN (4998, 4999) FOR UPDATE');
  const { events } = await hear(room().retention.run({ environment: 'open', job: 'old readings' }));
  expect(runOf(events)).toMatchObject({ outcome: 'done', rows: 2839 - (told?.rows ?? 0) });
  expect(runOf(events)?.said).toContain('2 rows held by others');
  expect(await count()).toBe(2161);
  await session.end();
  const history = await room().retention.history({ environment: 'open', job: 'old readings' });
  expect(history.map(({ outcome }) => outcome)).toEqual(['done', 'stopped']);
});

it('leaves partitions alone that are referred to or locked, and detaches concurrently where it can', async () => {
  const parts = (table: string): string =>
    [0, 100, 200, 300]
      .map(
        (from) =>
          `CREATE TABLE ${table}_${from} PARTITION OF ${table} FOR VALUES FROM (${from}) TO (${from + 100});`,
      )
      .join(' ');
  await server.query(`CREATE TABLE happened (at bigint PRIMARY KEY) PARTITION BY RANGE (at); ${parts('happened')}
    CREATE TABLE referring (at bigint REFERENCES happened);
    INSERT INTO happened SELECT generate_series(0, 399); INSERT INTO referring VALUES (150);
    CREATE TABLE seen (at bigint PRIMARY KEY) PARTITION BY RANGE (at); ${parts('seen')}`);
  const target = {
    kind: 'partitions' as const,
    schema: 'public',
    table: 'happened',
    keep: { count: 1, unit: 'months' as const },
  };
  await expect(room().retention.preview({ environment: 'open', target })).rejects.toMatchObject({
    data: { cause: 'not-by-time', next: expect.stringContaining('seconds') },
  });
  const session = await server.connect();
  await session.query('BEGIN; LOCK TABLE happened_200 IN ACCESS EXCLUSIVE MODE');
  const locked = await room().retention.preview({ environment: 'open', target: { ...target, epoch: 's' } });
  expect(locked.partitions.map(({ name, goes }) => [name, goes])).toEqual([
    ['happened_0', true],
    ['happened_100', true],
    ['happened_300', true],
    ['happened_200', false],
  ]);
  expect(locked.referencedBy).toEqual(['public.referring (referring_at_fkey)']);
  await session.end();
  await save({ name: 'happened', target: { ...target, epoch: 's' }, retries: 0 });
  const { events, error } = await hear(room().retention.run({ environment: 'open', job: 'happened' }));
  expect(runOf(events)).toMatchObject({
    outcome: 'failed',
    dropped: ['public.happened_0', 'public.happened_200', 'public.happened_300'],
    said: expect.stringContaining('public.happened_100'),
  });
  expect(error).toMatchObject({ data: { cause: 'retention-failed' } });
  expect(await server.query('SELECT count(*) FROM happened')).toEqual([{ count: '100' }]);

  const detach = { ...target, table: 'seen', epoch: 's' as const, how: 'detach' as const };
  const preview = await room().retention.preview({ environment: 'open', target: detach });
  expect(preview).toMatchObject({ canDetach: true, refused: [] });
  expect(preview.statements[0]).toBe(
    'ALTER TABLE "public"."seen" DETACH PARTITION "public"."seen_0" CONCURRENTLY',
  );
  await save({ name: 'seen', target: detach });
  const detached = await hear(room().retention.run({ environment: 'open', job: 'seen' }));
  expect(runOf(detached.events)?.dropped).toHaveLength(4);
  expect(await server.query("SELECT FROM pg_class WHERE relname LIKE 'seen_%' AND relkind = 'r'")).toEqual(
    [],
  );
});

it('runs by a schedule only what was saved under the protection that there is now', async () => {
  const { client } = howdah;
  await server.query('CREATE TABLE log_line (at date NOT NULL) PARTITION BY RANGE (at)');
  const target = {
    kind: 'partitions',
    schema: 'public',
    table: 'log_line',
    keep: { count: 2, unit: 'weeks' },
  } as const;
  const draft = { name: 'log lines', target };
  await expect(room().retention.add({ environment: 'guarded', draft })).rejects.toMatchObject({
    code: 'CONFIRMATION_REQUIRED',
  });
  await save(draft);
  const scheduled = async () =>
    await hear(room().retention.runScheduled({ environment: 'open', job: 'log lines' }));
  expect(runOf((await scheduled()).events)).toMatchObject({ outcome: 'done', by: 'schedule' });
  await client.environments.update({ environment: 'open', changes: { protection: 'guarded' } });
  expect((await scheduled()).error).toMatchObject({ data: { cause: 'job-not-by-schedule' } });
  const [job] = (await room().retention.list({ environment: 'open' })).filter(
    ({ name }) => name === 'log lines',
  );
  expect(job?.trouble).toMatch(/save it again/);
  await room().retention.change({ environment: 'open', job: 'log lines', draft, confirm: 'open' });
  expect(runOf((await scheduled()).events)?.outcome).toBe('done');
  const { entries } = await client.audit.list({ text: 'runScheduled', limit: 5 });
  // Newest first.
  expect(entries.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done']);
  await room().retention.remove({ environment: 'open', job: 'log lines' });
});

it('drops Iotistic’s partitions past 7 days, by their bounds and by its own function, and nothing else', async () => {
  const { client } = howdah;
  await putSample(howdah.dataFolder);
  for await (const _ of await client.sample.start({ workload: false })) {
    // It was made before: it is only started.
  }
  const { environments } = await client.environments.list();
  const systems = environments.filter(({ sample }) => sample !== undefined);
  for (const { id } of systems) {
    await client.environments.connect({ environment: id });
    const status = await room().status({ environment: id, most: 1000, system: true });
    expect(adviceOf(status, status.at).advice).toEqual([]);
  }
  const iotistic = systems.find(({ sample }) => sample === 'iotistic');
  if (!iotistic) throw new Error('There is no iotistic.');
  const { id: environment, connection } = iotistic;
  const { host, port, user, database } = connection;
  const password = await readSamplePassword({ dataFolder: howdah.dataFolder });
  const session = new pg.Client({ host, port, user, database, password });
  await session.connect();
  try {
    const count = async (what: string) =>
      Number((await session.query<{ n: string }>(`SELECT count(*) AS n FROM ${what}`)).rows[0]?.n);
    const age = (days: number): string =>
      `SELECT create_day_partition('device_logs', CURRENT_DATE - ${days});
       INSERT INTO device_logs (device_uuid, message, "timestamp") SELECT uuid, 'old', CURRENT_DATE - ${days} + interval '1 hour' FROM devices;`;
    await session.query(`${[8, 9, 10].map(age).join('')} CREATE TABLE device_logs_rest PARTITION OF device_logs DEFAULT;
      INSERT INTO device_logs (device_uuid, message, "timestamp") SELECT uuid, 'rest', CURRENT_DATE - 400 FROM devices`);
    const all = await count('device_logs');
    const old = await count("device_logs WHERE message = 'old'");
    const devices = await count('devices');
    expect(old).toBe(3 * devices);
    const { candidates } = await room().retention.candidates({ environment });
    expect(candidates.find(({ table }) => table === 'device_logs')).toMatchObject({
      kind: 'partitions',
      functions: [{ schema: 'public', name: 'drop_old_partitions' }],
    });
    const target = {
      kind: 'partitions',
      schema: 'public',
      table: 'device_logs',
      keep: { count: 9, unit: 'days' },
    } as const;
    const names = (preview: RetentionPreview) =>
      preview.partitions.filter(({ goes }) => goes).map(({ name }) => name);
    const byBounds = await room().retention.preview({ environment, target });
    expect(names(byBounds)).toHaveLength(1);
    expect(byBounds.partitions.find(({ name }) => name === 'device_logs_rest')).toMatchObject({
      goes: false,
    });
    expect(byBounds).toMatchObject({ refused: [], canDetach: false });
    expect(byBounds.warnings.join()).toContain('devices');
    // Somebody reads the table for longer than the lock is waited for: it is tried again until they are gone.
    await session.query('BEGIN; SELECT FROM device_logs LIMIT 1');
    await room().retention.add({
      environment,
      draft: { name: 'logs by bounds', target, lockTimeoutMs: 100, retries: 20 },
    });
    const dropping = await hear(
      room().retention.run({ environment, job: 'logs by bounds' }),
      async (event) => {
        if (event.kind === 'log' && event.text.includes('locked')) await session.query('ROLLBACK');
      },
    );
    expect(dropping.events.some((event) => event.kind === 'log' && event.text.includes('try 1'))).toBe(true);
    expect(runOf(dropping.events)).toMatchObject({
      outcome: 'done',
      dropped: names(byBounds).map((name) => `public.${name}`),
    });
    expect(await count('device_logs')).toBe(all - devices);

    const seven = {
      kind: 'function',
      schema: 'public',
      name: 'drop_old_partitions',
      table: 'device_logs',
      days: 7,
    } as const;
    const byFunction = await room().retention.preview({ environment, target: seven });
    expect(names(byFunction)).toHaveLength(2);
    expect(byFunction.statements).toEqual([`SELECT "public"."drop_old_partitions"('device_logs', 7);`]);
    await room().retention.add({ environment, draft: { name: 'logs past 7 days', target: seven } });
    const called = await hear(room().retention.run({ environment, job: 'logs past 7 days' }));
    expect(runOf(called.events)).toMatchObject({
      outcome: 'done',
      dropped: names(byFunction).map((name) => `public.${name}`),
      said: expect.stringContaining('gave 2'),
    });
    expect(await count('device_logs')).toBe(all - old);
    expect(await count('device_logs_rest')).toBe(devices);
    const { entries } = await client.audit.list({ text: 'retention.run', limit: 1 });
    expect(entries[0]).toMatchObject({ outcome: 'done', environmentName: iotistic.name });
    expect(entries[0]?.result).toContain(names(byFunction)[0]);
  } finally {
    await session.end();
  }
}, 120_000);
