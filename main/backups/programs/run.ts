import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DumpProgram } from '../../../preload/contract/backups.ts';
import { sleep } from '../../lib/sleep.ts';
import type { Programs, RunProgramOptions, RunProgramResult } from '../types.ts';
import { programEnvironment, variablesAt } from './environment.ts';
import { readLines } from './lines.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';
import { endSessionsOf } from './sessions.ts';

/** Text of the standard output that is kept at most, bytes. */
const mostOutput = 64 * 1024 * 1024;
/** Lines of the standard error that are kept. */
const mostErrors = 200;
/** How long what it said last is waited for once it has ended, ms. */
const lastWordsMs = 1000;

/**
 * Runs one of PostgreSQL's programs to its end. It never asks for a password (`-w`), and is ended with all that it has
 * started when this process is gone. After a cancel, a hang or a kill its sessions are ended on the server too.
 *
 * A standard input that breaks is no end of the input: the program is ended, so that it takes no half for the whole. A
 * standard output that can't be written ends it too. `stdout` is ended by this, and has all when it comes back.
 *
 * @throws the signal's reason when it was given before the start; what broke the standard input or output; the system's
 * error when the program could not be started. A program that fails is a result, and so is one that was cancelled.
 */
export async function runProgram(
  programs: Programs,
  program: DumpProgram,
  args: readonly string[],
  options: RunProgramOptions,
): Promise<RunProgramResult> {
  const { way, cwd, signal, stdin, stdout, onLine, watchdog } = options;
  signal?.throwIfAborted();
  const { kind } = programs.about;
  const names = way ? Object.keys(variablesAt(way, kind)) : [];
  const command = programs.commandOf(program, way ? ['-w', ...args] : args, [...names, 'LC_MESSAGES']);
  const group = startGroup(command, {
    cwd,
    env: programEnvironment(way, kind),
    hasInput: stdin !== undefined,
  });
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  let broken: { error: unknown } | undefined;
  let ending: Promise<unknown> | undefined;
  const end = (soon?: 'soon'): void => {
    // Where signals do not reach it, the loss of its sessions ends it.
    ending ??= Promise.all([group.end(soon), way && kind !== 'local' ? endSessionsOf(way) : undefined]);
  };
  const breakOff = (error: unknown): void => {
    if (isOver()) return;
    broken ??= { error };
    end('soon');
  };

  const activity = { last: performance.now() };
  const errors: string[] = [];
  const reading = readLines(group.stderr, way?.secrets ?? [], (line) => {
    activity.last = performance.now();
    errors.push(line);
    if (errors.length > mostErrors) errors.shift();
    onLine?.(line);
  });
  const kept: Buffer[] = [];
  group.stdout.on('data', () => {
    activity.last = performance.now();
  });
  group.stdout.pause();
  const writing = pipeline(group.stdout, stdout ?? collector(kept)).catch(breakOff);
  if (stdin) feed(stdin, group, activity, breakOff, isOver);

  const onAbort = (): void => end();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) end();
  const hung = watchdog ? watch(watchdog, activity, over.signal) : Promise.resolve(false);
  void hung.then((isHung) => isHung && end());
  try {
    const exit = await group.exit;
    await Promise.race([reading, sleep(lastWordsMs)]);
    await (stdout || !ending ? writing : Promise.race([writing, sleep(lastWordsMs)]));
    over.abort();
    await ending;
    if (way && (ending || exit.signal !== null)) await endSessionsOf(way);
    if (broken) throw broken.error;
    return { ...exit, output: Buffer.concat(kept).toString('utf8'), errors, isHung: await hung };
  } finally {
    over.abort();
    signal?.removeEventListener('abort', onAbort);
    stdin?.destroy();
  }
}

function collector(kept: Buffer[]): Writable {
  let bytes = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostOutput) return done(new Error('The program prints more than can be held.'));
      kept.push(chunk);
      done();
    },
  });
}

/** Gives the program its input. One that has had enough may hang up: its exit code says what that means. */
function feed(
  input: NonNullable<RunProgramOptions['stdin']>,
  group: ProcessGroup,
  activity: { last: number },
  breakOff: (error: unknown) => void,
  isOver: () => boolean,
): void {
  const { stdin } = group;
  if (!stdin) return;
  stdin.on('error', () => input.destroy());
  input.on('error', breakOff);
  input.on('data', () => {
    activity.last = performance.now();
  });
  input.once('close', () => {
    if (!input.readableEnded && !stdin.destroyed && !isOver())
      breakOff(input.errored ?? new Error('The input ended early.'));
  });
  input.pipe(stdin);
}

/** True once nothing has moved for too long; false when `over` comes first. */
async function watch(
  { ms, alive }: NonNullable<RunProgramOptions['watchdog']>,
  activity: { last: number },
  over: AbortSignal,
): Promise<boolean> {
  while (!over.aborted) {
    const left = activity.last + ms - performance.now();
    if (left > 0) await sleep(left, over);
    else if (await alive?.()) activity.last = performance.now();
    else return !over.aborted;
  }
  return false;
}
