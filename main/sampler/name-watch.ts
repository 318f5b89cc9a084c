import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { HostPort } from '../../preload/contract/connection.ts';
import { sleep } from '../lib/sleep.ts';
import { WayProblem } from '../lib/way-problem.ts';
import type { Resolve } from '../servers/index.ts';

/** How often a name is looked up again while a connection lives, ms. Twice must fit into 15 s. */
const everyMs = 5000;

export interface NameWatch {
  target: HostPort & { address?: string };
  /** The address that the session is connected to; undefined behind a tunnel. */
  peer: string | undefined;
  resolve: Resolve | undefined;
  signal: AbortSignal;
  /** The name means another server now. */
  onMoved(problem: WayProblem): void;
}

/**
 * Looks up the name of a connected server again and again: after a failover by DNS the old server may still answer.
 * A name that gives other addresses each time (round robin) is left alone: only the same new ones twice running count.
 */
export function watchName({ target, peer, resolve = systemLookup, signal, onMoved }: NameWatch): void {
  const { host } = target;
  if (!peer || target.address || host.startsWith('/') || host === 'localhost' || isIP(host) !== 0) return;
  const watch = async (): Promise<void> => {
    let before = '';
    while (!signal.aborted) {
      await sleep(everyMs, signal);
      if (signal.aborted) return;
      // A name server that is away says nothing about the server itself.
      const addresses = await resolve(host).catch(() => undefined);
      if (!addresses || addresses.length === 0) continue;
      const moved = !addresses.map(plain).includes(plain(peer));
      const now = addresses.toSorted().join(' ');
      if (moved && now === before) {
        onMoved(movedTo(host, peer, addresses));
        return;
      }
      before = now;
    }
  };
  void watch();
}

const systemLookup: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** IPv4 addresses of sockets that speak IPv6 come as ::ffff:192.0.2.1. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}

function movedTo(host: string, from: string, to: string[]): WayProblem {
  return new WayProblem(
    {
      cause: 'connection-lost',
      what: `"${host}" is another server now.`,
      why: `Its name gave ${from} and gives ${to.join(', ')} now: a failover or a move by DNS.`,
      next: 'Howdah connects to the new address by itself.',
    },
    { retry: true },
  );
}
