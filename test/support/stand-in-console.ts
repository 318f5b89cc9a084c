import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { os, type RouterClient } from '@orpc/server';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Caller } from '../../main/faces/answering.ts';

/** A console of three procedures, for tests of what carries calls and not of what answers them. */
export function standInConsole() {
  /** Streams that run now, and the ones that ended. */
  const streams = { running: 0, ended: 0 };
  const callers: Caller[] = [];
  const router = {
    echo: os.input(z.object({ text: z.string() })).handler(({ input }) => input.text),
    fail: os.handler((): string => {
      throw new Error('on purpose');
    }),
    ticks: os.handler(async function* ({ signal }) {
      streams.running += 1;
      try {
        for (let tick = 0; !signal?.aborted; tick += 1) {
          yield tick;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      } finally {
        streams.running -= 1;
        streams.ended += 1;
      }
    }),
  };
  const context = (caller: Caller): Record<string, never> => {
    callers.push(caller);
    return {};
  };
  return { router, context, streams, callers };
}

export type StandInClient = RouterClient<ReturnType<typeof standInConsole>['router']>;

/** A client of the stand-in over an open socket. */
export function standInClient(socket: WebSocket): StandInClient {
  return createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
}

/** Resolves once a socket is open; rejects with the HTTP status when it was refused. */
export function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      socket.on('error', () => {});
      socket.terminate();
      reject(new Error(`refused with ${response.statusCode}`));
    });
    socket.once('error', reject);
  });
}

/** Resolves with the code a socket was closed with. */
export function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** Files in a folder of their own, removed by `remove`. Keys are paths, values their contents. */
export function temporaryFolder(files: Record<string, string> = {}): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'howdah-test-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
