import { networkInterfaces, hostname as ownName } from 'node:os';
import type { Connection } from '../../preload/contract/connection.ts';

/** Stands for this machine, or for the far end of a tunnel, whatever it is called there. */
const here = 'localhost';

/**
 * Where a connection's servers are, each as a text: two connections that share one go to the same server. The many
 * ways to write an address are one here, and sockets of this machine are its loopback. Where both a name and an
 * address are given, both count. Two names of one host can't be told to be one.
 *
 * @param connection with its service filled in.
 * @param own names and addresses of this machine, see {@link ownAddresses}.
 */
export function serverPlaces(
  { host, port, otherHosts = [], parameters, tunnel }: Connection,
  own: ReadonlySet<string>,
): string[] {
  const addresses = parameters.hostaddr?.split(',') ?? [];
  const via = tunnel && canonicalHost(tunnel.host);
  return [{ host, port }, ...otherHosts].flatMap((one, index) =>
    [one.host, addresses[index]].flatMap((text) => {
      if (!text) return [];
      const canonical = canonicalHost(text);
      const at = via === undefined && own.has(canonical) ? here : canonical;
      if (via === undefined) return [`${at} ${one.port}`];
      // What is loopback at the tunnel's end may be reached from outside as well.
      return [`${at} ${one.port} through ${via}`, ...(at === here ? [`${via} ${one.port}`] : [])];
    }),
  );
}

/**
 * One spelling for a host: lower case, no ending dot, addresses as they are usually written, and `localhost` for all
 * that leads to this machine: loopback, the unspecified address, and its sockets.
 */
function canonicalHost(host: string): string {
  // The sockets of a cloud's proxy are in folders named after the server.
  if (host.startsWith('/')) return host.startsWith('/cloudsql/') ? host.replace(/\/+$/, '') : here;
  const bare = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  // Of the schemes that know hosts any will do; it knows 127.1, 0x7f.1 and letters of other widths (WHATWG URL, "Host parsing").
  const parsed = URL.parse(bare.includes(':') ? `ws://[${bare}]` : `ws://${bare}`)?.hostname;
  const name = (parsed || bare)
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '');
  const address = unmapped(name);
  const isLoopback = /^(?:127|0)(?:\.\d+){3}$/.test(address) || address === '::1' || address === '::';
  const isNamed = /^(?:.*\.)?localhost$|^localhost[46]?(?:\.localdomain[46]?)?$|^ip6-(?:localhost|loopback)$/;
  return isLoopback || isNamed.test(name) ? here : address;
}

/** The IPv4 address that an IPv6 address stands for: `::ffff:7f00:1` is 127.0.0.1. */
function unmapped(name: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(name) ?? [];
  if (high === undefined || low === undefined) return name;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** This machine's name and the addresses of its network interfaces. */
export function ownAddresses(): Set<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map((one) => canonicalHost(one.address)),
  );
  return new Set([...addresses, canonicalHost(ownName())]);
}
