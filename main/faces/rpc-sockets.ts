import { type MinimalWebsocket, RPCHandler } from '@orpc/server/websocket';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Answering, Caller, Log } from './answering.ts';
import { longestFrame, readFrame } from './rpc-frame.ts';

/** How a socket is closed (RFC 6455, 7.4.1). */
const closing = { goingAway: 1001, unsupportedData: 1003, policyViolation: 1008 } as const;

/** Calls that may be open on one socket at a time, streams among them. A window holds some dozens. */
const mostCalls = 300;

export interface RpcSockets {
  /** Takes WebSocket upgrades of an HTTP server that does its own checks first. */
  readonly server: WebSocketServer;
  /** Answers calls that come in on a socket, in the name of `caller`, until it closes. */
  serve(socket: WebSocket, caller: Caller): void;
  /** Sockets open now. */
  count(): number;
  /** Closes every socket, and cuts those that don't answer within a second. */
  close(): Promise<void>;
}

/**
 * The console's procedures over WebSockets.
 *
 * Each socket is pinged every `heartbeatMs` (10 s by default); one that has not answered by the next beat is
 * cut, so that a client that vanished without a word is noticed within two beats and its streams end.
 */
export function createRpcSockets(answering: Answering, log: Log, heartbeatMs = 10_000): RpcSockets {
  const handler = new RPCHandler(answering.router);
  const server = new WebSocketServer({ noServer: true, maxPayload: longestFrame, perMessageDeflate: false });
  const silent = new Set<WebSocket>();
  const open = new Set<WebSocket>();

  const beat = setInterval(() => {
    for (const socket of open) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.ping();
    }
  }, heartbeatMs);
  beat.unref();

  const serve = (socket: WebSocket, caller: Caller): void => {
    const wire = wireOf(socket);
    const context = answering.context(caller);
    let calls = 0;
    open.add(socket);
    socket.on('pong', () => silent.delete(socket));
    socket.on('message', (data, isBinary) => {
      silent.delete(socket);
      // Frames that were on their way when it was closed.
      if (socket.readyState !== socket.OPEN) return;
      if (isBinary) return refuse(socket, closing.unsupportedData, 'binary frames are not understood', log);
      const text = textOf(data);
      const frame = readFrame(text);
      if (frame.kind === 'none') return refuse(socket, closing.policyViolation, frame.problem, log);
      if (frame.kind === 'request' && calls >= mostCalls) {
        log(`A connection was closed: it had ${mostCalls} calls open and began another one.`);
        return socket.close(closing.policyViolation, `At most ${mostCalls} calls may be open at a time.`);
      }
      if (frame.kind === 'request') calls += 1;
      // Rejects when an answer can't be sent, or when a stream throws; the client is told by the handler itself.
      handler
        .message(wire, text, { context })
        .catch((error: unknown) => {
          if (socket.readyState === socket.OPEN) log(`A call ended with an error: ${String(error)}`);
        })
        .finally(() => {
          if (frame.kind === 'request') calls -= 1;
        });
    });
    socket.on('error', (error) => log(`A connection failed: ${error.message}`));
    socket.on('close', () => {
      open.delete(socket);
      silent.delete(socket);
      // Aborts the signal of every call under way and so ends its stream.
      handler.close(wire);
    });
  };

  return {
    server,
    serve,
    count: () => open.size,
    close: async () => {
      clearInterval(beat);
      await Promise.all([...open].map(closeSocket));
      server.close();
    },
  };
}

/**
 * The side of a socket that oRPC writes to. Sending resolves once the operating system has taken the bytes, so
 * a stream goes no faster than its reader.
 */
function wireOf(socket: WebSocket): MinimalWebsocket {
  const send = (data: unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      socket.send(data as string | Uint8Array, done);
    });
  return { send, addEventListener: () => {} };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

function refuse(socket: WebSocket, code: number, problem: string, log: Log): void {
  log(`A connection was closed: it sent a frame that is no call (${problem}).`);
  socket.close(code, 'That frame is no call.');
}

function closeSocket(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), 1000);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(closing.goingAway, 'Howdah was stopped.');
  });
}
