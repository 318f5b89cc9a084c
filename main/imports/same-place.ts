import type { Connection } from '../../preload/contract/connection.ts';
import { isLocalHost } from '../../preload/contract/connection-url.ts';

/**
 * Equal for connections that go to the same database of the same server, the same way, as the same role. The names of
 * this machine count as one.
 */
export function placeKey({
  host,
  port,
  otherHosts = [],
  database,
  user,
  tunnel,
  parameters,
}: Connection): string {
  const hosts = [{ host, port }, ...otherHosts].map((one) => `${hostKey(one.host)} ${one.port}`);
  const way = tunnel ? `${tunnel.host.toLowerCase()} ${tunnel.port ?? ''}` : '';
  return JSON.stringify([hosts, database, user, way, parameters.service ?? '']);
}

function hostKey(host: string): string {
  return isLocalHost(host) && !host.startsWith('/') ? 'localhost' : host.toLowerCase();
}
