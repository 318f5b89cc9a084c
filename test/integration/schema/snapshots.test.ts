import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaSource, SnapshotInfo } from '../../../preload/contract/schema.ts';
import type { Difference } from '../../../preload/contract/schema-diff.ts';
import { draftFor, openTestConsole, type TestConsole } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { consoleOn } from '../../support/read-model.ts';

const databases = ['watched', 'manual', 'files', 'roles', 'gone', 'locks'] as const;

describe('snapshots of a structure', () => {
  let server: TestServer;
  let howdah: TestConsole;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-snapshots-'));
    server = await startPostgres({ settings: { autovacuum: 'off' } });
    for (const name of databases) await server.query(`CREATE DATABASE ${name}`);
    howdah = await consoleOn(Object.fromEntries(databases.map((name) => [name, server.url(name)])));
  });
  afterAll(async () => {
    await howdah?.remove();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = async (environment: string, options: { definitions?: boolean } = {}): Promise<void> => {
    for await (const _ of await howdah.client.schema.read({ environment, cached: true, ...options })) {
      // To its end.
    }
  };
  const list = (environment?: string) => howdah.client.schema.snapshots({ environment });
  const listOf = async (environment: string, count: number): Promise<SnapshotInfo[]> =>
    await eventually(async () => {
      const all = await list(environment);
      return all.length === count ? all : undefined;
    }, 5000);
  const take = async (environment: string, name?: string): Promise<SnapshotInfo> => {
    let taken: SnapshotInfo | undefined;
    for await (const event of await howdah.client.schema.takeSnapshot({ environment, name }))
      if (event.kind === 'taken') taken = event.snapshot;
    if (!taken) throw new Error('No snapshot was taken.');
    return taken;
  };
  const differences = async (wanted: SchemaSource, actual: SchemaSource): Promise<Difference[]> => {
    const all: Difference[] = [];
    for await (const event of await howdah.client.schema.compare({ wanted, actual }))
      if (event.kind === 'differences') all.push(...event.differences);
    return all;
  };
  const fileOf = async (source: SchemaSource): Promise<{ name: string; text: string }> => {
    let name = '';
    let text = '';
    for await (const event of await howdah.client.schema.snapshotFile({ source })) {
      if (event.kind !== 'text') continue;
      name = event.name;
      text += event.text;
    }
    return { name, text };
  };

  describe('kept by themselves', () => {
    it('are kept after the first reading, and again only after one that found something changed', async () => {
      await server.query(
        'CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 1 CHECK (n > 0)); CREATE VIEW v AS SELECT n FROM t',
        'watched',
      );
      expect(await list('watched')).toEqual([]);
      await read('watched');
      const [first] = await listOf('watched', 1);
      expect(first).toMatchObject({
        origin: 'watched',
        database: 'watched',
        automatic: true,
        name: null,
        tables: 2,
        serverVersion: expect.stringMatching(/^\d+/),
      });
      expect(first?.bytes).toBeGreaterThan(300);
      expect(first?.seenUntil).toBe(first?.takenAt);

      await read('watched');
      const seen = await eventually(async () => {
        const [one] = await list('watched');
        return one && one.seenUntil > one.takenAt ? one : undefined;
      }, 5000);
      expect(await list('watched')).toHaveLength(1);
      expect(seen).toEqual({ ...first, seenUntil: seen.seenUntil });

      await server.query('ALTER TABLE t ADD COLUMN more text', 'watched');
      await read('watched');
      const [second, again] = await listOf('watched', 2);
      expect(again).toEqual(seen);
      expect(second?.id).not.toBe(first?.id);
      const found = await differences(
        { kind: 'environment', environment: 'watched' },
        { kind: 'snapshot', id: first?.id ?? 0 },
      );
      expect(found).toMatchObject([{ kind: 'column', part: 'more', state: 'only-wanted' }]);
    });

    it('are not kept for what is no change: rows, statistics, oids', async () => {
      await read('watched');
      const before = await list('watched');
      await server.query(
        `INSERT INTO t SELECT g, g FROM generate_series(1, 500) g; ANALYZE t; DROP VIEW v; CREATE VIEW v AS SELECT n FROM t;
         ALTER TABLE t DROP CONSTRAINT t_n_check; ALTER TABLE t ADD CONSTRAINT t_n_check CHECK (n > 0)`,
        'watched',
      );
      await read('watched');
      await eventually(
        async () => ((await list('watched'))[0]?.seenUntil ?? 0) > (before[0]?.seenUntil ?? 0),
        5000,
      );
      expect(await list('watched')).toHaveLength(before.length);
    });

    it('tell each kind of change from none', async () => {
      const changes = [
        'ALTER TABLE t ALTER n SET DEFAULT 2',
        'CREATE OR REPLACE VIEW v AS SELECT n FROM t WHERE n > 1',
        'ALTER TABLE t RENAME COLUMN more TO other',
        'ALTER TABLE t ALTER n SET NOT NULL',
        "COMMENT ON COLUMN t.n IS 'x'",
        'GRANT SELECT ON t TO PUBLIC',
        'CREATE INDEX i ON t (n)',
        'DROP INDEX i; CREATE INDEX i ON t (n, id)',
        "CREATE TYPE e AS ENUM ('a')",
        "ALTER TYPE e ADD VALUE 'b'",
        'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
        'CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 2$$',
        'CREATE POLICY p ON t USING (n > 1)',
        'ALTER POLICY p ON t USING (n > 2)',
        'ALTER SEQUENCE s INCREMENT 2',
        'ALTER SCHEMA extra RENAME TO further',
        'ALTER PUBLICATION pub ADD TABLE t',
      ];
      await server.query('CREATE SEQUENCE s; CREATE SCHEMA extra; CREATE PUBLICATION pub', 'watched');
      await read('watched');
      let count =
        (await eventually(async () => ((await list('watched')).length === 3 ? [3] : undefined)))[0] ?? 0;
      for (const sql of changes) {
        await server.query(sql, 'watched');
        await read('watched');
        count += 1;
        const seen = await listOf('watched', count).catch(() => undefined);
        expect(seen, sql).toBeDefined();
      }
    }, 60_000);

    it('wait until all definitions are known', async () => {
      await server.query(
        'CREATE TABLE held (id int PRIMARY KEY, n int DEFAULT 1); CREATE TABLE free (id int)',
        'locks',
      );
      const holder = await server.connect({ database: 'locks' });
      await holder.query('BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE');
      const stop = new AbortController();
      const reading = (async () => {
        for await (const event of await howdah.client.schema.read(
          { environment: 'locks' },
          { signal: stop.signal },
        ))
          if (event.kind === 'definitions') stop.abort();
      })();
      await expect(reading).rejects.toThrow();
      await holder.query('ROLLBACK');
      await read('locks', { definitions: false });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await list('locks')).toEqual([]);
      await read('locks');
      await listOf('locks', 1);
    });

    it('are not kept of environments that are only here for now', async () => {
      const { id } = await howdah.client.environments.open({ url: server.url('manual') });
      await howdah.client.environments.connect({ environment: id });
      await read(id);
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(await list(id)).toEqual([]);
      await howdah.client.environments.remove({ environment: id });
    });
  });

  describe('taken by hand', () => {
    it('are kept even when nothing has changed, without keeping the structure twice', async () => {
      await server.query('CREATE TABLE big (id int PRIMARY KEY, what text)', 'manual');
      const steps: string[] = [];
      let first: SnapshotInfo | undefined;
      for await (const event of await howdah.client.schema.takeSnapshot({
        environment: 'manual',
        name: ' before ',
      })) {
        if (event.kind === 'step') steps.push(event.step);
        else first = event.snapshot;
      }
      expect(steps).toContain('Reading the structure');
      expect(first).toMatchObject({ name: 'before', automatic: false, origin: 'manual', tables: 1 });
      const second = await take('manual');
      expect(second.id).not.toBe(first?.id);
      expect(second.bytes).toBe(first?.bytes);
      const { DatabaseSync } = await import('node:sqlite');
      const db = new DatabaseSync(join(howdah.dataFolder, 'howdah.db'), { readOnly: true });
      const structures = db
        .prepare('SELECT count(DISTINCT structure) AS n FROM schema_snapshot WHERE id IN (?, ?)')
        .get(first?.id ?? 0, second.id);
      db.close();
      expect(structures).toEqual({ n: 1 });
    });

    it('can be named, renamed and removed; an id that is not there is said to be none', async () => {
      const { id } = await take('manual');
      expect(await howdah.client.schema.renameSnapshot({ id, name: 'release 7' })).toMatchObject({
        id,
        name: 'release 7',
      });
      expect(await howdah.client.schema.renameSnapshot({ id, name: null })).toMatchObject({ name: null });
      await howdah.client.schema.removeSnapshot({ id });
      expect((await list('manual')).map((one) => one.id)).not.toContain(id);
      const unknown = { code: 'INVALID', data: { cause: 'snapshot-unknown', field: 'id' } };
      await expect(howdah.client.schema.removeSnapshot({ id })).rejects.toMatchObject(unknown);
      await expect(howdah.client.schema.renameSnapshot({ id, name: 'x' })).rejects.toMatchObject(unknown);
      await expect(
        differences({ kind: 'snapshot', id }, { kind: 'environment', environment: 'manual' }),
      ).rejects.toMatchObject({ data: { cause: 'snapshot-unknown', field: 'wanted' } });
    });

    it('say that an environment is not connected', async () => {
      await howdah.client.environments.add({
        draft: draftFor(server.url('postgres'), { name: 'asleep' }),
        connect: false,
      });
      await expect(take('asleep')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    });

    it('outlive their environment, and the console', async () => {
      await server.query('CREATE TABLE last (id int)', 'gone');
      const { id } = await take('gone', 'the end');
      await howdah.client.environments.remove({ environment: 'gone', confirm: 'gone' });
      expect((await list()).find((one) => one.id === id)).toMatchObject({
        environment: null,
        origin: 'gone',
        name: 'the end',
      });
      expect((await fileOf({ kind: 'snapshot', id })).text).toContain('"last"');
    });
  });

  it('are compared with those of the same role only: another sees less', async () => {
    await server.query(
      `CREATE ROLE half LOGIN PASSWORD 'half'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE TABLE t (id int); REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC`,
      'roles',
    );
    await read('roles');
    await listOf('roles', 1);
    const { connection } = draftFor(server.url('roles', 'half', 'half'));
    await howdah.client.environments.update({
      environment: 'roles',
      changes: { connection },
      password: { password: 'half', remember: false },
    });
    await howdah.client.environments.connect({ environment: 'roles' });
    await read('roles');
    const [half] = await listOf('roles', 2);
    const back = draftFor(server.url('roles')).connection;
    await howdah.client.environments.update({
      environment: 'roles',
      changes: { connection: back },
      password: { password: 'postgres', remember: false },
    });
    await howdah.client.environments.connect({ environment: 'roles' });
    await read('roles');
    const seen = await eventually(async () => {
      const [newest, oldest] = await list('roles');
      return oldest && oldest.seenUntil > (half?.takenAt ?? 0) ? [newest, oldest] : undefined;
    }, 5000);
    expect(seen).toHaveLength(2);
    expect(await list('roles')).toHaveLength(2);
  });

  describe('as files', () => {
    let text = '';
    beforeAll(async () => {
      await server.query(
        `CREATE TABLE "o'dd 🐘" (id int PRIMARY KEY, n int DEFAULT 7); CREATE VIEW seven AS SELECT n FROM "o'dd 🐘" WHERE n = 7;
         CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT '🦣'::text$$`,
        'files',
      );
    });
    const environment = { kind: 'environment', environment: 'files' } as const;
    const put = (name: string, content: string | Buffer): SchemaSource => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return { kind: 'path', path };
    };
    const causeOf = async (wanted: SchemaSource): Promise<unknown> => {
      const error = await differences(wanted, environment).then(
        () => undefined,
        (thrown: { code: string; data: Record<string, unknown> }) => thrown,
      );
      expect(error, JSON.stringify(wanted)).toMatchObject({ code: 'INVALID', data: { field: 'wanted' } });
      for (const part of ['what', 'why', 'next']) expect(error?.data[part]).toMatch(/\S/);
      return error?.data.cause;
    };

    it('come back as they went, gzipped or not', async () => {
      const file = await fileOf(environment);
      text = file.text;
      expect(file.name).toMatch(/^files-\d{4}-\d\d-\d\d\.schema\.json$/);
      expect(JSON.parse(text)).toMatchObject({ howdah: 'schema snapshot', version: 1, origin: 'files' });
      expect(JSON.parse(text).model.tables).toHaveLength(2);
      expect(await differences(put('a.json', text), environment)).toEqual([]);
      expect(await differences(put('a.json.gz', gzipSync(text)), environment)).toEqual([]);
      expect(await differences(environment, put('bom.json', `\uFEFF${text}`))).toEqual([]);
      // Once more through a file of the file.
      const again = await fileOf({ kind: 'path', path: join(folder, 'a.json') });
      expect(JSON.parse(again.text).model).toEqual(JSON.parse(text).model);
    });

    it('show what was changed since', async () => {
      await server.query('CREATE TABLE later (id int)', 'files');
      expect(await differences(environment, put('a.json', text))).toMatchObject([
        { kind: 'table', name: 'public.later', state: 'only-wanted' },
      ]);
      await server.query('DROP TABLE later', 'files');
    });

    it('that are none, newer, cut off or damaged are told by name', async () => {
      expect(await causeOf(put('other.json', '{"some": "json"}'))).toBe('not-a-snapshot-file');
      expect(await causeOf(put('list.json', '[1, 2]'))).toBe('not-a-snapshot-file');
      expect(await causeOf(put('newer.json', text.replace('"version":1', '"version":2')))).toBe(
        'snapshot-file-newer',
      );
      expect(await causeOf(put('cut.json', text.slice(0, text.length / 2)))).toBe('snapshot-file-damaged');
      expect(await causeOf(put('cut.gz', gzipSync(text).subarray(0, 900)))).toBe('snapshot-file-damaged');
      expect(await causeOf(put('hollow.json', '{"howdah":"schema snapshot","version":1}'))).toBe(
        'snapshot-file-damaged',
      );
      const model = JSON.parse(text);
      model.model.tables[0] = null;
      expect(await causeOf(put('null.json', JSON.stringify(model)))).toBe('snapshot-file-damaged');
      for (const columns of [[null], 'none', [{ name: 'id' }]]) {
        model.model.tables[0] = { ...JSON.parse(text).model.tables[0], columns };
        expect(await causeOf(put('columns.json', JSON.stringify(model)))).toBe('snapshot-file-damaged');
      }
      delete model.model.tables;
      expect(await causeOf(put('short.json', JSON.stringify(model)))).toBe('snapshot-file-damaged');
      expect(await causeOf({ kind: 'path', path: join(folder, 'nowhere.json') })).toBe('file-missing');
      expect(await causeOf({ kind: 'path', path: '/dev/zero' })).toBe('not-a-file');
    }, 90_000);

    it('that unpack to more than can be held are refused', async () => {
      // 450 MiB of blanks behind a good beginning are half a megabyte when packed.
      const head = gzipSync('{"howdah":"schema snapshot","version":1,"model":');
      const blanks = gzipSync(Buffer.alloc(150 * 1024 * 1024, ' '));
      expect(await causeOf(put('bomb.gz', Buffer.concat([head, blanks, blanks, blanks])))).toBe(
        'snapshot-file-too-large',
      );
    });

    it('are told from SQL by what they are', async () => {
      mkdirSync(join(folder, 'sql'));
      expect(await causeOf({ kind: 'path', path: join(folder, 'sql') })).toBe('sql-path');
      expect(await causeOf(put('psql.json', 'SELECT 1 \\gexec'))).toBe('sql-unreadable');
    });
  });

  it('are still there after a restart, and old ones that were kept by themselves are let go', async () => {
    await read('watched');
    const before = await list();
    const { DatabaseSync } = await import('node:sqlite');
    await howdah.close();
    const db = new DatabaseSync(join(howdah.dataFolder, 'howdah.db'));
    // Seventy more of the last days, of which one was named.
    const [last] = before.filter(({ origin, automatic }) => origin === 'watched' && automatic);
    for (let hour = 1; hour <= 70; hour += 1)
      db.prepare(
        `INSERT INTO schema_snapshot (environment, structure, origin, database, role, server_version, taken_at, seen_until, name, automatic)
         SELECT environment, structure, origin, database, role, server_version, taken_at - ?, taken_at - ?, ?, 1 FROM schema_snapshot WHERE id = ?`,
      ).run(hour * 3_600_000, hour * 3_600_000, hour === 70 ? 'dear' : null, last?.id ?? 0);
    db.close();
    const { dataFolder } = howdah;
    howdah = await openTestConsole({ dataFolder });
    const added = await list('watched');
    expect(added.length).toBeGreaterThan(70);
    await howdah.client.environments.connect({
      environment: 'watched',
      password: { password: 'postgres', remember: false },
    });
    await server.query('CREATE TABLE one_more (id int)', 'watched');
    await read('watched');
    const left = await eventually(async () => {
      const all = await list('watched');
      return all.length < added.length ? all : undefined;
    }, 5000);
    expect(left.filter(({ automatic, name }) => automatic && name === null)).toHaveLength(60);
    expect(left.map(({ name }) => name)).toContain('dear');
    expect(left[0]?.takenAt).toBeGreaterThan(last?.takenAt ?? 0);
    const manual = before.filter(({ automatic }) => !automatic).map(({ id }) => id);
    const kept = (await list()).map(({ id }) => id);
    for (const id of manual) expect(kept).toContain(id);
  });
});
