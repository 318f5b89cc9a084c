import type { Tunnel } from '../../preload/contract/connection.ts';
import type { Dial } from '../lib/dial.ts';
import type { WayProblem } from '../lib/way-problem.ts';
import { type ForwardedStream, forward } from './forward.ts';
import { connectHop, type HopConnection } from './hop-connection.ts';
import type { KnownHosts } from './known-hosts.ts';
import { tunnelLost } from './problems.ts';
import { type RouteOptions, routeOf } from './route.ts';

export { type KnownHosts, openKnownHosts } from './known-hosts.ts';

export interface TunnelNeeds {
  tunnel: Tunnel;
  /** A stored secret; `of` is `user@host:port` for an SSH password, the key's full path for its passphrase. */
  secret(kind: 'ssh-password' | 'key-passphrase', of: string): Promise<string | undefined>;
  knownHosts: KnownHosts;
  /** Called once when an open tunnel is lost; not after `close`. */
  onLost(problem: WayProblem): void;
  /** Ends the opening; an open tunnel ends by `close`. */
  signal?: AbortSignal | undefined;
  /** The account's home. */
  home?: string;
  /** Where the agent listens; `SSH_AUTH_SOCK` when left out, none when empty. */
  agentSocket?: string;
  /** How often the server is asked whether it is still there, in ms. Two answers missing mean that it is not. */
  keepaliveMs?: number;
  /** The system's folder of OpenSSH, `/etc/ssh`. */
  systemFolder?: string;
}

export interface OpenTunnel {
  /** `user@host:port`, first to last. */
  hops: string[];
  dial: Dial;
  /** Ends it with everything dialled through it. */
  close(): void;
}

/** Three of them make 13.5 s: whatever cuts the way is noticed within 15 s. */
const KEEPALIVE = 4_500;

/** How long a hop that was told goodbye may take to hear it, in ms. */
const GOODBYE = 500;

/**
 * Opens the way through one or more SSH servers. Nothing is tried again by itself.
 *
 * @throws WayProblem, or the signal's reason
 */
export async function openTunnel(needs: TunnelNeeds): Promise<OpenTunnel> {
  const { hops } = routeOf(needs.tunnel, needs);
  const hopNeeds = {
    secret: needs.secret,
    knownHosts: needs.knownHosts,
    signal: needs.signal ?? new AbortController().signal,
    keepalive: needs.keepaliveMs ?? KEEPALIVE,
  };
  const connections: HopConnection[] = [];
  const streams = new Set<ForwardedStream>();
  let state = 'opening' as 'opening' | 'open' | 'closed';
  let lost: WayProblem | undefined;

  const isClosed = (): boolean => state === 'closed';
  const end = (error?: Error): void => {
    state = 'closed';
    for (const stream of streams) stream.destroy(error);
    for (const { client } of connections.toReversed()) client.end();
    setTimeout(() => {
      for (const { transport } of connections) transport.destroy();
    }, GOODBYE).unref();
  };
  const onLoss = ({ hop }: HopConnection, why: string): void => {
    if (isClosed()) return;
    const wasOpen = state === 'open';
    lost = tunnelLost(hop, why);
    end(Object.assign(new Error(lost.explanation.what), { code: 'ECONNRESET' }));
    for (const { transport } of connections) transport.destroy();
    if (wasOpen) needs.onLost(lost);
  };

  try {
    for (const hop of hops) {
      hopNeeds.signal.throwIfAborted();
      const connection = await connectHop(hop, connections.at(-1), hopNeeds);
      connections.push(connection);
      watch(connection, (why) => onLoss(connection, why));
      if (lost) throw lost;
    }
  } catch (error) {
    if (!lost) end();
    throw lost ?? error;
  }
  const last = connections.at(-1);
  if (!last) throw new Error('A tunnel has at least one hop.');
  state = 'open';

  return {
    hops: hops.map(({ name }) => name),
    dial: async (target, signal) => {
      const closed = (): WayProblem => lost ?? tunnelLost(last.hop, 'It was closed.');
      if (isClosed()) throw closed();
      const stream = await forward(last, target, { signal }).catch((error: unknown) => {
        throw isClosed() ? closed() : error;
      });
      if (isClosed()) {
        stream.destroy();
        throw closed();
      }
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      return stream;
    },
    close: () => {
      if (!isClosed()) end();
    },
  };
}

/** What a tunnel would go through, without connecting. */
export interface TunnelDescription {
  /** `user@host:port`, first to last. */
  hops: string[];
  /** Configuration files that were read. */
  files: string[];
  /** What is in them and was left out, in words. */
  leftOut: string[];
}

/** @throws WayProblem (`tunnel-config-malformed`) */
export function describeTunnel(tunnel: Tunnel, options: RouteOptions = {}): TunnelDescription {
  const { hops, files, leftOut } = routeOf(tunnel, options);
  return { hops: hops.map(({ name }) => name), files, leftOut };
}

function watch({ client, hop }: HopConnection, onLoss: (why: string) => void): void {
  client.on('error', (error) =>
    onLoss(
      /keepalive/i.test(error.message)
        ? `${hop.address} no longer answers: the network is down, or something on the way dropped the connection.`
        : `${error.message}.`,
    ),
  );
  client.on('end', () => onLoss(`${hop.address} closed the connection.`));
  client.on('close', () => onLoss(`The connection to ${hop.address} was closed.`));
}
