import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adviseServer } from '../../../main/server/advise.ts';
import { readCollations, readExtensions } from '../../../main/server/extensions/read-extensions.ts';
import { readIdentity } from '../../../main/server/identity.ts';
import { ratesBetween, readCounters } from '../../../main/server/io/counters.ts';
import { openRateStore } from '../../../main/server/io/rate-store.ts';
import { readLog } from '../../../main/server/log/read-log.ts';
import { readReplication } from '../../../main/server/replication/read-replication.ts';
import { readSettings } from '../../../main/server/settings/read-settings.ts';
import { openSettingStore } from '../../../main/server/settings/setting-store.ts';
import { openWatch } from '../../../main/server/watch.ts';
import { openPool, type ServerPool } from '../../../main/servers/index.ts';
import { openStore, type Store } from '../../../main/store/index.ts';
import type { LogEntry } from '../../../preload/contract/server-log.ts';
import { draftFor } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import {
  freePort,
  standardBinaries,
  startPostgres,
  type TestServer,
  unprivileged,
} from '../../support/postgres.ts';

const run = promisify(execFile);

let primary: TestServer;
let standby: ChildProcess | undefined;
let standbyPort: number;
let folder: string;
let store: Store;
const pools: ServerPool[] = [];

const open = (url: string): ServerPool => {
  const { connection } = draftFor(url);
  const pool = openPool(
    { connection, password: 'postgres' },
    { way: { target: connection, tls: false, pooled: false } },
  );
  pools.push(pool);
  return pool;
};
const standbyUrl = () => primary.url().replace(`:${primary.port}/`, `:${standbyPort}/`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-server-'));
  store = openStore(folder);
  primary = await startPostgres({
    settings: {
      wal_level: 'logical',
      wal_keep_size: '64MB',
      max_slot_wal_keep_size: '64MB',
      archive_mode: 'on',
      archive_command: 'false',
      logging_collector: 'on',
      log_destination: 'stderr,csvlog,jsonlog',
      log_filename: 'server-%H%M%S.log',
      log_line_prefix: '%m [%p] %q%u@%d/%a ',
      log_min_duration_statement: '100ms',
    },
  });
  await primary.query(`CREATE ROLE plain LOGIN PASSWORD 'postgres';
    CREATE ROLE monitor LOGIN PASSWORD 'postgres' IN ROLE pg_monitor;
    ALTER ROLE plain SET work_mem = '64MB'; ALTER DATABASE postgres SET random_page_cost = 1.1;
    CREATE TABLE one (id int PRIMARY KEY); CREATE PUBLICATION ones FOR TABLE one;
    SELECT pg_create_physical_replication_slot('forgotten', true)`);
  await primary.query("SELECT pg_create_logical_replication_slot('decoder', 'pgoutput')");
  standbyPort = await freePort();
  await startStandby();
}, 120_000);

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  if (standby && standby.exitCode === null) {
    const gone = new Promise((resolve) => standby?.once('exit', resolve));
    standby.kill('SIGQUIT');
    await gone;
  }
  await primary?.remove();
  store?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A real standby of the primary, with a slot of its own, beside its data folder. */
async function startStandby(): Promise<void> {
  const as = { ...unprivileged(), cwd: primary.socketFolder };
  const data = join(primary.socketFolder, 'standby');
  await run(
    join(standardBinaries(), 'pg_basebackup'),
    ['-D', data, '-R', '-C', '-S', 'standby', '-X', 'stream', '-c', 'fast', '-d', primary.url()],
    as,
  );
  standby = spawn(
    join(standardBinaries(), 'postgres'),
    ['-D', data, '-c', `port=${standbyPort}`, '-c', 'archive_mode=off', '-c', 'logging_collector=off'],
    { ...as, stdio: 'ignore' },
  );
}

