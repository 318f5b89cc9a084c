import { spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { lastWords, startLog } from './cluster.ts';
import { messageOf, SampleError } from './errors.ts';
import { cleanEnvironment, isKnown, isRunning, run, waitForExit } from './processes.ts';
import { EXE } from './programs.ts';
import { parts, type SampleRecord } from './record.ts';

const WINDOWS = process.platform === 'win32';
/** How long a server may take to accept connections, in ms: after a crash it replays its WAL first. */
const START_TIMEOUT = 60_000;

export interface Postmaster {
  pid: number;
  port: number;
}

/**
 * The postmaster that runs on a cluster's folder, from its `postmaster.pid` (line 1 the process, line 4 the port;
 * PostgreSQL's source, `miscadmin.h`). Undefined when none does: the file may be a dead server's, and its process
 * number may meanwhile be somebody else's.
 */
export async function findPostmaster(home: string): Promise<Postmaster | undefined> {
  const { data } = parts(home);
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = Number.NaN, , , port = Number.NaN] = text.split('\n').map(Number);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!(await isRunning(pid)) || !(await runsOn(pid, data))) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0 };
}

/** Whether a process is a postmaster on `data`. Where that can't be asked of the system, the file is believed. */
async function runsOn(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // A postmaster's working directory is its data directory; only root and its own account may see it.
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return cwd !== '' && cwd === (await realpath(data).catch(() => data));
  }
  if (WINDOWS) return true;
  const command = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => '');
  return command.includes(data);
}

/**
 * Starts the cluster and waits until it accepts connections. The record's port is tried first, so that addresses
 * that somebody noted stay true, then free ones.
 * @throws SampleError `sample-start-failed` with the server's last words
 */
export async function startPostmaster(record: SampleRecord, signal?: AbortSignal): Promise<Postmaster> {
  await clearLockFiles(record.home);
  for (let attempt = 0; ; attempt++) {
    const port = attempt === 0 && record.port > 0 ? record.port : await freePort();
    try {
      const pid = await launch(record, port, signal);
      return { pid, port };
    } catch (error) {
      signal?.throwIfAborted();
      const said = await lastWords(record.home);
      // A port may be taken between our asking and the server's binding. After a hard kill the old server's last
      // children may hold its shared memory for a moment.
      const passing = /could not (bind|create)|in use|already exists/i.test(said);
      if (passing && attempt < 5) {
        await delay(200);
        continue;
      }
      throw new SampleError(
        'sample-start-failed',
        'The sample server did not start.',
        `${messageOf(error)}. ${said}`.trim(),
        `Its logs are in ${parts(record.home).log}. To have it made anew, remove ${record.home}.`,
        { cause: error },
      );
    }
  }
}

/**
 * PostgreSQL clears a dead server's lock files away by itself, and looks for its left-over children first. It can't
 * when the process number in them is still known to the system: because some other program has it now, or because
 * the dead postmaster was never reaped by its parent (as in containers whose first process does not care).
 */
async function clearLockFiles(home: string): Promise<void> {
  const { data, sockets } = parts(home);
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!(pid > 0) || !isKnown(pid) || (await findPostmaster(home))) return;
  await childrenGone(data);
  await rm(file, { force: true });
  for (const name of await readdir(sockets).catch(() => [])) await rm(join(sockets, name), { force: true });
}

/** Waits for a dead postmaster's children, which end by themselves when they notice; they work in `data`. */
async function childrenGone(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const deadline = Date.now() + 10_000;
  const real = await realpath(data);
  while (Date.now() < deadline) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const cwds = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    if (!cwds.includes(real)) return;
    await delay(50);
  }
}

async function launch(record: SampleRecord, port: number, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  if (WINDOWS) return await launchWithPgCtl(record, port, signal);
  const log = await open(startLog(record.home), 'w', 0o600);
  const child = spawn(join(record.bin, 'postgres'), ['-D', parts(record.home).data, '-p', String(port)], {
    cwd: record.home,
    env: cleanEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    // Out of our process group: a Ctrl-C in the terminal is ours to handle, and the server may outlive us.
    detached: true,
    ...(record.account && { uid: record.account.uid, gid: record.account.gid }),
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new Error(`postgres ended with ${code ?? by}`)));
  });
  // It may also end much later, when nobody waits for it any more.
  failed.catch(() => undefined);
  child.unref();
  await log.close();
  try {
    await Promise.race([failed, waitUntilReady({ ...record, port }, signal)]);
  } catch (error) {
    if (child.pid !== undefined) await endHard(child.pid);
    throw error;
  }
  return child.pid ?? 0;
}

/** Windows: only `pg_ctl` can start a server from an administrator's session, by giving up those rights. */
async function launchWithPgCtl(record: SampleRecord, port: number, signal?: AbortSignal): Promise<number> {
  const { data } = parts(record.home);
  await run(
    join(record.bin, `pg_ctl${EXE}`),
    ['start', '-w', '-D', data, '-l', startLog(record.home), '-o', `-p ${port}`],
    { cwd: record.home, silent: true, timeout: START_TIMEOUT, signal },
  );
  await waitUntilReady({ ...record, port }, signal);
  return (await findPostmaster(record.home))?.pid ?? 0;
}

/** Waits until our own cluster, and no stranger on the same port, lets us in. */
export async function waitUntilReady(record: SampleRecord, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await greet(record);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(30);
  }
}

async function greet(record: SampleRecord): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: record.port,
    user: record.user,
    password: record.password,
    database: 'postgres',
    application_name: 'howdah',
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const there = await realpath(rows[0]?.data_directory ?? '');
    if (there !== (await realpath(parts(record.home).data))) throw new Error('another server has this port');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Fast shutdown (sessions are ended, data is written), then immediate, then by force. Resolves when the postmaster
 * has gone; does nothing when there is none.
 * @throws SampleError `sample-stop-failed` when it won't go
 */
export async function stopPostmaster(record: Pick<SampleRecord, 'home' | 'bin'>): Promise<void> {
  const found = await findPostmaster(record.home);
  if (!found) return;
  if (WINDOWS) {
    const { data } = parts(record.home);
    await run(join(record.bin, `pg_ctl${EXE}`), ['stop', '-w', '-m', 'fast', '-D', data], {
      cwd: record.home,
      silent: true,
      timeout: 30_000,
    });
    return;
  }
  send(found.pid, 'SIGINT');
  if (await waitForExit(found.pid, 15_000)) return;
  if (await endHard(found.pid)) return;
  throw new SampleError(
    'sample-stop-failed',
    'The sample server did not stop.',
    `Its process ${found.pid} still runs after a fast and an immediate shutdown.`,
    `Its logs are in ${parts(record.home).log}.`,
  );
}

/** Immediate shutdown, for what is thrown away anyway. */
async function endHard(pid: number): Promise<boolean> {
  send(pid, 'SIGQUIT');
  if (await waitForExit(pid, 5000)) return true;
  send(pid, 'SIGKILL');
  return await waitForExit(pid, 5000);
}

/** Ends whatever runs on a cluster that is about to be removed. */
export async function killPostmaster(record: Pick<SampleRecord, 'home' | 'bin'>): Promise<void> {
  if (WINDOWS) return await stopPostmaster(record);
  const found = await findPostmaster(record.home);
  if (found) await endHard(found.pid);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already.
  }
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
