import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectModel, readSchema } from '../../../main/schema/index.ts';
import type { SchemaProgress } from '../../../preload/contract/schema.ts';
import type { Printed, SchemaModel } from '../../../preload/contract/schema-model.ts';
import type { TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn, readModel } from '../../support/read-model.ts';
import { makeManyTables } from '../../support/schemas.ts';

const databases = [
  'names',
  'wide',
  'circles',
  'locks',
  'rights',
  'empty',
  'busy',
  'many',
  'cached',
  'rows',
] as const;

describe('introspection of what is hard to read', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres();
    for (const name of databases) await server.query(`CREATE DATABASE ${name}`);
    await server.query(`CREATE ROLE stranger LOGIN PASSWORD 'stranger'`);
    howdah = await consoleOn({
      ...Object.fromEntries(databases.map((name) => [name, server.url(name)])),
      stranger: server.url('rights', 'stranger', 'stranger'),
    });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  /** Sessions of Howdah on a database that do something, or are inside a transaction. */
  const atWork = (database: string) =>
    server.query<{ query: string; wait_event_type: string | null }>(
      `SELECT query, wait_event_type FROM pg_stat_activity
       WHERE application_name = 'howdah' AND datname = '${database}' AND state <> 'idle'
         AND query !~ 'pg_stat_get_activity|howdah_sample'`,
    );

  it('gives names back as they are: quotes, dots, line ends, emoji, 63 bytes', async () => {
    const odd = [
      'a "quoted" name',
      'dots.in.it',
      'line\nend\ttab',
      'back\\slash',
      '🐘🦣',
      'ä'.repeat(31),
      'x'.repeat(63),
      "it's",
      '\\N',
      '{a,b}',
      ' ',
    ];
    const client = await server.connect({ database: 'names' });
    for (const name of odd) {
      const quoted = pg.escapeIdentifier(name);
      await client.query(`CREATE SCHEMA ${quoted}`);
      await client.query(`CREATE TYPE ${quoted}.${quoted} AS ENUM (${pg.escapeLiteral(name)})`);
      await client.query(
        `CREATE TABLE ${quoted}.${pg.escapeIdentifier(`${name.slice(0, 20)} t`)} (${quoted} ${quoted}.${quoted}, CHECK (${quoted} IS NOT NULL))`,
      );
      await client.query(
        `COMMENT ON COLUMN ${quoted}.${pg.escapeIdentifier(`${name.slice(0, 20)} t`)}.${quoted} IS ${pg.escapeLiteral(name)}`,
      );
    }
    const model = await readModel(howdah, 'names');
    expect(model.schemas.map(({ name }) => name).sort()).toEqual([...odd, 'public'].sort());
    expect(model.tables.map(({ name }) => name).sort()).toEqual(
      odd.map((name) => `${name.slice(0, 20)} t`).sort(),
    );
    expect(model.tables.map(({ columns }) => columns[0]?.name).sort()).toEqual([...odd].sort());
    expect(model.tables.map(({ columns }) => columns[0]?.comment).sort()).toEqual([...odd].sort());
    expect(model.types.map((type) => (type.kind === 'enum' ? type.values[0] : '')).sort()).toEqual(
      [...odd].sort(),
    );
    for (const { definition } of model.constraints) expect(definition.state).toBe('known');
  });

  it('reads a table of 1,600 columns', async () => {
    const columns = Array.from({ length: 1600 }, (_, index) => `c${index} int DEFAULT ${index}`);
    await server.query(`CREATE TABLE broad (${columns.join()})`, 'wide');
    const { tables } = await readModel(howdah, 'wide');
    expect(tables[0]?.columns).toHaveLength(1600);
    expect(tables[0]?.columns[1599]).toMatchObject({
      name: 'c1599',
      expression: { state: 'known', text: '1599' },
    });
  });

  it('reads foreign keys that go in circles, an invalid index, and a view that can’t be printed any more', async () => {
    await server.query(
      `CREATE TABLE a (id int PRIMARY KEY, b int, self int REFERENCES a); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; INSERT INTO a VALUES (1, NULL, 1), (2, NULL, 1);
       CREATE FUNCTION gone() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW broken AS SELECT gone(); CREATE VIEW good AS SELECT id FROM a;
       DELETE FROM pg_depend WHERE refobjid = 'gone'::regproc; DROP FUNCTION gone()`,
      'circles',
    );
    const client = await server.connect({ database: 'circles' });
    await client.query('CREATE UNIQUE INDEX CONCURRENTLY half_built ON a (self)').catch(() => undefined);
    const model = await readModel(howdah, 'circles');
    const oid = Object.fromEntries(model.tables.map((one) => [one.name, one.oid]));
    const keys = model.constraints.filter(({ kind }) => kind === 'foreign-key');
    expect(keys.map(({ table, references }) => [table, references?.table]).sort()).toEqual(
      [
        [oid.a, oid.a],
        [oid.a, oid.b],
        [oid.b, oid.a],
      ].sort(),
    );
    expect(model.indexes.find(({ name }) => name === 'half_built')).toMatchObject({ valid: false });
    const view = (name: string) => model.tables.find((one) => one.name === name)?.definition;
    expect(view('good')).toMatchObject({ state: 'known' });
    expect(view('broken')).toMatchObject({
      state: 'hidden',
      why: expect.stringMatching(/can't print it: cache lookup failed/),
    });
  });

  describe('while a table is held under ACCESS EXCLUSIVE', () => {
    let holder: pg.Client;
    beforeAll(async () => {
      await server.query(
        `CREATE TABLE held (id int PRIMARY KEY, n int CHECK (n > 0), twice int GENERATED ALWAYS AS (n * 2) STORED);
         CREATE TABLE free (id int PRIMARY KEY DEFAULT 7, held int REFERENCES held);
         CREATE VIEW over_held AS SELECT id FROM held; CREATE VIEW over_free AS SELECT id FROM free`,
        'locks',
      );
    });
    const lock = async (): Promise<void> => {
      holder = await server.connect({ database: 'locks' });
      await holder.query('BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE');
    };

    it('gives the whole structure at once, marks what waits, and fills it in when the lock goes', async () => {
      await lock();
      const from = Date.now();
      let structureMs = 0;
      const states: Record<string, Printed>[] = [];
      const events: SchemaProgress[] = [];
      for await (const event of await howdah.client.schema.read({ environment: 'locks' })) {
        events.push(event);
        if (event.kind === 'part' && event.last) structureMs = Date.now() - from;
        if (event.kind !== 'definitions') continue;
        states.push(event.definitions);
        // Soon after the first round.
        if (Object.values(event.definitions).some(({ state }) => state === 'waiting'))
          setTimeout(() => void holder.query('ROLLBACK'), 400).unref();
      }
      expect(structureMs).toBeLessThan(2000);
      const waiting = Object.assign(
        {},
        ...states.map((one) =>
          Object.fromEntries(Object.entries(one).filter(([, { state }]) => state === 'waiting')),
        ),
      );
      const model = (await collectModel(replay(events))) as SchemaModel;
      const held = model.tables.find(({ name }) => name === 'held');
      const view = model.tables.find(({ name }) => name === 'over_held');
      const other = model.tables.find(({ name }) => name === 'over_free');
      expect(Object.keys(waiting)).toContain(`${held?.oid}.3`);
      expect(Object.keys(waiting)).toContain(view?.oid);
      expect(Object.keys(waiting)).not.toContain(other?.oid);
      expect(JSON.stringify(model)).not.toMatch(/"waiting"|"later"/);
      expect(held?.columns[2]?.expression).toEqual({ state: 'known', text: '(n * 2)' });
    });

    it('leaves what stays locked marked as waiting, and never waits with more than one session', async () => {
      await lock();
      let most = 0;
      const watching = new AbortController();
      const watch = (async () => {
        while (!watching.signal.aborted) {
          const waiters = (await atWork('locks')).filter((one) => one.wait_event_type === 'Lock');
          most = Math.max(most, waiters.length);
          await pause(20);
        }
      })();
      const from = Date.now();
      const model = (await collectModel(
        readSchema(needsOf(server.url('locks')), { definitions: true, printing: { retries: [50, 50] } }),
      )) as SchemaModel;
      const took = Date.now() - from;
      watching.abort();
      await watch;
      await holder.query('ROLLBACK');
      expect(took).toBeLessThan(5000);
      expect(most).toBeLessThanOrEqual(1);
      const free = model.tables.find(({ name }) => name === 'free');
      expect(free?.columns[0]?.expression).toEqual({ state: 'known', text: '7' });
      expect(model.tables.find(({ name }) => name === 'over_held')?.definition).toEqual({ state: 'waiting' });
      expect(model.constraints.find(({ name }) => name === 'held_n_check')?.definition).toEqual({
        state: 'waiting',
      });
      expect(model.constraints.find(({ name }) => name === 'free_pkey')?.definition.state).toBe('known');
    });

    it('says that rows and sizes of a locked table can’t be had, and what can', async () => {
      await lock();
      const table = { environment: 'locks', schema: 'public', table: 'held' };
      await expect(howdah.client.schema.sampleRows({ ...table, limit: 5 })).rejects.toMatchObject({
        data: { cause: 'table-locked', what: '"public.held" is locked.' },
      });
      const facts = await howdah.client.schema.tableFacts(table);
      expect(facts.problem).toMatchObject({ cause: 'table-locked', server: { sqlstate: '55P03' } });
      expect(facts.sizes).toBeNull();
      expect(facts.use).toMatchObject({ liveRows: '0' });
      expect(facts.indexes).toMatchObject([{ name: 'held_pkey', scans: '0' }]);
      await holder.query('ROLLBACK');
      const free = await howdah.client.schema.tableFacts(table);
      expect(free.problem).toBeUndefined();
      expect(free.sizes?.total).toMatch(/^\d+$/);
      expect(free.indexes[0]?.bytes).toMatch(/^\d+$/);
    });
  });

  it('shows a role without rights what it may see, and says what it may not', async () => {
    await server.query(
      `CREATE SCHEMA secret; CREATE TABLE secret.plan (id int PRIMARY KEY, what text DEFAULT 'x'); CREATE VIEW secret.v AS SELECT 1 AS one;
       CREATE FUNCTION secret.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
       REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC; REVOKE SELECT ON pg_catalog.pg_event_trigger FROM PUBLIC`,
      'rights',
    );
    const model = await readModel(howdah, 'stranger');
    expect(model.tables.map(({ name }) => name).sort()).toEqual(['plan', 'v']);
    expect(model.tables.find(({ name }) => name === 'plan')?.columns[1]?.expression).toEqual({
      state: 'known',
      text: "'x'::text",
    });
    expect(model.routines).toEqual([]);
    expect(model.unseen.map(({ what }) => what)).toEqual([
      'Functions and procedures',
      'Event triggers',
      'Where subscriptions connect to',
      'Options of user mappings',
    ]);
    expect(model.unseen[0]?.why).toBe('This role may not read pg_proc.');
    await expect(
      howdah.client.schema.sampleRows({ environment: 'stranger', schema: 'secret', table: 'plan', limit: 1 }),
    ).rejects.toMatchObject({ data: { cause: 'table-forbidden' } });
  });

  it('gives an empty database an empty model', async () => {
    const events: SchemaProgress[] = [];
    for await (const event of await howdah.client.schema.read({ environment: 'empty' })) events.push(event);
    expect(events.filter(({ kind }) => kind !== 'step').map(({ kind }) => kind)).toEqual([
      'names',
      'part',
      'part',
      'definitions',
    ]);
    const model = (await collectModel(replay(events))) as SchemaModel;
    expect(model).toMatchObject({ tables: [], routines: [], types: [], extensions: [], unseen: [] });
    expect(model.schemas.map(({ name }) => name)).toEqual(['public']);
  });

  it('reads one consistent state of a schema that others change meanwhile', async () => {
    const changer = await server.connect({ database: 'busy' });
    let running = true;
    let turns = 0;
    const changing = (async () => {
      for (; running; turns += 1) {
        await changer.query(
          `BEGIN; CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
           CREATE DOMAIN d AS mood DEFAULT 'a';
           CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'a', n int DEFAULT f('a') CHECK (f('a') = 1));
           CREATE TABLE u (t int REFERENCES t, v d); CREATE VIEW w AS SELECT f(m) FROM t; COMMIT`,
        );
        await changer.query(
          'BEGIN; DROP VIEW w; DROP TABLE u; DROP TABLE t; DROP DOMAIN d; DROP FUNCTION f; DROP TYPE mood; COMMIT',
        );
      }
    })();
    changing.catch(() => undefined);
    for (let turn = 0; turn < 25; turn += 1) {
      const model = await readModel(howdah, 'busy');
      expect([0, 3]).toContain(model.tables.length);
      expect(model.types.length).toBe(model.tables.length === 0 ? 0 : 2);
      const tables = new Set(model.tables.map(({ oid }) => oid));
      for (const { table } of model.indexes) expect(tables).toContain(table);
      for (const { references } of model.constraints)
        if (references) expect(tables).toContain(references.table);
      expect(JSON.stringify(model)).not.toContain('"later"');
    }
    running = false;
    await changing;
    expect(turns).toBeGreaterThan(50);
  }, 60_000);

  it('ends on the server too when nobody wants it any more, and gives its session back', async () => {
    await makeManyTables(server.url('many'), 1500);
    const sessions = async () =>
      (
        await server.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'howdah' AND datname = 'many'`,
        )
      )[0]?.n ?? 0;
    const before = await sessions();
    for (const leaveAt of ['names', 'part', 'definitions'] as const) {
      const stop = new AbortController();
      const reading = (async () => {
        for await (const event of await howdah.client.schema.read(
          { environment: 'many' },
          { signal: stop.signal },
        ))
          if (event.kind === leaveAt) stop.abort();
      })();
      await expect(reading).rejects.toThrow();
      await eventually(async () => (await atWork('many')).length === 0, 2000);
      // The pool may keep the session that the statement was stopped over.
      await eventually(async () => (await sessions()) <= before + 1, 2000);
    }
    // In the middle of a statement that would take its time: catalogues themselves are held.
    const holder = await server.connect({ database: 'many' });
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE');
    const stop = new AbortController();
    const reading = collectModel(
      await howdah.client.schema.read({ environment: 'many' }, { signal: stop.signal }),
    );
    reading.catch(() => undefined);
    await eventually(async () => (await atWork('many')).some((one) => one.wait_event_type === 'Lock'), 2000);
    stop.abort();
    const from = Date.now();
    await eventually(async () => (await atWork('many')).length === 0, 2000);
    expect(Date.now() - from).toBeLessThan(400);
    await holder.query('ROLLBACK');
    await expect(reading).rejects.toThrow();
  }, 60_000);

  it('sends what is known first, and reads again only what has changed', async () => {
    await server.query(`CREATE TABLE t (id int PRIMARY KEY DEFAULT 1); CREATE SEQUENCE s`, 'cached');
    const kinds = async (): Promise<string[]> => {
      const all: string[] = [];
      for await (const event of await howdah.client.schema.read({ environment: 'cached', cached: true }))
        all.push(event.kind === 'step' ? event.step : event.kind);
      return all.filter((one, index) => one !== all[index - 1]);
    };
    const opening = ['Opening a session', 'Reading names'];
    expect((await kinds()).slice(0, 5)).toEqual([...opening, 'names', 'Reading the structure', 'part']);
    expect(await kinds()).toEqual(['names', 'part', 'definitions', ...opening, 'Nothing has changed']);
    const changes = [
      'ALTER TABLE t ADD COLUMN n int',
      'ALTER TABLE t ALTER n SET NOT NULL',
      'ALTER TABLE t ALTER id SET DEFAULT 2',
      "COMMENT ON TABLE t IS 'x'",
      "COMMENT ON TABLE t IS 'y'",
      'COMMENT ON TABLE t IS NULL',
      'GRANT SELECT ON t TO PUBLIC',
      'ALTER SEQUENCE s INCREMENT 2',
      'ALTER SEQUENCE s OWNED BY t.n',
      'INSERT INTO t SELECT g, g FROM generate_series(1, 500) g; ANALYZE t',
      'ALTER TABLE t RENAME n TO m',
      'CREATE POLICY p ON t USING (m > 1)',
      "CREATE TYPE e AS ENUM ('a')",
      "ALTER TYPE e ADD VALUE 'b'",
      'ALTER ROLE stranger RENAME TO outsider',
      'ALTER ROLE outsider RENAME TO stranger',
      'DROP TYPE e',
    ];
    for (const sql of changes) {
      await server.query(sql, 'cached');
      const seen = await kinds();
      expect(seen, sql).not.toContain('Nothing has changed');
      expect((await kinds()).at(-1), `after ${sql}`).toBe('Nothing has changed');
    }
    await server.query('UPDATE t SET m = m + 1', 'cached');
    expect((await kinds()).at(-1)).toBe('Nothing has changed');
  }, 60_000);

  it('shows a few rows as text, cut where they are long, and never writes', async () => {
    await server.query(
      `CREATE SCHEMA "my ""schema"; CREATE TABLE "my ""schema"."rows; DROP" ("a ""b" int8, long text, at timestamptz, n numeric, j jsonb, b bytea, nothing int);
       INSERT INTO "my ""schema"."rows; DROP" VALUES (9007199254740993, repeat('x', 5000), '2024-01-02 03:04:05+00', 1.500, '{"a": 1}', '\\x00ff', NULL);
       CREATE TABLE log (n int); CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS $$BEGIN INSERT INTO log VALUES (1); RETURN 1; END$$;
       CREATE VIEW sly AS SELECT writes(); CREATE VIEW slow AS SELECT 1 AS one FROM pg_sleep(20)`,
      'rows',
    );
    const { columns, rows } = await howdah.client.schema.sampleRows({
      environment: 'rows',
      schema: 'my "schema',
      table: 'rows; DROP',
      limit: 10,
    });
    expect(columns).toEqual(['a "b', 'long', 'at', 'n', 'j', 'b', 'nothing']);
    expect(rows[0]?.[0]).toBe('9007199254740993');
    expect(rows[0]?.[1]).toBe(`${'x'.repeat(1000)}…`);
    expect(rows[0]?.slice(3)).toEqual(['1.500', '{"a": 1}', '\\x00ff', null]);
    const look = (table: string) =>
      howdah.client.schema.sampleRows({ environment: 'rows', schema: 'public', table, limit: 1 });
    await expect(look('sly')).rejects.toMatchObject({ data: { server: { sqlstate: '25006' } } });
    await expect(look('missing')).rejects.toMatchObject({
      code: 'INVALID',
      data: { cause: 'table-unknown' },
    });
    await expect(look('slow')).rejects.toMatchObject({ data: { cause: 'table-slow' } });
    expect(await server.query('SELECT * FROM log', 'rows')).toEqual([]);
  });

  it('adds up sizes of partitions', async () => {
    await server.query(
      `CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (1000);
       CREATE TABLE parted_b PARTITION OF parted FOR VALUES FROM (1000) TO (2000); INSERT INTO parted SELECT generate_series(1, 1999)`,
      'rows',
    );
    const { sizes, use, indexes, partitions } = await howdah.client.schema.tableFacts({
      environment: 'rows',
      schema: 'public',
      table: 'parted',
    });
    expect(use).toBeNull();
    expect(partitions.map(({ name }) => name)).toEqual(['parted_a', 'parted_b']);
    const sum = partitions.reduce((so, { bytes }) => so + Number(bytes), 0);
    expect(sum).toBeGreaterThan(100_000);
    expect(Number(sizes?.total)).toBe(sum);
    expect(Number(indexes[0]?.bytes)).toBeGreaterThan(30_000);
  });

  it('keeps the places of a diagram over restarts, by database, and forgets them with the environment', async () => {
    const { client } = howdah;
    const places = [
      { schema: 'public', table: 'b', x: 1.5, y: -2 },
      { schema: 'public', table: 'a 🐘', x: 0, y: 1e6 },
    ];
    expect(await client.schema.places({ environment: 'rows' })).toEqual([]);
    await client.schema.savePlaces({ environment: 'rows', places });
    expect(await client.schema.places({ environment: 'rows' })).toEqual([places[1], places[0]]);
    await client.schema.savePlaces({ environment: 'rows', places: places.slice(0, 1) });
    expect(await client.schema.places({ environment: 'rows' })).toEqual(places.slice(0, 1));
    expect(await client.schema.places({ environment: 'empty' })).toEqual([]);
  });

  it('gives the structure as text to whoever asks for it', async () => {
    const source = { kind: 'environment' as const, environment: 'circles' };
    let name = '';
    let text = '';
    for await (const event of await howdah.client.schema.export({ source, format: 'mermaid' })) {
      if (event.kind !== 'text') continue;
      name = event.name;
      text += event.text;
    }
    expect(name).toBe('circles.mmd');
    expect(text).toContain('erDiagram');
  });

  it('says that an environment is not connected', async () => {
    await howdah.client.environments.disconnect({ environment: 'empty' });
    await expect(
      collectModel(await howdah.client.schema.read({ environment: 'empty' })),
    ).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
    });
  });
});

describe.skipIf(!pgbouncer)('introspection behind a pooler', () => {
  it('reads the same, and leaves no setting to whoever gets the session next', async () => {
    const server = await startPostgres();
    const pooler = await startPgbouncer(server.port, 'transaction', ['default_pool_size = 1']);
    const url = server.url().replace(String(server.port), String(pooler.port));
    const howdah = await consoleOn({ direct: server.url(), pooled: url });
    try {
      await server.query(
        `CREATE TABLE t (id int PRIMARY KEY DEFAULT 1, n int CHECK (n > 0)); CREATE VIEW v AS SELECT id FROM t`,
      );
      const [direct, pooled] = [await readModel(howdah, 'direct'), await readModel(howdah, 'pooled')];
      expect({ ...pooled, at: 0 }).toEqual({ ...direct, at: 0 });
      const next = new pg.Client({ connectionString: url });
      await next.connect();
      const settings = ['search_path', 'default_transaction_read_only', 'jit', 'lock_timeout'];
      const shown: unknown[] = [];
      for (const one of settings) shown.push(Object.values((await next.query(`SHOW ${one}`)).rows[0])[0]);
      expect(shown).toEqual(['"$user", public', 'off', 'on', '0']);
      await next.end();
    } finally {
      await howdah.remove();
      await pooler.stop();
      await server.remove();
    }
  });
});

async function* replay(events: SchemaProgress[]): AsyncGenerator<SchemaProgress, void, void> {
  yield* events;
}

/** A reading on sessions of its own, without a console. */
function needsOf(url: string): Parameters<typeof readSchema>[0] {
  return {
    openSession: async () => {
      const client = new pg.Client({ connectionString: url, application_name: 'howdah' });
      client.on('error', () => undefined);
      await client.connect();
      return { client, pooled: false };
    },
    stop: async () => undefined,
  };
}