describe('settings', () => {
  it('tell what waits for a restart, mistakes in files, overrides, and note changes between two looks', async () => {
    const pool = open(primary.url());
    const events: string[] = [];
    let at = 1_000_000;
    const watch = openWatch({
      poolIfAny: () => pool,
      onEvent: (_, kind, text) => events.push(`${kind} ${text}`),
      now: () => at,
      settings: openSettingStore(store),
      rates: openRateStore(store),
    });
    await watch.lookAtSettings('env');
    expect(events).toEqual([]);

    // One statement a call: ALTER SYSTEM runs in no transaction.
    await primary.query('ALTER SYSTEM SET max_connections = 80');
    await primary.query("ALTER SYSTEM SET work_mem = '16MB'");
    await primary.query('SELECT pg_reload_conf()');
    const changed = await eventually(async () => {
      const { settings } = await readSettings(pool);
      const found = settings.find(({ name }) => name === 'max_connections');
      if (!found?.pendingRestart) throw new Error('not reloaded yet');
      return found;
    });
    expect(changed).toMatchObject({ value: '60', pending: '80', context: 'postmaster' });
    at += 600_000;
    await eventually(async () => {
      await watch.lookAtSettings('env');
      return events.includes('settings-changed work_mem: 4 MB → 16 MB');
    });
    expect(events).toContain('settings-pending Waits for a restart: max_connections → 80');
    expect(openSettingStore(store).changes('env', 'work_mem')).toEqual([
      { at, name: 'work_mem', before: '4 MB', after: '16 MB' },
    ]);

    appendFileSync(
      join(primary.data, 'postgresql.conf'),
      "\nshared_bufers = '1GB'\ncheckpoint_timeout = 7min\n",
    );
    const look = await readSettings(pool);
    expect(look.fileErrors).toEqual([
      expect.objectContaining({
        name: 'shared_bufers',
        value: '1GB',
        message: expect.stringContaining('unrecognized'),
      }),
    ]);
    // In the file, and not read yet.
    expect(look.settings.find(({ name }) => name === 'checkpoint_timeout')).toMatchObject({
      value: '5 min',
      pending: '7 min',
      pendingRestart: false,
    });
    expect(look.overrides).toEqual([
      { name: 'work_mem', value: '64MB', database: null, role: 'plain' },
      { name: 'random_page_cost', value: '1.1', database: 'postgres', role: null },
    ]);
    const plain = await readSettings(open(primary.url('postgres', 'plain')));
    expect(plain.fileErrors).toBeNull();
    expect(plain.hidden).toBeGreaterThan(5);
    expect(plain.settings.find(({ name }) => name === 'work_mem')).toMatchObject({
      value: '64 MB',
      source: 'user',
    });
  });
});

