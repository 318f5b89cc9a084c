import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { connectLocal } from '../../../main/faces/local-socket.ts';
import { removeSample } from '../../../main/sample/sample.ts';
import { nodeCommand } from '../../../scripts/lib/project.mjs';
import { temporaryFolder } from '../../support/stand-in-console.ts';

/** `npm start` as a process. A group of its own stands for the terminal's, as Ctrl-C signals all of it. */

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Info {
  pid: number;
  socket: string;
}

async function start(...args: string[]): Promise<{ child: ChildProcess; info: Info; output(): string }> {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  // For root the cluster of a sample server lies outside of the data folder.
  cleanups.push(() => removeSample({ dataFolder: folder.path }));
  const [command, ...rest] = nodeCommand(
    'scripts/start.mjs',
    '--browser',
    '--no-open',
    '--data-dir',
    folder.path,
  );
  const child = spawn(command, [...rest, ...args], {
    env: { ...process.env, HOWDAH_KEYCHAIN: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data;
  });
  const info = await vi.waitFor(
    () => {
      expect(output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/m);
      return JSON.parse(readFileSync(join(folder.path, 'console.json'), 'utf8')) as Info;
    },
    { timeout: 60_000 },
  );
  return { child, info, output: () => output };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('says which face it chose and why, and prints the address alone on a line', async () => {
  const { child, output } = await start('--no-sample');
  expect(output()).toContain('Browser face: asked for with --browser.');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  '%s to it alone ends the console too',
  async (signal) => {
    const { child, info } = await start('--no-sample');
    expect(isAlive(info.pid)).toBe(true);
    child.kill(signal);
    await vi.waitFor(() => expect(isAlive(info.pid)).toBe(false), { timeout: 20_000 });
  },
);

test('Ctrl-C leaves neither the console nor the sample server behind', async () => {
  const { child, info } = await start();
  const { client, close } = await connectLocal(info.socket);
  const port = await vi.waitFor(
    async () => {
      const status = await client.sample.status();
      expect(status.state).toBe('running');
      return status.port ?? 0;
    },
    { timeout: 60_000, interval: 250 },
  );
  expect(await answers(port)).toBe(true);
  close();
  const exited = once(child, 'exit');
  // To every process of the group, as a terminal does.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(isAlive(info.pid)).toBe(false);
  expect(await answers(port)).toBe(false);
}, 120_000);
