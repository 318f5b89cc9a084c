import { createServer, type Socket, connect as toServer } from 'node:net';

/** A port of this machine that leads to a server, and knows who came through. */
export interface WayIn {
  host: string;
  port: number;
  /** Sessions that were let in to the database, ever. */
  sessions(): number;
  /** When the first one since the last call was let in, ms of `performance.now()`; undefined when none was. */
  firstAt(): number | undefined;
  close(): Promise<void>;
}

/** Requests that come before a session's own first message (PostgreSQL manual, "Message Formats"). */
const tlsRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;
/** No first message is longer, bytes. */
const longestStart = 10_000;

/**
 * Opens a way to a server for programs that are told of it, so that none of their sessions can be missed, however short:
 * a session that came through it was given this address, and one that was let in, this password. Nothing else knows of
 * the port.
 */
export async function openWayIn(server: { host: string; port: number }, database: string): Promise<WayIn> {
  let sessions = 0;
  let first: number | undefined;
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const onLetIn = (): void => {
    sessions += 1;
    first ??= performance.now();
  };
  const listener = createServer((client) => {
    keep(client).on('error', () => client.destroy());
    readStart(client, (start) => {
      const there = keep(toServer(server));
      there.on('error', () => client.destroy());
      there.once('close', () => client.destroy());
      client.once('close', () => there.destroy());
      if (databaseOf(start) === database) watchForEntry(there, onLetIn);
      there.write(start);
      client.pipe(there);
      there.pipe(client);
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The way in has no port.');
  return {
    host: '127.0.0.1',
    port: address.port,
    sessions: () => sessions,
    firstAt: () => {
      const at = first;
      first = undefined;
      return at;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** Gathers a session's first message; requests for encryption are told no, as the server would. */
function readStart(client: Socket, onStart: (start: Buffer) => void): void {
  let gathered = Buffer.alloc(0);
  const take = (bytes: Buffer): void => {
    gathered = Buffer.concat([gathered, bytes]);
    while (gathered.length >= 8) {
      const length = gathered.readUInt32BE(0);
      const code = gathered.readUInt32BE(4);
      if (length < 8 || length > longestStart) {
        client.destroy();
        return;
      }
      if (gathered.length < length) return;
      if (code === tlsRequest || code === gssRequest) {
        client.write('N');
        gathered = gathered.subarray(length);
        continue;
      }
      client.off('data', take);
      client.pause();
      onStart(gathered);
      return;
    }
  };
  client.on('data', take);
}

/** Names and values follow the length and the version, each ended by a zero byte. */
function databaseOf(start: Buffer): string | undefined {
  if (start.readUInt32BE(4) === cancelRequest) return undefined;
  const words = start.subarray(8, start.readUInt32BE(0)).toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let at = 0; words[at]; at += 2) parameters.set(words[at] as string, words[at + 1] ?? '');
  return parameters.get('database') ?? parameters.get('user');
}

/** Looks for the server's word that the password was right: type R, length 8, code 0. */
function watchForEntry(server: Socket, onLetIn: () => void): void {
  let gathered = Buffer.alloc(0);
  const look = (bytes: Buffer): void => {
    gathered = Buffer.concat([gathered, bytes]);
    while (gathered.length >= 9) {
      const length = gathered.readUInt32BE(1);
      if (gathered[0] !== 'R'.charCodeAt(0)) {
        server.off('data', look);
        return;
      }
      if (length === 8 && gathered.readUInt32BE(5) === 0) {
        server.off('data', look);
        onLetIn();
        return;
      }
      if (gathered.length < 1 + length) return;
      gathered = gathered.subarray(1 + length);
    }
  };
  server.on('data', look);
}
