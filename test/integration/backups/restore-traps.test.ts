import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackupFiles, verifyReadable } from '../../../main/backups/files/index.ts';
import { planRestore, restore, verifyRestorable } from '../../../main/backups/restore/index.ts';
import { scratchRoom } from '../../../main/scratch/index.ts';
import { testPrograms } from '../../support/backup-programs.ts';
import { client, leftOf, needsFor, optionsFor, restored } from '../../support/backup-restores.ts';
import { standardBinaries, startPostgres, type TestServer } from '../../support/postgres.ts';

let server: TestServer;
let folder: string;
const files = openBackupFiles();
const at = (name: string): string => join(folder, name);
const all = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
};
const nothingLeft = { databases: [], locks: 0, sessions: 0 };

beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'howdah-traps-'));
  await server.query('CREATE DATABASE shop');
  await server.query(
    `CREATE TABLE items (id int PRIMARY KEY, name text); INSERT INTO items SELECT i, md5(i::text) FROM generate_series(1, 20000) i;
     CREATE TABLE others (id int REFERENCES items); INSERT INTO others SELECT i FROM generate_series(1, 10) i;
     ALTER TABLE items ALTER name SET (n_distinct = 5)`,
    'shop',
  );
  await Promise.all([
    client(server, 'pg_dump', ['-f', at('shop.sql')], 'shop'),
    client(server, 'pg_dump', ['-C', '-f', at('create.sql')], 'shop'),
    client(server, 'pg_dump', ['-Fc', '-f', at('shop.dump')], 'shop'),
    client(server, 'pg_dump', ['-Fc', '-Z0', '-f', at('bare.dump')], 'shop'),
    client(server, 'pg_dump', ['-Fd', '-Z0', '-f', at('shop.dir')], 'shop'),
    client(server, 'pg_dump', ['-Ft', '-f', at('shop.tar')], 'shop'),
  ]);
}, 60_000);

afterAll(async () => {
  await files.close();
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const sql = (): string => readFileSync(at('shop.sql'), 'utf8');
const write = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content);
  return at(name);
};
const causesFor = async (
  path: string,
  mode: 'new' | 'swap' | 'clean' | 'recreate' = 'new',
  database = 'fresh',
): Promise<string[]> =>
  (await planRestore(await needsFor(server, path), optionsFor({ database, mode }))).faults.map(
    ({ cause }) => cause,
  );

