import type { HostPort } from '../../preload/contract/connection.ts';
import { isHost } from '../../preload/contract/connection-parts.ts';

/** The most hosts that a connection may name. */
const mostHosts = 16;

/** Hosts and ports as one line each. One port stands for all when they have the same. */
export function printHosts(hosts: readonly HostPort[]): { host: string; port: string } {
  const ports = hosts.map(({ port }) => String(port));
  return {
    host: hosts.map(({ host }) => host).join(','),
    port: new Set(ports).size === 1 ? (ports[0] ?? '') : ports.join(','),
  };
}

/**
 * Reads hosts and ports as libpq does (PostgreSQL manual, "Specifying Multiple Hosts"): as many ports as hosts,
 * or one for all. Undefined when they can't be read; {@link hostsProblem} then says why.
 */
export function readHosts(hostText: string, portText: string): HostPort[] | undefined {
  if (hostsProblem(hostText, portText)) return undefined;
  const ports = listed(portText);
  return listed(hostText).map((host, index) => ({ host, port: Number(ports[index] ?? ports[0]) }));
}

/** What is wrong with hosts or ports, and at which of the two fields. */
export function hostsProblem(
  hostText: string,
  portText: string,
): { field: 'host' | 'port'; message: string } | undefined {
  const hosts = listed(hostText);
  const ports = listed(portText);
  const wrong = (field: 'host' | 'port', message: string) => ({ field, message });
  if (hostText.trim() === '') return wrong('host', 'Host is empty.');
  if (hosts.includes('')) return wrong('host', 'One of the hosts is empty.');
  if (hosts.length > mostHosts) return wrong('host', `At most ${mostHosts} hosts can be named.`);
  if (!hosts.every(isHost)) return wrong('host', 'Host is a name, an address or a socket folder.');
  const port = ports.find((text) => !isPort(text));
  if (port !== undefined) return wrong('port', portMessage);
  if (ports.length !== 1 && ports.length !== hosts.length) {
    return wrong('port', `Give one port for all, or one for each of the ${hosts.length} hosts.`);
  }
  return undefined;
}

export const portMessage = 'Port must be a whole number from 1 to 65535.';

/** Whether a text is the number of a port. */
export function isPort(text: string): boolean {
  return /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65535;
}

/** The entries of a line with commas. */
export function listed(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
