import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { WayProblem } from '../../../main/lib/way-problem.ts';
import {
  type OpenTunnel,
  openKnownHosts,
  openTunnel,
  type TunnelNeeds,
} from '../../../main/tunnels/index.ts';
import type { Tunnel } from '../../../preload/contract/connection.ts';
import type { Sshd } from '../../support/sshd.ts';

/** An account's home of the test's own, with its `.ssh`, and Howdah's own list of known hosts. */
export class Home {
  readonly folder = mkdtempSync('/tmp/howdah-test-home-');
  readonly ownFile = join(this.folder, 'data', 'known_hosts');
  readonly knownHosts = openKnownHosts({
    ownFile: this.ownFile,
    home: this.folder,
    systemFolder: join(this.folder, 'etc'),
  });
  readonly secrets = new Map<string, string>();
  /** What was asked for, as `kind of`. */
  readonly asked: string[] = [];
  readonly losses: WayProblem[] = [];
  #tunnels: OpenTunnel[] = [];

  constructor() {
    mkdirSync(join(this.folder, '.ssh'), { mode: 0o700 });
  }

  file(name: string, text: string): string {
    const path = join(this.folder, '.ssh', name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  trust(...servers: Sshd[]): this {
    for (const server of servers)
      appendFileSync(join(this.folder, '.ssh', 'known_hosts'), server.knownHostsLine());
    return this;
  }

  async open(tunnel: Partial<Tunnel>, more: Partial<TunnelNeeds> = {}): Promise<OpenTunnel> {
    const opened = await openTunnel({
      tunnel: { host: '127.0.0.1', auth: 'auto', ...tunnel },
      secret: async (kind, of) => {
        this.asked.push(`${kind} ${of}`);
        return this.secrets.get(`${kind} ${of}`);
      },
      knownHosts: this.knownHosts,
      onLost: (problem) => this.losses.push(problem),
      home: this.folder,
      systemFolder: join(this.folder, 'etc'),
      agentSocket: '',
      ...more,
    });
    this.#tunnels.push(opened);
    return opened;
  }

  /** The problem with which opening ends. */
  async problem(tunnel: Partial<Tunnel>, more: Partial<TunnelNeeds> = {}): Promise<WayProblem> {
    return problemOf(this.open(tunnel, more));
  }

  remove(): void {
    for (const tunnel of this.#tunnels) tunnel.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const everyProblem: unknown[] = [];

export async function problemOf(promise: Promise<unknown>): Promise<WayProblem> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WayProblem);
  everyProblem.push(error);
  return error as WayProblem;
}

/** Fails when one of the secrets is anywhere in a problem that `problemOf` saw. */
export function expectNoSecretIn(...secrets: string[]): void {
  const all = everyProblem
    .map(
      (problem) =>
        inspect(problem, { depth: 12, showHidden: true, maxStringLength: null }) + JSON.stringify(problem),
    )
    .join('\n');
  expect(everyProblem.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(all).not.toContain(secret);
}

/** Passes a port on until it is cut: then it swallows everything and closes nothing, as a dead network does. */
export class CuttableProxy {
  port = 0;
  #cut = false;
  #sockets = new Set<Socket>();
  #server: Server;

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = createConnection(target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk) => {
          if (!this.#cut) to.write(chunk);
        });
        from.on('error', () => undefined);
        from.on('close', () => {
          if (!this.#cut) to.destroy();
        });
      }
    });
  }

  static async before(target: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    const address = proxy.#server.address();
    proxy.port = typeof address === 'object' && address ? address.port : 0;
    return proxy;
  }

  cut(): void {
    this.#cut = true;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** A listener on a free port that does with each connection what it is told. */
export async function listen(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export async function until(what: () => boolean, ms: number): Promise<number> {
  const from = Date.now();
  while (!what()) {
    if (Date.now() - from > ms) throw new Error(`Not within ${ms} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Date.now() - from;
}
