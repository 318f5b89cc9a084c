import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBackup } from '../../../main/backups/create/index.ts';
import { openBackupFiles } from '../../../main/backups/files/index.ts';
import type { BackupProgress } from '../../../preload/contract/backups.ts';
import { reach } from '../../support/backup-programs.ts';
import { backUp, backupNeeds, backupTask, made } from '../../support/backup-runs.ts';
import { eachMoment, moments, patience } from '../../support/moments.ts';
import { startPostgres, type TestServer } from '../../support/postgres.ts';
import { startProxy } from '../../support/proxy.ts';

const folder = mkdtempSync('/tmp/howdah-test-kills-');
const at = (name: string): string => join(folder, name);
const formats = ['directory', 'custom', 'plain', 'tar'] as const;
const files = openBackupFiles();
const needs = backupNeeds();
let server: TestServer;

beforeAll(async () => {
  server = await startPostgres();
  await server.query(
    `CREATE TABLE a AS SELECT n, md5(n::text) AS t FROM generate_series(1, 150000) n;
     CREATE TABLE b AS SELECT * FROM a LIMIT 50000; CREATE TABLE c AS SELECT * FROM a LIMIT 20000`,
  );
});
afterAll(async () => {
  await Promise.all([files.close(), needs.close()]);
  await server.remove();
  rmSync(folder, { recursive: true });
});

