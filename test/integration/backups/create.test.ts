import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDecrypted, planBackup } from '../../../main/backups/create/index.ts';
import { Manifest } from '../../../main/backups/files/index.ts';
import type { Reached } from '../../../main/backups/types.ts';
import { reach } from '../../support/backup-programs.ts';
import { asText, backUp, backupNeeds, backupTask, byHand, made } from '../../support/backup-runs.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';

const folder = mkdtempSync('/tmp/howdah-test-backups-');
const at = (name: string): string => join(folder, name);
let server: TestServer;
let shop: Reached;
let needs: ReturnType<typeof backupNeeds>;
let identity: string;

beforeAll(async () => {
  identity = await generateX25519Identity();
  needs = backupNeeds({ identity, recipient: await identityToRecipient(identity) });
  server = await startPostgres();
  await server.query(`CREATE DATABASE "shop 'ü"`);
  await server.query(
    `CREATE SCHEMA "Sales = x";
     CREATE TABLE "Sales = x"."T""x
y" (id int PRIMARY KEY, note text);
     INSERT INTO "Sales = x"."T""x
y" SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 3000) n;
     CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT '2026-01-01', v int, w int GENERATED ALWAYS AS (v * 2) STORED);
     INSERT INTO plain (v) SELECT * FROM generate_series(1, 500);
     CREATE TABLE parts (k int) PARTITION BY LIST (k);
     CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
     INSERT INTO parts VALUES (1);
     CREATE MATERIALIZED VIEW sums AS SELECT sum(v) FROM plain;
     SELECT lo_from_bytea(4711, repeat('large', 5000)::bytea);
     COMMENT ON TABLE plain IS 'Ein ''Kommentar''';`,
    "shop 'ü",
  );
  shop = await reach(server, { database: "shop 'ü" });
});
afterAll(async () => {
  await needs.close();
  await server.remove();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

let restored = 0;
/** Restores by PostgreSQL's own programs alone, and compares. */
async function restoreByHand(path: string, format: string, read: (bytes: Buffer) => Buffer): Promise<void> {
  restored += 1;
  const target = `restored_${restored}`;
  await server.query(`CREATE DATABASE ${target}`);
  if (format === 'plain')
    byHand(server, 'psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', target], read(readFileSync(path)));
  else byHand(server, 'pg_restore', ['-e', '-d', target, path]);
  expect(asText(server, target)).toBe(asText(server, "shop 'ü"));
  await server.query(`DROP DATABASE ${target}`);
}

const same = (bytes: Buffer): Buffer => bytes;
const formats = [
  { format: 'custom', compression: undefined, read: same },
  { format: 'directory', compression: undefined, read: same },
  { format: 'directory', compression: { method: 'none' }, read: same },
  { format: 'tar', compression: undefined, read: same },
  { format: 'plain', compression: undefined, read: same },
  { format: 'plain', compression: { method: 'gzip', level: 6 }, read: gunzipSync },
  { format: 'plain', compression: { method: 'zstd' }, read: zstdDecompressSync },
] as const;

describe.each(formats)('a backup as $format $compression.method', ({ format, compression, read }) => {
  // To encrypt what is compressed differently is the same work.
  const kinds =
    format === 'plain' && compression?.method !== 'gzip' ? (['none'] as const) : (['none', 'key'] as const);
  test.each(compression?.method === 'none' ? (['none'] as const) : kinds)(
    'encrypted by %s is restored by hand, and is the database',
    async (kind) => {
      const name = at(`${format} "${compression?.method}" ${kind}\n.dump`);
      const events = await backUp(
        backupTask(shop, name, { format, compression, encryption: { kind }, counted: 'rows' }),
        needs,
      );
      const backup = made(events);
      expect(backup).toMatchObject({ path: name, format, isEncrypted: kind === 'key', database: "shop 'ü" });
      // What is not compressed carries nothing that would prove a large object whole.
      const state = format === 'directory' && compression?.method === 'none' ? 'unproven' : 'good';
      expect(backup.verification, backup.verification.said.join()).toMatchObject({
        level: 'readable',
        state,
      });
      const manifest = Manifest.parse(JSON.parse(readFileSync(`${name}.howdah.json`, 'utf8')));
      expect(manifest.rows).toContainEqual({ schema: 'Sales = x', table: 'T"x\ny', rows: 3000 });
      for (const file of manifest.files) expect(statSync(join(name, file.name)).size).toBe(file.bytes);
      if (format !== 'plain') expect(backup.objects).toBeGreaterThan(10);
      expect(statSync(name).mode & 0o077).toBe(0);
      if (kind === 'none') return await restoreByHand(name, format, read);
      const opened = await openDecrypted(name, { identity });
      await restoreByHand(opened.path, format, read);
      await opened.close();
      expect(existsSync(opened.path)).toBe(false);
      await expect(openDecrypted(name, { identity: await generateX25519Identity() })).rejects.toThrow(
        'not opened',
      );
    },
  );
});

test('a folder closed by a passphrase is opened by it, member by member, and by no other', async () => {
  const encryption = { kind: 'passphrase', passphrase: 'correct horse' } as const;
  const events = await backUp(backupTask(shop, at('closed'), { encryption }), needs);
  expect(JSON.stringify(events)).not.toContain('correct horse');
  expect(readFileSync(`${made(events).path}.howdah.json`, 'utf8')).not.toContain('correct horse');
  expect(readdirSync(at('closed')).filter((name) => !name.endsWith('.age'))).toEqual([]);
  const opened = await openDecrypted(at('closed'), { passphrase: 'correct horse' });
  await restoreByHand(opened.path, 'directory', same);
  await opened.close();
});

test('roles and tablespaces are a backup of their own, without passwords for who may not read them', async () => {
  await server.query("CREATE ROLE teller LOGIN PASSWORD 'teller'; CREATE ROLE safe PASSWORD 'hidden'");
  const contents = { what: 'globals' } as const;
  made(await backUp(backupTask(shop, at('globals.sql'), { contents }), needs));
  expect(readFileSync(at('globals.sql'), 'utf8')).toMatch(/ALTER ROLE safe .*PASSWORD 'SCRAM/);
  const teller = await reach(server, { user: 'teller', password: 'teller' });
  const plan = await planBackup(backupTask(teller, at('globals2.sql'), { contents }));
  expect(plan.warnings.join()).toContain('without their passwords');
  made(await backUp(backupTask(teller, at('globals2.sql'), { contents }), needs));
  expect(readFileSync(at('globals2.sql'), 'utf8')).toMatch(/CREATE ROLE safe(?![\s\S]*SCRAM)/);
});

test('parts are taken by patterns: tables, schemas, structure alone, data alone, all but some rows', async () => {
  const take = async (name: string, contents: object, more: object = {}): Promise<string> => {
    made(await backUp(backupTask(shop, at(name), { format: 'plain', contents, ...more }), needs));
    return readFileSync(at(name), 'utf8');
  };
  expect(await take('1.sql', { tables: ['pla*'] })).not.toContain('T"x');
  expect(await take('2.sql', { schemas: ['"Sales = x"'] })).not.toMatch(/CREATE TABLE public/);
  expect(await take('3.sql', { what: 'schema' })).not.toMatch(/^COPY/m);
  expect(await take('4.sql', { what: 'data' })).not.toMatch(/^CREATE/m);
  const most = await take('5.sql', { excludeData: ['plain'] }, { owners: false, privileges: false });
  expect(most).toContain('CREATE TABLE public.plain');
  expect(most).not.toMatch(/^COPY public.plain |OWNER TO/m);
  const [failed] = (
    await backUp(backupTask(shop, at('6.sql'), { contents: { tables: ['nothing'] } }), needs)
  ).slice(-1);
  expect(failed).toMatchObject({ kind: 'failed', problem: { cause: 'backup-contents-missing' } });
});

test('what would be partial is refused before it starts, with what mends it', async () => {
  await server.query('CREATE DATABASE bank');
  await server.query(
    `CREATE SCHEMA vault; CREATE TABLE vault.gold (g int); CREATE TABLE coins (c int);
     ALTER TABLE coins ENABLE ROW LEVEL SECURITY; GRANT SELECT ON coins TO teller;`,
    'bank',
  );
  const bank = await reach(server, { database: 'bank', user: 'teller', password: 'teller' });
  const plan = (): Promise<unknown> => planBackup(backupTask(bank, at('bank')));
  await expect(plan()).rejects.toMatchObject({
    problem: {
      cause: 'privilege-missing',
      what: 'teller may not read vault.gold.',
      command: 'GRANT pg_read_all_data TO "teller";',
    },
  });
  await server.query('GRANT pg_read_all_data TO teller', 'bank');
  await expect(plan()).rejects.toMatchObject({
    problem: { cause: 'rows-hidden', command: 'ALTER ROLE "teller" BYPASSRLS;' },
  });
  await server.query("ALTER ROLE teller BYPASSRLS; SELECT lo_from_bytea(1, 'x')", 'bank');
  await expect(plan()).rejects.toMatchObject({
    problem: { what: 'teller may not read 1 of 1 large objects.' },
  });
  await server.query('GRANT SELECT ON LARGE OBJECT 1 TO teller', 'bank');
  await plan();
  made(await backUp(backupTask(bank, at('bank')), needs));
});

test('a place that can not take it is told in words, and is left as it was', async () => {
  writeFileSync(at('there'), 'mine');
  mkdirSync(at('a folder'));
  const cause = async (path: string): Promise<unknown> => {
    const last = (await backUp(backupTask(shop, path, { format: 'custom' }), needs)).at(-1);
    return last?.kind === 'failed' ? last.problem.cause : last?.kind;
  };
  expect(await cause(at('there'))).toBe('target-exists');
  expect(await cause(at('a folder'))).toBe('target-exists');
  expect(await cause(at('no folder/x'))).toBe('folder-missing');
  expect(await cause(at('there/x'))).toBe('folder-missing');
  expect(await cause('relative')).toBe('path-relative');
  expect(await cause(at('n'.repeat(300)))).toBe('name-too-long');
  expect(await cause(join('/proc', 'x.dump'))).toMatch(/folder-missing|target-read-only/);
  expect(await cause(join(at('closed'), 'x'))).toBe('inside-backup');
  expect(readFileSync(at('there'), 'utf8')).toBe('mine');
});

test('of two runs to one place one is made and one is refused', async () => {
  const both = await Promise.all(
    [1, 2].map(() => backUp(backupTask(shop, at('twice'), { format: 'custom' }), needs)),
  );
  const ends = both.map((events) => events.at(-1));
  expect(ends.map((one) => one?.kind).sort()).toEqual(['failed', 'finished']);
  expect(ends.find((one) => one?.kind === 'failed')).toMatchObject({
    problem: { cause: 'backup-under-way' },
  });
  expect(readdirSync(folder).filter((name) => name.includes('.partial-'))).toEqual([]);
});

test('the plan shows the command without secrets', async () => {
  const plan = await planBackup(backupTask(shop, at("it's"), { jobs: 2 }));
  expect(plan.command).toContain(`-U postgres --format=directory --verbose --no-sync --jobs=2 --compress=1`);
  expect(plan.command).toContain(`'--file=${folder}/it'\\''s' 'shop '\\''ü'`);
  expect(plan.databaseBytes).toBeGreaterThan(1e6);
});
