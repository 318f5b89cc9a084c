import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const POSIX = process.platform !== 'win32';

/** A user of the operating system. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

export interface RunOptions {
  /** Run as this account; only root may. */
  account?: Account | undefined;
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds after which the program is ended. */
  timeout?: number;
  /** Don't read its output: needed where a grandchild keeps the pipes open. */
  silent?: boolean;
}

/** A program that could not be run or ended with another code than 0. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly output: string;

  constructor(message: string, output: string, options?: ErrorOptions) {
    super(message, options);
    this.output = output;
  }
}

/**
 * The environment for PostgreSQL's programs: plain messages in English, and none of the caller's `PG…` settings,
 * which would otherwise turn a private cluster into the caller's own.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|LD_PRELOAD|NODE_)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Runs a program to its end and gives back what it wrote (standard output, then errors, as they came).
 * When `signal` fires the program and its children are ended first, then the signal's reason is thrown.
 * @throws RunError when it can't be started, ends with another code than 0, or outlasts `timeout`.
 */
export async function run(file: string, args: string[], options: RunOptions = {}): Promise<string> {
  options.signal?.throwIfAborted();
  return await new Promise<string>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: cleanEnvironment(),
      stdio: ['ignore', options.silent ? 'ignore' : 'pipe', options.silent ? 'ignore' : 'pipe'],
      // A process group of its own: a Ctrl-C in the terminal is handled by us, and the whole group can be ended.
      detached: POSIX,
      windowsHide: true,
      ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    let ended: 'signal' | 'timeout' | undefined;
    let killTimer: NodeJS.Timeout | undefined;
    const end = (why: 'signal' | 'timeout'): void => {
      ended ??= why;
      signalGroup(child.pid, 'SIGTERM');
      killTimer ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 3000);
    };
    const onAbort = (): void => end('signal');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const timer = options.timeout ? setTimeout(() => end('timeout'), options.timeout) : undefined;
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      settle();
      reject(new RunError(`${file} could not be run: ${error.message}`, output, { cause: error }));
    });
    child.once('close', (code, killedBy) => {
      settle();
      if (ended === 'signal') reject(options.signal?.reason);
      else if (ended === 'timeout')
        reject(new RunError(`${file} took longer than ${options.timeout} ms`, output));
      else if (code === 0) resolve(output);
      else reject(new RunError(`${file} ended with ${code ?? killedBy}`, output));
    });
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(POSIX ? -pid : pid, signal);
  } catch {
    // It has gone already.
  }
}

/** Whether the system knows a process of this number, be it one that has ended and waits to be reaped. */
export function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, under another account.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether a process runs: one that has ended and waits to be reaped by its parent does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!isKnown(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The state follows the program's name, which is in parentheses and may hold any character (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until a process has gone. Gives back false when it still runs after `timeout` ms. */
export async function waitForExit(pid: number, timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout;
  while (await isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