describe('replication', () => {
  it('shows a standby that is behind, slots with what they keep, and archiving that fails', async () => {
    const [here, there] = [open(primary.url()), open(standbyUrl())];
    await eventually(async () => {
      expect((await readReplication(here)).senders).toHaveLength(1);
      return await there.query('SELECT 1');
    });
    await there.query('SELECT pg_wal_replay_pause()');
    await primary.query('INSERT INTO one SELECT generate_series(1, 200000)');
    await primary.query('SELECT pg_switch_wal()');
    const seen = await eventually(async () => {
      const found = await readReplication(here);
      expect(found.archiver.failing).toBe(true);
      expect(Number(found.senders[0]?.replayLag)).toBeGreaterThan(10_000_000);
      expect(found.senders[0]?.flushLag).toBe('0');
      return found;
    });
    expect(seen.senders[0]).toMatchObject({
      state: 'streaming',
      slot: 'standby',
      sync: 'async',
      client: '127.0.0.1',
    });
    expect(seen.slots.map(({ name, kind, active }) => [name, kind, active])).toEqual([
      ['decoder', 'logical', false],
      ['forgotten', 'physical', false],
      ['standby', 'physical', true],
    ]);
    expect(seen.publications).toEqual([
      { name: 'ones', allTables: false, tables: 1, operations: ['insert', 'update', 'delete', 'truncate'] },
    ]);
    expect(seen.slotLimit).toBe(String(64 * 1024 ** 2));
    const other = await readReplication(there);
    expect(other).toMatchObject({
      role: 'standby',
      standby: { paused: true, receiver: { state: 'streaming', slot: 'standby' } },
    });
    expect(Number(other.standby?.toReplay)).toBeGreaterThan(10_000_000);
    // A plain role is told that it does not see how they fare.
    const plain = await readReplication(open(primary.url('postgres', 'plain')));
    expect(plain.senders).toMatchObject([{ state: null, replayLag: null }]);
    expect(plain.limits).toMatchObject([{ cause: 'replication-hidden' }]);

    // More than half of what a slot may keep; the standby's own keeps up, for it has received all.
    const advised = adviseServer({
      identity: await readIdentity(here),
      settings: await readSettings(here),
      replication: await readReplication(here),
      collations: await readCollations(here),
      rates: { series: {}, stepMs: 60_000 },
      now: Date.parse('2026-01-01'),
    });
    const ids = advised.advice.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'fsync-off fsync',
        'settings-pending',
        'archiver-failing',
        'slot-retains forgotten',
        'slot-retains decoder',
      ]),
    );
    expect(ids.filter((id) => id.startsWith('settings-file-error'))).toHaveLength(1);
    expect(ids).not.toContain('slot-retains standby');
    await there.query('SELECT pg_wal_replay_resume()');
  });

  it('measures rates that neither a reset nor a pause of the console turns into nonsense', async () => {
    const pool = open(primary.url());
    const store2 = openRateStore(store);
    let at = Date.parse('2026-01-01T00:00:00Z');
    const watch = openWatch({
      poolIfAny: () => pool,
      onEvent: () => undefined,
      now: () => at,
      settings: openSettingStore(store),
      rates: store2,
    });
    await watch.measure('rates');
    await primary.query('CREATE TABLE filled AS SELECT generate_series(1, 50000) AS n');
    await primary.query('CHECKPOINT');
    at += 60_000;
    await watch.measure('rates');
    const { series } = store2.rates('rates', at - 3_600_000, at, at);
    expect(Math.max(...(series.wal?.mean ?? []).map(Number))).toBeGreaterThan(100_000);
    expect(Math.max(...(series['checkpoints.requested']?.mean ?? []).map(Number))).toBeGreaterThan(0);
    expect(Math.max(...(series['slots.kept']?.mean ?? []).map(Number))).toBeGreaterThan(10_000_000);

    const before = await readCounters(pool);
    await primary.query("SELECT pg_stat_reset_shared('bgwriter')");
    const after = await eventually(async () => {
      const found = await readCounters(pool);
      expect(found?.resets.checkpoints).not.toBe(before?.resets.checkpoints);
      return found;
    });
    if (!before || !after) throw new Error('no counters');
    const across = ratesBetween(before, after);
    expect(across['checkpoints.requested']).toBeUndefined();
    expect(across['written.checkpointer']).toBeUndefined();
    // The position in the WAL knows no reset.
    expect(across.wal).toBeGreaterThanOrEqual(0);
    // On the standby what was received counts.
    const there = open(standbyUrl());
    expect((await readCounters(there))?.counts.wal).toBeGreaterThan(0n);
  });
});

describe('extensions', () => {
  it('offer the update to a version that there is a way to', async () => {
    await primary.query("CREATE EXTENSION pg_stat_statements VERSION '1.9'");
    const { extensions } = await readExtensions(open(primary.url()), 'postgres');
    expect(extensions.find(({ name }) => name === 'pg_stat_statements')).toMatchObject({
      version: '1.9',
      canUpdate: true,
      statement: expect.stringMatching(/^ALTER EXTENSION pg_stat_statements UPDATE TO '1\.\d+'$/),
    });
  });
});

