import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { sleep } from '../lib/sleep.ts';

const windows = process.platform === 'win32';

/** How long a process group gets to end by itself, in ms. */
const grace = 5000;

/** How a process came to its end. */
export type Exit = { code: number } | { signal: NodeJS.Signals } | { error: NodeJS.ErrnoException };

/** A command with all that it starts, as one thing. */
export interface ProcessTree {
  readonly startedAt: number;
  /** How the command itself ended; what it started in the background may go on. Never rejects. */
  readonly exit: Promise<Exit>;
  readonly streams: { out: Readable; error: Readable };
  /** Ends it and what it started: asks first, makes it after 5 s. Comes back when all are gone. */
  end(): Promise<void>;
}

export interface TreeOptions {
  folder: string;
  /** Its whole environment; that of a companion unless given. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Run once the rest is gone, should this process die without ending the tree itself. */
  stop?: string | undefined;
}

/**
 * Runs a command with the system's shell, in a process group of its own. On POSIX a watcher beside it ends the group
 * when this process is gone, in whatever way it went.
 */
export function startTree(command: string, options: TreeOptions): ProcessTree {
  return windows ? startOnWindows(command, options) : startOnPosix(command, options);
}

/** What a companion is told of its surroundings: this process's, without what is meant for Howdah alone. */
export function companionEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(HOWDAH_|PGPASSWORD$)/i.test(name));
  return Object.fromEntries(kept);
}

/**
 * Waits on descriptor 3 until the watcher knows the group's number; a console that dies before that has started
 * nothing. Then it becomes the shell that runs the command ($1), so that its number and its end are the command's.
 */
const starter = `read -r go <&3 && [ "$go" = go ] || exit 125
exec 3<&-
exec /bin/sh -c "$1"`;

/**
 * Is told the group's number, then waits for a word or for the end of its input. A word means that the group is gone
 * or is being ended by the console. The end of the input means that the console is gone: then it ends the group as
 * the console would have, and runs the stop command ($1) for at most 30 s.
 */
const watcher = `read -r group || exit 0
read -r word && exit 0
kill -TERM -"$group" 2>/dev/null
i=0
while [ $i -lt 25 ] && kill -0 -"$group" 2>/dev/null; do sleep 0.2 || sleep 1; i=$((i+1)); done
kill -KILL -"$group" 2>/dev/null
[ -n "$1" ] || exit 0
/bin/sh -c "$1" &
stop=$!
i=0
while [ $i -lt 150 ] && kill -0 "$stop" 2>/dev/null; do sleep 0.2 || sleep 1; i=$((i+1)); done
kill -KILL "$stop" 2>/dev/null`;

function startOnPosix(command: string, { folder, stop, env: given }: TreeOptions): ProcessTree {
  const env = companionEnvironment();
  // A session of its own: neither Ctrl-C in the terminal nor its hanging up reaches it.
  const guard = spawn('/bin/sh', ['-c', watcher, 'howdah-watcher', stop ?? ''], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  const guardInput = guard.stdin;
  guardInput.on('error', () => undefined);

  const options: SpawnOptions = {
    cwd: folder,
    env: given ?? env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  };
  const child = spawn('/bin/sh', ['-c', starter, 'howdah-companion', command], options);
  const gate = child.stdio[3] as Writable | null;
  gate?.on('error', () => undefined);
  const group = child.pid;
  const dismissGuard = (): void => {
    if (guardInput.writable) guardInput.end('done\n');
  };
  if (group === undefined || guard.pid === undefined) {
    dismissGuard();
    gate?.end();
  } else {
    guardInput.write(`${group}\n`);
    gate?.end('go\n');
  }

  const exit = exitOf(child);
  // Once the group is empty, its number may become somebody else's: the watcher must not hold it any longer.
  void exit.then(async () => {
    for (let wait = 100; group !== undefined && isGroupKnown(group); wait = Math.min(2 * wait, 5000)) {
      await sleep(wait);
    }
    dismissGuard();
  });
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    if (group === undefined) return;
    signalGroup(group, 'SIGTERM');
    if (!(await groupEnds(group, grace))) {
      signalGroup(group, 'SIGKILL');
      await groupEnds(group, 2000);
    }
    dismissGuard();
  };
  return {
    startedAt: Date.now(),
    exit,
    streams: streamsOf(child),
    end: () => {
      ending ??= end();
      return ending;
    },
  };
}

/** Without process groups `taskkill` walks the tree. Nothing ends the tree when this process is killed. */
function startOnWindows(command: string, { folder, env }: TreeOptions): ProcessTree {
  const child = spawn(command, {
    cwd: folder,
    env: env ?? companionEnvironment(),
    shell: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = exitOf(child);
  return {
    startedAt: Date.now(),
    exit,
    streams: streamsOf(child),
    end: async () => {
      if (child.pid === undefined || child.exitCode !== null) return;
      const kill = spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], {
        windowsHide: true,
        stdio: 'ignore',
      });
      kill.on('error', () => child.kill());
      await Promise.race([exit, sleep(grace)]);
    },
  };
}

/** Runs a command to its end with a bound in ms, giving its output to `onStreams`. */
export async function runToEnd(
  command: string,
  {
    folder,
    limit,
    onStreams,
  }: { folder: string; limit: number; onStreams(streams: ProcessTree['streams']): void },
): Promise<Exit | 'too long'> {
  const tree = startTree(command, { folder });
  onStreams(tree.streams);
  const over = new AbortController();
  const late = sleep(limit, over.signal).then(() => 'too long' as const);
  const outcome = await Promise.race([tree.exit, late]);
  over.abort();
  // What it left in the background has had its say.
  await tree.end();
  return outcome;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) => {
      // What it said last is still on its way; what it left behind may hold its streams open for ever.
      const last = setTimeout(settle, 200);
      child.once('close', settle);
      function settle(): void {
        clearTimeout(last);
        resolve(code === null ? { signal: signal ?? 'SIGKILL' } : { code });
      }
    });
  });
}

function streamsOf(child: ChildProcess): ProcessTree['streams'] {
  if (!child.stdout || !child.stderr) throw new Error('A companion was started without streams.');
  return { out: child.stdout, error: child.stderr };
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has gone already, or runs as another account, which only that account can end.
  }
}

async function groupEnds(group: number, limit: number): Promise<boolean> {
  const until = Date.now() + limit;
  while (await isGroupAlive(group)) {
    if (Date.now() > until) return false;
    await sleep(50);
  }
  return true;
}

async function isGroupAlive(group: number): Promise<boolean> {
  if (!isGroupKnown(group)) return false;
  return process.platform === 'linux' ? await hasLivingMember(group) : true;
}

/** Whether the system knows a group of this number, be it one of which all have ended. */
function isGroupKnown(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    // EPERM: some of it is there, under another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What has ended and waits for its parent to notice still counts for kill(2), for ever where init does not reap. */
async function hasLivingMember(group: number): Promise<boolean> {
  const numbers = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (numbers.length === 0) return true;
  const members = await Promise.all(
    numbers.map(async (number) => {
      const text = await readFile(`/proc/${number}/stat`, 'latin1').catch(() => '');
      // State, parent and group follow the program's name, which is in parentheses (proc(5)).
      const [state, , pgrp] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(pgrp) === group && state !== 'Z' && state !== 'X';
    }),
  );
  return members.some(Boolean);
}
