import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Answering, account, type Log } from '../answering.ts';
import type { AppFiles, Reply } from '../app-files.ts';
import { hardening } from '../csp.ts';
import { createRpcSockets } from '../rpc-sockets.ts';
import { cookieValue, type Refusal, requestProblem, upgradeProblem } from './guard.ts';
import { createSessions } from './sessions.ts';
import { goOnPage, refusalPage, signInPage } from './text-page.ts';

export interface BrowserFaceOptions {
  answering: Answering;
  files: AppFiles;
  /** TCP port; 0 takes a free one. */
  port: number;
  log: Log;
  /** ms between pings; see createRpcSockets. */
  heartbeatMs?: number;
}

export interface BrowserFace {
  readonly port: number;
  /** A fresh address that opens the console once. */
  mintLink(): string;
  /** WebSockets open now. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Serves the console to browsers on this machine: 127.0.0.1 only, nothing without a session.
 *
 * @throws an error in words when the port can't be had; its `code` is Node's (EADDRINUSE, EACCES).
 */
export async function startBrowserFace(options: BrowserFaceOptions): Promise<BrowserFace> {
  const { answering, files, log } = options;
  const sessions = createSessions();
  const sockets = createRpcSockets(answering, log, options.heartbeatMs);
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  // Cookies know no ports: the name keeps two consoles on one machine apart.
  const cookie = `howdah-${port}`;
  const isSignedIn = (request: IncomingMessage): boolean =>
    sessions.knows(cookieValue(request.headers.cookie, cookie));

  const exchange = (request: IncomingMessage, token: string): Reply => {
    const headers: Record<string, string> = { 'Cache-Control': 'no-store' };
    // A HEAD, as link previews send it, must not spend the address.
    if (request.method === 'HEAD') return { status: 200, headers, body: nothing };
    const session = sessions.redeem(token);
    if (!session && !isSignedIn(request)) return signInPage(true);
    headers.Location = '/';
    if (session) headers['Set-Cookie'] = `${cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    return { status: 303, headers, body: nothing };
  };

  const replyTo = (request: IncomingMessage): Reply => {
    const problem = requestProblem(request.method, request.headers, port);
    if (problem) return refusalPage(problem.status, problem.reason);
    const url = urlOf(request);
    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null) return exchange(request, token);
    if (!isSignedIn(request)) {
      const fromElsewhere = request.headers['sec-fetch-site'] === 'cross-site' && url.pathname === '/';
      return fromElsewhere ? goOnPage() : signInPage(false);
    }
    return files.answer(decodePath(url.pathname), String(request.headers['accept-encoding'] ?? ''));
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = replyTo(request);
    response.writeHead(status, { ...hardening, ...headers, 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const problem = upgradeProblem(request.method, request.headers, port) ?? rpcProblem(request, isSignedIn);
    if (problem) {
      log(`A WebSocket was refused: ${problem.reason}`);
      return refuseUpgrade(socket, problem);
    }
    sockets.server.handleUpgrade(request, socket, head, (accepted) =>
      sockets.serve(accepted, { who: account(), face: 'browser' }),
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  return {
    port,
    mintLink: () => `http://127.0.0.1:${port}/?token=${sessions.mint()}`,
    connections: sockets.count,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function rpcProblem(
  request: IncomingMessage,
  isSignedIn: (request: IncomingMessage) => boolean,
): Refusal | undefined {
  if (urlOf(request).pathname !== '/rpc') {
    return { status: 404, reason: 'There is no such socket.' };
  }
  return isSignedIn(request) ? undefined : { status: 401, reason: 'There is no session.' };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(inWords(error, port)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function inWords(error: NodeJS.ErrnoException, port: number): Error {
  const why =
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use by another program.`
      : error.code === 'EACCES'
        ? `This account may not listen on port ${port}.`
        : error.message;
  return Object.assign(new Error(`${why} Give another one with --port, or none to take any that is free.`), {
    code: error.code,
  });
}

const nothing = Buffer.alloc(0);

/** Stands for a path that can't be read; it matches no file. */
const unreadable = '/.unreadable';

function urlOf(request: IncomingMessage): URL {
  const base = 'http://127.0.0.1';
  return URL.parse(request.url ?? '/', base) ?? new URL(unreadable, base);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return unreadable;
  }
}

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