describe('the log', () => {
  const find = (entries: readonly LogEntry[], words: string) =>
    entries.find(({ message }) => message.includes(words));

  it('is read in all three formats, with what belongs to an entry, without secrets, across a rotation', async () => {
    const pool = open(primary.url());
    const session = await primary.connect({ application: 'billing' });
    await session
      .query(`SELECT 1 AS "multi
line" FROM nowhere`)
      .catch(() => undefined);
    await session.query("ALTER ROLE nobody_there PASSWORD 'hunter22'").catch(() => undefined);
    await session.query("SELECT pg_sleep(0.12), 'it''s slow'");
    for (const [format, ending] of [
      ['stderr', 'log'],
      ['csvlog', 'csv'],
      ['jsonlog', 'json'],
    ] as const) {
      const log = await eventually(async () => {
        const { files } = await readLog(pool, {});
        const file = files.find((one) => one.format === format && one.current)?.name ?? '';
        expect(file).toMatch(new RegExp(`\\.${ending}$`));
        const read = await readLog(pool, { file });
        expect(find(read.entries, 'duration:')).toBeDefined();
        return read;
      });
      const missing = find(log.entries, 'relation "nowhere" does not exist');
      expect(missing).toMatchObject({
        level: 'ERROR',
        database: 'postgres',
        user: 'postgres',
        application: 'billing',
      });
      expect(missing?.statement).toBe('SELECT 1 AS "multi\nline" FROM nowhere');
      expect(missing?.sqlstate).toBe(format === 'stderr' ? null : '42P01');
      expect(Math.abs((missing?.at ?? 0) - Date.now())).toBeLessThan(60_000);
      const secret = log.entries.find(({ statement }) => statement?.includes('nobody_there'));
      expect(secret?.statement).toContain('PASSWORD');
      expect(JSON.stringify(log)).not.toContain('hunter22');
      const slow = log.entries.find(({ statement }) => statement?.includes("'it''s slow'"));
      expect(slow?.durationMs).toBeGreaterThan(100);
      expect(log.unread).toBe(0);
      // Offsets lead back to the same entries, from the middle of the file too.
      const rest = await readLog(pool, { file: log.file ?? '', after: missing?.offset ?? 0 });
      expect(rest.entries[0]).toEqual(missing);
      const older = await readLog(pool, { file: log.file ?? '', before: missing?.offset ?? 0 });
      expect(older.to).toBe(missing?.offset);
      expect(older.entries.length + rest.entries.length).toBeGreaterThanOrEqual(log.entries.length);
    }
    const first = await readLog(pool, {});
    await new Promise((resolve) => setTimeout(resolve, 1001 - (Date.now() % 1000)));
    await primary.query('SELECT pg_rotate_logfile()');
    await eventually(async () => {
      const followed = await readLog(pool, { file: first.file ?? '', after: first.to });
      return followed.rotatedTo?.endsWith('.json') && followed.rotatedTo !== first.file;
    });
    // By its path, as a file of this machine: the usual prefixes are tried where no server says its own.
    const { files } = await readLog(pool, {});
    const old = files.find(({ current, format }) => !current && format === 'csvlog');
    const path = join(primary.data, 'log', old?.name ?? '');
    expect(find((await readLog(undefined, { path })).entries, 'nowhere')).toMatchObject({ level: 'ERROR' });
    await expect(readLog(undefined, { path: 'relative.log' })).rejects.toMatchObject({
      data: { cause: 'log-file' },
    });
    await session.end();
  });

  it('tells a role the exact grants that it lacks, and can be read with them', async () => {
    const monitor = open(primary.url('postgres', 'monitor'));
    const refused = await readLog(monitor, {});
    expect(refused.limits).toMatchObject([
      {
        cause: 'log-not-allowed',
        command:
          'GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text, bigint, bigint) TO "monitor"',
      },
    ]);
    await primary.query(refused.limits[0]?.command ?? '');
    const log = await readLog(monitor, {});
    expect(log.limits).toEqual([]);
    expect(log.files.length).toBeGreaterThan(2);
    const plain = await readLog(open(primary.url('postgres', 'plain')), {});
    expect(plain.limits[0]?.command).toContain('GRANT pg_monitor TO "plain"');
  });
});