/** Whatever bears the name of a backup is one; nothing else is left, and no session of it. */
async function nothingHalf(path: string, { partialsMayStay = false } = {}): Promise<void> {
  if (existsSync(path)) {
    const checked = await files.check(path);
    expect(checked.faults).toEqual([]);
    expect(existsSync(`${path}.howdah.json`)).toBe(true);
  }
  if (partialsMayStay) return;
  // Others may be at work beside it.
  const own = readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.partial-`));
  expect(own).toEqual([]);
}

/** Once nobody is at work any more: nothing unfinished lies there, whoever left it. */
const nothingUnfinished = (): void =>
  expect(readdirSync(folder).filter((name) => name.includes('.partial-'))).toEqual([]);

const sessions = async (): Promise<number> => {
  const rows = await server.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'howdah%'",
  );
  return rows[0]?.n ?? 0;
};
const noSessions = async (): Promise<void> => {
  for (const until = Date.now() + 8000; (await sessions()) > 0; await wait(50))
    if (Date.now() > until) throw new Error('Sessions are left on the server.');
};

/** Numbers of the dump programs that this process, or another, has started. */
function dumpProcesses(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return (
          words[0]?.endsWith('/pg_dump') && words.some((word) => word.startsWith(`--file=${path}.partial-`))
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

test('a cancel at any moment leaves nothing, here and on the server, and the next run succeeds', {
  timeout: patience(30_000),
}, async () => {
  const reached = await reach(server);
  let cancelled = 0;
  await eachMoment(moments(20), 2, async (nth) => {
    const stop = new AbortController();
    const path = at(`cancel-${nth}`);
    setTimeout(() => stop.abort(), Math.random() * 900);
    const events = await backUp(
      backupTask(reached, path, { format: formats[nth % 4] ?? 'custom' }, { signal: stop.signal }),
      needs,
    );
    const last = events.at(-1);
    if (last?.kind === 'failed') {
      cancelled += 1;
      expect(last).toMatchObject({ cancelled: true, state: 'Nothing was left behind.' });
      expect(existsSync(path)).toBe(false);
    }
    await nothingHalf(path);
  });
  expect(cancelled).toBeGreaterThan(4);
  await noSessions();
  nothingUnfinished();
  made(await backUp(backupTask(reached, at('cancel-last')), needs));
});

test('who stops listening has cancelled', async () => {
  for await (const event of createBackup(backupTask(await reach(server), at('left')), needs))
    if (event.kind === 'phase' && event.said.startsWith('Dumping')) break;
  expect(existsSync(at('left'))).toBe(false);
  await nothingHalf(at('left'));
  await noSessions();
  nothingUnfinished();
});

test('a dump that is killed at any moment is no backup', { timeout: patience(30_000) }, async () => {
  const reached = await reach(server);
  await eachMoment(moments(10), 2, async (nth) => {
    const path = at(`dump-${nth}`);
    const running = backUp(backupTask(reached, path, { format: nth % 2 ? 'custom' : 'directory' }), needs);
    let pids: number[] = [];
    for (const until = Date.now() + 5000; pids.length === 0 && Date.now() < until; await wait(3))
      pids = dumpProcesses(path);
    await wait(Math.random() * 150);
    const [pid] = dumpProcesses(path);
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    const last = (await running).at(-1);
    if (last?.kind === 'failed') expect(existsSync(path)).toBe(false);
    await nothingHalf(path);
  });
  await noSessions();
  nothingUnfinished();
});

test('a network that is cut at any moment ends the backup, and the next one succeeds', {
  timeout: patience(30_000),
}, async () => {
  let cut = 0;
  await eachMoment(moments(10), 2, async (nth) => {
    const path = at(`network-${nth}`);
    const proxy = await startProxy(server.port);
    const reached = await reach({ ...server, port: proxy.port });
    const running = backUp(backupTask(reached, path, { format: formats[nth % 4] ?? 'custom' }), needs);
    const timer = setTimeout(() => proxy.reset(), Math.random() * 900);
    const last = (await running).at(-1);
    clearTimeout(timer);
    await proxy.close();
    if (last?.kind === 'failed') {
      cut += 1;
      expect(last).toMatchObject({ cancelled: false, state: 'Nothing was left behind.' });
      expect(last.problem.cause).toMatch(/connection-|refused|listening|unexpected|program-failed/);
      expect(existsSync(path)).toBe(false);
    }
    await nothingHalf(path);
  });
  expect(cut).toBeGreaterThan(2);
  await noSessions();
  nothingUnfinished();
  made(await backUp(backupTask(await reach(server), at('network-last')), needs));
});

test('Howdah killed at any moment leaves no backup that is none, and the next run clears what lay there', {
  timeout: patience(30_000),
}, async () => {
  const own: ChildProcess[] = [];
  const rounds = moments(3);
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      [0, 1].map(async (nth) => {
        const path = at(`howdah-${round}-${nth}`);
        const options = JSON.stringify({ format: formats[(round + nth) % 4] });
        const child = spawn(
          process.execPath,
          [
            '--disable-warning=ExperimentalWarning',
            '--import',
            join(import.meta.dirname, '../../support/raw-sql.mjs'),
            join(import.meta.dirname, 'make-backup.ts'),
            String(server.port),
            'postgres',
            path,
            options,
          ],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        own.push(child);
        const exited = new Promise((resolve) => child.once('exit', resolve));
        const first = await Promise.race([
          new Promise((resolve) => child.stdout?.once('data', resolve)),
          exited,
        ]);
        expect(String(first)).toContain('ready');
        await wait(Math.random() * 1200);
        child.kill('SIGKILL');
        await exited;
        await nothingHalf(path, { partialsMayStay: true });
      }),
    );
  }
  expect(own.length).toBe(2 * rounds);
  await noSessions();
  made(await backUp(backupTask(await reach(server), at('howdah-next')), needs));
  await nothingHalf(at('howdah-next'));
  nothingUnfinished();
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
test.skipIf(!canMount)('a disk that is full is told, and nothing stays on it', async () => {
  const disk = at('disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    for (const options of [
      ...formats.map((format) => ({ format })),
      { format: 'plain' as const, compression: { method: 'gzip' as const } },
    ]) {
      const last = (await backUp(backupTask(await reach(server), join(disk, 'x'), options), needs)).at(-1);
      expect(last, options.format).toMatchObject({ kind: 'failed', problem: { cause: 'disk-full' } });
      expect(readdirSync(disk)).toEqual([]);
    }
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const last = (await backUp(backupTask(await reach(server), join(disk, 'x')), needs)).at(-1);
    expect(last).toMatchObject({ kind: 'failed', problem: { cause: 'target-read-only' } });
  } finally {
    execFileSync('umount', [disk]);
  }
});

test('a server that goes away at any moment ends the backup, and the next one succeeds', {
  timeout: patience(30_000),
}, async () => {
  for (let nth = 0; nth < moments(4); nth += 1) {
    const path = at(`server-${nth}`);
    const running = backUp(
      backupTask(await reach(server), path, { format: formats[nth % 4] ?? 'custom' }),
      needs,
    );
    await wait(200 + Math.random() * 300);
    await server.stop('immediate');
    const last: BackupProgress | undefined = (await running).at(-1);
    await nothingHalf(path);
    if (last?.kind === 'failed')
      expect(last.problem.cause).toMatch(/connection-lost|refused|unexpected|program-failed/);
    await server.start();
  }
  made(await backUp(backupTask(await reach(server), at('server-next')), needs));
  nothingUnfinished();
});
