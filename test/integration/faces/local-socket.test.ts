import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { connectLocal, type LocalSocket, serveLocal } from '../../../main/faces/local-socket.ts';
import { type StandInClient, standInConsole, temporaryFolder } from '../../support/stand-in-console.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const temporary = temporaryFolder();
  cleanups.push(temporary.remove);
  return temporary.path;
}

async function served(dataFolder: string, console_ = standInConsole()): Promise<LocalSocket> {
  const local = await serveLocal(console_, dataFolder, () => {});
  cleanups.push(local.close);
  return local;
}

async function connected(address: string): Promise<{ client: StandInClient; close(): void }> {
  const { client, close } = await connectLocal(address);
  return { client: client as unknown as StandInClient, close };
}

test('calls are answered in the name of the command line', async () => {
  const console_ = standInConsole();
  const local = await served(folder(), console_);
  const { client, close } = await connected(local.address);
  expect(await client.echo({ text: 'hello' })).toBe('hello');
  expect(console_.callers).toEqual([{ who: expect.stringMatching(/./), face: 'command line' }]);
  close();
});

test.skipIf(process.platform === 'win32')('only the owner may use the socket', async () => {
  const dataFolder = folder();
  const local = await served(dataFolder);
  expect(local.address).toBe(join(dataFolder, 'console.sock'));
  expect(statSync(local.address).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')(
  'a data folder with a long path gets a private short one',
  async () => {
    const long = temporaryFolder({ [`${'deep/'.repeat(20)}file`]: '' });
    cleanups.push(long.remove);
    const local = await served(join(long.path, 'deep/'.repeat(20)));
    expect(Buffer.byteLength(local.address)).toBeLessThanOrEqual(100);
    expect(statSync(join(local.address, '..')).mode & 0o777).toBe(0o700);
    const { client, close } = await connected(local.address);
    expect(await client.echo({ text: 'hello' })).toBe('hello');
    close();
  },
);

test('what a crash left behind is taken over', async () => {
  const dataFolder = folder();
  const first = await serveLocal(standInConsole(), dataFolder, () => {});
  await first.close();
  const second = await served(dataFolder);
  const { client, close } = await connected(second.address);
  expect(await client.echo({ text: 'hello' })).toBe('hello');
  close();
});

test('nobody there, or somebody who does not speak our protocol, is an error soon', async () => {
  const dataFolder = folder();
  await expect(connectLocal(join(dataFolder, 'none.sock'))).rejects.toMatchObject({ code: 'ENOENT' });
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(join(dataFolder, 'mute.sock'), resolve));
  cleanups.push(() => void mute.close());
  const from = performance.now();
  await expect(connectLocal(join(dataFolder, 'mute.sock'))).rejects.toThrow('Nobody answered');
  expect(performance.now() - from).toBeLessThan(6000);
});

test('a client that goes away ends its streams', async () => {
  const console_ = standInConsole();
  const local = await served(folder(), console_);
  const { client, close } = await connected(local.address);
  await (await client.ticks()).next();
  expect(console_.streams.running).toBe(1);
  close();
  await vi.waitFor(() => expect(console_.streams.running).toBe(0));
});

test('a call under way ends with an error when the console stops', async () => {
  const local = await serveLocal(standInConsole(), folder(), () => {});
  const { client } = await connected(local.address);
  const ticks = await client.ticks();
  await ticks.next();
  await local.close();
  await expect(
    (async () => {
      for await (const _ of ticks);
    })(),
  ).rejects.toThrow();
});
