import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { sleep } from '../../lib/sleep.ts';

const windows = process.platform === 'win32';

/** How long each way of ending a group is given before the next, ms. */
const graces: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 1500],
  ['SIGTERM', 1500],
  ['SIGKILL', 2000],
];

export interface GroupOptions {
  cwd?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Its standard input is open for the caller; else it is empty. */
  hasInput: boolean;
}

/** A program with all that it starts. */
export interface ProcessGroup {
  stdin: Writable | null;
  stdout: Readable;
  stderr: Readable;
  /** How the program itself ended. @throws the system's error when it could not be started */
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /**
   * Ends it and what it has started: asks, asks again, makes it; `soon` leaves the first out, after which some go on with
   * what comes next. Comes back when all are gone, or can't be ended.
   */
  end(soon?: 'soon'): Promise<void>;
}

/** Waits on descriptor 3 until the watcher knows the group; then it becomes the program. */
const starter = `read -r go <&3 && [ "$go" = go ] || exit 125
exec 3<&-
exec "$@"`;

/**
 * Is told the group's number, then waits for a word or for the end of its input. The end without a word means that the
 * console is gone, in whatever way: nobody would finish what the program writes, so it is ended.
 */
const watcher = `read -r group || exit 0
read -r word && exit 0
kill -INT -"$group" 2>/dev/null
i=0
while [ $i -lt 15 ] && kill -0 -"$group" 2>/dev/null; do sleep 0.2 || sleep 1; i=$((i+1)); done
kill -KILL -"$group" 2>/dev/null`;

export function startGroup(
  [program, ...args]: readonly [string, ...string[]],
  options: GroupOptions,
): ProcessGroup {
  const input = options.hasInput ? 'pipe' : 'ignore';
  const shared = { cwd: options.cwd, env: options.env, windowsHide: true };
  if (windows) {
    const child = spawn(program, args, { ...shared, stdio: [input, 'pipe', 'pipe'] });
    return groupOf(child, exitOf(child), () => endTree(child));
  }
  // A session of its own: neither Ctrl-C in the terminal nor its hanging up reaches it.
  const guard = spawn('/bin/sh', ['-c', watcher, 'howdah-watcher'], {
    cwd: '/',
    env: { PATH: process.env.PATH },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  const child = spawn('/bin/sh', ['-c', starter, 'howdah', program, ...args], {
    ...shared,
    detached: true,
    stdio: [input, 'pipe', 'pipe', 'pipe'],
  });
  const gate = child.stdio[3] as Writable | null;
  gate?.on('error', () => undefined);
  const group = child.pid;
  if (group !== undefined) guard.stdin.write(`${group}\n`);
  gate?.end('go\n');
  let ending: Promise<void> | undefined;
  const end = (soon?: 'soon'): Promise<void> => {
    ending ??= group === undefined ? Promise.resolve() : endGroup(group, soon ? graces.slice(1) : graces);
    return ending;
  };
  // What it has left behind goes with it; then the number may become somebody else's.
  const exit = exitOf(child).finally(async () => {
    if (group !== undefined && isKnown(group)) await end('soon');
    if (guard.stdin.writable) guard.stdin.end('done\n');
  });
  return groupOf(child, exit, end);
}

function groupOf(child: ChildProcess, exit: ProcessGroup['exit'], end: ProcessGroup['end']): ProcessGroup {
  const { stdin, stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('A program was started without streams.');
  return { stdin, stdout, stderr, exit, end };
}

function exitOf(child: ChildProcess): ProcessGroup['exit'] {
  const exit = new Promise<Awaited<ProcessGroup['exit']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  exit.catch(() => undefined);
  return exit;
}

async function endGroup(group: number, ways: typeof graces): Promise<void> {
  for (const [signal, patience] of ways) {
    try {
      process.kill(-group, signal);
    } catch {
      // Gone already, or another account's.
    }
    for (const until = Date.now() + patience; Date.now() < until; await sleep(20)) {
      if (!(await isAlive(group))) return;
    }
  }
}

function isKnown(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What has ended and waits for its parent to notice still counts for kill(2), for ever where init does not reap. */
async function isAlive(group: number): Promise<boolean> {
  if (!isKnown(group)) return false;
  if (process.platform !== 'linux') return true;
  const numbers = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (numbers.length === 0) return true;
  for (const number of numbers) {
    const text = await readFile(`/proc/${number}/stat`, 'latin1').catch(() => '');
    // State, parent and group follow the program's name, which is in parentheses (proc(5)).
    const [state, , itsGroup] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (Number(itsGroup) === group && state !== 'Z' && state !== 'X') return true;
  }
  return false;
}

/** Without process groups `taskkill` walks the tree. */
async function endTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], {
    windowsHide: true,
    stdio: 'ignore',
  });
  kill.on('error', () => child.kill());
  await Promise.race([exit, sleep(5000)]);
}
