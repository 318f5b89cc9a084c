import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyRestorable } from '../../../main/backups/restore/index.ts';
import { Connection } from '../../../preload/contract/connection.ts';
import { reach } from '../../support/backup-programs.ts';
import { leftOf, needsFor, restored } from '../../support/backup-restores.ts';
import { backUp, backupNeeds, backupTask, made } from '../../support/backup-runs.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { binariesOf, hasServerVersions, type Major } from '../../support/server-versions.ts';

/* Other servers than the one that the programs came with, roles that are nobody, and connections that are encrypted. */
let server: TestServer;
let folder: string;
const needs = backupNeeds();
const at = (name: string): string => join(folder, name);
const nothingLeft = { databases: [], locks: 0, sessions: 0 };

/** What every server from 12 on has, without an extension. */
const content = `
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE mood AS ENUM ('sad', 'it''s fine');
CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n positive, twice int GENERATED ALWAYS AS (n * 2) STORED,
  f float8, at timestamptz, span interval, raw bytea, mood mood DEFAULT 'it''s fine');
INSERT INTO items (n, f, at, span, raw) SELECT i, i / 7.0, timestamptz '2024-03-31 00:30+00' + i * interval '1 hour', i * interval '36 hours', decode(md5(i::text), 'hex') FROM generate_series(1, 500) i;
CREATE TABLE parted (at date NOT NULL, n int) PARTITION BY RANGE (at);
CREATE TABLE parted_2024 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO parted SELECT date '2024-01-01' + i, i FROM generate_series(0, 300) i;
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON items USING (n > 1);
CREATE VIEW few AS SELECT id, twice FROM items WHERE n < 10;
CREATE MATERIALIZED VIEW sums AS SELECT n % 7 AS k, count(*) FROM items GROUP BY 1;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON TABLE items IS 'It''s \\ a comment';
`;

beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'howdah-restore-servers-'));
});
afterAll(async () => {
  await Promise.all([server?.remove(), needs.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function backedUp(from: TestServer, name: string): Promise<string> {
  await from.query('CREATE DATABASE source');
  await from.query(content, 'source');
  const reached = await reach(from, { database: 'source' });
  made(await backUp(backupTask(reached, at(name), { counted: 'checksums' }), needs));
  return at(name);
}

describe.runIf(hasServerVersions)('between servers', () => {
  it.each([12, 13, 14] as Major[])(
    'a backup of PostgreSQL %i comes out the same on a newer one',
    async (major) => {
      const old = await startPostgres({
        binaries: binariesOf(major),
        settings: { shared_preload_libraries: '' },
      });
      try {
        const path = await backedUp(old, `from-${major}`);
        const found = await verifyRestorable(await needsFor(server, path), { checksums: true });
        expect(found.said.join(' ')).toMatch(
          /All \d+ objects .* contents of [23] tables have the same checksums/,
        );
        expect(found).toMatchObject({ level: 'restorable', state: 'good' });
      } finally {
        await old.remove();
      }
      expect(await leftOf(server)).toEqual(nothingLeft);
    },
  );

  it('a backup of PostgreSQL 15 comes out the same on 16, 17 and 18, also by a swap', async () => {
    const path = await backedUp(server, 'from-15');
    for (const major of [16, 17, 18] as Major[]) {
      const newer = await startPostgres({
        binaries: binariesOf(major),
        // What would end a restore if it were left as it is.
        settings: {
          shared_preload_libraries: '',
          ...(major >= 17 ? { transaction_timeout: '900ms' } : {}),
          idle_in_transaction_session_timeout: '900ms',
        },
      });
      try {
        await newer.query('CREATE DATABASE busy');
        const by = await restored(await needsFor(newer, path), { database: 'busy', mode: 'swap' });
        expect([by.failed, by.finished?.errors], `on ${major}`).toEqual([undefined, 0]);
        const found = await verifyRestorable(await needsFor(newer, path), { checksums: true });
        expect(found, `on ${major}: ${found.said.join(' ')}`).toMatchObject({ state: 'good' });
        expect(await leftOf(newer)).toEqual(nothingLeft);
      } finally {
        await newer.remove();
      }
    }
  }, 60_000);
});

it('a role that may only make databases restores its own, in every mode', async () => {
  await server.query("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'm'");
  await server.query('CREATE DATABASE its_own OWNER maker');
  const maker = { database: 'its_own', user: 'maker', password: 'm' };
  const session = await server.connect(maker);
  await session.query('CREATE SCHEMA own; CREATE TABLE own.t AS SELECT generate_series(1, 100) AS n');
  await session.end();
  const reached = await reach(server, maker);
  const options = { contents: { schemas: ['own'] }, counted: 'rows' } as const;
  made(await backUp(backupTask(reached, at('own'), options), needs));
  for (const mode of ['new', 'swap', 'clean', 'recreate'] as const) {
    const database = mode === 'new' ? 'made_new' : 'its_own';
    const { finished, failed, plan } = await restored(await needsFor(server, at('own'), { reached }), {
      database,
      mode,
    });
    expect(plan.faults, mode).toEqual([]);
    expect([failed, finished?.errors], mode).toEqual([undefined, 0]);
    expect(await server.query('SELECT count(*)::int AS n FROM own.t', database)).toEqual([{ n: 100 }]);
  }
  expect(await leftOf(server)).toEqual(nothingLeft);
});

it('goes over TLS, proven by the certificate, where the server takes nothing else', async () => {
  const [authority, stranger] = [makeAuthority(), makeAuthority('Other')];
  const secure = await startPostgres();
  try {
    const pair = authority.issue('localhost', { names: ['localhost'] });
    secure.write('server.crt', pair.certificate);
    secure.write('server.key', pair.key);
    await secure.query("ALTER SYSTEM SET ssl = 'on'");
    await secure.stop();
    await secure.start();
    await secure.query('CREATE TABLE t AS SELECT generate_series(1, 100) AS n');
    await secure.hba(['hostssl all all 127.0.0.1/32 scram-sha-256']);
    const way = (file: string) =>
      reach(secure, {
        change: {
          connection: Connection.parse({
            host: 'localhost',
            port: secure.port,
            database: 'postgres',
            user: 'postgres',
            sslmode: 'verify-full',
            parameters: { hostaddr: '127.0.0.1', sslrootcert: file },
          }),
        },
      });
    const reached = await way(authority.file);
    made(await backUp(backupTask(reached, at('tls'), { counted: 'rows' }), needs));
    const { finished, failed } = await restored(await needsFor(server, at('tls'), { reached }), {
      database: 'fresh',
    });
    expect([failed, finished?.errors]).toEqual([undefined, 0]);
    const trusting = { ...reached.address.connection.parameters, sslrootcert: stranger.file };
    const connection = { ...reached.address.connection, parameters: trusting };
    const other = { ...reached, address: { ...reached.address, connection } };
    expect((await backUp(backupTask(other, at('tls-2')), needs)).at(-1)).toMatchObject({ kind: 'failed' });
  } finally {
    await secure.remove();
    authority.remove();
    stranger.remove();
  }
});
