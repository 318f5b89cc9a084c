/** Runs other programs and never leaves one behind. Only Node's own modules. */
import { spawn } from 'node:child_process';
import { nodeArguments, projectNode, root } from './project.mjs';

const running = new Set();
let stopping = false;

/**
 * Passes SIGTERM and SIGHUP on to the programs that run, for they reach this process alone; Ctrl-C reaches all of
 * them from the terminal. Then this process waits for them, and kills what is left after 20 s.
 */
export function passSignalsOn() {
  const stop = (signal) => {
    stopping = true;
    // A SIGINT sent to this process alone has to be passed on too; programs take the second one calmly.
    for (const child of running) child.kill(signal);
    if (running.size === 0) process.exit(0);
    setTimeout(() => {
      for (const child of running) child.kill('SIGKILL');
    }, 20_000).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
}

/** Whether somebody asked this process to end. */
export const isStopping = () => stopping;

/**
 * Runs a program in the project's folder and resolves with its exit code once it has ended; 1 when a signal ended
 * it, 127 when it could not be started. Its output is this process's own unless `stdio` says otherwise.
 */
export function run(command, args, options = {}) {
  const child = start(command, args, options);
  return ended(child);
}

/** Runs one of the project's scripts or built entries on its own Node, with a channel that ends with this process. */
export function runNode(args, options = {}) {
  return run(projectNode, [...nodeArguments, ...args], options);
}

/** Starts a program and keeps account of it. `stallMs`/`limitMs` belong to {@link ended}. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  running.add(child);
  const forget = () => running.delete(child);
  child.once('error', forget);
  child.once('close', forget);
  return child;
}

/** Resolves with a started program's exit code. With `limitMs` it is killed after that many ms. */
export function ended(child, limitMs) {
  return new Promise((resolve) => {
    const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
    const finish = (code) => {
      clearTimeout(limit);
      resolve(code);
    };
    child.once('error', () => finish(127));
    child.once('close', (code) => finish(code ?? 1));
  });
}
