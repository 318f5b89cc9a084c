/** Runs other programs and never leaves one behind. Only Node's own modules. */
import { spawn } from 'node:child_process';
import { root } from './project.mjs';

/** ms that programs get to end after a signal before they are killed. */
const patience = 20_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let stopping = false;

/**
 * Passes SIGINT, SIGTERM and SIGHUP on to the programs that run: they may have been sent to this process alone.
 * On Ctrl-C the terminal signals them as well; being asked twice is nothing to them. Then this process waits for
 * them to end, and kills what is left after 20 s.
 */
export function passSignalsOn() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (running.size === 0) process.exit(1);
      for (const child of running) child.kill(signal);
      if (stopping) return;
      stopping = true;
      setTimeout(() => {
        for (const child of running) child.kill('SIGKILL');
      }, patience).unref();
    });
  }
}

/** Whether somebody asked this process to end. */
export function isStopping() {
  return stopping;
}

/**
 * Runs a program in the project's folder and resolves with its exit code; 1 when a signal ended it, 127 when it
 * could not be started. Its output is this process's own unless `stdio` says otherwise.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function run(command, args, options = {}) {
  return ended(start(command, args, options));
}

/**
 * Starts a program and keeps account of it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function start(command, args, options = {}) {
  const child = spawn(command, [...args], { cwd: root, stdio: 'inherit', ...options });
  running.add(child);
  const forget = () => running.delete(child);
  child.once('error', forget);
  child.once('exit', forget);
  return child;
}

/**
 * Resolves with a started program's exit code. With `limitMs` it is killed after that many ms.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [limitMs]
 * @returns {Promise<number>}
 */
export function ended(child, limitMs) {
  return new Promise((resolve) => {
    const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(limit);
      resolve(code);
    };
    child.once('error', () => finish(127));
    child.once('exit', (code) => finish(code ?? 1));
  });
}
