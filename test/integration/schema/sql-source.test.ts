import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compareSchemas } from '../../../main/schema/diff/index.ts';
import { collectModel, readSchema } from '../../../main/schema/index.ts';
import { withRealRoles } from '../../../main/schema/sql-roles.ts';
import { type SqlSourceOptions, withScratchOf } from '../../../main/schema/sql-source.ts';
import { type ScratchLimits, type ScratchRoom, scratchRoom } from '../../../main/scratch/index.ts';
import type { Explanation } from '../../../preload/contract/common.ts';
import type { SchemaModel } from '../../../preload/contract/schema-model.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';

const run = promisify(execFile);
let server: TestServer;
let room: ScratchRoom;
let folder: string;

const roomOn = ({ port }: TestServer, limits?: Partial<ScratchLimits>): ScratchRoom =>
  scratchRoom(
    {
      server: async () => ({
        server: { host: '127.0.0.1', port, user: 'postgres', password: 'postgres' },
        release: async () => undefined,
      }),
    },
    limits,
  );

beforeAll(async () => {
  server = await startPostgres();
  await server.query('CREATE ROLE app SUPERUSER');
});
afterAll(() => server?.remove());
beforeEach(() => {
  room = roomOn(server);
  folder = mkdtempSync(join(tmpdir(), 'howdah-sql-'));
});
afterEach(async () => {
  await room.close();
  rmSync(folder, { recursive: true, force: true });
  expect(await left()).toEqual([]);
});

const left = async (): Promise<string[]> => {
  const rows = await server.query<{ name: string }>(
    "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'howdah%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'howdah%'",
  );
  return rows.map(({ name }) => name);
};

