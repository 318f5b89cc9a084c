import type { Connection } from '../../preload/contract/connection.ts';
import { sameAddress, samePlace } from '../../preload/contract/connection-place.ts';
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

/**
 * Whether a password that was found for one connection is for another, as a person has corrected it: where it still
 * goes to the same place, or where only the name that containers have for the host has become this machine.
 */
export function takesPassword(found: Connection, corrected: Connection): boolean {
  if (samePlace(found, corrected)) return true;
  const isHere = isLocalHost(corrected.host) && !corrected.host.startsWith('/');
  return (
    isHere &&
    corrected.tunnel === undefined &&
    isContainerName(found.host) &&
    // Of loopback no proof is asked.
    sameAddress(found, { ...corrected, host: found.host })
  );
}

/** Whether a host is known only to other containers: one without a domain, or what they call this machine. */
export function isContainerName(host: string): boolean {
  const isBare = /^[a-z0-9_-]+$/i.test(host) && !/^\d+$/.test(host) && !isLocalHost(host);
  return isBare || host === 'host.docker.internal';
}
