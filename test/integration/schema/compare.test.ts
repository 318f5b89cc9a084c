import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonProgress, SchemaSource, SnapshotInfo } from '../../../preload/contract/schema.ts';
import { scriptPreamble } from '../../../preload/contract/schema-diff.ts';
import type { TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { putSample } from '../../support/kept-sample.ts';
import { pgbouncer, startPgbouncer } from '../../support/pgbouncer.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn } from '../../support/read-model.ts';
import { makeManyTables } from '../../support/schemas.ts';

const databases = ['staging', 'production', 'time', 'many', 'many_more', 'locks', 'rights'] as const;

describe('comparing structures', () => {
  let server: TestServer;
  let howdah: TestConsole;
  beforeAll(async () => {
    server = await startPostgres({ settings: { autovacuum: 'off' } });
    for (const name of databases) await server.query(`CREATE DATABASE ${name}`);
    await server.query(`CREATE ROLE stranger LOGIN PASSWORD 'stranger'; CREATE ROLE nobody`);
    howdah = await consoleOn({
      ...Object.fromEntries(databases.map((name) => [name, server.url(name)])),
      single: server.url('production').replace('?', '?pool_max_conns=1&'),
      stranger: server.url('rights', 'stranger', 'stranger'),
    });
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
  });

  const environment = (name: string): SchemaSource => ({ kind: 'environment', environment: name });
  type Options = Parameters<typeof howdah.client.schema.compare>[0]['options'];
  const compare = async (
    wanted: SchemaSource,
    actual: SchemaSource,
    {
      options,
      signal,
      onEvent,
    }: { options?: Options; signal?: AbortSignal; onEvent?(event: ComparisonProgress): void } = {},
  ) => {
    const events: ComparisonProgress[] = [];
    for await (const event of await howdah.client.schema.compare(
      { wanted, actual, options },
      signal ? { signal } : {},
    )) {
      events.push(event);
      onEvent?.(event);
    }
    const sides = events.find((one) => one.kind === 'sides');
    if (!sides) throw new Error('There were no sides.');
    return {
      events,
      sides,
      differences: events.flatMap((one) => (one.kind === 'differences' ? one.differences : [])),
      statements: events.flatMap((one) => (one.kind === 'script' ? one.statements : [])),
      leftOut: events.flatMap((one) => (one.kind === 'script' ? one.leftOut : [])),
    };
  };
  /** Runs the script as somebody would who has read it. */
  const run = async (database: string, statements: { sql: string }[]): Promise<void> => {
    const client = await server.connect({ database });
    for (const sql of [...scriptPreamble, ...statements.map((one) => one.sql)]) await client.query(sql);
    await client.end();
  };
  /** Sessions of Howdah on a database that are not the sampler's. */
  const sessions = async (database: string): Promise<number> =>
    (
      await server.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE application_name = 'howdah' AND datname = '${database}' AND query !~ 'howdah_sample|pg_stat_get_activity'`,
      )
    )[0]?.n ?? 0;
  const threads = (): number => readdirSync('/proc/self/task').length;

  it('tells what differs between two environments, and its script closes it', async () => {
    await server.query(
      `CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, level int DEFAULT 1);
       CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES customer, mood mood);
       CREATE INDEX pet_owner ON pet (owner); CREATE VIEW happy AS SELECT id FROM pet WHERE mood = 'happy'`,
      'staging',
    );
    await server.query(
      `CREATE TABLE customer (id int PRIMARY KEY, name varchar(20), old text); CREATE TYPE mood AS ENUM ('sad', 'ok');
       CREATE TABLE pet (id int PRIMARY KEY, owner int, mood mood); CREATE TABLE dropped (id int)`,
      'production',
    );
    const { sides, differences, statements, events } = await compare(
      environment('staging'),
      environment('production'),
    );
    expect(sides.wanted).toMatchObject({ label: 'staging', database: 'staging', unseen: [] });
    expect(sides.actual).toMatchObject({ label: 'production', database: 'production' });
    expect(differences.map(({ name, part, state }) => `${name} ${part ?? ''} ${state}`)).toEqual(
      expect.arrayContaining([
        'public.customer level only-wanted',
        'public.customer old only-actual',
        'public.customer name changed',
        'public.dropped  only-actual',
        'public.happy  only-wanted',
      ]),
    );
    expect(
      statements
        .filter(({ risk }) => risk === 'destroy')
        .map(({ sql }) => sql)
        .join('\n'),
    ).toMatch(/DROP TABLE .*dropped/);
    // Both are read, at once, before anything is compared.
    const kinds = events.map((one) => (one.kind === 'step' ? one.of : one.kind));
    expect(kinds.filter((one, index) => one !== kinds[index - 1]).slice(-5)).toEqual([
      'sides',
      'comparison',
      'differences',
      'comparison',
      'script',
    ]);
    expect(new Set(kinds.slice(0, kinds.indexOf('sides')))).toEqual(new Set(['wanted', 'actual']));
    const last = events
      .filter((one) => one.kind === 'differences' || one.kind === 'script')
      .filter(({ last }) => last);
    expect(last.map(({ kind }) => kind)).toEqual(['differences', 'script']);

    await run('production', statements);
    const after = await compare(environment('staging'), environment('production'));
    expect(after.differences).toEqual([]);
    expect(after.statements).toEqual([]);
  });

  it('tells what was changed since a snapshot, and the way back', async () => {
    await server.query('CREATE TABLE t (id int PRIMARY KEY, n int)', 'time');
    let taken: SnapshotInfo | undefined;
    for await (const event of await howdah.client.schema.takeSnapshot({
      environment: 'time',
      name: 'before',
    }))
      if (event.kind === 'taken') taken = event.snapshot;
    const snapshot: SchemaSource = { kind: 'snapshot', id: taken?.id ?? 0 };
    expect((await compare(environment('time'), snapshot)).differences).toEqual([]);
    await server.query('ALTER TABLE t ALTER n TYPE bigint; CREATE INDEX i ON t (n)', 'time');
    const { differences, sides } = await compare(environment('time'), snapshot);
    expect(sides.actual.label).toMatch(/^time, “before” of \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
    expect(sides.actual.at).toBe(taken?.takenAt);
    expect(differences).toMatchObject([
      { kind: 'column', part: 'n', attributes: [{ name: 'type', wanted: 'bigint', actual: 'integer' }] },
      { kind: 'index', state: 'only-wanted' },
    ]);
    await run('time', (await compare(snapshot, environment('time'))).statements);
    expect((await compare(snapshot, environment('time'))).differences).toEqual([]);
  });

  it('compares some schemas only, when they are named', async () => {
    await server.query(
      `CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.base (id int PRIMARY KEY, n int); CREATE TABLE a.one (id int PRIMARY KEY, base int REFERENCES b.base);
       CREATE SCHEMA only_here; COMMENT ON SCHEMA b IS 'x'; CREATE TABLE b.more (id int)`,
      'staging',
    );
    await server.query(
      'CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.base (id int PRIMARY KEY); CREATE TABLE a.one (id int PRIMARY KEY, base int)',
      'production',
    );
    const { differences, statements } = await compare(environment('staging'), environment('production'), {
      options: { schemas: ['a'] },
    });
    expect(differences).toMatchObject([{ kind: 'foreign key', schema: 'a', state: 'only-wanted' }]);
    expect(statements).toHaveLength(1);
    await run('production', statements);
    const after = await compare(environment('staging'), environment('production'), {
      options: { schemas: ['a'] },
    });
    expect(after.differences).toEqual([]);
    const all = await compare(environment('staging'), environment('production'));
    expect(all.differences.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['b.base', 'b.more', 'only_here', 'b']),
    );
  });

  it('compares a folder of SQL with an environment, and names the field of one that can’t be run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'howdah-sql-'));
    await putSample(howdah.dataFolder);
    try {
      writeFileSync(join(folder, '1.sql'), 'CREATE TABLE t (id int PRIMARY KEY, n int);');
      writeFileSync(join(folder, '2.sql'), 'ALTER TABLE t ADD COLUMN more text;');
      const path: SchemaSource = { kind: 'path', path: folder };
      const { differences, statements, sides } = await compare(path, environment('time'), {
        options: { ignoreOwner: true, ignorePrivileges: true, schemas: ['public'] },
      });
      expect(sides.wanted.label).toBe(folder);
      expect(differences).toMatchObject([{ kind: 'column', part: 'more', state: 'only-wanted' }]);
      expect(statements).toHaveLength(1);
      writeFileSync(join(folder, '3.sql'), 'ALTER TABLE nowhere ADD COLUMN x int;');
      await expect(compare(environment('time'), path)).rejects.toMatchObject({
        code: 'INVALID',
        data: { field: 'actual', cause: 'sql-failed' },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it('reads an environment once when it is compared with itself', async () => {
    const { differences, events } = await compare(environment('staging'), environment('staging'));
    expect(differences).toEqual([]);
    expect(events.filter((one) => one.kind === 'step' && one.of === 'actual')).toEqual([]);
  });

  it('says which side can’t be read, and why', async () => {
    await howdah.client.environments.disconnect({ environment: 'rights' });
    await expect(compare(environment('staging'), environment('rights'))).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
    });
    await howdah.client.environments.connect({ environment: 'rights' });
    await expect(compare(environment('staging'), environment('never heard'))).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNKNOWN',
    });
  });

  it('says what a role without rights could not read', async () => {
    await server.query(
      `CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC`,
      'rights',
    );
    const { sides } = await compare(environment('rights'), environment('stranger'));
    expect(sides.wanted.unseen.map(({ what }) => what)).not.toContain('Functions and procedures');
    expect(sides.actual.unseen.map(({ what }) => what)).toContain('Functions and procedures');
  });

  it('gives what stays locked out as not known', async () => {
    await server.query('CREATE TABLE held (id int PRIMARY KEY, n int DEFAULT 7)', 'locks');
    const holder = await server.connect({ database: 'locks' });
    await holder.query('BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE');
    const from = Date.now();
    const { differences } = await compare(environment('locks'), environment('locks'));
    expect(Date.now() - from).toBeLessThan(25_000);
    await holder.query('ROLLBACK');
    expect(differences.length).toBeGreaterThan(0);
    for (const { state, attributes } of differences) {
      expect(state).toBe('unknown');
      for (const one of attributes) expect(one.notKnown).toMatch(/lock/i);
    }
  }, 60_000);

  it('never takes more sessions than there may be: what comes later waits', async () => {
    let most = 0;
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) most = Math.max(most, await sessions('production'));
    })();
    const comparisons = ['production', 'single'].flatMap((name) =>
      Array.from({ length: 5 }, () => compare(environment(name), environment('staging'))),
    );
    await Promise.all(comparisons);
    watching.abort();
    await watch;
    // Of the pool of four, and of the pool of one.
    expect(most).toBeLessThanOrEqual(5);
    expect(most).toBeGreaterThanOrEqual(2);
    const status = (await howdah.client.environments.list()).statuses.find(
      ({ environment: id, state }) => state === 'connected' && id,
    );
    expect(status?.cost?.sessions).toBeGreaterThanOrEqual(1);
  }, 60_000);

  it('counts the session of a reading among those that are held', async () => {
    const held = async (): Promise<number> => {
      const { environments, statuses } = await howdah.client.environments.list();
      const { id } = environments.find(({ name }) => name === 'locks') ?? {};
      return statuses.find((one) => one.environment === id)?.cost?.sessions ?? 0;
    };
    await eventually(async () => (await sessions('locks')) === 0, 40_000);
    const before = await held();
    for await (const event of await howdah.client.schema.read({ environment: 'locks' }))
      if (event.kind === 'names') expect(await held()).toBe(before + 1);
    await eventually(async () => (await held()) === before, 5000);
  }, 60_000);

  it('leaves no session and no thread behind when it is given up, whenever that is', async () => {
    await makeManyTables(server.url('many'), 1200);
    await makeManyTables(server.url('many_more'), 1000);
    await eventually(async () => (await sessions('many')) + (await sessions('many_more')) === 0, 40_000);
    // The thread that is kept warm ends too.
    await compare(environment('staging'), environment('production'));
    const before = threads();
    const leaveAt: ((event: ComparisonProgress) => boolean)[] = [
      (event) => event.kind === 'step' && /session/.test(event.step),
      (event) => event.kind === 'step' && event.of === 'actual' && /structure/.test(event.step),
      (event) => event.kind === 'step' && /definitions/.test(event.step),
      (event) => event.kind === 'step' && event.of === 'comparison',
      (event) => event.kind === 'differences',
    ];
    for (const isThere of leaveAt) {
      const stop = new AbortController();
      const comparing = compare(environment('many'), environment('many_more'), {
        signal: stop.signal,
        onEvent: (event) => {
          if (isThere(event)) setTimeout(() => stop.abort(), 20);
        },
      });
      await expect(comparing).rejects.toThrow();
      await eventually(async () => (await sessions('many')) <= 1 && (await sessions('many_more')) <= 1, 3000);
      await eventually(async () => threads() <= before + 1, 5000);
    }
    // Whoever leaves without a signal is as welcome.
    for await (const event of await howdah.client.schema.compare({
      wanted: environment('many'),
      actual: environment('many_more'),
    }))
      if (event.kind === 'sides') break;
    await eventually(async () => threads() <= before + 1, 5000);
    const { differences, events } = await compare(environment('many'), environment('many_more'));
    expect(differences).toHaveLength(200);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(2_000_000);
  }, 120_000);

  it('writes a structure as text, in pieces that put together are the whole', async () => {
    const export_ = async (
      format: 'ddl' | 'mermaid' | 'dbml' | 'svg',
      source: SchemaSource,
      schemas?: string[],
    ) => {
      const texts: string[] = [];
      let name = '';
      let ended = 0;
      for await (const event of await howdah.client.schema.export({ source, format, schemas })) {
        if (event.kind !== 'text') continue;
        texts.push(event.text);
        name = event.name;
        if (event.last) ended += 1;
      }
      expect(ended).toBe(1);
      return { name, texts, text: texts.join('') };
    };
    const large = await export_('ddl', environment('many'));
    expect(large.name).toBe('many.sql');
    expect(large.texts.length).toBeGreaterThan(1);
    for (const one of large.texts) expect(one.length).toBeLessThanOrEqual(400_000);
    await server.query('CREATE DATABASE copy');
    await run('copy', [{ sql: large.text }]);
    const [tables] = await server.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_class WHERE relkind = 'r' AND relname ~ '^table_'",
      'copy',
    );
    expect(tables?.n).toBe(1200);
    expect((await export_('mermaid', environment('staging'), ['a'])).text).not.toContain('customer');
    const picture = await export_('svg', environment('staging'));
    expect(picture.name).toBe('staging.svg');
    expect(picture.text).toMatch(/^<svg[\s\S]*customer[\s\S]*<\/svg>\s*$/);
    await expect(export_('dbml', { kind: 'snapshot', id: 4711 })).rejects.toMatchObject({
      data: { cause: 'snapshot-unknown', field: 'source' },
    });
  }, 60_000);

  it('writes one table after the other as SQL', async () => {
    const ddl = (schema: string, table: string) =>
      howdah.client.schema.tableDdl({ environment: 'many', schema, table });
    expect((await ddl('area_7', 'table_7')).text).toMatch(/CREATE TABLE .*table_7[\s\S]*CREATE INDEX/);
    const from = Date.now();
    for (let index = 20; index < 25; index += 1)
      expect((await ddl(`area_${index % 20}`, `table_${index}`)).text).toContain(`table_${index}`);
    // The model stays with the thread.
    expect(Date.now() - from).toBeLessThan(2500);
    await expect(ddl('area_7', 'no such')).rejects.toMatchObject({ data: { cause: 'table-unknown' } });
  }, 60_000);

  it('writes a table that is locked from what is known, at once, and whole when the lock is gone', async () => {
    await server.query('CREATE DATABASE held');
    await server.query(
      `CREATE TABLE held (id int PRIMARY KEY, n int DEFAULT 7, CHECK (n > 0)); CREATE INDEX held_n ON held (n);
       CREATE TABLE free (id int DEFAULT 5)`,
      'held',
    );
    const own = await consoleOn({ held: server.url('held') });
    const ddl = async (table: string): Promise<string> =>
      (await own.client.schema.tableDdl({ environment: 'held', schema: 'public', table })).text;
    const holder = await server.connect({ database: 'held' });
    try {
      await holder.query('BEGIN; LOCK TABLE held');
      for (let time = 0; time < 2; time += 1) {
        const from = Date.now();
        const text = await ddl('held');
        // To sit through the attempts at what is locked would take 15 s.
        expect(Date.now() - from).toBeLessThan(6000);
        expect(text).toContain('CREATE TABLE "public"."held"');
        expect(text).toMatch(/^-- .*held_n.*locked/m);
        expect(await ddl('free')).toContain('DEFAULT 5');
      }
      await holder.query('ROLLBACK');
      const whole = await ddl('held');
      expect(whole).toContain('CREATE INDEX held_n');
      expect(whole).not.toContain('locked');
    } finally {
      await holder.end();
      await own.remove();
    }
  }, 60_000);

  it.skipIf(!pgbouncer)(
    'works behind a pooler',
    async () => {
      const pooler = await startPgbouncer(server.port, 'transaction');
      try {
        const pooled = await consoleOn({
          behind: server.url('staging').replace(`:${server.port}/`, `:${pooler.port}/`),
          direct: server.url('staging'),
        });
        try {
          const source = (name: string): SchemaSource => ({ kind: 'environment', environment: name });
          for await (const event of await pooled.client.schema.compare({
            wanted: source('behind'),
            actual: source('direct'),
          }))
            if (event.kind === 'differences') expect(event.differences).toEqual([]);
          const { text } = await pooled.client.schema.tableDdl({
            environment: 'behind',
            schema: 'public',
            table: 'pet',
          });
          expect(text).toContain('pet_owner');
        } finally {
          await pooled.remove();
        }
      } finally {
        await pooler.stop();
      }
    },
    60_000,
  );
});