describe('plain dumps', () => {
  it('that are cut within a table’s rows, for which psql exits with 0, are refused', async () => {
    const whole = sql();
    const cut = write('cut.sql', whole.slice(0, whole.indexOf('COPY public.items') + 5000));
    await client(server, 'createdb', ['proof']);
    // The trap itself: no error, and a part of the rows is committed.
    await client(server, 'psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-1', '-f', cut], 'proof');
    const [half] = await server.query<{ n: number }>('SELECT count(*)::int AS n FROM items', 'proof');
    expect(half?.n).toBeGreaterThan(0);
    await client(server, 'dropdb', ['proof']);
    await expect(causesFor(cut)).rejects.toThrow(/cut off|not complete/);
    const gz = gzipSync(whole);
    await expect(causesFor(write('cut.sql.gz', gz.subarray(0, gz.length - 100)))).rejects.toThrow(/cut off/);
  });

  it('that shrink after they were looked at are rolled back whole', async () => {
    const path = write('shrinks.sql', `${sql().replace(/^SET .*$/gm, '$&')}`);
    const needs = await needsFor(server, path);
    const whole = readFileSync(path);
    // Only the second reading of it, the one that goes to psql, is short.
    let opened = 0;
    const { open } = needs.source;
    needs.source.open = async () => {
      opened += 1;
      const { Readable } = await import('node:stream');
      return opened < 2 && open
        ? await open()
        : Readable.from([whole.subarray(0, whole.indexOf('COPY public.items') + 5000)]);
    };
    const { failed } = await restored(needs, { database: 'fresh' });
    expect(failed?.problem.cause).toBe('backup-cut');
    expect(failed?.state).toBe('Nothing is left of it on the server.');
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('with an error leave nothing, where `psql -1` alone would exit with 0', async () => {
    const path = write(
      'wrong.sql',
      sql().replace('CREATE TABLE public.others', 'SELECT 1/0;\nCREATE TABLE public.others'),
    );
    await client(server, 'createdb', ['proof']);
    await client(server, 'psql', ['-X', '-q', '-1', '-f', path], 'proof');
    expect(await server.query("SELECT FROM pg_class WHERE relname = 'items'", 'proof')).toEqual([]);
    await client(server, 'dropdb', ['proof']);
    const { failed, events } = await restored(await needsFor(server, path), {
      database: 'fresh',
      single: true,
    });
    expect(failed?.problem.server?.sqlstate).toBe('22012');
    expect(events.filter(({ kind }) => kind === 'errors')).toMatchObject([
      { cause: '22012 division by zero', count: 1 },
    ]);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('made with -C do not follow the name within them', async () => {
    await server.query('INSERT INTO others VALUES (77)', 'shop');
    const { finished, failed } = await restored(await needsFor(server, at('create.sql')), {
      database: 'elsewhere',
    });
    expect(failed).toBeUndefined();
    expect(finished?.database).toBe('elsewhere');
    expect(await server.query('SELECT id FROM others WHERE id = 77', 'elsewhere')).toEqual([]);
    expect(await server.query('SELECT id FROM others WHERE id = 77', 'shop')).toEqual([{ id: 77 }]);
    await server.query('DELETE FROM others WHERE id = 77', 'shop');
    await server.query('DROP DATABASE elsewhere');
  });

  it('are run without what only newer servers know, and with what nobody set', async () => {
    const newer = sql()
      .replace('SET lock_timeout = 0;', 'SET lock_timeout = 0;\nSET transaction_timeout = 0;')
      .replace('SET (n_distinct=5)', 'SET (n_distinct=5, pg_attver=3)');
    expect(newer).toContain('pg_attver');
    const { finished, failed, plan } = await restored(await needsFor(server, write('newer.sql', newer)), {
      database: 'fresh',
      single: true,
    });
    expect(failed).toBeUndefined();
    expect(finished?.errors).toBe(0);
    expect(plan.warnings.join()).toMatch(/transaction_timeout.*pg_attver/);
    expect(
      await server.query(
        "SELECT attoptions::text AS o FROM pg_attribute WHERE attrelid = 'items'::regclass AND attname = 'name'",
        'fresh',
      ),
    ).toEqual([{ o: '{n_distinct=5}' }]);
    await server.query('DROP DATABASE fresh');
  });

  it('that would run programs here, that are none, or that are of several databases are refused', async () => {
    expect(
      await causesFor(
        write(
          'evil.sql',
          sql().replace('CREATE TABLE public.others', '\\! touch /tmp/x\nCREATE TABLE public.others'),
        ),
      ),
    ).toEqual(['foreign-commands']);
    const text = sql().replace(
      'SELECT pg_catalog.set_config',
      "SELECT E'it\\'s\n\\\\! no command', $a$\n\\! nor this $a$, '\n\\copy';\nSELECT pg_catalog.set_config",
    );
    expect(await causesFor(write('literal.sql', text))).toEqual([]);
    expect(
      await causesFor(
        write(
          'two.sql',
          sql().replace('CREATE TABLE public.items', '\\connect a\n\\connect b\nCREATE TABLE public.items'),
        ),
      ),
    ).toEqual(['several-databases']);
    expect(await causesFor(at('shop.sql'), 'clean', 'shop')).toEqual(['no-drops']);
    await expect(causesFor(write('some.sql', 'CREATE TABLE a (b int);\n'))).rejects.toThrow(/dump/);
  });

  it('in another encoding, and as PowerShell writes them, arrive as they were', async () => {
    await server.query("CREATE TABLE t (a text); INSERT INTO t VALUES ('Zoë €')", 'postgres');
    const latin = at('latin.sql');
    await client(server, 'pg_dump', ['-t', 't', '-E', 'LATIN9', '-f', latin], 'postgres');
    const utf16 = write(
      'utf16.sql',
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from((await client(server, 'pg_dump', ['-t', 't'])).replaceAll('\n', '\r\n'), 'utf16le'),
      ]),
    );
    for (const path of [latin, utf16]) {
      await client(server, 'createdb', ['-E', 'UTF8', '-T', 'template0', 'texts']);
      const { failed } = await restored(await needsFor(server, path), {
        database: 'texts',
        mode: 'recreate',
      });
      expect(failed).toBeUndefined();
      expect(await server.query('SELECT a FROM t', 'texts')).toEqual([{ a: 'Zoë €' }]);
      await server.query('DROP DATABASE texts');
    }
    await server.query('DROP TABLE t');
  });
});

describe('archives', () => {
  it('with a hidden option that the server refuses do not lose the table', async () => {
    const bytes = readFileSync(at('bare.dump'));
    for (let found = bytes.indexOf('n_distinct=5'); found >= 0; found = bytes.indexOf('n_distinct=5'))
      bytes.write('pg_attver=12', found);
    const path = write('attver.dump', bytes);
    await client(server, 'createdb', ['proof']);
    await expect(client(server, 'pg_restore', ['-d', 'proof', path])).rejects.toThrow(/pg_attver/);
    await client(server, 'dropdb', ['proof']);
    const { failed, finished, plan } = await restored(await needsFor(server, path), { database: 'fresh' });
    expect(failed).toBeUndefined();
    expect(finished?.errors).toBe(0);
    expect(plan.commands[0]).toMatch(/pg_restore --file=- .* \| .*psql/);
    expect(await server.query('SELECT count(*)::int AS n FROM items', 'fresh')).toEqual([{ n: 20000 }]);
    await server.query('DROP DATABASE fresh');
  });

  it('restored by programs of 17 to an older server come whole, alone and in one transaction', async () => {
    // pg_restore of 15, with the one statement in it that 17 sends in its place.
    const newer = join(folder, 'bin17');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(newer);
    const binary = readFileSync(join(standardBinaries(), 'pg_restore'));
    const own = Buffer.from('SET idle_in_transaction_session_timeout = 0;\n');
    const found = binary.indexOf(own);
    expect(found).toBeGreaterThan(0);
    binary.write('SET transaction_timeout = 0;\n'.padEnd(own.length, '\n'), found);
    writeFileSync(join(newer, 'pg_restore'), binary);
    copyFileSync(join(standardBinaries(), 'psql'), join(newer, 'psql'));
    for (const name of ['pg_restore', 'psql']) chmodSync(join(newer, name), 0o755);
    const programs = testPrograms();
    programs.about = { ...programs.about, id: newer, where: newer, version: '17.6', versionNum: 170_006 };
    programs.commandOf = (program, args) => [join(newer, program), ...args];
    for (const more of [{ jobs: 2 }, { single: true }]) {
      const needs = await needsFor(server, at('shop.dump'), { programs });
      const { failed, finished, events } = await restored(needs, { database: 'fresh', ...more });
      expect(failed).toBeUndefined();
      if ('single' in more) expect(finished?.errors).toBe(0);
      if ('jobs' in more)
        expect(events.filter(({ kind }) => kind === 'errors').at(-1)).toMatchObject({
          cause: '42704 unrecognized configuration parameter "…"',
          count: finished?.errors,
        });
      expect(await server.query('SELECT count(*)::int AS n FROM others', 'fresh')).toEqual([{ n: 10 }]);
      await server.query('DROP DATABASE fresh');
    }
  });

  it('that are cut or miss rows are found before anything is touched', async () => {
    const member = readdirSync(at('shop.dir'))
      .filter((name) => name.endsWith('.dat') && name !== 'toc.dat')
      .map((name) => join(at('shop.dir'), name))
      .find((path) => readFileSync(path).length > 10_000);
    truncateSync(member ?? '', 20_000);
    const tar = readFileSync(at('shop.tar'));
    write('cut.tar', tar.subarray(0, tar.length - 200_000));
    const dump = readFileSync(at('shop.dump'));
    write('cut.dump', dump.subarray(0, dump.length - 5000));
    for (const name of ['shop.dir', 'cut.tar', 'cut.dump']) {
      const path = at(name);
      const needs = await needsFor(server, path);
      needs.source.check = (signal) => verifyReadable(files, path, { programs: [testPrograms()], signal });
      const { failed } = await restored(needs, { database: 'shop', mode: 'recreate' });
      expect([name, failed?.problem.cause]).toEqual([name, 'backup-damaged']);
      expect(failed?.state).toBe('Nothing was changed.');
    }
    expect(await server.query('SELECT count(*)::int AS n FROM items', 'shop')).toEqual([{ n: 20000 }]);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('give single objects, and say what these need', async () => {
    const needs = await needsFor(server, at('shop.dump'));
    const ids = needs.source.toc
      .filter(({ kind, name }) => /^TABLE/.test(kind) && name === 'others')
      .map(({ id }) => id);
    const key = needs.source.toc.find(({ kind }) => kind === 'FK CONSTRAINT')?.id ?? 0;
    const plan = await planRestore(needs, optionsFor({ database: 'fresh', only: [...ids, key] }));
    expect(plan.warnings.join()).toMatch(
      /FK CONSTRAINT others others_id_fkey needs .*CONSTRAINT items items_pkey.* not chosen/,
    );
    const { finished } = await restored(needs, { database: 'fresh', only: ids });
    expect(finished).toBeDefined();
    expect(
      await server.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        'fresh',
      ),
    ).toEqual([{ relname: 'others' }]);
    await server.query('DROP DATABASE fresh');
  });
});

describe('a failure', () => {
  it('within or after the filling leaves what was there, and says so', async () => {
    const twice = write(
      'twice.sql',
      sql().replace(
        'CREATE TABLE public.others',
        'DROP TABLE IF EXISTS nothing;\nSELECT 1/0;\nCREATE TABLE public.others',
      ),
    );
    const oid = await server.query("SELECT oid FROM pg_database WHERE datname = 'shop'");
    for (const [path, mode, after] of [
      [at('shop.dump'), 'swap', 'UPDATE items SET name = NULL; SELECT 1/0'],
      [at('shop.dump'), 'clean', 'UPDATE items SET name = NULL; SELECT 1/0'],
      [twice, 'clean', undefined],
      [twice, 'recreate', undefined],
    ] as const) {
      const { failed } = await restored(await needsFor(server, path), {
        database: 'shop',
        mode,
        ...(after ? { after } : {}),
      });
      expect(failed?.problem.server?.message).toMatch(/division by zero|already exists/);
      if (after && mode === 'swap') expect(failed?.problem.cause).toBe('script-failed');
      expect(failed?.state).toMatch(/^shop is as it was/);
      expect(await server.query('SELECT count(name)::int AS n FROM items', 'shop')).toEqual([{ n: 20000 }]);
      expect(await leftOf(server)).toEqual(nothingLeft);
    }
    expect(await server.query("SELECT oid FROM pg_database WHERE datname = 'shop'")).toEqual(oid);
  });

  it('of the script’s own making is none: what it changes is there before anybody else comes in', async () => {
    const after = "UPDATE items SET name = 'anonymous'";
    for (const mode of ['swap', 'clean'] as const) {
      await server.query('CREATE DATABASE masked TEMPLATE shop');
      const { failed, finished } = await restored(await needsFor(server, at('shop.dump')), {
        database: 'masked',
        mode,
        after,
      });
      expect(failed).toBeUndefined();
      expect(await server.query('SELECT DISTINCT name FROM items', 'masked')).toEqual([
        { name: 'anonymous' },
      ]);
      for (const name of ['masked', finished?.kept]) if (name) await server.query(`DROP DATABASE ${name}`);
    }
  });
});

describe('before it begins', () => {
  it('says what is missing on the server, and goes on without owners', async () => {
    const bytes = sql()
      .replaceAll('OWNER TO postgres', 'OWNER TO "nobody here"')
      .replace(
        '-- PostgreSQL database dump complete',
        'GRANT SELECT ON TABLE public.items TO "somebody else";\nCREATE EXTENSION IF NOT EXISTS not_there WITH SCHEMA public;\n-- PostgreSQL database dump complete',
      );
    const path = write('roles.sql', bytes);
    const needs = await needsFor(server, path);
    const plan = await planRestore(needs, optionsFor({ database: 'fresh' }));
    expect(plan.faults.map(({ cause, why }) => `${cause}: ${why}`)).toEqual([
      'roles-missing: Missing: nobody here, somebody else.',
      'extensions-missing: Missing: not_there.',
    ]);
    const without = write('without.sql', bytes.replace(/^CREATE EXTENSION.*$/m, ''));
    const { failed } = await restored(await needsFor(server, without), {
      database: 'fresh',
      owners: false,
      privileges: false,
    });
    expect(failed).toBeUndefined();
    await server.query('DROP DATABASE fresh');
  });

  it('has another token once the file or the target is another, and refuses the old one', async () => {
    const needs = await needsFor(server, at('shop.dump'));
    const options = optionsFor({ database: 'shop', mode: 'swap' });
    const { token } = await planRestore(needs, options);
    expect((await planRestore(needs, options)).token).toBe(token);
    await server.query('CREATE TABLE since (a int)', 'shop');
    const events = await all(restore({ needs, options, token, run: 'x' }));
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { cause: 'plan-outdated' } });
    await server.query('DROP TABLE since', 'shop');
    writeFileSync(at('shop.dump'), readFileSync(at('shop.dump')));
    expect((await planRestore(needs, options)).token).not.toBe(token);
  });

  it('refuses modes that do not fit, roles without rights, and a second restore to the same name', async () => {
    expect(await causesFor(at('shop.dump'), 'new', 'shop')).toEqual(['database-exists']);
    expect(await causesFor(at('shop.dump'), 'swap', 'nowhere')).toEqual(['database-missing']);
    const needs = await needsFor(server, at('shop.dump'));
    let refused: unknown;
    const { finished } = await restored(
      needs,
      { database: 'fresh', after: 'SELECT pg_sleep(1)' },
      {
        onEvent: (event) => {
          if (event.kind === 'phase' && /SQL script/.test(event.said))
            refused = restored(needs, { database: 'fresh' }).then(({ failed }) => failed?.problem.cause);
        },
      },
    );
    expect(finished).toBeDefined();
    expect(await refused).toBe('restore-under-way');
    await server.query('DROP DATABASE fresh');
  });
});

