import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../preload/contract/index.ts';
import { type Answering, account, type Log } from './answering.ts';
import { createRpcSockets } from './rpc-sockets.ts';

/** Every procedure of a console, called over some link. */
export type ConsoleClient = ContractRouterClient<Contract>;

export interface LocalSocket {
  /** What {@link connectLocal} takes. */
  readonly address: string;
  close(): Promise<void>;
}

/** A path of a Unix socket may not be longer than this, in bytes (104 on macOS, 108 on Linux, with the ending 0). */
const longestPath = 100;

/**
 * Lets other programs of the same account, such as the command line, call this console.
 *
 * On Unix it is a socket in the data folder, for its owner only; when that path is too long for a socket, one
 * in a private folder beside the other temporary files. On Windows it is a named pipe whose name nobody can
 * guess; it stands in the data folder, which only its owner may read.
 */
export async function serveLocal(answering: Answering, dataFolder: string, log: Log): Promise<LocalSocket> {
  const { address, remove } = place(dataFolder);
  const sockets = createRpcSockets(answering, log);
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (request, socket, head) => {
    sockets.server.handleUpgrade(request, socket, head, (accepted) =>
      sockets.serve(accepted, { who: account(), face: 'command line' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return {
    address,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      server.closeAllConnections();
      await closed;
      remove();
    },
  };
}

/** How long a console may take to answer a new connection, in ms. */
const patience = 3000;

/**
 * Reaches the console that answers at an address of {@link serveLocal}.
 *
 * @throws Node's error when nobody answers there, or not within 3 s.
 */
export async function connectLocal(address: string): Promise<{ client: ConsoleClient; close(): void }> {
  const socket = new WebSocket('ws://localhost/rpc', {
    createConnection: () => connect(address),
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    const giveUp = setTimeout(() => {
      reject(new Error(`Nobody answered on ${address} within ${patience / 1000} s.`));
      socket.terminate();
    }, patience);
    socket.once('open', () => {
      clearTimeout(giveUp);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(giveUp);
      reject(error);
    });
  });
  // Later failures close the socket, and with that every call under way ends with an error of its own.
  socket.on('error', () => socket.terminate());
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<ConsoleClient>(link), close: () => socket.close() };
}

function place(dataFolder: string): { address: string; remove(): void } {
  if (process.platform === 'win32') {
    return { address: `\\\\.\\pipe\\howdah-${randomBytes(16).toString('hex')}`, remove: () => {} };
  }
  const inFolder = join(dataFolder, 'console.sock');
  if (Buffer.byteLength(inFolder) <= longestPath) {
    // The data folder is held by this process alone: what lies there is what a crash left behind.
    rmSync(inFolder, { force: true });
    return { address: inFolder, remove: () => rmSync(inFolder, { force: true }) };
  }
  const address = join(mkdtempSync(join(tmpdir(), 'howdah-')), 's');
  return { address, remove: () => rmSync(dirname(address), { recursive: true, force: true }) };
}