function put(files: Record<string, string | Buffer>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const file = (content: string | Buffer): string => join(put({ 'a.sql': content }), 'a.sql');

/** The structure that SQL makes, and what was left out of it. */
async function structure(
  path: string,
  options?: SqlSourceOptions,
): Promise<{ model: SchemaModel; leftOut: { what: string; why: string }[] }> {
  const source = await withScratchOf(room, path, options);
  try {
    const model = await collectModel(readSchema(source, { definitions: true }));
    if (!model) throw new Error('Nothing was read.');
    return { model: withRealRoles(model), leftOut: source.leftOut };
  } finally {
    await source.close();
  }
}

async function problem(path: string): Promise<Explanation> {
  try {
    await structure(path);
  } catch (error) {
    return (error as { data: Explanation }).data;
  }
  throw new Error('It did not fail.');
}

const tables = ({ tables: all }: SchemaModel): string[] => all.map(({ name }) => name).sort();

describe('a folder of SQL becomes a structure', () => {
  test('by its tool’s own order, and nothing that goes back is run', async () => {
    const { model, leftOut } = await structure(
      put({
        '9_a.up.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
        '10_b.up.sql': 'ALTER TABLE a RENAME TO b;',
        '10_b.down.sql': 'DROP TABLE b;',
        'notes.txt': 'x',
      }),
    );
    expect(tables(model)).toEqual(['b']);
    expect(leftOut).toEqual([]);
  });

  test('with statements that want a transaction and those that must not have one', async () => {
    const { model } = await structure(
      put({
        '1_a.sql':
          '-- +goose Up\nCREATE TABLE a (id int);\nLOCK TABLE a;\nSAVEPOINT x;\n-- +goose Down\nDROP TABLE a;\n',
        '2_b.sql':
          '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nVACUUM a;\n',
      }),
    );
    expect(model.indexes.map(({ name }) => name)).toEqual(['a_id']);
  });

  test('and one file’s settings are gone in the next', async () => {
    const { model } = await structure(
      put({
        '1.sql':
          "SELECT pg_catalog.set_config('search_path', '', false); SET default_transaction_read_only = on;",
        '2.sql': 'CREATE TABLE t ();',
      }),
    );
    expect(tables(model)).toEqual(['t']);
  });
});

test('a plain dump, as pg_dump writes it, gives the structure that it was made of', async () => {
  await server.query('CREATE DATABASE origin');
  await server.query(
    `CREATE ROLE "Tenant" NOLOGIN; CREATE SCHEMA app AUTHORIZATION app;
     CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pgcrypto;
     CREATE TABLE app.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" DEFAULT 'a;b');
     ALTER TABLE app.t OWNER TO app; ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
     CREATE POLICY mine ON app.t TO "Tenant" USING (id > 0);
     CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT count(*)::int FROM app.t; END;
     INSERT INTO app.t (name) VALUES ('x'), ('y'';');
     GRANT SELECT (name) ON app.t TO "Tenant"; ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO "Tenant"`,
    'origin',
  );
  try {
    const { stdout } = await run(join(standardBinaries(), 'pg_dump'), ['--create', server.url('origin')], {
      maxBuffer: 1e8,
    });
    // With --create it goes into a database of its own: that is psql's to do.
    expect((await problem(file(stdout))).why).toContain('\\connect');
    const { stdout: plain } = await run(join(standardBinaries(), 'pg_dump'), [server.url('origin')]);
    const { model, leftOut } = await structure(file(plain));
    const [table] = model.tables.filter(({ name }) => name === 't');
    expect(table).toMatchObject({ owner: 'app', rowSecurity: true });
    expect(model.schemas.find(({ name }) => name === 'app')?.owner).toBe('app');
    expect(table?.columns[1]?.grants).toEqual([
      { grantee: 'Tenant', grantor: 'app', privileges: 'r', grantable: '' },
    ]);
    expect(model.policies.map(({ roles }) => roles)).toEqual([['Tenant']]);
    expect(model.extensions.map(({ name }) => name).sort()).toEqual(['pg_stat_statements', 'pgcrypto']);
    expect(model.routines.filter(({ extension }) => !extension).map(({ name }) => name)).toEqual(['f']);
    expect(leftOut).toEqual([
      { what: 'COPY … FROM stdin in a.sql', why: 'Rows are not part of the structure.' },
    ]);
  } finally {
    await server.query('DROP DATABASE origin');
    await server.query('DROP ROLE "Tenant"');
  }
});

test('SQL can’t reach beyond its database, and what was refused is told while all else is made', async () => {
  const mark = join(folder, 'owned');
  const { model, leftOut } = await structure(
    file(`CREATE TABLE t (id int);
COPY t FROM PROGRAM 'touch ${mark}';
COPY t FROM '/etc/passwd';
SELECT lo_import('/etc/passwd');
SELECT pg_read_file('/etc/passwd');
CREATE ROLE evil SUPERUSER;
ALTER ROLE CURRENT_USER SUPERUSER;
DROP DATABASE template1;
ALTER SYSTEM SET archive_command = 'touch ${mark}';
CREATE EXTENSION dblink;
CREATE FUNCTION c() RETURNS int LANGUAGE c AS 'x', 'y';
DO $$ BEGIN CREATE ROLE evil SUPERUSER; END $$;
RESET ROLE; SET ROLE app; SET SESSION AUTHORIZATION postgres;
GRANT pg_execute_server_program TO CURRENT_USER;
CREATE FUNCTION own() RETURNS bool LANGUAGE sql SECURITY DEFINER AS 'SELECT usesuper FROM pg_user WHERE usename = current_user';
ALTER FUNCTION own() OWNER TO postgres;
BEGIN; CREATE TABLE u (id int); CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION nope(); COMMIT;
CREATE TABLE v AS SELECT current_user::text AS who, own() AS super;
DO $$ BEGIN IF (SELECT super FROM v) THEN RAISE 'out'; END IF; END $$;`),
  );
  expect(existsSync(mark)).toBe(false);
  expect(await server.query("SELECT FROM pg_roles WHERE rolname = 'evil'")).toEqual([]);
  expect(tables(model)).toEqual(['t', 'u', 'v']);
  // It is called what the SQL calls it, and is not that role.
  expect(model.routines.map(({ owner }) => owner)).toEqual(['postgres']);
  expect(leftOut.map(({ what }) => what)).toEqual([
    'COPY in a.sql, line 2',
    'COPY in a.sql, line 3',
    'SELECT in a.sql, line 4',
    'SELECT in a.sql, line 5',
    'CREATE ROLE in a.sql, line 6',
    'ALTER ROLE in a.sql, line 7',
    'DROP DATABASE in a.sql, line 8',
    'ALTER SYSTEM in a.sql, line 9',
    'CREATE EXTENSION dblink in a.sql, line 10',
    'CREATE FUNCTION in a.sql, line 11',
    'DO in a.sql, line 12',
    'SET ROLE in a.sql, line 13 and 1 more',
    'SET SESSION AUTHORIZATION in a.sql, line 13',
    'GRANT of a role in a.sql, line 14',
    'CREATE EVENT TRIGGER in a.sql, line 17',
  ]);
});

describe('what can’t be run is refused before anything is', () => {
  test.each([
    ['SELECT 1;\n\\! touch x\n', 2, '\\!'],
    ['\\i other.sql\n', 1, '\\i'],
    ['SELECT 1;\n\\connect other\n', 2, '\\connect'],
    ["\n\nSELECT 'open;\n", 3, 'not closed'],
    [Buffer.from("SELECT 1;\nSELECT 'f\xfcr';", 'latin1'), 2, 'not UTF-8'],
    [Buffer.from('SELECT 1;\0'), 1, 'NUL'],
  ])('%j', async (content, line, said) => {
    const { what, why, cause } = await problem(file(content));
    expect(cause).toBe('sql-unreadable');
    expect(what).toBe(`a.sql, line ${line}: can’t be run.`);
    expect(why).toContain(said);
  });

  test('and so are paths that hold no SQL', async () => {
    expect((await problem(join(folder, 'nowhere'))).why).toBe('There is no such file or folder.');
    expect((await problem(folder)).why).toBe('It is empty.');
    expect((await problem('/dev/null')).why).toBe('It is neither a file nor a folder.');
    expect((await problem(put({ '1_a.py': '' }))).why).toContain('Alembic');
  });
});

test('a statement that fails is told with file, line, statement and the server’s words, without texts in quotes', async () => {
  const found = await problem(
    put({ '1.sql': 'CREATE TABLE t ();\n', '2.sql': "-- why\nSELECT 'hunter2',\n  nope\nFROM t;\n" }),
  );
  expect(found).toMatchObject({
    cause: 'sql-failed',
    what: '2.sql, line 3: the statement failed.',
    why: 'Column "nope" does not exist.',
    command: "SELECT '…', nope FROM t",
    server: { sqlstate: '42703' },
  });
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('a file that leaves its transaction open can’t be taken', async () => {
  expect((await problem(file('BEGIN; CREATE TABLE t ();'))).why).toContain('within a transaction');
});

test('a cancelled run stops on the server at once and leaves no database', async () => {
  const cancel = new AbortController();
  const path = file('CREATE TABLE t (); SELECT pg_sleep(60);');
  const running = structure(path, {
    signal: cancel.signal,
    onStep: (step) => {
      if (step.startsWith('Running')) setTimeout(() => cancel.abort(new Error('stop')), 300);
    },
  });
  const from = performance.now();
  await expect(running).rejects.toThrow('stop');
  expect(performance.now() - from).toBeLessThan(10_000);
  expect(await left()).toEqual([]);
});

test('what a console left behind that was ended hard is dropped at the next use; a living one’s is left alone', async () => {
  const living = await roomOn(server).openScratch();
  const dead = await roomOn(server).openScratch();
  await dead.roleFor('app');
  // As the system does it for a process that was killed: its sessions end, and nothing else happens.
  const holder = await server.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
     AND (classid::bigint << 32 | objid::bigint) = hashtextextended('${dead.database}', 0)`,
  );
  await server.query(`SELECT pg_terminate_backend(${holder[0]?.pid})`);
  const next = await room.openScratch();
  expect((await left()).sort()).toEqual(
    [
      living.database,
      `${living.database}_run`,
      living.database,
      next.database,
      `${next.database}_run`,
      next.database,
    ].sort(),
  );
  await next.close();
  await living.close();
});

test('a script of 20 MB is run without holding up the main thread', async () => {
  const insert =
    "INSERT INTO t (a) VALUES ('some text that takes its place; and more of it, as dumps have');\n";
  const comment = `/* ${'x'.repeat(1000)} */\n`;
  const script = `CREATE TABLE t (a text);\nBEGIN;\n${insert.repeat(3000)}COMMIT;\n${comment.repeat(20_000)}CREATE TABLE u ();\n`;
  let last = performance.now();
  let longest = 0;
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  try {
    expect(tables((await structure(file(script))).model)).toEqual(['t', 'u']);
  } finally {
    clearInterval(beat);
  }
  // Reading it takes seconds; other tests take the processor too.
  expect(longest).toBeLessThan(500);
}, 60_000);

describe('SQL that takes too much is stopped where it stands, and leaves nothing', {
  timeout: 60_000,
}, () => {
  const stopped = async (sql: string, limits: Partial<ScratchLimits>): Promise<Explanation> => {
    room = roomOn(server, { everyMs: 50, ...limits });
    return await problem(file(`CREATE TABLE t (a text);\n${sql}`));
  };

  test('what fills the disk', async () => {
    const found = await stopped(
      'DO $$ BEGIN LOOP INSERT INTO t VALUES (repeat(md5(random()::text), 50)); END LOOP; END $$;',
      { databaseBytes: 40 * 1024 ** 2 },
    );
    expect(found).toMatchObject({ cause: 'sql-failed', what: 'a.sql, line 2: the statement failed.' });
    expect(found.why).toContain('database of more than 40 MiB');
  });

  test('what goes round in circles, even when it will not hear of being cancelled', async () => {
    const found = await stopped(
      `DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(1); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;`,
      { ms: 500 },
    );
    expect(found.what).toBe('a.sql, line 2: the statement failed.');
    expect(found.why).toContain('takes longer than');
  });

  test.each([
    ["SELECT repeat('x', 5000000);"],
    ["DO $$ BEGIN RAISE NOTICE '%', repeat('x', 5000000); END $$;"],
    ["DO $$ BEGIN RAISE EXCEPTION '%', repeat('x', 5000000); END $$;"],
  ])('what answers with more than fits into memory: %s', async (sql) => {
    const found = await stopped(sql, { messageBytes: 1024 ** 2 });
    expect(found.what).toBe('a.sql, line 2: the statement failed.');
    expect(found.why).toBe('The server’s answer is larger than 1 MiB.');
  });

  test('rows that nobody looks at are not gathered', async () => {
    const path = file("SELECT repeat('x', 1000) FROM generate_series(1, 400000);\nCREATE TABLE t ();");
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const beat = setInterval(() => {
      most = Math.max(most, process.memoryUsage().heapUsed);
    }, 20);
    try {
      expect(tables((await structure(path)).model)).toEqual(['t']);
    } finally {
      clearInterval(beat);
    }
    expect(most - before).toBeLessThan(200 * 1024 ** 2);
  });
});

test('two folders that make the same are alike, whoever ran them', async () => {
  const sql = `CREATE SCHEMA s; CREATE TABLE s.t (a int PRIMARY KEY); REVOKE INSERT ON s.t FROM CURRENT_USER;
    CREATE TYPE s.mood AS ENUM ('a'); CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    DO $$ BEGIN SET ROLE NONE; CREATE TABLE s.by_another_role (); END $$;`;
  const path = file(sql);
  const raw = async (): Promise<SchemaModel> => {
    const source = await withScratchOf(room, path);
    try {
      const model = await collectModel(readSchema(source, { definitions: true }));
      if (!model) throw new Error('Nothing was read.');
      return model;
    } finally {
      await source.close();
    }
  };
  const [one, other] = [await raw(), await raw()];
  expect(one.user).not.toBe(other.user);
  expect(
    compareSchemas(withRealRoles(one, other), withRealRoles(other, one), {
      ignoreOwner: false,
      ignorePrivileges: false,
      ignoreComments: false,
      ignoreGeneratedNames: false,
    }),
  ).toEqual([]);
});

describe('links in a folder', () => {
  test('are followed within it', async () => {
    put({ 'versions/one.sql': 'CREATE TABLE one ();' });
    symlinkSync(join(folder, 'versions/one.sql'), join(folder, '1.sql'));
    symlinkSync(folder, join(folder, 'round'));
    expect(tables((await structure(folder)).model)).toEqual(['one']);
  });

  test('and lead nowhere else: what this machine has beside it is not read', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'howdah-outside-'));
    try {
      writeFileSync(join(outside, 'secret'), 'localhost:5432:*:app:hunter2');
      symlinkSync(join(outside, 'secret'), join(put({ '1.sql': 'CREATE TABLE t ();' }), '2.sql'));
      const found = await problem(folder);
      expect(found.why).toContain('2.sql is a link that leads out of the folder');
      expect(JSON.stringify(found)).not.toContain('hunter2');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});