describe('a trial', () => {
  it('restores, compares objects, rows and checksums, and leaves nothing', async () => {
    const needs = await needsFor(server, at('shop.dump'));
    const session = await server.connect({ database: 'shop' });
    const sumOf = async (table: string): Promise<string> =>
      (
        await session.query(
          `SELECT sum(hashtextextended(t::text, 0)::numeric)::text AS sum FROM public.${table} AS t`,
        )
      ).rows[0].sum;
    const items = { schema: 'public', table: 'items', rows: 20000, checksum: await sumOf('items') };
    const others = { schema: 'public', table: 'others', rows: 0, checksum: await sumOf('others') };
    others.rows = (await session.query('SELECT count(*)::int AS n FROM public.others')).rows[0].n;
    needs.source.rows = [items, others];
    const good = await verifyRestorable(needs, { checksums: true });
    expect(good).toMatchObject({ level: 'restorable', state: 'good' });
    expect(good.said.join(' ')).toMatch(/All \d+ objects .* rows of 2 tables .* contents of 2 tables/);
    needs.source.rows = [
      { ...items, rows: 20001 },
      { ...others, checksum: '1' },
    ];
    expect((await verifyRestorable(needs)).said.join(' ')).not.toContain('contents');
    const bad = await verifyRestorable(needs, { checksums: true });
    expect(bad.state).toBe('bad');
    expect(bad.said[0]).toMatch(/items" has 20000 rows in place of 20001/);
    expect(bad.said[1]).toMatch(/others" are not what they were/);
    await session.end();
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('in a scratch database runs as nobody who could do harm', async () => {
    const { port } = server;
    const room = scratchRoom({
      server: async () => ({
        server: { host: '127.0.0.1', port, user: 'postgres', password: 'postgres' },
        release: async () => undefined,
      }),
    });
    const bad = sql().replace(
      'CREATE TABLE public.others',
      "COPY (SELECT 1) TO PROGRAM 'cat';\nCREATE TABLE public.others",
    );
    // Only a superuser may make this extension, and a sample of everyday life has it.
    const watched = sql()
      .toString()
      .replace(
        'CREATE TABLE public.others',
        "CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;\nCOMMENT ON EXTENSION pg_stat_statements IS 'seen';\n$&",
      );
    for (const [path, state] of [
      [at('shop.dump'), 'good'],
      [write('watched.sql', watched), 'good'],
      [write('program.sql', bad), 'unproven'],
    ] as const) {
      const scratch = await room.openScratch();
      const verdict = await verifyRestorable(await needsFor(server, path), { scratch });
      await scratch.close();
      expect([verdict.state, verdict.said.join()]).toEqual([
        state,
        expect.stringMatching(state === 'good' ? /All \d+ objects/ : /must be superuser|permission denied/),
      ]);
    }
    await room.close();
    expect(await leftOf(server)).toEqual(nothingLeft);
  });

  it('finds rows that the restore itself does not miss', async () => {
    const bytes = gunzipSync(gzipSync(sql()));
    const needs = await needsFor(server, write('trial.sql', bytes));
    expect((await verifyRestorable(needs)).said.join()).toMatch(
      /rows of 2 tables are as many as the dump holds/,
    );
    // Uncompressed members have no check value: pg_restore takes a part of the rows for all.
    await client(server, 'pg_dump', ['-Fd', '-Z0', '-t', 'items', '-f', at('short.dir')], 'shop');
    const [member = ''] = readdirSync(at('short.dir')).filter((name) => name !== 'toc.dat');
    const rows = readFileSync(join(at('short.dir'), member));
    truncateSync(join(at('short.dir'), member), rows.indexOf('\n', 20_000) + 1);
    const cut = await needsFor(server, at('short.dir'));
    cut.source.rows = [{ schema: 'public', table: 'items', rows: 20000 }];
    const verdict = await verifyRestorable(cut);
    expect(verdict.state).toBe('bad');
    expect(verdict.said[0]).toMatch(/items" has \d+ rows in place of 20000/);
    expect(await leftOf(server)).toEqual(nothingLeft);
  });
});
