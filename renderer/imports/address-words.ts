import type { Connection } from '../../preload/contract/connection.ts';

/** `user@host:port/database`, further hosts after the first; an IPv6 address stands in brackets. */
export function addressOf({ user, host, port, otherHosts, database }: Connection): string {
  const hosts = [{ host, port }, ...(otherHosts ?? [])];
  return `${user}@${hosts.map(hostWords).join(',')}/${database}`;
}

function hostWords({ host, port }: { host: string; port: number }): string {
  const shown = Number.isNaN(port) ? '?' : port;
  const isIpv6 = host.includes(':') && !host.startsWith('/');
  return isIpv6 ? `[${host}]:${shown}` : `${host}:${shown}`;
}
