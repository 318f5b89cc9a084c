import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { runFileTask } from '../../main/backups/create/file-thread.ts';
import { createBackup } from '../../main/backups/create/index.ts';
import { reach } from '../support/backup-programs.ts';
import { backupNeeds, backupTask } from '../support/backup-runs.ts';
import { standardBinaries, startPostgres } from '../support/postgres.ts';
import { printBench } from './table.ts';

/**
 * A backup through Howdah against the bare tool, same server, same run; what encryption does in a second; and the memory
 * that all of it takes. `HOWDAH_BENCH_MB` is the size of the database, 2000 unless given.
 */

const run = promisify(execFile);
const megabytes = Number(process.env.HOWDAH_BENCH_MB ?? 2000);
const rounds = 3;
const limits = { overhead: 1.05, faster: 4, memoryMb: 150 };

const server = await startPostgres();
const folder = mkdtempSync('/tmp/howdah-bench-backup-');
let good = true;
const identity = await generateX25519Identity();
const needs = backupNeeds({ identity, recipient: await identityToRecipient(identity) });
try {
  const tables = 8;
  // A row takes some 256 bytes.
  const rows = Math.round((megabytes * 1e6) / tables / 256);
  for (let nth = 0; nth < tables; nth += 1)
    await server.query(
      `CREATE TABLE t${nth} AS SELECT n AS id, now() - n * interval '1 s' AS at, md5(n::text) AS ref, (n::bigint * 7919 % 100003)::int AS amount,
         md5((n * 3)::text) || md5((n * 5)::text) || md5((n * 7)::text) || md5((n * 11)::text) || md5((n * 13)::text) AS note FROM generate_series(1, ${rows}) n`,
    );
  await server.query('CHECKPOINT');
  const [{ size } = { size: '0' }] = await server.query<{ size: string }>(
    'SELECT pg_database_size(current_database()) AS size',
  );
  const reached = await reach(server);
  const bare = async (args: string[]): Promise<number> => {
    const to = join(folder, 'bare');
    const from = performance.now();
    await run(join(standardBinaries(), 'pg_dump'), [...args, '-f', to, '-d', server.url()]);
    const ms = performance.now() - from;
    rmSync(to, { recursive: true });
    return ms;
  };
  const memory = async <T>(work: () => Promise<T>): Promise<{ result: T; extraMb: number }> => {
    (globalThis as { gc?: () => void }).gc?.();
    const idle = process.memoryUsage().rss;
    let most = idle;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const result = await work();
    clearInterval(timer);
    return { result, extraMb: (most - idle) / 1048576 };
  };
  const howdah = async (options: object): Promise<{ dumpMs: number; allMs: number; bytes: number }> => {
    const to = join(folder, 'howdah');
    const from = performance.now();
    let dumpMs = 0;
    let bytes = 0;
    for await (const event of createBackup(backupTask(reached, to, options), needs)) {
      if (event.kind === 'phase' && dumpMs === 0 && /^(Writing|Reading|Encrypting)/.test(event.said))
        dumpMs = performance.now() - from;
      if (event.kind === 'finished') bytes = event.backup.bytes;
      if (event.kind === 'failed') throw new Error(JSON.stringify(event));
    }
    const allMs = performance.now() - from;
    rmSync(to, { recursive: true });
    rmSync(`${to}.howdah.json`);
    return { dumpMs, allMs, bytes };
  };
  const median = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

  await howdah({});
  const custom: number[] = [];
  const same: number[] = [];
  const ours: number[] = [];
  const whole: number[] = [];
  const extras: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    custom.push(await bare(['-Fc']));
    same.push(await bare(['-Fd', '-j2', '-Z1']));
    const { result, extraMb } = await memory(() => howdah({ jobs: 2 }));
    ours.push(result.dumpMs);
    whole.push(result.allMs);
    extras.push(extraMb);
    bytes = result.bytes;
  }
  const sealed = await memory(() => howdah({ format: 'custom', encryption: { kind: 'key' } }));
  const plain = await memory(() => howdah({ format: 'plain', compression: { method: 'gzip' } }));
  extras.push(sealed.extraMb, plain.extraMb);

  // Encryption alone, of a file in the system's memory.
  const raw = join(folder, 'raw');
  await run('dd', ['if=/dev/urandom', `of=${raw}`, 'bs=1M', 'count=300']);
  const from = performance.now();
  await runFileTask({
    kind: 'seal',
    files: [{ from: raw, to: `${raw}.age` }],
    lock: { recipient: await identityToRecipient(identity) },
  });
  const sealMs = performance.now() - from;

  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  const overhead = median(ours) / median(same);
  const faster = median(custom) / median(ours);
  const most = Math.max(...extras);
  printBench(`Backup of ${(Number(size) / 1e6).toFixed(0)} MB, median of ${rounds}`, [
    ['', 'measured', 'aim'],
    ['pg_dump -Fc', seconds(median(custom)), ''],
    ['pg_dump -Fd -j2 -Z1', seconds(median(same)), ''],
    [`Howdah, the same, ${(bytes / 1e6).toFixed(0)} MB`, seconds(median(ours)), ''],
    ['overhead without verification', overhead.toFixed(3), `≤ ${limits.overhead}`],
    ['faster than pg_dump -Fc', `${faster.toFixed(1)} ×`, `≥ ${limits.faster} ×`],
    ['checksums and verification', seconds(median(whole) - median(ours)), ''],
    ['custom, encrypted: dump', seconds(sealed.result.dumpMs), ''],
    ['custom, encrypted: reading back', seconds(sealed.result.allMs - sealed.result.dumpMs), ''],
    ['plain, gzip: dump', seconds(plain.result.dumpMs), ''],
    ['encryption', `${(statSync(raw).size / 1e6 / (sealMs / 1000)).toFixed(0)} MB/s`, ''],
    ['memory above idle', `${most.toFixed(0)} MB`, `≤ ${limits.memoryMb} MB`],
  ]);
  good = overhead <= limits.overhead && faster >= limits.faster && most <= limits.memoryMb;
} finally {
  await needs.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
if (!good) console.log('An aim was missed.');
process.exit(good ? 0 : 1);
