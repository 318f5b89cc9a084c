import { randomUUID } from 'node:crypto';
import { appendFile, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, SampleError } from './errors.ts';
import { type Account, RunError, run } from './processes.ts';
import { EXE } from './programs.ts';
import { parts, type SampleRecord } from './record.ts';

/** Longest path of a Unix socket: `sun_path` less its closing zero, on the strictest system (macOS). */
const LONGEST_SOCKET_PATH = 103;

/**
 * Makes an empty cluster with `record`'s superuser and password.
 * @throws SampleError `sample-initdb-failed` with what initdb said
 */
export async function createCluster(record: SampleRecord, signal?: AbortSignal): Promise<void> {
  const { data, log, sockets } = parts(record.home);
  for (const folder of [log, sockets]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await give(folder, record.account);
  }
  const passwordFile = join(record.home, `password-${randomUUID()}`);
  try {
    await writeFile(passwordFile, record.password, { mode: 0o600 });
    await give(passwordFile, record.account);
    await run(
      join(record.bin, `initdb${EXE}`),
      [
        `--pgdata=${data}`,
        `--username=${record.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
      ],
      { account: record.account, cwd: record.home, signal, timeout: 120_000 },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new SampleError(
      'sample-initdb-failed',
      'The sample server’s cluster could not be made.',
      `${messageOf(error)}. ${error instanceof RunError ? error.output.trim() : ''}`.trim(),
      `Check that ${record.home} can be written to and that the disk is not full, then try again.`,
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeSettings(record);
  await appendFile(join(data, 'postgresql.conf'), "\ninclude 'howdah.conf'\n");
}

/** Writes the server's settings; the port is given when it starts. */
export async function writeSettings(record: SampleRecord): Promise<void> {
  const { data, log } = parts(record.home);
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder(record.home),
    unix_socket_permissions: '0700',
    max_connections: 100,
    shared_buffers: '128MB',
    work_mem: '2MB',
    maintenance_work_mem: '32MB',
    effective_cache_size: '512MB',
    max_wal_size: '512MB',
    min_wal_size: '80MB',
    synchronous_commit: 'off',
    // The plans of a small sample shall not depend on whether the machine's build has LLVM.
    jit: 'off',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'top',
    track_activity_query_size: 4096,
    track_io_timing: 'on',
    track_functions: 'pl',
    deadlock_timeout: '1s',
    log_lock_waits: 'on',
    log_min_duration_statement: '1s',
    log_temp_files: '1MB',
    log_line_prefix: '%m [%p] %q%a %u@%d ',
    logging_collector: 'on',
    log_directory: log,
    // One file a weekday, written over a week later: the logs can't fill the disk.
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: 0,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${literal(value)}`);
  const file = join(data, 'howdah.conf');
  await writeFile(file, `# Written by Howdah when it makes this cluster.\n${lines.join('\n')}\n`);
  await give(file, record.account);
}

/** The folder for the Unix socket; empty, which means none, where the socket's path would be too long. */
function socketFolder(home: string): string {
  const { sockets } = parts(home);
  const longest = join(sockets, '.s.PGSQL.65535.lock');
  return process.platform === 'win32' || Buffer.byteLength(longest) > LONGEST_SOCKET_PATH ? '' : sockets;
}

/** Quotes a setting (PostgreSQL manual, 20.1.2): quotes and backslashes are doubled. */
function literal(value: string | number): string {
  return `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

async function give(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/** How long the process that writes the server's log may take to write its last words, ms. */
const lastWordsWithin = 2000;

/**
 * What the server said last before it gave up, from before its own logging began and after. The process that writes the
 * log outlives the server for a moment: a server that has given up has always said why.
 */
export async function lastWords(home: string): Promise<string> {
  for (const until = Date.now() + lastWordsWithin; ; await delay(50)) {
    const words = await wordsSoFar(home);
    if (/FATAL|PANIC/.test(words) || Date.now() > until) return words;
  }
}

async function wordsSoFar(home: string): Promise<string> {
  const { log } = parts(home);
  const early = await readFile(startLog(home), 'utf8').catch(() => '');
  const names = (await readdir(log).catch(() => [])).filter((name) => name.startsWith('postgresql-'));
  const files = await Promise.all(
    names.map(async (name) => ({ name, changed: (await stat(join(log, name))).mtimeMs })),
  );
  const newest = files.sort((a, b) => b.changed - a.changed)[0];
  const late = newest ? await readFile(join(log, newest.name), 'utf8').catch(() => '') : '';
  const lines = [...early.trim().split('\n').slice(-6), ...late.trim().split('\n').slice(-6)];
  return lines.filter((line) => /FATAL|PANIC|HINT|DETAIL|could not/.test(line)).join(' ');
}

/** The file for what the server says before its own logging begins. */
export function startLog(home: string): string {
  return join(parts(home).log, 'start.log');
}
