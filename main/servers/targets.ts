import { connect as connectTcp } from 'node:net';
import type { Connection, HostPort } from '../../preload/contract/connection.ts';
import type { Dial } from '../lib/dial.ts';

/** One of the hosts of a connection, and the address to use for it where `hostaddr` gives one. */
export interface Target extends HostPort {
  address?: string;
}

/**
 * The hosts in the order to try them: as given, or shuffled with `load_balance_hosts=random` (PostgreSQL manual,
 * "Specifying Multiple Hosts").
 */
export function targetsOf(connection: Connection, random: () => number = Math.random): Target[] {
  const { host, port, otherHosts = [], parameters } = connection;
  const addresses = parameters.hostaddr?.split(',') ?? [];
  const targets: Target[] = [{ host, port }, ...otherHosts].map((one, index) => ({
    ...one,
    ...(addresses[index] ? { address: addresses[index] } : {}),
  }));
  if (parameters.load_balance_hosts !== 'random') return targets;
  return targets
    .map((target) => ({ target, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ target }) => target);
}

/** `host:port`, or the path of the socket. */
export function placeOf({ host, port }: HostPort): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * How to dial from this machine where the host's name is not simply looked up by the system: to the address that
 * `hostaddr` gives, or as `resolve` finds it. The host's name still decides what its certificate must say.
 */
export function dialHere(
  target: Target,
  resolve: ((host: string) => Promise<string[]>) | undefined,
): Dial | undefined {
  const { address } = target;
  if (address) return dialAddress(async () => address);
  if (!resolve || target.host.startsWith('/')) return undefined;
  return dialAddress(async (host) => (await resolve(host))[0] ?? host);
}

const dialAddress =
  (find: (host: string) => Promise<string>): Dial =>
  async (target, signal) => {
    const host = await find(target.host);
    return await new Promise((resolve, reject) => {
      const socket = connectTcp({ host, port: target.port, noDelay: true, keepAlive: true });
      const stop = (): void => {
        socket.destroy(new Error('Stopped.'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        signal?.removeEventListener('abort', stop);
        socket.off('error', reject);
        resolve(socket);
      });
    });
  };
