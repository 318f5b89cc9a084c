import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connectLocal } from '../../../main/faces/local-socket.ts';
import { nodeCommand, root } from '../../../scripts/lib/project.mjs';
import { temporaryFolder } from '../../support/stand-in-console.ts';

/** The built entry of the browser face as a process: `npm test` builds it first. */

const addressLine = /^http:\/\/127\.0\.0\.1:(\d+)\/\?token=[\w-]{43}$/m;
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

function dataFolder(): string {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  return folder.path;
}

function launch(folder: string, ...args: string[]) {
  if (!existsSync(join(root, 'dist/main/headless.js'))) throw new Error('Build first: npm run build');
  const [command, ...rest] = nodeCommand('dist/main/headless.js', ...args);
  const child: ChildProcess = spawn(command, rest, {
    env: { ...process.env, HOWDAH_DATA_DIR: folder, HOWDAH_KEYCHAIN: 'off' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout?.on('data', (data: Buffer) => {
    said.out += data;
  });
  child.stderr?.on('data', (data: Buffer) => {
    said.err += data;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const address = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [line] = addressLine.exec(said.out) ?? [];
      if (line) resolve(line);
    });
    exited.then((code) => reject(new Error(`ended with ${code}: ${said.err}`)));
  });
  address.catch(() => {});
  return { child, said, exited, address };
}

test('prints its address alone on a line, answers there, and ends on SIGTERM with nothing left behind', async () => {
  const folder = dataFolder();
  const { child, address, exited } = launch(folder);
  const response = await fetch(await address, { redirect: 'manual' });
  expect(response.status).toBe(303);
  const { socket } = JSON.parse(readFileSync(join(folder, 'console.json'), 'utf8')) as { socket: string };
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(existsSync(socket)).toBe(false);
  expect(existsSync(join(folder, 'console.json'))).toBe(false);
});

test.each(['SIGINT', 'SIGHUP'] as const)(
  '%s ends it in good order, however often it comes',
  async (signal) => {
    const { child, address, exited } = launch(dataFolder());
    await address;
    child.kill(signal);
    child.kill(signal);
    expect(await exited).toBe(0);
  },
);

test('ends when the process that started it is gone', async () => {
  const { child, address, exited } = launch(dataFolder());
  await address;
  child.disconnect();
  expect(await exited).toBe(0);
});

test('a second one on the same data folder prints a fresh address of the first and ends', async () => {
  const folder = dataFolder();
  const first = launch(folder);
  const before = await first.address;
  const second = launch(folder);
  expect(await second.exited).toBe(0);
  expect(second.said.out).toContain('already runs');
  const fresh = addressLine.exec(second.said.out)?.[0] ?? '';
  expect(new URL(fresh).port).toBe(new URL(before).port);
  expect(fresh).not.toBe(before);
  expect((await fetch(fresh, { redirect: 'manual' })).status).toBe(303);
  first.child.kill();
  await first.exited;
});

test('after a crash the data folder is free again', async () => {
  const folder = dataFolder();
  const first = launch(folder);
  await first.address;
  first.child.kill('SIGKILL');
  await first.exited;
  const second = launch(folder);
  await second.address;
  second.child.kill();
  expect(await second.exited).toBe(0);
});

test('the local socket reaches the console itself', async () => {
  const folder = dataFolder();
  const { child, address, exited } = launch(folder);
  await address;
  const { socket } = JSON.parse(readFileSync(join(folder, 'console.json'), 'utf8')) as { socket: string };
  const { client, close } = await connectLocal(socket);
  expect(await client.console.info()).toMatchObject({ face: 'browser', dataFolder: folder });
  expect((await client.console.link()).address).toMatch(addressLine);
  close();
  child.kill();
  await exited;
});

test.each([['--port', '70000'], ['--port', 'x'], ['--nonsense'], ['extra']])(
  'arguments that are wrong are a wrong call: %s %s',
  async (...args) => {
    const { exited, said } = launch(dataFolder(), ...args.filter(Boolean));
    expect(await exited).toBe(2);
    expect(said.err).not.toContain('    at ');
    expect(said.out).toBe('');
  },
);

test('a port that is taken is said in words', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { exited, said } = launch(dataFolder(), '--port', String(port));
  expect(await exited).toBe(1);
  expect(said.err).toContain(`Port ${port} is in use`);
  other.close();
});

test('settings of a newer Howdah are refused, named and left alone', async () => {
  const folder = dataFolder();
  const text = JSON.stringify({ version: 99, environments: [] });
  writeFileSync(join(folder, 'settings.json'), text);
  const { exited, said } = launch(folder);
  expect(await exited).toBe(1);
  expect(said.err).toContain('settings.json');
  expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe(text);
});
